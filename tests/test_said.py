"""What is said keeps its parts, wherever it goes, and nothing takes a sentence apart."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import time
from pathlib import Path

import numpy as np
import pytest

from dashboard.locale import catalogue
from recommender.data import Problem, TableError
from recommender.model.run import RunError
from recommender.said import Said, StatedError, gaps, heard, parts, read_back, said_by, written

RECOMMENDER = catalogue.SAYING
WHY = "the file is no table: {why}"


@pytest.mark.parametrize(
    ("n", "said", "end"),
    [
        (0, "0 rows", "were"),
        (1, "1 row", "was"),
        (2, "2 rows", "were"),
        (1234, "1,234 rows", "were"),
    ],
)
def test_words_follow_the_number_before_them_or_the_one_they_name(
    n: int, said: str, end: str
) -> None:
    assert Said("{n} row{|s} {was|were}", n=n) == f"{said} {end}"
    assert Said("{n} row{|s} of {file} {was|were}", n=n, file="5") == f"{said} of 5 {end}"
    named = Said("{n} row{|s} of {all} {was|were:n}", n=np.int64(n), all=5)
    assert named == f"{said} of 5 {end}"


def test_a_value_is_not_read_as_a_template() -> None:
    said = Said("{name!r} of {file}", name="{file} {a|b}", file="{0.__class__} %s")
    assert said == "'{file} {a|b}' of {0.__class__} %s"


def test_an_error_within_an_error_is_a_value_with_its_parts() -> None:
    inner = StatedError(WHY, why=OSError(28, "No space left"))
    outer = RunError("{path} is damaged: {why}", path=Path("a/b"), why=inner)
    assert str(outer) == "a/b is damaged: the file is no table: [Errno 28] No space left"
    assert outer.said.values["path"] == "a/b"
    assert outer.said.values["why"] is inner.said
    assert inner.said.values == {"why": "[Errno 28] No space left"}


def test_what_any_error_says_has_parts_if_it_was_given_them() -> None:
    assert said_by(PermissionError(Said("only {who}", who="ann"))).template == "only {who}"
    assert said_by(ValueError("as {it} is")).values == {"text": "as {it} is"}
    problem = Problem("a.csv", "x", (2, 3), 2, "error", Said("{n} bad", n=2), Said("Mend"))
    assert said_by(TableError([problem])).values["remedy"].template == "Mend"  # type: ignore[union-attr]


def test_several_problems_are_said_one_to_a_line() -> None:
    problem = Problem("a.csv", None, (), 1, "error", Said("it is bad"), Said("Mend it"))
    assert str(TableError([problem, problem])) == (
        "2 problems have to be mended first:\n  - a.csv: it is bad. Mend it\n"
        "  - a.csv: it is bad. Mend it"
    )


NESTED = Said("{n} of {whole}{more}", n=3, whole=Said(WHY, why="x"), more=(Said("; {m}", m=1),))


@pytest.mark.parametrize(
    "carried",
    [
        pickle.loads(pickle.dumps(NESTED)),
        copy.deepcopy(NESTED),
        heard(json.loads(json.dumps(parts(NESTED)))),
        read_back(written(NESTED)),
    ],
    ids=["pickled", "copied", "json", "one line"],
)
def test_what_was_said_keeps_its_parts_wherever_it_goes(carried: Said) -> None:
    assert carried == NESTED == "3 of the file is no table: x; 1"
    assert (carried.template, carried.values) == (NESTED.template, NESTED.values)
    assert carried.values["whole"].template == WHY  # type: ignore[union-attr]
    assert carried.values["more"][0].values == {"m": 1}  # type: ignore[index, union-attr]


def test_an_error_keeps_its_parts_between_processes() -> None:
    error = pickle.loads(pickle.dumps(RunError("{path} is {n}", path="a{b}", n=2)))
    assert (type(error), str(error), error.said.values) == (
        RunError,
        "a{b} is 2",
        {"path": "a{b}", "n": 2},
    )


@pytest.mark.parametrize(
    "text", ["", "it broke: {why}", "[1", "3", '"a"', '{"a": 1}', "null", "[" * 9_000]
)
def test_text_that_was_kept_before_there_were_parts_is_shown_as_it_is(text: str) -> None:
    assert read_back(text) == text


@pytest.mark.parametrize(
    "told",
    [
        None,
        5,
        ["a"],
        {"template": "{a}"},
        {"template": "{a}", "values": {}},
        {"template": "{a}", "values": {"a": None}},
        {"template": "{a}", "values": {"a": ["b"]}},
        {"template": "{a", "values": {"a": "b"}},
        {"template": "{a.__class__}", "values": {"a": "b"}},
        {"template": "{a|b:c}", "values": {"a": "b"}},
        {"template": "{a}{a}", "values": {"a": "b"}},
        {"template": 5, "values": {"a": "b"}},
        {"template": "{a}", "values": ["a"]},
    ],
)
def test_what_nobody_said_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        heard(told)


def test_a_few_bytes_from_a_stranger_do_not_say_much() -> None:
    """A width of two billion, and a hundred values in each of which stand a hundred."""
    wide = heard({"template": "{a:2000000000} {a|b}", "values": {"a": "x"}})
    assert wide == "x b"
    names = [f"a{i}" for i in range(100)]
    template = "".join(f"{{{name}}}" for name in names)
    told: object = "x" * 100
    for _ in range(3):
        told = {"template": "{a}" * 100, "values": {"a": told}}
    began = time.process_time()
    with pytest.raises(ValueError, match="twice"):
        heard(told)
    deep: object = "x"
    for _ in range(30):
        deep = {"template": template, "values": dict.fromkeys(names, "") | {"a0": deep}}
    with pytest.raises(ValueError, match="sentences in sentences"):
        heard(deep)
    assert time.process_time() - began < 1


def _trees() -> dict[str, ast.Module]:
    paths = sorted(RECOMMENDER.rglob("*.py"))
    return {
        path.relative_to(RECOMMENDER).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
        if path.name != "said.py"
    }


def test_whatever_is_said_begins_with_its_template_as_it_stands_in_the_catalogues() -> None:
    kinds = {"Said", *catalogue.stated()}
    assert {"RunError", "StoreError", "TuningError", "AskingError"} < kinds
    made = [
        (path, node) for path, tree in _trees().items() for node in catalogue.saying(tree, kinds)
    ]
    assert len(made) > 250
    for path, node in made:
        plain = node.args and isinstance(node.args[0], ast.Constant) and len(node.args) == 1
        assert plain and isinstance(node.args[0].value, str), f"{path}:{node.lineno}"  # type: ignore[attr-defined]


def test_each_template_has_the_values_that_it_names_and_names_none_twice() -> None:
    kinds = {"Said", *catalogue.stated()}
    for path, tree in _trees().items():
        for node in catalogue.saying(tree, kinds):
            names = gaps(str(node.args[0].value))  # type: ignore[attr-defined]
            given = {keyword.arg for keyword in node.keywords}
            assert len(names) == len(set(names)), f"{path}:{node.lineno}"
            assert None in given or set(names) <= given, f"{path}:{node.lineno}"


def test_no_error_is_raised_with_words_that_cannot_be_translated() -> None:
    """The command line speaks English alone; what a defect of ours says is read in the log."""
    ours = {"ValueError", "PermissionError", "OSError", "Exception"}
    for path, tree in _trees().items():
        for node in ast.walk(tree):
            made = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(made, ast.Call) and ast.unparse(made.func) in ours:
                kept = made.args and ast.unparse(made.args[0]).startswith("Said(")
                kept = kept or len(made.args) > 1  # by its number, in the system's words
                assert kept or path.startswith("commands/"), f"{path}:{node.lineno}"


def test_every_error_of_ours_keeps_its_parts() -> None:
    plain = {"ContractError": "a defect of the reading", "TableError": "has problems, which do"}
    classes = [
        node
        for tree in _trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
    ]
    assert len(classes) > 12
    assert {one.name for one in classes} - catalogue.stated() == set(plain)


def test_pages_hand_on_the_parts_and_take_no_sentence_apart() -> None:
    pages = sorted(catalogue.CODE.rglob("*.py"))
    errors = (catalogue.CODE / "errors.py").read_text(encoding="utf-8")
    assert "import re" not in errors
    assert "Pattern" not in errors
    asked = 0
    for path in pages:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("told", "errors.told"):
                asked += 1
                assert isinstance(node.args[0], ast.Name | ast.Attribute), f"{path}:{node.lineno}"
    assert asked > 15
