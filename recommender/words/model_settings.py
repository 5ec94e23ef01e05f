"""Which language model may rephrase, and on what terms; none unless it is set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from recommender.said import StatedError

NAMES = (
    "RECLENS_LLM_BASE_URL", "RECLENS_LLM_MODEL", "RECLENS_LLM_KEY", "RECLENS_LLM_TIMEOUT",
    "RECLENS_LLM_RETRIES", "RECLENS_LLM_PRICE_IN", "RECLENS_LLM_PRICE_OUT",
    "RECLENS_LLM_SEND_NAMES", "RECLENS_LLM_SCHEMA",
)  # fmt: skip
"""What may be set, in the environment or wherever the caller keeps its secrets."""


@dataclass(frozen=True)
class ModelSettings:
    """One endpoint that speaks OpenAI's chat protocol."""

    base_url: str
    """Up to and with the version, such as http://127.0.0.1:8000/v1."""
    model: str
    key: str = ""
    timeout: float = 20.0
    """Seconds for the whole answer, retries included."""
    retries: int = 1
    """Further tries after a lost connection, a busy or a broken server."""
    most_tokens: int = 700
    schema: bool = True
    """Whether to ask for JSON of a schema: some local servers take several times as long with one.
    Where a server refuses it, it is asked without in any case."""
    price_in: float = 0.0
    """Price of a million tokens sent, in whatever currency; 0 is unknown."""
    price_out: float = 0.0
    """The same of tokens received."""
    send_names: bool = False
    """Whether titles, feature values and profile values leave this machine; otherwise placeholders
    stand for them. Users' ids never leave it."""

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("http://", "https://")):
            raise StatedError(
                "RECLENS_LLM_BASE_URL must be a web address, not {url!r}", url=self.base_url
            )
        if self.timeout <= 0 or self.retries < 0 or self.price_in < 0 or self.price_out < 0:
            raise StatedError("time-out must be above 0; retries and prices must not be below 0")

    @classmethod
    def read(cls, secrets: Mapping[str, str] | None = None) -> ModelSettings | None:
        """The settings in the environment, or in a mapping of the same names; None where no
        endpoint or no model is set. Raises ValueError, naming the setting, for a bad one."""
        given = os.environ if secrets is None else secrets
        url, model = given.get(NAMES[0], "").strip(), given.get(NAMES[1], "").strip()
        if not url or not model:
            return None
        return cls(
            base_url=url,
            model=model,
            key=given.get("RECLENS_LLM_KEY", ""),
            timeout=_number(given, "RECLENS_LLM_TIMEOUT", cls.timeout),
            retries=int(_number(given, "RECLENS_LLM_RETRIES", cls.retries)),
            price_in=_number(given, "RECLENS_LLM_PRICE_IN", 0.0),
            price_out=_number(given, "RECLENS_LLM_PRICE_OUT", 0.0),
            schema=given.get("RECLENS_LLM_SCHEMA", "").lower() not in ("0", "false", "no"),
            send_names=given.get("RECLENS_LLM_SEND_NAMES", "").lower() in ("1", "true", "yes"),
        )


def _number(given: Mapping[str, str], name: str, default: float) -> float:
    text = given.get(name, "")
    try:
        return float(text) if text else default
    except ValueError:
        raise StatedError("{name} must be a number, not {text!r}", name=name, text=text) from None
