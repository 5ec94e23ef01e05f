"""The words that a sentence about a claim may use, each with what it does there.

A word that is not here is not understood, and a sentence that is not understood is not shown. So
nothing is here that speaks of what a person likes, wants or will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.words.phrases import Language
from recommender.words.vocabulary import words_of

ENGLISH: Mapping[str, str] = {
    "look": "goes mostly to|goes to|go to|looked at|looked|looks at|looks|look|attended to|"
    "attention|attended|attends|eyed",
    "count": "counted|counts|count|exact share|share|exactly|exact|by exact count|tally|"
    "in exact terms",
    "influence": "mattered|matters|matter|influence|influenced|influential|moved|moves|mover|"
    "drives|driver|drive|hangs|hinges|rests|depends|affected|affects|effect|weighed|weighs|"
    "impact|carried|carries|responsible|role|swayed|did most for|did the most for|behind this",
    "depend": "relied on|relies on|built on|rested on|"
    "hangs on|hang on|hinges on|rests on|depends on|driven|driven by|moved by|"
    "affected by|influenced by|swayed by|on account of|due to|thanks to|because of|owes|owed|"
    "owing to|carried by|explained by",
    "remove": "had not happened|not been in the history|not been there|"
    "without|taking away|taken away|take away|taking it away|taking that event away|"
    "taking any one away|taking away any one|leaving out|leaving it out|left out|leave out|"
    "if it were missing|were missing|missing|removing|removed|remove|removal|deleting|deleted|"
    "delete|deletion|"
    "absent|in the absence of|had it not been there|dropping|were it gone|gone|were it not for|"
    "taking out|taken out|leave it out|remove it|delete it|take it out|taking it out",
    "give": "gives|gave|give|giving|contributes|contributed|contribute|contributing|contribution|"
    "worth|accounts for|makes up|brings|brought|comes from|come from|amounts to",
    "lead": "speaks most for|speaks most against|most of all through|mainly through|"
    "mostly through",
    "up": "strengthens|improves|improve|improved|enhances|"
    "adds|added|add|adding|raises|raised|raise|raising|lifts|lifted|lift|lifting|boosts|"
    "boosted|boost|supports|supported|support|speaks for|speaks most for|speaks for it|spoke for|"
    "helps|helped|help|gains|gained|gain|increases|increased|increase|rises|rise|rose|higher|"
    "grows|pushes up|pushed up|plus|in favour|in its favour|climbs|climb|up|lifting it|enters|"
    "enter|entered|come in|comes in|came in|into|move up|moves up|get in|earns|earn|more popular",
    "down": "sinks|sink|sank|decreased by|diminishes|weakens|"
    "takes away|falls|fall|fell|falling|drops|drop|dropped|lowers|lowered|lower|lowering|"
    "loses|lose|lost|takes off|take off|takes|take|taken|took|taking|reduces|reduced|reduce|"
    "reducing|costs|cost|holds back|holds it back|hold back|speaks against|speaks most against|"
    "spoke against|decreases|decreased|decrease|declines|decline|shrinks|shrink|minus|"
    "less popular|drags down|pulls down|leave|leaves|left|leaving|slip|slips|slide|slides|down|"
    "out of|subtracts|deducts|low popularity|low general popularity|weighs against|go down|"
    "goes down|be pushed out|below average|off",
    "versus_up": "leads|led|surpasses|higher scoring than|"
    "above|ahead of|ahead|higher than|beats|outscores|outranks|more than|over|"
    "exceeds|tops",
    "versus_down": "below|behind|lower than|trails|less than|lags",
    "most": "did most for|did the most for|does most for|"
    "goes mostly to|most of all|most|strongest|top reason|main|mainly|chief|chiefly|"
    "biggest|largest|greatest|foremost|primarily|primary|number one|above all|mostly|"
    "first and foremost|more than anything else|more than any other|heaviest|leading",
    "second": "second|next|runner-up",
    "also": "also|too|as well|in addition|likewise|furthermore|moreover|similarly",
    "all": "every event of|every event|once all|"
    "all|every one of|everything|all together",
    "least": "least|smallest|weakest|hardly|barely|little|negligible|slightly",
    "repeat": "repetition|repeats|repeat|repeated|again|same product|buying again|repurchase|"
    "bought before|purchased before|already bought|previously bought|earlier purchases|"
    "earlier purchase|past purchases|previous purchases|being the same product|same item|"
    "buy again",
    "together": "often bought together|bought together|being often bought together with it|"
    "purchased together|bought alongside|together",
    "any": "being an event at all|an event at all",
    "interval": "apart|interval|intervals|every|median|typical gap|gap|spaced|between purchases|"
    "between",
    "popular": "popularity|popular|less popular|more popular|low popularity|"
    "low general popularity|general popularity|own popularity|overall popularity",
    "profile": "profile|profile value|profile's",
    "order": "order and combination|order|combination|sequence",
    "whole": "its score, which is|score, which is|score of|of the score|of its score|score is|"
    "total|total score|in all|overall score|whole score|final score|score stands at|score being|"
    "altogether|sum|score",
    "part": "largest part|biggest part|part of it|part|through|via|by way of|of which|portion",
    "would": "would",
    "rank": "rank|ranks|ranked|place|places|position|positions|ranking|spot",
    "top": "top|first",
    "other": "its place|place taken by|instead|takes its place|take its place|replaced by|"
    "replacing it|replaces it|in its stead|succeed it",
    "disagree": "disagree|disagreement|lenses|lens|differ|do not agree|are not of one mind|"
    "at odds",
    "test": "test|tested|put to the test|log-probability|probability|trial|experiment|checked",
    "newest": "newest|latest|most recent|recent",
    "named": "of most influence|most influential|with most influence|with the most influence|"
    "named",
    "change": "by no more than|no more than|changes|change|changed|shifts|shift|goes|moves|"
    "moving|going|by at most|at most",
    "weak": "weak|shaky|unreliable|doubtful|thin|do not lean on|not be relied on|not reliable|"
    "do not rely on|treat with caution|with caution|should not be trusted|cannot be relied on|"
    "little evidence|uncertain|lean|rely",
    "partly": "in part|partly|only in part|only partly|partly reliable|partially reliable|"
    "holds in part|holds only in part|partially|"
    "does not hold fully|not hold fully|does not fully hold|to some extent|not entirely",
    "diffuse": "no single event|no one event|no single thing|no event alone|"
    "not hang on any single|not hang on any one|does not hang on any single thing|"
    "does not depend on any single|nothing here hangs on a single event|none|nothing|any single|"
    "decides|decided|decide|single",
    "empty": "no history|without a history|no past|no events|history is empty|to go by|decide|"
    "decided",
    "not": "not|no|never|n't|neither|nor|cannot|isn't|doesn't|didn't|don't|wasn't|won't|wouldn't|"
    "hadn't|aren't|far from|rather than|instead of|fails to|failed to|except",
    "purchase": "purchase|purchases|purchased|bought|buying|orders|ordered",
    "view": "view|views|viewed|viewing|visited|seen|browsed",
    "cart": "cart|put in the cart|added to the cart|basket|put in the basket",
    "days": "days|day",
    "ago": "ago|before|earlier|previously|prior|back",
    "same_day": "the same day|same day",
    "times": "times|time|events|event|occasions|occasion",
    "suggest": "suggestion|suggested|suggests|suggest|recommendation|recommended|recommends|"
    "recommend|recommending|shown|pick|picked|listed|on the list",
    "because": "because|since|as a result of|so|reason|reasons|led to|explains|explained|why",
    "hedge": "perhaps|may|might|may have|possibly|could|seems|appears|probably",
    "break": ";|:|—|–|but|yet|while|whereas|though|although",
    "": "longer|pushes|push|pushed|moving to|typically|usually|normally|once more|"
    "goes|ones|both of them|from|to|the|a|an|of|by|is|was|are|were|be|been|being|has|had|"
    "have|having|it|its|itself|this|that|these|those|what|which|who|in|on|with|for|at|as|and|or|"
    "than|then|here|there|your|you|customer|customer's|user|user's|user’s|customer’s|history|"
    "past|model|product|product's|item|item's|own|very|one|about|around|roughly|approximately|"
    "some|only|just|amount|amounts|value|values|points|point|terms|logits|through it|come|comes|"
    "came|coming|make|makes|made|do|does|did|much|many|so much|same|each|both|whose|where|"
    "when|them|they|if|out|would be|will be|lies|lie|last|previous|distance|is at|stands|stand|"
    "sits|scored|scores|scoring|average|general|far|lead|holds|hold|held|put|against|"
    "favour|stays|kept|keeps|list|after|during|once|record|records|people|more|list of|part of|"
    "side|us|see|speaks|speak|spoke|say|says|tells|told|also shows|shows|show|according to|given|"
    "under|main thing|thing|things|factor|factors|signal|signals|becomes|become|end up|ends up|"
    "ending|remains|remain|equal|equals|how|now|currently|present|as many|many of|alone",
}  # fmt: skip

CHINESE: Mapping[str, str] = {
    "look": "看得最多|看得|看|关注|注意力|注意",
    "count": "精确份额|份额|精确计算|精确|计入|占比",
    "influence": "影响最大的|影响最大|影响|带动|作用|左右|推动",
    "depend": "依赖|取决于|取决|源于|主要源于|有关|归因于|归功于|受|靠",
    "give": "贡献|带来|占|来自",
    "lead": "最支持|最不利于|主要通过|主要靠",
    "remove": "去掉|没有|如果没有|若没有|缺少|删除|删去|移除|除去|少了|若无|拿掉|去除",
    "up": "增加|提高|提升|最支持|加分|加了分|加|升到|升|上升|支持|有利|进入|升至|高|抬高|拉高|"
    "上调",
    "down": "掉到|掉|下滑|减弱|损失|"
    "下降|降低|减去|减少|降到|降|失去|拉低|最不利于|不利于|不利|跌出|跌|离开|降至|退出|"
    "掉出|低|扣除|扣|扣掉|滑落|跌至|低于平均|较低",
    "versus_up": "高出|领先|超过|高于",
    "versus_down": "低于|落后|不及",
    "most": "影响最大的|影响最大|最大|最多|最|主要|最能|首要|首先|最重要|最强",
    "second": "第二|其次|次之",
    "also": "也|还|同样|另外|此外",
    "all": "全部|所有|合起来|合在一起|一共",
    "least": "最小|最少|几乎不|微不足道|最弱",
    "repeat": "重复购买|重复|复购|再次|同一商品|买过|以前买过|曾买过|回购|此前买过",
    "together": "常被一起购买|一起购买|一同购买",
    "any": "任何事件本身",
    "interval": "买一次|购物间隔|"
    "购买一次|间隔|每隔|中位数|相隔",
    "popular": "热度|受欢迎程度|流行度|人气",
    "profile": "用户画像|画像|用户资料|资料",
    "order": "顺序与组合|顺序|组合",
    "whole": "得分|总分|总得分|合计",
    "part": "最大的一部分|一部分|部分|其中|通过|主要通过",
    "would": "会|将|就会",
    "rank": "第|名|排名|名次|位",
    "top": "前",
    "other": "取代|替代|代替|顶替|取而代之",
    "disagree": "不一致|视角|各视角|分歧|不同意见",
    "test": "检验|经检验|对数概率|测试|试验",
    "newest": "最新|最近的|最新事件|最新行为|最新的",
    "named": "影响最大的",
    "change": "变化|变为|变|改变|最多变化|最多|不超过|超过",
    "weak": "较弱|很弱|弱|不可靠|不要依赖|请勿依赖|不宜依赖|存疑|证据不足|依据不足",
    "partly": "只能部分成立|一定程度上|在一定程度上|部分成立|只部分成立|不完全成立|"
    "不完全|部分可靠|部分",
    "diffuse": "哪一项|哪一次|哪个|任何单独|单独|任何一次|任何一个|任何|决定|没有哪一项单独决定|"
    "没有哪一次|没有哪个|不取决于任何单独|不取决于",
    "empty": "没有历史记录|无历史记录|历史记录为空|可以参考|决定",
    "not": "不|没|未|非|无|别|并非|不是|没有|从未|并不|而不是|除了",
    "purchase": "购买|买",
    "view": "浏览|查看",
    "cart": "加入购物车|购物车|加购",
    "days": "天|日",
    "ago": "前|之前|以前",
    "same_day": "当天",
    "times": "次|个事件|次行为|次购买",
    "suggest": "推荐|这条推荐|本推荐|被推荐",
    "because": "因为|由于|原因|理由|所以|因此",
    "hedge": "可能|或许|也许|大概|似乎",
    "break": "；|：|而|但|不过|但是|然而",
    "": "假如|假若|要是|若是|优势|过|通常|往往|一般|大致|"
    "由|从|到|的|了|是|在|对|使|把|被|将|为|其|它|它们|该|这|此|那|和|与|及|以及|上|下|中|里|"
    "着|于|自|自身|本身|您|您的|用户|顾客|这位顾客|该顾客|历史记录|历史|记录|过去|模型|商品|事件|行为|"
    "一个事件|每个|这个|该事件|这个事件|一次行为|每次|这次|这次行为|约|大约|左右|约为|每|一项|大小|值|数值|分|点|让|令|时|后|则|就|"
    "有|各|都|特征|取值|通过该特征|那些|同样多|多|说|可见|看来|平均|整体|总体|比|属于|较|结果|"
    "最近一次|上次|最后一次|现在|目前|当前|名单|列表|一个|以|之|所|性|度|量|幅|为它|给|向|这个|"
    "本次|参考|因素|项|占据|位置|来说|而言|信号|可|以上|同样有|您以前|本|仅|只|地|得|一|条|"
    "购买它|年|月",
}  # fmt: skip


_OF_SHOPS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        rf"\b{word}\b": word
        for word in ("bought", "buy", "purchases", "purchase", "products", "product", "customer")
    },
    "zh": {"购买": "bought", "买": "buy", "商品": "product", "顾客": "customer"},
}
"""Words of the shop above, by the gap in which another vocabulary has its own."""
_ONLY_OF_SHOPS: Final = re.compile(r"purchased|buying|repurchase|\border(?:s|ed)\b|复购|回购")


@cache
def entries(language: Language, vocabulary: Vocabulary = SHOP) -> dict[str, frozenset[str]]:
    """Each word or phrase with its classes; the words of the vocabulary in place of the shop's."""
    found: dict[str, set[str]] = {}
    for name, phrases in (ENGLISH if language == "en" else CHINESE).items():
        for phrase in _of(vocabulary, phrases.split("|"), language):
            found.setdefault(phrase, set()).update({name} - {""})
    return {phrase: frozenset(classes) for phrase, classes in found.items()}


def _of(vocabulary: Vocabulary, phrases: list[str], language: Language) -> Iterator[str]:
    words = words_of(vocabulary, language)
    yield from set(phrases) & {"purchase", "购买"}  # as a type of event is called
    for phrase in phrases:
        if vocabulary.verb == SHOP.verb or not _ONLY_OF_SHOPS.search(phrase):
            for word, gap in _OF_SHOPS[language].items():
                phrase = re.sub(word, words[gap], phrase)
            yield phrase
