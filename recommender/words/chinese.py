"""Simplified Chinese."""

from __future__ import annotations

from recommender.explain.types import AGAIN, ANY, TOGETHER
from recommender.words.phrases import Phrases

CHINESE = Phrases(
    language="zh",
    locale="zh_Hans_CN",
    joint="",
    list_mark="，",
    quoted="“{text}”",
    events={"purchase": "购买", "view": "浏览", "cart": "加入购物车"},
    through={
        AGAIN: "重复{@bought}（同一{@product}）",
        TOGETHER: "两者常被一起{@bought}",
        ANY: "任何事件本身",
        "item_id": "该{@product}本身",
        "*": "其“{feature}”",
    },
    counted={
        "ago": {"zero": "当天", "other": " {n} 天前"},
        "interval": {"other": "{n} 天"},
        "purchases": {"other": "{n} 次{@bought}"},
        "events": {"other": "{n} 个事件"},
    },
    shopper={
        "influence": (
            "“{title}”（{about}）对这条推荐影响最大。",
            "这条推荐主要源于“{title}”（{about}）。",
            "在您的历史记录中，“{title}”（{about}）对这条推荐作用最大。",
        ),
        "influence.doubtful": (
            "可能与“{title}”（{about}）有关，但这个理由较弱。",
            "“{title}”（{about}）或许影响了这条推荐，不过理由较弱。",
        ),
        "influence.partly": (
            "这条推荐在一定程度上源于“{title}”（{about}）。",
            "“{title}”（{about}）在一定程度上影响了这条推荐。",
        ),
        "repetition": (
            "再次推荐：您以前{@buy}过它（{purchases}）。",
            "您以前{@buy}过它（{purchases}），这为它加了分。",
        ),
        "interval": (
            "再次推荐：您大约每隔 {interval}{@bought}一次，最近一次在{ago}。",
            "您{@bought}它的间隔约为 {interval}，最近一次在{ago}，这影响了推荐。",
        ),
        "weak.no history": (
            "没有历史记录可以参考：由{@product}自身的热度和您的画像决定。",
            "这条推荐没有历史记录可以参考。",
        ),
        "weak.no single event": (
            "您的历史记录中没有哪一项单独决定了这条推荐。",
            "这条推荐不取决于您历史记录中的任何单独一项。",
        ),
    },
    analyst={
        "influence": (
            "对得分影响最大的是“{title}”（{about}）：去掉它，得分下降 {size}。",
            "“{title}”（{about}）影响最大：去掉它会使得分降低 {size}。",
            "得分最依赖“{title}”（{about}）：没有它，得分会低 {size}。",
        ),
        "influence.same": (
            "对得分影响最大的是“{candidate}”自身的一个事件（{about}）：去掉它，得分下降 {size}。",
            "“{candidate}”自身（{about}）影响最大：去掉这个事件会使得分降低 {size}。",
        ),
        "influence.next": (
            "“{title}”（{about}）也有影响：去掉它，得分下降 {size}。",
            "同样有影响的是“{title}”（{about}）：去掉它会使得分降低 {size}。",
        ),
        "share": (
            "“{title}”的精确份额为 {value}，其中最大的一部分 {part} 来自{through}。",
            "精确计算，“{title}”贡献 {value}，其中最大的一部分 {part} 来自{through}。",
        ),
        "item": (
            "去掉“{title}”的全部 {events}，得分下降 {size}，"
            "排名从第 {before} 名变为第 {after} 名。",
            "如果没有“{title}”的全部 {events}，"
            "得分会降低 {size}（第 {before} 名到第 {after} 名）。",
        ),
        "item.stays": (
            "去掉“{title}”的全部 {events}，得分下降 {size}。",
            "如果没有“{title}”的全部 {events}，得分会降低 {size}。",
        ),
        "item.rises": (
            "去掉“{title}”的全部 {events}，得分下降 {size}，"
            "但排名从第 {before} 名升至第 {after} 名。",
            "如果没有“{title}”的全部 {events}，得分会降低 {size}，"
            "但排名从第 {before} 名升至第 {after} 名。",
        ),
        "affinity.value": (
            "“{feature}”为“{feature_value}”的事件（{events}）通过该特征贡献 {value}。",
            "通过“{feature}”，取值为“{feature_value}”的事件（{events}）贡献 {value}。",
        ),
        "affinity.feature": (
            "历史记录通过“{feature}”贡献 {value}。",
            "通过“{feature}”，历史记录贡献 {value}。",
        ),
        "repetition.for": (
            "“{candidate}”以前{@buy}过（{purchases}）：重复{@bought}贡献 {value}。",
            "重复{@bought}贡献 {value}：“{candidate}”以前{@buy}过（{purchases}）。",
        ),
        "repetition.against": (
            "“{candidate}”以前{@buy}过（{purchases}），但重复{@bought}在这里减去 {size}。",
            "重复{@bought}减去 {size}：“{candidate}”以前{@buy}过（{purchases}）。",
        ),
        "interval": (
            "“{candidate}”的{@bought}间隔约为 {interval}（中位数），最近一次在{ago}。",
            "{@bought}“{candidate}”的间隔中位数为 {interval}，最近一次在{ago}。",
        ),
        "profile.for": (
            "画像中，“{feature}”为“{feature_value}”贡献 {value}。",
            "画像的“{feature}”（“{feature_value}”）贡献 {value}。",
        ),
        "profile.against": (
            "画像中，“{feature}”为“{feature_value}”减去 {size}。",
            "画像的“{feature}”（“{feature_value}”）减去 {size}。",
        ),
        "popularity.for": (
            "{@product}自身的热度占得分 {whole} 中的 {value}。",
            "在得分 {whole} 中，{value} 来自{@product}自身的热度。",
        ),
        "popularity.against": (
            "{@product}热度低于平均，减去 {size}；得分为 {whole}。",
            "热度较低，减去 {size}，得分为 {whole}。",
        ),
        "order.for": (
            "事件的顺序与组合占得分 {whole} 中的 {value}。",
            "在得分 {whole} 中，{value} 来自事件的顺序与组合。",
        ),
        "order.against": (
            "事件的顺序与组合减去 {size}；得分为 {whole}。",
            "事件的顺序与组合减去 {size}，得分为 {whole}。",
        ),
        "contrast.for": (
            "“{candidate}”的得分比“{other}”高 {size}；最支持它的是“{title}”（{part}）。",
            "“{candidate}”领先“{other}” {size}，主要通过“{title}”（{part}）。",
        ),
        "contrast.against": (
            "“{candidate}”的得分比“{other}”低 {size}；最不利于它的是“{title}”（{part}）。",
            "“{candidate}”落后“{other}” {size}，主要通过“{title}”（{part}）。",
        ),
        "counterfactual.out": (
            "如果没有{titles}（{events}），“{candidate}”会从第 {before} 名降到第 {after} 名，"
            "跌出前 {top} 名。",
            "没有{titles}（{events}）时，“{candidate}”会离开前 {top} 名："
            "从第 {before} 名到第 {after} 名。",
        ),
        "counterfactual.out.other": (
            "如果没有{titles}（{events}），“{candidate}”会从第 {before} 名降到第 {after} 名，"
            "跌出前 {top} 名，"
            "“{other}”会进入。",
            "没有{titles}（{events}）时，“{candidate}”会离开前 {top} 名："
            "从第 {before} 名到第 {after} 名，"
            "由“{other}”进入。",
        ),
        "counterfactual.in": (
            "如果没有{titles}（{events}），“{candidate}”会从第 {before} 名升到第 {after} 名，"
            "进入前 {top} 名。",
            "没有{titles}（{events}）时，“{candidate}”会进入前 {top} 名："
            "从第 {before} 名到第 {after} 名。",
        ),
        "disagreement.attention": (
            "模型看得最多的是“{title}”（{weight}），但影响最大的是“{other}”。",
            "模型看得最多的是“{title}”（{weight}），而影响最大的是“{other}”。",
        ),
        "disagreement.contribution": (
            "份额最大的是“{title}”（{value}），但影响最大的是“{other}”。",
            "份额最大的是“{title}”（{value}），而影响最大的是“{other}”。",
        ),
        "tested": (
            "检验：去掉影响最大的 {events}，排名从第 {before} 名变为第 {after} 名，"
            "对数概率变化 {change}；"
            "去掉同样多的最新事件，对数概率变化 {change_newest}。",
            "经检验，"
            "去掉影响最大的 {events}使对数概率变化 {change}（第 {before} 名到第 {after} 名），"
            "去掉同样多的最新事件使其变化 {change_newest}。",
        ),
        "tested.stays": (
            "检验：去掉影响最大的 {events}，对数概率变化 {change}；"
            "去掉同样多的最新事件，对数概率变化 {change_newest}。",
            "经检验，去掉影响最大的 {events}使对数概率变化 {change}，"
            "去掉同样多的最新事件使其变化 {change_newest}。",
        ),
        "weak.no history": (
            "没有历史记录可以参考：由热度和画像决定。",
            "没有历史记录，由热度和画像决定。",
        ),
        "weak.no single event": (
            "没有哪个事件单独决定结果：去掉任何一个，对数概率最多下降 {size}。",
            "结果不取决于任何单独一个事件：去掉任何一个，对数概率下降都不超过 {size}。",
        ),
        "weak.newest do as well": (
            "这个理由较弱：去掉影响最大的事件使对数概率变化 {change}，"
            "去掉最新的事件变化 {change_newest}。",
            "不要依赖这个理由：去掉影响最大的事件使对数概率变化 {change}，去掉最新的事件变化"
            " {change_newest}。",
        ),
        "weak.only in part": (
            "这个理由只部分成立：去掉影响最大的事件使对数概率变化 {change}，"
            "去掉最新的事件变化 {change_newest}。",
            "这个理由不完全成立：去掉影响最大的事件使对数概率变化 {change}，去掉最新的事件变化"
            " {change_newest}。",
        ),
    },
    merchandiser={
        "influence": (
            "对这位{@customer}，最能带动“{candidate}”的是“{title}”（{about}）："
            "得分中有 {size} 取决于它。",
            "“{title}”（{about}）对这位{@customer}最能带动“{candidate}”："
            "得分中有 {size} 取决于它。",
        ),
        "influence.same": (
            "对这位{@customer}，最能带动“{candidate}”的是它自身的一个事件（{about}）："
            "得分中有 {size} 取决于它。",
            "“{candidate}”对这位{@customer}最受自身的一个事件（{about}）带动："
            "得分中有 {size} 取决于这个事件。",
        ),
        "influence.next": (
            "“{title}”（{about}）也带动它：得分中有 {size} 取决于它。",
            "同样带动它的还有“{title}”（{about}）：得分中有 {size} 取决于它。",
        ),
        "item": (
            "“{title}”的全部 {events}合起来为它带来 {size}：没有它们，"
            "排名从第 {before} 名变为第 {after} 名。",
            "没有“{title}”的全部 {events}，它会失去 {size}，"
            "排名从第 {before} 名变为第 {after} 名。",
        ),
        "item.stays": (
            "如果没有“{title}”的全部 {events}，它会失去 {size}。",
            "没有“{title}”的全部 {events}，它会失去 {size}。",
        ),
        "item.rises": (
            "如果没有“{title}”的全部 {events}，它会失去 {size}，"
            "但排名从第 {before} 名升至第 {after} 名。",
            "没有“{title}”的全部 {events}，它会失去 {size}，"
            "但排名从第 {before} 名升至第 {after} 名。",
        ),
        "affinity.value": (
            "该{@customer}“{feature}”为“{feature_value}”的事件（{events}）为它带来 {value}。",
            "过去“{feature}”为“{feature_value}”的事件（{events}）使它提高 {value}。",
        ),
        "repetition.for": (
            "“{candidate}”属于重复{@bought}（以前 {purchases}），带来 {value}。",
            "重复{@bought}（以前 {purchases}“{candidate}”）带来 {value}。",
        ),
        "popularity.for": (
            "整体热度占其得分 {whole} 中的 {value}。",
            "在其得分 {whole} 中，整体热度占 {value}。",
        ),
        "popularity.against": (
            "它的热度低于平均，使其失去 {size}；得分为 {whole}。",
            "整体热度较低，使其失去 {size}，得分为 {whole}。",
        ),
    },
)
