"""Pages speak in the words of the data set: nobody's articles are purchases."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from dashboard import sentences
from dashboard.glossary import glossary
from dashboard.locale import catalogue
from dashboard.names import feature_help, feature_name
from dashboard.views.data import train_upload
from dashboard.words import Language, _, later, plural, speaking, speaking_of, vocabulary
from recommender.data import read_tables
from recommender.data.vocabulary import ITEMS, PEOPLE, SHOP, VERBS, Vocabulary, vocabulary_of
from recommender.explain.types import AGAIN, LATELY, TOGETHER
from recommender.model.run import open_run
from recommender.model.transfer import carry_over
from recommender.words.vocabulary import GAP, filled_in, words_of
from recommender.workspace.library import START_RUN
from tests.dashboard import shop
from tests.dashboard.test_pages import _workspace, opened, words
from tests.dashboard.test_upload_doctor import uploaded

__all__ = ["_workspace"]

FILMS, BOOKS = vocabulary_of("watched"), vocabulary_of("rated,book,reader")
SONGS, COURSES = vocabulary_of("listened"), vocabulary_of("enrolled")

_OUTRIGHT: Final = re.compile(
    r"\b(bought|buy\w*|purchas\w*|customers?|products?|shop\w*|sold|sales)\b|买|购|商品|顾客|用户",
    re.IGNORECASE,
)
_OF_PAGES: Final = re.compile(rf"{_OUTRIGHT.pattern}|\b(users?|items?)\b", re.IGNORECASE)
_TABLES: Final = "columns and tables are called so in files"
_SHOPS: Final = "only a shop's file has quantities, returns and postage"
_FILES: Final = "names of files that are made up"
_ANY: Final = "erasing goes over all data sets, each with its own words"
ALLOWED: Final = {
    "Product": "the name of the page, which is drawn before a run is known",
    "user id": _TABLES,
    "item id": _TABLES,
    "users": _TABLES,
    "items": _TABLES,
    "CSV, TSV, Excel, LibreOffice or Parquet, plain, gzip or zip, up to 200 MB each. One table "
    "with everything in each row works too: what belongs to {@products} is lifted out of it. A zip "
    "may hold all three tables, named interactions, items and users.": _TABLES,
    "{n} row{|s} {has|have} quantity 0, so nothing was bought, and": _SHOPS,
    "{found}; {n} purchase{|s} {was|were} cancelled whole": _SHOPS,
    "{n} return{|s} {has|have} no earlier purchase in the file and {was|were} left out": _SHOPS,
    "{n} row{|s} {is|are} postage, fees and the like, not products ({examples}), and": _SHOPS,
    "Refuse this fix (services) if they are products": _SHOPS,
    "{was kept as a product|were kept as products:n}": _SHOPS,
    "{was kept as a purchase|were kept as purchases:n}": _SHOPS,
    "{was taken off the purchase it takes|were taken off the purchases they take:n} back": _SHOPS,
    "{was|were:n} left out; what was bought stays bought": _SHOPS,
    "{n} row{|s} with quantity 0 bought nothing and {was|were} left out": "of Complete Journey",
    "{n} row{|s} {is no product but a coupon|are no products but coupons}, left out": (
        "of Complete Journey"
    ),
    "put {what} in the cart": "only shops have carts",
    "viewed {what} and put it in the cart": "only shops have carts",
    "Such as sqlite:///shop.db, duckdb:///shop.duckdb or postgresql://reader@host/shop, or "
    "env:NAME, the environment variable of this server that holds it. It is kept nowhere.": _FILES,
    "Write it as sqlite:///shop.db, duckdb:///shop.duckdb or postgresql://reader@host/shop": _FILES,
    "no type of event is known as a purchase, so all of them are predicted: {types}": (
        "types of events are called so in files"
    ),
    "{n} line{|s} of orders {leaves|leave:n} out the buyer, whom the first line of the order "
    "names, and": _SHOPS,
    "what was bought when does not fit the data": "a damaged run has no words to ask for",
    "the id of the customer is no text: it has damaged letters": _ANY,
    "no customer was named": _ANY,
    "{name} has no events but those of this customer: delete it instead": _ANY,
    "The weights of these runs were learned from all customers together, this one too: only "
    "training anew takes that out.": _ANY,
    "The figures of these runs were measured with this customer among all; trust and lists are "
    "measured anew.": _ANY,
    "Runs that score with a model from elsewhere may hold what this customer bought when, without "
    "a name: delete them, or score anew.": _ANY,
    "Notes of people name this customer: change them by hand.": _ANY,
    "Something is being written that holds this customer: erase again when it is done.": _ANY,
    "Backups that were made before hold this customer: `erase` does the same to a backup's folder, "
    "and after a restore it has to be done again.": _ANY,
    "Files that were handed out, files that data are imported from, browsers' histories and the "
    "logs of a proxy are outside: the next import of the same files brings the customer "
    "back.": _ANY,
    "A session that uploaded or scored this customer forgets it when its page is next drawn, or "
    "when it ends.": _ANY,
}
"""Sentences that name a shop's things outright, each with its reason. All others have gaps such as
`{@bought}`, `{@customers}` or `{@a_product}` (`recommender/words/vocabulary.py`)."""


def outright(sentence: str, words: re.Pattern[str] = _OF_PAGES) -> list[str]:
    """What it says of a shop beside its gaps; of words of which one is chosen, all are said."""
    bare = re.sub(r"\{[@\w]*(![rs])?(:[^|{}]*)?\}", "", sentence)
    return [found[0] for found in words.finditer(bare)]


def test_what_is_said_outright_is_found_and_gaps_are_not() -> None:
    assert outright("Your purchases, {customer} {@customers}; no Items") == ["purchases", "Items"]
    assert outright("{was kept as a product|were kept:n}") == ["product"]
    assert outright("接下来购买的{@product}", _OUTRIGHT) == ["购", "买"]


def test_no_sentence_of_a_page_says_a_shops_words_outright() -> None:
    said = {
        form: outright(form)
        for message in catalogue.load("zh")
        if message.id
        for form in (message.id if isinstance(message.id, tuple) else (str(message.id),))
    }
    wrong = {form: found for form, found in said.items() if found and form not in ALLOWED}
    assert wrong == {}, "say {@customers}, {@products}, {@bought} …, or allow it with a reason"


def test_no_message_says_a_shops_words_outright() -> None:
    said = {
        str(one.id): outright(str(one.id), _OUTRIGHT)
        for one in catalogue.load("zh", "errors")
        if one.id
    }
    assert {form: found for form, found in said.items() if found and form not in ALLOWED} == {}


def test_no_translation_of_a_page_says_a_shops_words_outright() -> None:
    for message in catalogue.load("zh"):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and message.id not in ALLOWED:
            assert not [form for form in forms if outright(form, _OUTRIGHT)], message.id


def test_everything_that_is_allowed_is_still_said() -> None:
    known = {str(one.id) for name in catalogue.NAMES for one in catalogue.load("zh", name)}
    assert set(ALLOWED) - known == set()


def test_every_gap_has_a_word_in_its_language() -> None:
    for message in catalogue.load("zh"):
        for said, name in ((message.id, "en"), (message.string, "zh")):
            for form in said if isinstance(said, tuple) else (said,):
                known = words_of(SHOP, "zh" if name == "zh" else "en")
                assert set(GAP.findall(form)) <= set(known), form


def test_a_gap_is_filled_by_nobody_else() -> None:
    """`.format` would fail at `{@bought}`: only `_` and `plural` take sentences with gaps."""
    for path in sorted(catalogue.CODE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = {
            part
            for said in catalogue.said_in(tree)
            for part in ([said] if isinstance(said, str) else said)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                gap = GAP.search(node.value) and "`" not in node.value
                assert not gap or node.value in taken, (path.name, node.value)


@pytest.mark.parametrize(
    ("said", "shop", "films", "songs", "courses"),
    [
        (
            lambda: feature_name(TOGETHER),
            "Often bought together",
            "Often watched together",
            "Often listened to together",
            "Often enrolled in together",
        ),
        (
            lambda: feature_name(LATELY),
            "Bought lately",
            "Watched lately",
            "Listened to lately",
            "Enrolled in lately",
        ),
        (
            lambda: feature_name(AGAIN),
            "Same product again",
            "Same film again",
            "Same song again",
            "Same course again",
        ),
        (
            lambda: feature_help(LATELY),
            "More or fewer than usual buy the product these days, whoever they are.",
            "More or fewer than usual watch the film these days, whoever they are.",
            "More or fewer than usual listen to the song these days, whoever they are.",
            "More or fewer than usual enrol in the course these days, whoever they are.",
        ),
        (
            lambda: plural("{n} {@customer}", "{n} {@customers}", 2),
            "2 customers",
            "2 viewers",
            "2 listeners",
            "2 students",
        ),
        (
            lambda: _("Before the held-out {@purchase}"),
            "Before the held-out purchase",
            "Before the held-out viewing",
            "Before the held-out listen",
            "Before the held-out enrolment",
        ),
    ],
)
def test_a_sentence_is_said_in_the_words_of_the_data(
    said: Callable[[], str], shop: str, films: str, songs: str, courses: str
) -> None:
    heard = []
    for one in (SHOP, FILMS, SONGS, COURSES):
        with speaking_of(one):
            heard.append(said())
    assert heard == [shop, films, songs, courses]


@pytest.mark.parametrize(
    ("said", "shop", "films", "books", "courses"),
    [
        (
            lambda: feature_name(TOGETHER),
            "经常一起购买",
            "经常一起观看",
            "经常一起评分",
            "经常一起报名",
        ),
        (
            lambda: feature_name("item_id"),
            "正是这件商品",
            "正是这部电影",
            "正是这本图书",
            "正是这门课程",
        ),
        (
            lambda: plural("{n} {@product}", "{n} {@products}", 24),
            "24 件商品",
            "24 部电影",
            "24 本图书",
            "24 门课程",
        ),
        (
            lambda: plural("{n} {@customer}", "{n} {@customers}", 60),
            "60 位顾客",
            "60 位观众",
            "60 位读者",
            "60 位学员",
        ),
        (lambda: _("{@Bought} it"), "买过它", "看过它", "评价过它", "报名过它"),
    ],
)
def test_chinese_has_the_words_and_measure_words_of_the_data(
    said: Callable[[], str], shop: str, films: str, books: str, courses: str
) -> None:
    heard = []
    with speaking("zh"):
        for one in (SHOP, FILMS, BOOKS, COURSES):
            with speaking_of(one):
                heard.append(said())
    assert heard == [shop, films, books, courses]


def test_the_glossary_and_the_charts_words_say_no_purchase_of_films() -> None:
    with speaking_of(FILMS):
        said = " ".join(" ".join(entry) for entry in glossary())
    assert "Held-out viewing" in said
    assert outright(said, _OUTRIGHT) == []


def test_a_file_made_later_is_in_the_words_of_its_page() -> None:
    with speaking_of(FILMS):
        make = later(lambda: _("{@Customers}"))
    assert (make(), _("{@Customers}")) == ("Viewers", "Customers")


def test_words_are_a_shops_where_nobody_is_drawn_for() -> None:
    assert vocabulary() == SHOP


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_vocabulary_leaves_a_gap(language: Language) -> None:
    for message in catalogue.load("zh"):
        said = message.id if language == "en" else message.string
        for form in said if isinstance(said, tuple) else (said,):
            for verb, item, person in zip(
                VERBS, (*ITEMS, *ITEMS), (*PEOPLE, *PEOPLE), strict=False
            ):
                assert "{@" not in filled_in(form, Vocabulary(verb, item, person), language)


def of(words: Vocabulary, run_folder: Path, folder: Path) -> Path:
    """The run, with its data set in these words."""
    shutil.copytree(run_folder, folder)
    schema = folder / "dataset" / "schema.json"
    told = json.loads(schema.read_text())
    told["vocabulary"] = {"verb": words.verb, "item": words.item, "person": words.person}
    schema.write_text(json.dumps(told))
    return folder


@pytest.fixture
def films(run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = of(FILMS, run_folder, tmp_path / "films")
    monkeypatch.setenv(START_RUN, str(folder))
    return folder


def shops_words(shown: str) -> list[str]:
    """But for what is data: the name of the data set, and its type of event."""
    return outright(shown.replace("Tiny shop", "").replace("purchase", ""), _OUTRIGHT)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("overview", "Why this film, for this viewer?"),
        ("recommendations", "What the model would offer this viewer"),
    ],
)
def test_a_page_on_films_is_about_films_and_viewers(films: Path, page: str, said: str) -> None:
    shown = words(opened(page, user="u07"))
    assert said in shown
    assert "60 viewers\n24 films" in shown
    assert shops_words(shown) == []


def test_a_page_on_films_in_chinese_is_about_films_and_viewers(films: Path) -> None:
    shown = words(opened("item", lang="zh"))
    assert "谁会得到这部电影" in shown
    assert "60 位观众\n24 部电影" in shown
    assert shops_words(shown.replace("购买", "")) == []


def test_a_scored_run_has_the_words_of_its_run(films: Path, tmp_path: Path) -> None:
    tables = read_tables(("interactions.csv", shop.interactions().encode()))
    carry_over(open_run(films), tables, "guests", tmp_path / "guests")
    assert open_run(tmp_path / "guests").dataset.vocabulary == FILMS


def test_an_upload_proposes_words_and_is_built_in_those_that_were_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built: list[Vocabulary] = []
    monkeypatch.setattr(
        train_upload, "save_dataset", lambda data, path: built.append(data.vocabulary)
    )
    monkeypatch.setattr(train_upload, "start_training", lambda *given: None)
    monkeypatch.setattr(train_upload.access, "note", lambda *given: None)
    rows = "user_id,movie_id,rating\nann,Alien,5\nbob,Heat,4\n"
    app = uploaded("films.csv", rows.encode())
    assert "2 viewers · 2 films" in words(app)
    choice = app.selectbox(key="w_words")
    assert choice.value == "rated,film,viewer"
    assert choice.options[:2] == ["rated · films · viewers", "bought · films · viewers"]
    choice.select("read,book,reader").run()
    assert "2 readers · 2 books" in words(app)
    app.button(key="build").click().run()
    assert built == [Vocabulary("read", "book", "reader")]


def test_the_best_method_is_found_on_readers() -> None:
    view = {"users": 10, "metrics": {"ndcg@10": 0.3}, "baselines": {}}
    with speaking_of(BOOKS):
        assert sentences.quality(view, "ndcg@10") == "ndcg@10 of 0.300 on 10 readers."
