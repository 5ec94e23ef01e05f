"""The shelves of the sample shop, one module a department."""

from recommender.data.sample.products.art import ART
from recommender.data.sample.products.brands import BRANDS
from recommender.data.sample.products.camping import CAMPING
from recommender.data.sample.products.care import CARE
from recommender.data.sample.products.coffee import COFFEE
from recommender.data.sample.products.computing import COMPUTING
from recommender.data.sample.products.cycling import CYCLING
from recommender.data.sample.products.fitness import FITNESS
from recommender.data.sample.products.games import GAMES
from recommender.data.sample.products.garden import GARDEN
from recommender.data.sample.products.home import HOME
from recommender.data.sample.products.kitchen import KITCHEN
from recommender.data.sample.products.pets import PETS
from recommender.data.sample.products.phones import PHONES
from recommender.data.sample.products.photo import PHOTO

CATEGORIES = (
    PHOTO,
    COMPUTING,
    PHONES,
    COFFEE,
    KITCHEN,
    CAMPING,
    FITNESS,
    GARDEN,
    PETS,
    CARE,
    HOME,
    GAMES,
    CYCLING,
    ART,
)

__all__ = ["BRANDS", "CATEGORIES"]
