"""Words that mean the same wherever a template has one of them, and what may introduce a sentence.

A row says nothing new: no other direction, degree, lens or certainty than its first entry. In no
row is what the lenses are told apart by (looked at, counted, mattered). Introductions assert
nothing, deny nothing, and give no cause, condition, rank or number, nor do they call a sentence the
sum or the meaning of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from recommender.words.phrases import Language

SYNONYMS: Final[Mapping[Language, tuple[tuple[str, ...], ...]]] = {
    "en": (
        ("falls by", "drops by", "decreases by", "goes down by", "declines by"),
        ("lowers", "reduces", "decreases", "brings down"),
        ("would fall from", "would drop from", "would slip from", "would go down from"),
        ("would rise from", "would climb from", "would go up from"),
        ("rises from", "climbs from", "goes up from"),
        ("goes from", "moves from", "changes from"),
        ("adds {value}", "contributes {value}"),
        ("add {value}", "contribute {value}"),
        ("takes {size} off", "takes away {size}", "subtracts {size}"),
        ("moved", "influenced", "affected", "shaped"),
        ("mattered most", "had the most influence", "was the most influential"),
        ("without it", "if it were missing"),
        ("taking it away", "taking it out", "removing it", "deleting it", "leaving it out"),
        ("taking away all", "taking out all", "removing all", "deleting all", "leaving out all"),
        ("taking any one away", "removing any one", "deleting any one", "leaving any one out"),
        ("leaving out", "removing", "deleting", "taking away", "taking out"),
        ("suggestion", "recommendation"),
        ("suggested", "recommended"),
        ("on account of", "because of", "due to", "owing to", "thanks to"),
        ("mainly", "chiefly", "mostly", "primarily"),
        ("in part", "partly", "partially"),
        ("perhaps", "possibly", "maybe"),
        ("may have", "might have"),
        ("bought", "purchased"),
        ("above", "higher than"),
        ("below", "lower than"),
        ("but {other}", "yet {other}"),
        ("out of", "and out of", "dropping out of"),
        ("would leave the top {top},", "would drop out of the top {top},"),
        ("would come in", "would enter", "would come in instead"),
        ("changes the", "shifts the"),
        ("mattered too", "had an influence too", "also had an influence"),
        ("hangs on it", "depends on it", "rests on it"),
        ("drives", "moves"),
        ("was bought before", "has been bought before"),
        ("general popularity", "overall popularity"),
        ("most of all through", "above all through", "mainly through"),
        ("the last was", "the last one was", "the most recent was"),
        ("did most for", "did the most for", "had the most influence on"),
        ("no single", "no one"),
        ("is weak", "is a weak one"),
    ),
    "zh": (
        ("下降", "降低", "减少"),
        ("减去", "扣除"),
        ("降到", "跌到", "下降到"),
        ("升到", "升至", "上升到"),
        ("跌出", "掉出"),
        ("变为", "变成"),
        ("贡献{value}", "带来{value}"),
        ("影响最大", "作用最大"),
        ("去掉", "删除", "移除", "去除"),
        ("如果没有", "若没有", "假如没有", "要是没有"),
        ("主要源于", "主要来自", "主要归因于"),
        ("可能", "或许", "也许"),
        ("较弱", "偏弱"),
        ("在一定程度上", "在某种程度上", "部分地"),
        ("以前", "此前", "之前"),
        ("这条推荐", "本次推荐", "这次推荐"),
        ("但", "但是", "不过"),
        ("最支持", "最有利于"),
        ("取决于它", "依赖于它"),
        ("带动", "推动"),
        ("商品自身的热度", "商品本身的热度"),
        ("整体热度", "总体热度"),
        ("最近一次在", "上一次在"),
        ("间隔约为", "间隔大约为"),
        ("领先", "高出"),
        ("这个理由", "该理由"),
        ("全部", "所有"),
        ("使", "让"),
    ),
}
OPENINGS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": (
        "also", "in addition", "moreover", "furthermore", "besides", "what is more", "here",
        "in this case", "for this recommendation", "finally", "that said", "however",
        "at the same time", "on top of that", "by the numbers",
        "looking at the numbers", "in the model", "for the record",
        "according to the model", "as the model sees it",
    ),
    "zh": (
        "此外", "另外", "同时", "而且", "并且", "在这里", "最后",
        "从数字上看", "从模型来看", "根据模型", "对于这条推荐", "值得注意的是",
        "需要说明的是", "然而",
    ),
}  # fmt: skip
