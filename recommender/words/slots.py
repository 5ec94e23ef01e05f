"""What a template may name, worked out when it does."""

from __future__ import annotations

from recommender.explain.claims import Claim
from recommender.words import formats
from recommender.words.phrases import Phrases, value_name


class Slots(dict[str, str]):
    """The slots of one claim in one language, for `str.format_map`."""

    def __init__(self, phrases: Phrases, claim: Claim) -> None:
        super().__init__()
        self._phrases, self._claim = phrases, claim

    def __missing__(self, slot: str) -> str:
        if slot in ("candidate", "title", "other", "feature"):
            return str(getattr(self._claim, slot))
        return str(getattr(self, f"_{slot}")())

    def _feature_value(self) -> str:
        return value_name(self._claim.feature_value, self._phrases.language)

    def _titles(self) -> str:
        quoted = [self._phrases.quoted.format(text=one) for one in self._claim.titles]
        return formats.listed(quoted, self._phrases.locale)

    def _about(self) -> str:
        """What kind of event it was, and when."""
        kind = self._claim.event_type
        parts = [self._phrases.events.get(kind) or self._phrases.quoted.format(text=kind)]
        if self._claim.time is not None:
            parts += [formats.day(self._claim.time, self._phrases.locale), self._ago().strip()]
        return self._phrases.list_mark.join(parts)

    def _through(self) -> str:
        through, feature = self._phrases.through, self._claim.feature
        return through.get(feature) or through["*"].format(feature=feature)

    def _value(self) -> str:
        return formats.signed(self._claim.value, self._phrases.locale)

    def _size(self) -> str:
        return formats.plain(self._claim.value, self._phrases.locale)

    def _part(self) -> str:
        return formats.signed(self._claim.part or 0.0, self._phrases.locale)

    _whole = _part

    def _change(self) -> str:
        return formats.signed(-self._claim.value, self._phrases.locale)

    def _change_newest(self) -> str:
        return formats.signed(-(self._claim.part or 0.0), self._phrases.locale)

    def _weight(self) -> str:
        return formats.percent(self._claim.value, self._phrases.locale)

    def _ago(self) -> str:
        return self._counted("ago", self._claim.days or 0)

    def _interval(self) -> str:
        return self._counted("interval", self._claim.value)

    def _purchases(self) -> str:
        return self._counted("purchases", len(self._claim.events))

    def _events(self) -> str:
        return self._counted("events", len(self._claim.events))

    def _before(self) -> str:
        return formats.whole((self._claim.ranks or (0, 0))[0], self._phrases.locale)

    def _after(self) -> str:
        return formats.whole((self._claim.ranks or (0, 0))[1], self._phrases.locale)

    def _top(self) -> str:
        return formats.whole(self._claim.top, self._phrases.locale)

    def _counted(self, form: str, n: float) -> str:
        return formats.counted(n, self._phrases.counted[form], self._phrases.locale)
