"""One question to an endpoint that speaks OpenAI's chat protocol, answered in pieces."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import wait
from typing import Any

from anyio import move_on_after, sleep
from anyio.from_thread import start_blocking_portal

from recommender.said import Said, StatedError
from recommender.words.answers import Answer
from recommender.words.model_settings import ModelSettings

_SENTENCE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "claims": {"type": "array", "items": {"type": "integer"}},
        "text": {"type": "string"},
    },
    "required": ["claims", "text"],
    "additionalProperties": False,
}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"sentences": {"type": "array", "items": _SENTENCE}},
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
_MALFORMED = (ValueError, TypeError, AttributeError, LookupError)
"""What reading an answer of no known form raises."""
BEAT = 0.1
"""Seconds between two looks at what has come, and at whether it is still wanted."""
SLACK = 50
"""Tokens that an answer may have beyond the characters of the question."""
MOST_CHARACTERS = 20_000
"""An answer that goes on beyond is cut off."""


class AskingError(StatedError):
    """The model gave no answer: it could not be reached, refused, took too long, was stopped."""


def ask(
    messages: list[dict[str, str]],
    settings: ModelSettings,
    on_piece: Callable[[str], None],
    go_on: Callable[[], bool],
) -> Answer:
    """Ask, with a schema where the server takes one; `on_piece` is given the text so far.

    Every `BEAT` seconds `go_on` is asked; where it says no, or raises, the connection is closed at
    once. Raises AskingError, also where the package `openai` is not installed.
    """
    so_far = deque([""], maxlen=1)
    with start_blocking_portal() as portal:
        asked = portal.start_task_soon(_tried, messages, settings, so_far.append)
        while not asked.done():
            wait([asked], timeout=BEAT)
            on_piece(so_far[0])
            if not asked.done() and not go_on():
                raise AskingError("stopped")
        answer = asked.result()
        on_piece(answer.text)  # what came after it was last given what there was
        return answer


async def _tried(
    messages: list[dict[str, str]], settings: ModelSettings, on_piece: Callable[[str], None]
) -> Answer:
    try:
        import openai
    except ImportError as error:
        raise AskingError("the package openai is missing: pip install openai") from error
    failed: str = Said("no answer")
    tries = settings.retries + 1
    ways = list(WAYS if settings.schema else WAYS[-1:])
    client = openai.AsyncOpenAI(
        base_url=settings.base_url, api_key=settings.key or "none", max_retries=0
    )
    with move_on_after(settings.timeout):
        async with client:
            while tries > 0:
                try:
                    return await _once(client, messages, settings, ways[0], on_piece)
                except AskingError:
                    raise
                except openai.APIStatusError as error:
                    # Some servers refuse a schema with 400, llama-cpp-python's with 500.
                    refused = error.status_code in (400, 422) or "response_format" in str(error)
                    if refused and len(ways) > 1:
                        ways.pop(0)
                        continue
                    if error.status_code < 500 and error.status_code != 429:
                        raise AskingError("{why}", why=_said(error)) from error
                    failed, tries = _said(error), tries - 1
                except openai.APIConnectionError as error:
                    failed, tries = _said(error), tries - 1
                except (openai.OpenAIError, *_MALFORMED) as error:
                    raise AskingError("{why}", why=_said(error)) from error
                except Exception as error:
                    # What the transport raises in the middle of a stream is its own, not openai's.
                    failed, tries = _said(error), tries - 1
                if tries:
                    await sleep(PAUSE)
    raise AskingError(
        "no answer in {seconds} s: {why}", seconds=f"{settings.timeout:g}", why=failed
    )


async def _once(
    client: Any,
    messages: list[dict[str, str]],
    settings: ModelSettings,
    way: dict[str, Any],
    on_piece: Callable[[str], None],
) -> Answer:
    stream = await client.chat.completions.create(
        model=settings.model,
        messages=messages,
        temperature=0,
        # No text has more tokens than characters, and other words for it need not be longer.
        max_tokens=min(settings.most_tokens, SLACK + len(messages[-1]["content"])),
        stream=True,
        timeout=settings.timeout,
        **way,
    )
    text, spent = "", (0, 0)
    async with stream:
        async for piece in stream:
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
