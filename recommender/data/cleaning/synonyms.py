"""What columns and event types are called in the files of the world, in English and Chinese."""

from __future__ import annotations

import re
from typing import Final

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


def plain(name: str) -> str:
    """A column name without case, punctuation and type suffix: `user_id:token` is `userid`."""
    return re.sub(r"[\W_]+", "", name.split(":")[0]).casefold()


# Best name first, as `plain` leaves it: where a file has several, the first of these is taken.
_NAMES: Final = {
    USER: """userid user customerid customer clientid client memberid member visitorid visitor
        buyerid buyer shopperid householdid householdkey household accountid account personid
        reviewerid subscriberid customernumber customerno customercode userno usernumber usercode
        uid custid cust username cardid cardnumber loyaltyid cookieid deviceid guestid
        用户id 用户 用户编号 用户标识 用户号 客户id 客户 客户编号 客户号 会员id 会员 会员编号 会员号
        会员卡号 顾客id 顾客 顾客编号 买家id 买家 账号 账户 用户名""",
    ITEM: """itemid item productid product articleid article skuid sku stockcode productcode
        itemcode articlecode itemno itemnumber productno productnumber articleno materialid
        goodsid movieid songid trackid bookid videoid gameid newsid contentid documentid recipeid
        courseid adid listingid parentasin asin isbn ean upc barcode gtin iid pid
        商品id 商品编号 商品 商品编码 商品号 产品id 产品编号 产品 产品编码 物品id 物品编号 物品
        货号 货品编号 电影id 条码 条形码""",
    TIME: """timestamp datetime time eventtime interactiontime transactiontimestamp transactiontime
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
        booktitle songtitle trackname productdisplayname displayname lineitemname name label
        itemdescription productdescription description desc
        标题 名称 商品名称 商品名 商品标题 产品名称 产品名 品名 物品名称 电影名 电影名称 书名
        商品描述 描述""",
    IMAGE: """imageurl image imageurls imagelink imgurl img imageuri imagepath picture pictureurl
        photo photourl thumbnail thumbnailurl posterurl poster coverurl cover
        图片 图片链接 图片地址 商品图片 封面 主图""",
}
COLUMN_NAMES: Final = {role: tuple(names.split()) for role, names in _NAMES.items()}
"""Role to the names a column with it may have."""

ROLE_NAMES: Final = {plain(role): role for role in _NAMES} | {
    "user": USER,
    "item": ITEM,
    "timestamp": TIME,
    "basket": BASKET,
    "order": BASKET,
    "session": BASKET,
    "image": IMAGE,
}
"""What a role may be called by someone who gives the columns himself."""

_BOUGHT: Final = """purchase purchased buy bought order ordered transaction checkout sale sold
    paid payment conversion 购买 下单 支付 成交 付款 买"""
PURCHASES: Final = frozenset(_BOUGHT.split())
"""Event types that are purchases, whatever their case."""

_TAKEN_BACK: Final = "return returned refund refunded cancel cancelled canceled 退货 退款 取消"
RETURNS: Final = frozenset(_TAKEN_BACK.split())
"""Event types that take a purchase back."""

_STEPS: Final = """impression exposure 曝光
    view views pageview page_view pv detail product_view browse 浏览 查看
    click clk 点击
    search 搜索
    like fav favorite favourite favor wishlist wish collect 收藏 喜欢 点赞
    cart add_to_cart addtocart addcart add basket 加购 加购物车 加入购物车"""
FUNNEL: Final = tuple(frozenset(step.split()) for step in _STEPS.splitlines())
"""Event types from the first glance to the basket."""
