"""The sample shop: data of its own making whose reasons are known."""

from recommender.sample.config import SampleConfig
from recommender.sample.facts import SampleFacts, sample_facts
from recommender.sample.files import write_sample
from recommender.sample.generator import SampleShop, generate_sample

__all__ = [
    "SampleConfig",
    "SampleFacts",
    "SampleShop",
    "generate_sample",
    "sample_facts",
    "write_sample",
]
