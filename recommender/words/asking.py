"""One question to an endpoint that speaks OpenAI's chat protocol, answered in pieces."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Any

from recommender.words.answers import Answer
from recommender.words.model_settings import ModelSettings

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"sentences": {"type": "array", "items": {"type": "string"}}},
    "required": ["sentences"],
    "additionalProperties": False,
}
_USAGE = {"include_usage": True}
WAYS: tuple[dict[str, Any], ...] = (
    {
        "stream_options": _USAGE,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "sentences", "strict": True, "schema": _SCHEMA},
        },
    },
    # What llama-cpp-python's server knows instead.
    {"stream_options": _USAGE, "response_format": {"type": "json_object", "schema": _SCHEMA}},
    {},
)
"""Ways to ask for JSON of this schema, and for what it took; each is tried where the one before is
refused, at last neither."""
PAUSE = 0.5
"""Seconds before a further try."""
SLACK = 50
"""Tokens that an answer may have beyond the characters of the question."""
MOST_CHARACTERS = 20_000
"""An answer that goes on beyond is cut off."""


class AskingError(RuntimeError):
    """The model gave no answer: it could not be reached, refused, took too long, was stopped."""


def ask(
    messages: list[dict[str, str]],
    settings: ModelSettings,
    on_piece: Callable[[str], None],
    stop: Event,
) -> Answer:
    """Ask, with a schema where the server takes one; `on_piece` is given the text so far.

    Raises AskingError, also where the package `openai` is not installed.
    """
    try:
        import openai
    except ImportError as error:
        raise AskingError("the package openai is missing: pip install openai") from error
    deadline = time.monotonic() + settings.timeout
    client = openai.OpenAI(
        base_url=settings.base_url, api_key=settings.key or "none", max_retries=0
    )
    failed, tries, ways = (
        "no answer",
        settings.retries + 1,
        list(WAYS if settings.schema else WAYS[-1:]),
    )
    with client:
        while tries > 0 and time.monotonic() < deadline:
            try:
                return _once(client, messages, settings, ways[0], on_piece, stop, deadline)
            except AskingError:
                raise
            except openai.APIStatusError as error:
                # Some servers refuse a schema with 400, llama-cpp-python's with 500.
                refused = error.status_code in (400, 422) or "response_format" in str(error)
                if refused and len(ways) > 1:
                    ways.pop(0)
                    continue
                if error.status_code < 500 and error.status_code != 429:
                    raise AskingError(_said(error)) from error
                failed, tries = _said(error), tries - 1
            except openai.APIConnectionError as error:
                failed, tries = _said(error), tries - 1
            except (openai.OpenAIError, ValueError, TypeError, AttributeError, IndexError) as error:
                raise AskingError(_said(error)) from error
            except Exception as error:
                # What the transport raises in the middle of a stream is its own, not openai's.
                failed, tries = _said(error), tries - 1
            if tries and stop.wait(min(PAUSE, max(deadline - time.monotonic(), 0))):
                raise AskingError("stopped")
    raise AskingError(f"no answer in {settings.timeout:g} s: {failed}")


def _once(
    client: Any,
    messages: list[dict[str, str]],
    settings: ModelSettings,
    way: dict[str, Any],
    on_piece: Callable[[str], None],
    stop: Event,
    deadline: float,
) -> Answer:
    stream = client.chat.completions.create(
        model=settings.model,
        messages=messages,
        temperature=0,
        # No text has more tokens than characters, and other words for it need not be longer.
        max_tokens=min(settings.most_tokens, SLACK + len(messages[-1]["content"])),
        stream=True,
        timeout=max(deadline - time.monotonic(), 0.1),
        **way,
    )
    text, spent = "", (0, 0)
    with stream:
        for piece in stream:
            if stop.is_set():
                raise AskingError("stopped")
            if time.monotonic() > deadline:
                raise AskingError(f"no whole answer in {settings.timeout:g} s")
            usage = getattr(piece, "usage", None)
            if usage is not None:
                spent = (int(usage.prompt_tokens or 0), int(usage.completion_tokens or 0))
            for choice in (piece.choices or [])[:1]:
                text += choice.delta.content or ""
            on_piece(text)
            if len(text) > MOST_CHARACTERS:
                break
    if not text.strip():
        raise AskingError("the answer is empty")
    return Answer(text, *spent)


def _said(error: Exception) -> str:
    """The error in one line, without the key, which no message of the client holds."""
    return " ".join(str(error).split())[:200] or type(error).__name__
