"""What columns and event types are called in the files of the world, in English and Chinese."""

from __future__ import annotations

import re
from typing import Final

from recommender.data.columns import (
    BASKET,
    EVENT,
    IMAGE,
    ITEM,
    OUTCOME,
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
    USER: """userid customerid clientid memberid visitorid buyerid shopperid householdid
        householdkey accountid personid reviewerid subscriberid customernumber customerno
        customercode userno usernumber usercode uid custid userpseudoid idstudent iduser
        idcustomer idclient membernumber memberno usermd5 readerid viewerid listenerid playerid
        studentid learnerid investorid followerid travellerid travelerid patronid borrowerid
        raterid profileid steamid msno fullvisitorid clientcode customerkey userkey usersk uidx
        customeruniqueid consumerid user customer client member visitor buyer shopper household
        account cust reader viewer listener player student learner investor reviewer username
        profilename reviewername cardnumber cardid loyaltyid cookieid deviceid guestid useraccount
        reviewprofilename customeremail emailbilling email userhash userhashid anonymousid
        distinctid ncodpers panelistid nickname 用户id 用户编号 用户标识 用户号 客户id 客户编号
        客户号 会员id 会员编号 会员号 会员卡号 顾客id 顾客编号 买家id 读者id 读者编号 读者证号
        观众id 听众id 玩家id 学员id 学生id 学号 学员编号 观众编号 听众编号 玩家编号 学生编号
        买家编号 投资者编号 投资者id 投资人id 粉丝id 用户 客户 会员 顾客 买家 账号 账户 用户名
        读者 观众 听众 玩家 学员 学生 投资者 投资人 昵称""",
    ITEM: """itemid productid articleid skuid sku stockcode productcode itemcode articlecode
        itemno itemnumber productno productnumber articleno materialid goodsid movieid songid
        trackid bookid videoid gameid newsid contentid documentid recipeid courseid adid listingid
        parentasin asin isbn isbn13 isbn10 iid pid prodid placeid appid animeid mangaid showid
        filmid titleid artistid albumid episodeid podcastid programid venueid locationid poiid
        businessid restaurantid hotelid fundcode fundid stockid securityid isin ticker jokeid
        storyid postid photoid imageid storeitemid productkey productsk itemkey lineitemsku
        productsku variantsku modelid lessonid exerciseid problemid clickarticleid iditem
        idproduct idsite aid beerid beerbeerid clothingid hotelcluster inventoryid bookmarkid
        musicbrainztrackid spotid resourceid questionid propertyid jobid musicid adgroupid
        clickedarticle itemhash itemsku productvariantid item product article track song movie
        film book video game course anime recipe artist restaurant place business news upc ean
        barcode gtin plu merchantid 商品id 商品编号 商品编码 商品号 产品id 产品编号 产品编码
        物品id 物品编号 货号 货品编号 电影id 影片id 图书id 书籍id 书号 歌曲id 视频id 游戏id 课程id
        课程编号 文章id 新闻id 基金代码 基金编号 图书编号 电影编号 影片编号 歌曲编号 视频编号
        游戏编号 文章编号 新闻编号 菜品编号 股票代码 证券代码 店铺商品id 菜品id 景点id 音乐id 商品
        产品 物品 条码 条形码 电影 图书 书籍 歌曲 视频 游戏 课程 文章 基金 菜品""",
    TIME: """timestamp datetime time eventtime interactiontime transactiontimestamp
        transactiontime transactiondate transactiondatetime invoicedate invoicetime
        invoicedatetime orderdate ordertime orderdatetime orderpurchasetimestamp purchasedate
        purchasetime purchasetimestamp eventtimestamp eventdate createdat created createtime
        creationtime creationdate reviewtime unixreviewtime ratedat visittime watchedat watchdate
        viewedat viewtime playedat readat dateread dateadded listenedat clickedat clicktime
        enrolledat enrolleddate enroldate enrollmentdate borrowedat checkoutdate loandate
        ratingdate ratingtime reviewdate ratingtimestamp reviewtimestamp saledate salesdate
        sellingdate ordercreated ordercreatedat orderplacedat tradedate tradetime tdate transdate
        transactiondt utctime utctimestamp localtime servertime starttime timems timestampms
        submittedat checkintime checkindate bookingdate bookingtime paidat paymentdate paidtime
        visitdate visitstarttime logtime actiontime behaviortime starteddate subscribedat likedat
        addedat soldat boughtat occurredat eventdatetime orderdatekey datekey date day dat ts tdat
        unixtime unixtimestamp 时间 时间戳 日期 购买时间 购买日期 下单时间 下单日期 订单时间
        订单日期 交易时间 交易日期 发生时间 行为时间 事件时间 创建时间 评分时间 支付时间 付款时间
        观看时间 播放时间 阅读时间 借阅时间 借阅日期 借书日期 收听时间 报名时间 选课时间 浏览时间
        点击时间 评论时间 评价时间 申购日期 申购时间 成交时间 成交日期 销售日期 销售时间""",
    EVENT: """event eventtype eventname action actiontype behavior behaviortype behaviour
        behaviourtype interactiontype interaction activity activitytype useraction type 行为类型
        行为 事件 事件类型 操作 操作类型 动作 交互类型 用户行为""",
    BASKET: """basketid basket orderid order ordernumber orderno invoiceno invoiceid invoicenumber
        invoice transactionid transactionno transaction receiptid receiptno receipt ticketid
        ticketno ticket billno cartid checkoutid tripid visitid salesorderid salesid saleid
        bookingid utripid orderreference ordername documentno voucherno usersession sessionid
        session gasessionid visitnumber searchid impressionid slateid playlistid 订单号 订单编号
        订单id 订单 购物篮 购物篮编号 小票号 小票编号 单号 发票号 交易号 交易编号 流水号 销售单号
        会话id 会话 会话编号""",
    QUANTITY: """quantity qty units numberofitems itemquantity orderquantity purchasequantity
        orderqty quantityordered lineitemquantity qtyordered qtysold unitssold salesquantity
        amountsold quantitysold pieces itemcount numitems copies 数量 购买数量 件数 销量 商品数量
        销售数量 购买件数""",
    PRICE: """price unitprice itemprice productprice saleprice salesprice sellingprice listprice
        retailprice priceeach lineitemprice unitsellingprice productsaleprice grossprice netprice
        itemcost pricefinal 价格 单价 售价 商品价格 商品单价 销售价 销售单价 现价""",
    RATING: """rating ratings score stars star overall reviewscore userrating starrating
        reviewrating reviewoverall bookrating myrating ratingvalue reviewstars userscore myscore
        评分 打分 得分 星级 用户评分 我的评分""",
    OUTCOME: """label target outcome clicked click isclick isclicked clk isbooking isbooked
        purchased ispurchased ispurchase bought isbought converted isconverted conversion liked
        islike isliked like vote voted votes votedup thumb thumbs thumbsup recommended
        isrecommended recommend recommendedind wouldrecommend sentiment orderstatus status
        orderitemstatus itemstatus lineitemstatus financialstatus transactionstatus paymentstatus
        fulfillmentstatus returned isreturned isreturn wasreturned cancelled iscancelled canceled
        iscanceled refunded isrefunded 标签 是否点击 点击 是否购买 是否成交 是否喜欢 是否推荐 投票
        订单状态 交易状态 状态 支付状态 是否退货 是否退款 是否取消""",
    TITLE: """title itemtitle producttitle itemname productname articlename prodname movietitle
        booktitle songtitle trackname productdisplayname displayname lineitemname moviename
        filmtitle bookname gametitle gamename songname coursename coursetitle newstitle headline
        articletitle recipename animename appname restaurantname placename businessname venuename
        fundname artistname showtitle videotitle beername goodsname materialname skuname itemlabel
        productlabel productdesc itemdesc name label itemdescription productdescription
        description desc 标题 名称 商品名称 商品名 商品标题 产品名称 产品名 品名 物品名称 电影名
        电影名称 影片名称 书名 图书名称 歌名 歌曲名 歌曲名称 课程名 课程名称 游戏名 游戏名称
        文章标题 新闻标题 视频标题 基金名称 菜名 商品描述 描述""",
    IMAGE: """imageurl image imageurls imagelink imgurl img imageuri imagepath picture pictureurl
        photo photourl thumbnail thumbnailurl posterurl poster coverurl cover imagesrc imageurll
        imageurlm imageurls productimage smallimageurl 图片 图片链接 图片地址 商品图片 封面 主图
        海报""",
}
COLUMN_NAMES: Final = {role: tuple(names.split()) for role, names in _NAMES.items()}
"""Role to the names a column with it may have. Those of patients are not among them, see
`docs/files.md`."""

_BARE: Final = """user customer client member visitor buyer shopper reader viewer listener player
    student learner investor reviewer item product article track song movie film book video game
    course anime recipe artist restaurant place business news 商品 产品 物品 电影 图书 书籍 歌曲
    视频 游戏 课程 文章 基金 菜品 用户 客户 会员 顾客 买家 读者 观众 听众 玩家 学员 学生 投资者
    投资人"""
BARE_NAMES: Final = frozenset(_BARE.split())
"""Names of things: such a column may hold ids, or what the things are called."""

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
    view views viewed pageview page_view pv detail product_view browse 浏览 查看
    click clicked clk 点击
    search 搜索
    like fav favorite favourite favor wishlist wish collect 收藏 喜欢 点赞
    cart added add_to_cart addtocart addcart add basket 加购 加购物车 加入购物车"""
FUNNEL: Final = tuple(frozenset(step.split()) for step in _STEPS.splitlines())
"""Event types from the first glance to the basket."""
