"""Which column of a file plays which role, guessed from its name or said by its owner."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from recommender.data.columns import (
    BASKET,
    EVENT,
    IMAGE,
    ITEM,
    PRICE,
    QUANTITY,
    RATING,
    TIME,
    TITLE,
    USER,
)

TableName = Literal["interactions", "items", "users"]
TABLES: Final[tuple[TableName, ...]] = ("interactions", "items", "users")

# Best name first. Spelled without case, spaces and punctuation, as `plain` leaves them.
SYNONYMS: Final[dict[str, str]] = {
    USER: """userid user customerid customer clientid client memberid member visitorid visitor
        buyerid buyer shopperid householdid householdkey household accountid account personid
        reviewerid subscriberid customernumber customerno customercode userno usercode uid username
        cardid cardnumber loyaltyid cookieid deviceid guestid
        用户id 用户 用户编号 用户标识 用户号 客户id 客户 客户编号 客户号 会员id 会员 会员编号 会员号
        顾客id 顾客 顾客编号 买家id 买家 账号 账户 用户名""",
    ITEM: """itemid item productid product articleid article skuid sku stockcode productcode
        itemcode articlecode itemno itemnumber productno productnumber articleno materialid
        goodsid movieid songid trackid bookid videoid gameid newsid contentid documentid recipeid
        courseid adid listingid asin parentasin isbn ean upc barcode gtin iid pid
        商品id 商品编号 商品 商品编码 商品号 产品id 产品编号 产品 产品编码 物品id 物品编号 物品
        货号 货品编号 电影id 条码 条形码""",
    TIME: """timestamp time datetime eventtime interactiontime transactiontimestamp transactiontime
        transactiondate transactiondatetime invoicedate invoicetime invoicedatetime orderdate
        ordertime orderdatetime orderpurchasetimestamp purchasedate purchasetime purchasetimestamp
        eventtimestamp eventdate createdat created createtime creationtime creationdate reviewtime
        unixreviewtime ratedat visittime date day dat ts tdat unixtime unixtimestamp
        时间 时间戳 日期 购买时间 购买日期 下单时间 下单日期 订单时间 订单日期 交易时间 交易日期
        发生时间 行为时间 事件时间 创建时间 评分时间 支付时间 付款时间""",
    EVENT: """event eventtype eventname action actiontype behavior behaviortype behaviour
        behaviourtype interactiontype interaction activity activitytype
        行为类型 行为 事件 事件类型 操作 操作类型 动作 交互类型""",
    BASKET: """basketid basket orderid order ordernumber orderno invoiceno invoiceid invoicenumber
        invoice transactionid transactionno transaction receiptid receiptno receipt ticketid
        ticketno ticket billno cartid checkoutid tripid visitid sessionid session usersession
        订单号 订单编号 订单id 订单 购物篮 购物篮编号 小票号 单号 发票号 交易号 交易编号 流水号
        会话id 会话 会话编号""",
    QUANTITY: """quantity qty units numberofitems itemquantity orderquantity purchasequantity
        pieces itemcount 数量 购买数量 件数 销量 商品数量""",
    PRICE: """price unitprice itemprice productprice saleprice salesprice sellingprice listprice
        retailprice 价格 单价 售价 商品价格 商品单价 销售价""",
    RATING: """rating ratings score stars star overall reviewscore userrating starrating
        评分 打分 得分 星级""",
    TITLE: """title itemtitle producttitle itemname productname articlename prodname movietitle
        booktitle songtitle trackname productdisplayname displayname name label
        itemdescription productdescription description desc
        标题 名称 商品名称 商品名 商品标题 产品名称 产品名 品名 物品名称 电影名 电影名称 书名
        描述 商品描述""",
    IMAGE: """imageurl image imageurls imagelink imgurl img imageuri imagepath picture pictureurl
        photo photourl thumbnail thumbnailurl posterurl poster coverurl cover
        图片 图片链接 图片地址 商品图片 封面 主图""",
}

ROLES: Final[dict[TableName, tuple[str, ...]]] = {
    "interactions": (USER, ITEM, TIME, EVENT, BASKET, QUANTITY, PRICE, RATING, TITLE, IMAGE),
    "items": (ITEM, TITLE, PRICE, IMAGE),
    "users": (USER,),
}
NEEDED: Final[dict[TableName, tuple[str, ...]]] = {
    "interactions": (USER, ITEM),
    "items": (ITEM,),
    "users": (USER,),
}


def plain(name: str) -> str:
    """A column name without case, punctuation and type suffix: `user_id:token` is `userid`."""
    return re.sub(r"[\W_]+", "", name.split(":")[0]).casefold()


_WORDS: Final = {role: tuple(dict.fromkeys(words.split())) for role, words in SYNONYMS.items()}


def propose_mapping(columns: Iterable[str], table: TableName) -> dict[str, str | None]:
    """The role of each column of the file, or None for a column that is (at most) a feature.

    A role is the name of the column it becomes, such as `user_id`. Each role is given at most
    once, to the column with the commonest name for it.
    """
    mapping: dict[str, str | None] = dict.fromkeys(columns)
    for role in ROLES[table]:
        words = _words(role, table)
        named = [
            (words.index(plain(column)), column)
            for column, taken in mapping.items()
            if taken is None and plain(column) in words
        ]
        if named:
            mapping[min(named, key=lambda pair: pair[0])[1]] = role
    return mapping


def _words(role: str, table: TableName) -> tuple[str, ...]:
    bare = {("items", ITEM), ("users", USER)}
    return (*_WORDS[role], "id", "编号") if (table, role) in bare else _WORDS[role]


def closest(name: str, names: Sequence[str]) -> str | None:
    """The name that was probably meant, if one is near enough."""
    by_plain = {plain(candidate): candidate for candidate in names}
    found = difflib.get_close_matches(plain(name), list(by_plain), n=1, cutoff=0.6)
    return by_plain[found[0]] if found else None


def apply_overrides(
    mapping: Mapping[str, str | None], overrides: Mapping[str, str | None]
) -> dict[str, str | None]:
    """The mapping with roles moved to the columns that the owner named (None: to no column)."""
    chosen = {column: None if role in overrides else role for column, role in mapping.items()}
    return chosen | {column: role for role, column in overrides.items() if column is not None}
