"""What commands say in words: in the language asked for, by a language model if one is set."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.calling import call
from tests.words.endpoint import as_json, endpoint, sentences_asked

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    "question",
    [("bundle", "--item", "i03"), ("newcomer", "--item", "i03")],
)
def test_every_line_is_in_the_language_asked_for(run: Path, question: tuple[str, ...]):
    command, *options = question
    answer = call(command, run, *options, "--lang", "zh")
    assert answer.code == 0, answer.err
    lines = answer.out.replace("\n", "").split("。")
    assert all(CHINESE.search(line) for line in lines if line.strip())
    english = call(command, run, *options)
    assert not CHINESE.search(re.sub("“[^”]*”", "", english.out))


def test_everything_around_the_words_is_in_their_language_too(run: Path):
    answer = call("explain", run, "--user", "007", "--lang", "zh")
    assert answer.code == 0, answer.err
    for heading in ("为什么向 007 推荐", "时间", "看过", "计入", "起作用", "商品自身的热度"):
        assert heading in answer.out
    for english in ("looked at", "counted", "popularity", "purchase"):
        assert english not in answer.out
    assert "购买" in answer.out
    assert "-0." not in answer.out


def test_a_title_is_not_broken_between_lines(run: Path):
    answer = call("explain", run, "--user", "007")
    words = answer.out.splitlines()[-1]
    assert words.count("“") == words.count("”") >= 2


def test_a_language_model_says_it_where_one_is_set(run: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("openai")

    def lying(asked: dict) -> str:  # type: ignore[type-arg]
        return as_json([*sentences_asked(asked), "Everybody loves it."])

    with endpoint(lying) as served:
        monkeypatch.setenv("RECLENS_LLM_BASE_URL", served.url)
        monkeypatch.setenv("RECLENS_LLM_MODEL", "m")
        answer = call("explain", run, "--user", "u03", "--by-model")
    assert answer.code == 0, answer.err
    assert "loves" not in answer.out
    n = len(json.loads(served.asked[0]["messages"][1]["content"])["sentences"])
    assert f"m said {n + 1} sentences; {n} are backed." in answer.err
    assert "400 + 60 tokens" in answer.err


def test_without_a_language_model_it_is_said_how_to_set_one(
    run: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("RECLENS_LLM_BASE_URL", raising=False)
    answer = call("explain", run, "--user", "u03", "--by-model")
    assert answer.code == 1
    assert "RECLENS_LLM_BASE_URL" in answer.err
    assert call("explain", run, "--user", "u03", "--by-model", "--json").code == 2


def test_a_bad_setting_of_the_language_model_is_named(run: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECLENS_LLM_BASE_URL", "ftp://x")
    monkeypatch.setenv("RECLENS_LLM_MODEL", "m")
    answer = call("explain", run, "--user", "u03", "--by-model")
    assert answer.code == 1
    assert "must be a web address" in answer.err
