"""How the shop says yes and no: by unit and answer, words that are said and words that are not.

Patterns are for what is left of a text when names, numbers and quotes are dots.
"""

from __future__ import annotations

from typing import NamedTuple

# All that is said is that it is done: then nothing need be said again.
DONE = "^(?:好的亲?，|可以的亲，)?(?:给您)?(?:改好|改过来|备注好|备注上)了亲?$"


class Words(NamedTuple):
    """Patterns of an answer: `said` is there, `unsaid` is not, `also` is there if given."""

    said: str
    unsaid: str = ""
    also: str = ""


def ways(**said: str) -> dict[str, Words]:
    """Return answers that exclude each other: what is said for one is not said for another."""
    return {
        state: Words(one, "|".join(other for name, other in said.items() if name != state))
        for state, one in said.items()
    }


CAN = "|".join((
    r"来得及|赶得[上及]|能赶上|没问题|(?<!不)可以|(?<![不没])能到的",
    r"能收到|收得到|够了|(?<!不)能到，|就能",
))  # fmt: skip
CANNOT = r"来不及|赶不上|才到|才能(?:送)?到|到不了|送不到|不行|不够时间|没法|比您要的"
NOWHERE = r"发不[到了]|[到送走]不[了到]|没有|寄不过去|发不过去|不支持|没法|不在|不能(?:发货|配送)"
DELIVERY = {
    "yes": Words(CAN, f"{CANNOT}|{NOWHERE}|抱歉|不好意思"),
    "no": Words(CANNOT, f"{CAN}|没有线路"),
    "none": Words(NOWHERE, f"{CAN}|才到|最[快早]|要·到"),
}
ARRIVING = {
    "yes": Words("·", f"{NOWHERE}|抱歉"),
    "none": Words(NOWHERE, "预计|大概·"),
    "gone": Words(NOWHERE, "预计|大概·|线路"),
}
NO_OFFER = r"没有|缺货|没找到|配不上|超出"
LISTED = {
    "none": Words(NO_OFFER, "(?<!没)有的|推荐·"),
    "one": Words(r"·", rf"{NO_OFFER}|抱歉|·款|·[.：]|几款|喜欢哪"),
    "several": Words(r"·款|·[.：是]", f"{NO_OFFER}|抱歉"),
}
PRICED = {
    "promo": Words("参加|赶上|期间|·价|·活动价|直降|做·|现在有|在做|·的价格", "没有|没参加|实价"),
    # No word of coupons, nor that nothing comes off: there may be one.
    "found": Words(
        "·", "赶上|原价|平时|期间|直降|在做|恢复|划算的是·$|比平常|券|优惠|到手|实价|再少"
    ),
}
UNKNOWN = "没有标|查不到|没登记|没有登记|没有准确|没有数据|缺了|没给|没写"
SPECIFIED = {"known": Words("·", f"{UNKNOWN}|抱歉"), "unknown": Words(UNKNOWN, "查到了|这个有的")}
CANCELLED = {
    "yes": Words(
        "(?:已经|给您)取消(?!不)|取消成功|取消好|撤了(?!不)|撤掉|关闭|不发了",
        "取消不了|没法|撤不|不能",
    ),
    "no": Words(
        "取消不了|没法取消|不能(?:直接)?取消|撤不[回了]",
        "取消成功|取消好|撤掉|已关闭|关闭了|已经取消(?!不)|给您取消",
    ),
}
ISSUED = "开过|(?<!内)开出[的来](?!就发)|开好了|出票|已开票|就开票|已经开了|就出了"
APPLIED = (
    "已经申请|申请过|在排队|还没开|开票申请了|申请收到|还在开|票还没出|正在(?:处理|排队|开票)"
    "|看到申请|已经提过|已经在处理"
)
NEW_INVOICE = Words(
    "登记|可以开|按·开|已提交|记下|没问题|给您开|^好的，个人抬头",
    f"{ISSUED}|{APPLIED}|没查到|没有申请",
)
INVOICED = {
    "none": NEW_INVOICE,
    "issued": Words(ISSUED, f"还没|没有申请|正在|没查到|{APPLIED}"),
    "asked": Words(APPLIED, "开过|已开票|出票|就开票|没有申请|没查到"),
}
NOT_ASKED = Words(
    "没有申请|没查到|没有开票记录|还没提交|没看到", f"{ISSUED}|已经申请|还没开|登记了"
)
SHORT = "只有|不够|只能|最多|只剩|凑不齐|不太够"
TOTAL = "合计|一共|总价|算好了|没问题|应付|(?<!不)够的|共·|可以的"
ORDERED = {
    "found": Words(TOTAL, f"{SHORT}|没货|卖空|售罄|抱歉"),
    "short": Words(SHORT, f"{TOTAL}|没货了|卖空|售罄"),
    "none": Words("没货|卖空|没有库存|都没有|售罄", f"{TOTAL}|只剩|只有"),
}
GONE = "没货|卖完|断货|没有|缺货|售完"
WE_PAY = "我们承担|我们出|店里|不收您运费|不用您管"
YOU_PAY = "您承担|自理|您先付|要您|您那边出|自己承担"
TOO_LATE = "截止|为止|过了|超期|退不了|不给退|超过|没法"
URGED = ways(
    waiting="抱歉|久等|慢了|理解|说得对|超时|拖到|积压",
    recent="刚|备货，|已经帮您(?!加急)|收到|备注加急|往前排|看到您的单",
)

SIGNED = ways(
    kept="去那边找|去取|没有的话再|没丢|先去问", person="家里人|去找快递|核对|同住|核实后"
)

WORDS: dict[str, dict[str, Words]] = {
    "product_lookup": LISTED,
    "other_device": LISTED,
    "lookup_more": LISTED,
    # The budget is not the reason where nothing suits the purpose, whatever it costs.
    "recommend": {**LISTED, "none": Words("没有|没挑到|没找到", "推荐·|超出|加点|放宽")},
    "price": PRICED,
    "choice_price": PRICED,
    "compare_price": PRICED,
    "product_spec": SPECIFIED,
    "choice_spec": SPECIFIED,
    "item_order": {
        **ORDERED,
        "found": ORDERED["found"]._replace(unsaid=ORDERED["found"].unsaid + "|券"),
        "voucher": Words("券", f"{SHORT}|没货|卖空|售罄|抱歉"),
    },
    "order_product": ORDERED,
    "compatibility": {
        "yes": Words(
            "(?<!不)可以用|能用|适配的|(?<!不)兼容的|支持列表", "不|用不了|没法|没有|接头"
        ),
        "adapter": Words("(?<!不)可以用|能接|能用|就可以|支持的", "不适配|不支持|用不了|不能"),
        "instead": Words(
            "用不了|不适配|不支持|不兼容|装不上", "直接用|能替代", "看看·|推荐·|·能用|选·|的是·"
        ),
        "no": Words(
            "用不了|不适配|不支持|不兼容|不能用|用不上",
            "(?<![不没])能用|(?<!不)可以|直接用|推荐|适合您",
        ),
    },
    "stock": {
        "none": Words("缺货|没货|卖完了|没有库存|断货|空了", "有货|现货|充足|只剩|快没了"),
        "low": Words("只剩|少量|快没了|只有|不多|就剩", "缺货|没货|断货|充足|空了"),
        "found": Words(
            "有现货|有货|充足|还剩|还有的|现货", "缺货|没货|卖完|断货|空了|只剩|只有|快没|不多|少量"
        ),
    },
    "arrival": ARRIVING,
    "choice_arrival": ARRIVING,
    "colours": {
        "found": Words("·", "没有|没货|缺货|卖完|断货"),
        "single": Words("就一种|不分颜色|只有|没有颜色|就页面", "没货|缺货|卖完|断货|发不了"),
        "none": Words("卖完|缺货|没货|断货", "有现货|能选|就一种"),
    },
    "campaign_now": ways(
        running="现在就在|正在进行|有的亲|这几天|在做",
        ahead="下一场|不急|最近的是|要等|下次·",
        none="没有活动了|还没定|没有安排|目前没有|都做完",
    ),
    "restock_notice": {"gone": Words("·")},
    "colour": {
        "found": Words("有的|有货|有现货|有呢", GONE),
        "others": Words(
            GONE, "所有|全色|哪个颜色|别的颜色都", "还有|有现货|可以选|都有的|能发的是"
        ),
        "none": Words("所有颜色|其他颜色也|全色缺货|哪个颜色都|别的颜色都没", "还有|有现货|可以选"),
    },
    "coupon": {
        "found": Words("有的|可以领|能领|够用|有张", "没有|不够|达不到|用不了|用不上|没发"),
        "short": Words("不够|达不到|用不了|用不上", "没有|没发|够用·"),
        # Other products may have one: the answer is of this one only.
        "none": Words("(?:这款|·).*(?:没有|没发)|没有这款", "(?<!券)可以领|能领|够用·|有张"),
    },
    "my_coupons": {
        "several": Words("有|在的|这些", "没有|已经用掉|有的，减"),
        "one": Words("有|剩|查到|能用", "没有|已经用掉|这些|；"),
        "none": Words("没有", "还有张|查到了"),
    },
    "campaign_rules": ways(
        running="还在|赶得上|正在进行|现在就是|活动期是",
        ahead="才开始|还没到|可以等|还没开始|上线",
        over="就结束了|已经过了|结束的，|赶不上|过期",
    ),
    "gift": {
        "found": Words("·", "没有|不送|不带|暂时没"),
        "no_gift": Words("没有|不送|不带", "(?<!没)有的|(?<!没)有赠品的|没有活动|没有搞"),
        "none": Words("没有|不送", "(?<!没)有的，|(?<!没)有赠品的"),
    },
    "payment": {
        "none": Words("不支持|用不了|没有开通|不能用|不收", "(?<!不)支持·|可以用|能用的|没问题"),
        "found": Words("(?<!不)支持|可以的|能用的|没问题", "不|没有|分期|·$"),
        "instalments": Words("(?<!不)支持|可以用|能的|没问题|行的", "不|没有"),
    },
    "instalment": ways(
        yes="可以的|(?<!不)支持·，付|能分的|没问题|·有·，结",
        no="分不了|没有|不行|只开了|不支持",
    ),
    "membership": ways(top="最高|到顶|到头|不用再升", found="再攒|差|还要"),
    "price_claim": {
        "too_late": Words("过了|超过|超期|才能价保|已经超", "可以的|给您退|申请好了|符合|还在"),
        "found": Words(
            "可以的|还在价保期|降了|申请好了|符合价保", "没降|没有降|没比|不存在|没查到|超|过了"
        ),
        "same": Words("没有降价|没比|没降价|不存在|没查到", "可以的|给您退|原路|申请好了|超"),
    },
    "delivery_time": DELIVERY,
    "choice_delivery": DELIVERY,
    # What is sold out is not kept back by the way: another place would not help.
    "item_delivery": {**DELIVERY, "gone": Words(NOWHERE, f"{CAN}|才到|线路|收货地|抱歉，·")},
    "other_place": DELIVERY,
    "relax_time": DELIVERY,
    "shipping_fee": ways(
        free="·包邮的亲|免运费|不收运费|全部包邮|不用运费",
        over="^满·|，满·|订单满",
        remote="偏远|包不了邮|比较远|路远",
        none="不能配送|没有开通|送不到|不支持发货|没有快递",
    ),
    "delivery_area": {
        "today": Words("本地|直接出|很近|同城", NOWHERE),
        "yes": Words("能送|可以的|支持配送|送的|没问题", f"{NOWHERE}|本地|同城|当天"),
        "none": Words("送不到|不在|没有|不支持|不能发货", "能送到|可以的|没问题|送的"),
    },
    "carrier": ways(
        extra="需要补|要另加|的话补|差价是|拍的时候补",
        free="不另收费|不加钱|不用补差价|运费不变|没有额外费用",
        none="没有合作|不支持|发不了|没开通|不走|没法",
    ),
    "collect": ways(
        yes="(?<!不)支持(?!到付，)|没问题|(?<!不)能到付|行的|可以的|到付，具体",
        no="不能|办不了|走不了|不支持|不行|没有开通",
    ),
    "change_contact": ways(paid="改|更新|换成", sent="改不了"),
    "new_address": ways(paid="改|会寄到|登记好|换成", sent="改不了"),
    "order_status": ways(
        paid="打包|备货|没发货|待发货",
        late="本该|晚点|已经过了|晚了|延误",
        shipped="已经发了|在路上了|^走的|运输中|查到物流",
        signed="签收|送到了",
        cancelled="取消|已关闭",
    ),
    "urge_shipping": URGED,
    "urge_again": URGED,
    "unknown_order": {"unknown": Words("没查到|没有|查不到|查无", "查到了|已经发|在路上|有的")},
    "track_parcel": {
        "late": Words("本来|晚了|确实慢|延误|超过了", "好消息|正常|马上到"),
        "out": Words("派|在送|正在·", "抱歉|晚了|延误|正常运输|目前走到"),
        "found": Words(
            "更新|最新|目前走到|正常运输|在路上",
            "现在在|抱歉|晚了|延误|慢了|派送中|派送员|快递员",
        ),
    },
    "urge_delivery": {
        "courier": Words("派|快递员", "还没|没有派送员|晚了|抱歉|超时"),
        "late": Words("不好意思|晚了|超时|抱歉", "在派了|路上呢|直接跟他|出来派送"),
        "on_way": Words(
            "还没|派件的时候|没有派送员|走到", "还在·|抱歉|晚了|超时|不好意思|该到|在派了|直接跟他"
        ),
    },
    "signed_not_received": SIGNED,
    "signed_this": SIGNED,
    "change_address": ways(yes="可以改|^可以，|能改的|改得了|我来改", no="改不了|没法改|动不了"),
    "change_colour": ways(
        found="可以的|换好了|没问题|现货还有|改好了", sold_out="换不了|没货|改不了|没法改|换不成"
    ),
    "cancel_order": CANCELLED,
    "cancel_this": CANCELLED,
    "exchange": {
        "found": Words(
            "可以换|能换|没问题|登记|支持换|给您换(?!不)", f"换不|没法|不让换|截止|{GONE}"
        ),
        "too_late": Words(
            "换不[了成]|没法换|不让换", "可以换的|支持换|登记了|没问题", "过|截止|结束"
        ),
        "sold_out": Words(GONE, "可以换的|支持换|登记了|没问题|有货|截止"),
    },
    # Where only the box is crushed, the shop asks how the goods are.
    "damaged": {
        "found": Words("免费.*换|换新", "里面|过了|截止|付费|没法", "拍|照片"),
        "box": Words("里面", "拍|照片|过了|截止|付费|没法"),
    },
    "wrong_item": {
        "found": Words(
            "重新发|给您换|换对的|登记|补发|包换", "过了|换不了|没法换|超过|截止|超期|不能换"
        ),
    },
    "still_broken": {
        "replace": Words("换新|换一个", "过了换新|保修|质保|付费|过保|自费|承担"),
        "swap": Words("换", "换新|付费|过保|自费|修|(?<!没)过了", "质保"),
        "repair": Words(
            "免费修|不收费|免费维修|修期内|免费给您修", "付费|(?<!不)过保|自费|您承担|修不了|给您换"
        ),
        "over": Words("质保.*过了|过了质保|质保期过", "付费|自费|您承担|换|免费"),
    },
    "warranty_order": ways(
        found="还在|没过保|可以保修|没到期", over="经过保|经过了|不在保|已经到期|·过保了"
    ),
    "invoice": INVOICED,
    "invoice_personal": INVOICED,
    "invoice_progress": {**INVOICED, "none": NOT_ASKED},
    "refund_progress": ways(
        paid="已经在·|打出去|已完成|退款成功|账单|已经退了",
        returning="路上|没签收|等仓库收|没到仓|寄回途中",
        asked="审核",
    ),
    "return_request": {
        "shop": Words(WE_PAY, f"{YOU_PAY}|{TOO_LATE}"),
        "customer": Words(YOU_PAY, f"{WE_PAY}|{TOO_LATE}"),
        "too_late": Words(TOO_LATE, "可以退|支持退|能退|承担|自理"),
    },
}
