"""More to say: of a bundle, of an item without sales, of a segment. Drafts are marked as drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.explain.types import AGAIN, TOGETHER
from recommender.words import formats
from recommender.words.phrases import Language, Phrases, value_name
from recommender.words.templates import PHRASES, phrases_in
from recommender.words.vocabulary import filled_in

if TYPE_CHECKING:
    from recommender.evaluate.newcomers import Newcomer
    from recommender.explain.bundles import Bundle
    from recommender.explain.tags import InterestTags

DRAFT: dict[Language, str] = {"en": "Draft: ", "zh": "草稿："}


def bundle_reason(bundle: Bundle, language: Language, vocabulary: Vocabulary = SHOP) -> str:
    """Why these go together: what the model counts, and how many bought both."""
    phrases = phrases_in(language, vocabulary)
    name = phrases.locale
    slots = {
        "titles": _listed(phrases, bundle.titles),
        "share": formats.signed(bundle.share, name),
        "through": phrases.through.get(
            bundle.feature, phrases.through["*"].format(feature=bundle.feature)
        ),
        "users": formats.whole(bundle.users, name),
        "lift": formats.plain(bundle.lift, name),
    }
    said = (
        "{titles}：模型中彼此平均贡献 {share}，主要来自{through}；"
        "{users} 位{@customer}{@buy}过前两{@piece}，是随机情况的 {lift} 倍。"
        if language == "zh"
        else "{titles}: in the model one adds {share} to the next on average, mostly through "
        "{through}; {users} {@customers} {@bought} the first two, {lift} times as many as by "
        "chance."
    )
    return filled_in(said, vocabulary, language).format(**slots)


def no_bundle(title: str, language: Language, vocabulary: Vocabulary = SHOP) -> str:
    """What is said where no bundle was found."""
    said = (
        "把“{title}”与其他{@product}一起{@bought}的{@customer}太少。"
        if language == "zh"
        else "Too few {@bought} “{title}” with anything else."
    )
    return filled_in(said, vocabulary, language).format(title=title)


def lift_baseline(
    title: str, ids: Sequence[str], language: Language, vocabulary: Vocabulary = SHOP
) -> str:
    """What stands beside the bundles of an item: those of highest lift, by their ids."""
    if not ids:
        said = (
            "没有哪{@piece}{@product}与“{title}”一起被{@bought}的次数足以计算提升度。"
            if language == "zh"
            else "Nothing was {@bought} with “{title}” often enough to have a lift."
        )
        return filled_in(said, vocabulary, language).format(title=title)
    listed = formats.listed(list(ids), PHRASES[language].locale)
    return f"仅按提升度：{listed}。" if language == "zh" else f"By lift alone: {listed}."


def blurb(item: Newcomer, language: Language) -> str:
    """A draft of what could stand beside the product: its own facts, and nothing else."""
    phrases = PHRASES[language]
    colon = "：" if language == "zh" else ": "
    facts = _listed(
        phrases, tuple(f"{name}{colon}{value_name(value, language)}" for name, value in item.facts)
    )
    title = phrases.quoted.format(text=item.title)
    body = f"{title}（{facts}）。" if language == "zh" else f"{title} ({facts})."
    return DRAFT[language] + body


def suits(item: Newcomer, language: Language, vocabulary: Vocabulary = SHOP) -> tuple[str, ...]:
    """Drafts of the reasons: what those have in their histories whom the model would offer it."""
    name, found = PHRASES[language].locale, []
    for one in item.through:
        label = value_name(one.value, language)
        value = formats.signed(one.share, name)
        found.append(
            f"过去有“{one.feature}”为“{label}”的事件：在模型中平均贡献 {value}。"
            if language == "zh"
            else f"For those whose past has the “{one.feature}” “{label}”: in the model it "
            f"adds {value} on average."
        )
    for one in item.profiles:
        label = value_name(one.value, language)
        times = formats.plain(one.share, name)
        who = filled_in("{@customer}" if language == "zh" else "{@Customers}", vocabulary, language)
        found.append(
            f"画像“{one.feature}”为“{label}”的{who}在其中的比例是全体的 {times} 倍。"
            if language == "zh"
            else f"{who} with the “{one.feature}” “{label}” are {times} times as frequent "
            "among them as among all."
        )
    return tuple(DRAFT[language] + one for one in found)


def segment_words(
    tags: InterestTags, language: Language, vocabulary: Vocabulary = SHOP, most: int = 3
) -> str:
    """What moves the recommendations of several users: the strongest tags with their shares."""
    phrases = phrases_in(language, vocabulary)
    said = []
    for tag in tags.tags[:most]:
        kind = phrases.through.get(tag.feature) if tag.feature in (AGAIN, TOGETHER) else None
        value = formats.signed(tag.weight, phrases.locale)
        label = phrases.quoted.format(text=value_name(tag.value, language))
        about = f"{kind or tag.feature}{phrases.list_mark}{value}"
        said.append(f"{label}（{about}）" if language == "zh" else f"{label} ({about})")
    whole, things = formats.signed(tags.total, phrases.locale), formats.listed(said, phrases.locale)
    if not said:
        return "没有哪个特征突出。" if language == "zh" else "No feature stands out."
    if language == "zh":
        return f"历史记录平均贡献 {whole}，其中最多来自{things}。"
    return (
        f"Their histories give {whole} to a recommendation on average, most of it through {things}."
    )


def _listed(phrases: Phrases, texts: tuple[str, ...]) -> str:
    return formats.listed([phrases.quoted.format(text=one) for one in texts], phrases.locale)
