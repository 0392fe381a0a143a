"""Chinese: people, places, times and numbers, drawn by `dialogue.providers.china`."""

from __future__ import annotations

from dialogue.twin.languages import anywhere, zh_forms
from dialogue.twin.languages.anywhere import faker, looks, names
from dialogue.twin.languages.language import Kind, Language, RecordKind

_ADDRESS = frozenset({"province", "city", "county", "street", "postcode"})
_LEVELS = frozenset({"province", "city", "county"})
_WORDS = f"[{zh_forms.HAN}A-Za-z0-9（）()]{{2,30}}"

KINDS = (
    Kind(
        "email",
        anywhere.EMAIL,
        names("邮箱 电子邮箱 email mail"),
        faker("cn_email"),
        sure=True,
        key="email",
    ),
    Kind(
        "phone",
        zh_forms.is_phone,
        names("电话 手机 手机号 手机号码 电话号码 联系电话 联系方式 phone mobile tel"),
        zh_forms.draw_phones,
        sure=True,
        key="phone",
    ),
    anywhere.DAY,
    anywhere.URL,
    anywhere.ADDRESS,
    Kind(
        "plate",
        looks(rf"[{zh_forms.HAN}][A-Za-z][·. -]?[A-Za-z0-9]{{5,6}}"),
        names("车牌 车牌号 plate"),
        faker("cn_plate"),
        sure=True,
        key="plate",
    ),
    Kind(
        "tax number",
        zh_forms.is_tax_number,
        names("税号 纳税人识别号 统一社会信用代码 tax_no"),
        faker("cn_tax_number"),
        sure=True,
        key="tax_no",
    ),
    Kind(
        "carrier",
        looks(rf"[{zh_forms.HAN}A-Z]{{2,8}}"),
        names("快递公司 承运商 物流公司 carrier"),
    ),
    Kind(
        "parcel number",
        looks(r"[A-Z]{0,4}\d{8,15}"),
        names("快递单号 运单号 单号 物流单号 parcel_no tracking_no"),
    ),
    Kind(
        "order number",
        looks(r"\d{10,20}|\d{6}-\d{6,14}"),
        names("订单号 订单编号 订单 order order_no order_id"),
        faker("cn_order_number"),
        sure=True,
        key="order_no",
    ),
    Kind(
        "postcode",
        zh_forms.is_postcode,
        names("邮编 邮政编码 postcode zip"),
        beside=_LEVELS | {"street", "address"},
    ),
    Kind("province", zh_forms.is_province, names("省 省份 province"), sure=True),
    Kind("city", zh_forms.is_city, names("市 城市 city"), sure=True),
    Kind("county", zh_forms.is_county, names("县 区 区县 县区 区/县 district county"), sure=True),
    Kind(
        "money",
        zh_forms.is_money,
        names("金额 钱数 价格 预算 单价 amount price"),
        zh_forms.draw_money,
        sure=True,
        key="amount",
    ),
    Kind(
        "quantity",
        zh_forms.is_quantity,
        names("数量 件数 quantity"),
        zh_forms.draw_quantity,
        sure=True,
        key="quantity",
    ),
    Kind(
        "number",
        zh_forms.is_number,
        names("数量 件数 个数 份数 人数 quantity count"),
        zh_forms.draw_numbers,
        note="the bounds are a guess",
    ),
    Kind("company", looks(f"{_WORDS}(?:公司|集团|厂)"), draw=faker("cn_company"), sure=True),
    Kind("firm", looks(_WORDS), names("公司 单位 公司名称 company"), faker("cn_company")),
    Kind(
        "time",
        zh_forms.is_time,
        names("时间 日期 送达时间 期限 时候 date time deadline"),
        zh_forms.draw_times,
        sure=True,
        key="time",
    ),
    Kind(
        "address",
        zh_forms.is_address,
        names("地址 收货地址 收件地址 详细地址 收货人地址 住址 address"),
        lambda _: {"text": "{{ RECORD.地址 }}"},
        sure=True,
        of="cn_recipient",
    ),
    Kind(
        "street",
        zh_forms.is_street,
        names("详细地址 地址 街道地址 门牌 收货地址 street address"),
        after=_LEVELS,
    ),
    Kind(
        "name",
        zh_forms.is_name,
        names("姓名 名字 收货人 收件人 联系人 寄件人 客户姓名 name contact recipient"),
        beside=frozenset({"phone", "address", "street", "county", "postcode"}),
    ),
)

RECORDS = (
    RecordKind(
        "收货人",
        "cn_recipient",
        {
            "name": "姓名",
            "phone": "电话",
            "postcode": "邮编",
            "province": "省",
            "city": "市",
            "county": "县",
            "street": "详细地址",
        },
        _ADDRESS | {"address"},
        (frozenset({"name"}), frozenset({"phone"}), _ADDRESS),
        _LEVELS,
        "地址",
        ("province", "city", "county", "street"),
    ),
    RecordKind(
        "联系人",
        "cn_person",
        {"name": "姓名", "phone": "电话", "email": "邮箱"},
        frozenset({"name"}),
        (frozenset({"name"}), frozenset({"phone"}), frozenset({"email"})),
    ),
    RecordKind(
        "包裹",
        "cn_parcel",
        {"carrier": "快递公司", "parcel number": "单号"},
        frozenset({"carrier", "parcel number"}),
    ),
)
CLOCK = (
    "{from: 2026-01-01, to: 2026-12-31, hours: {9..12: 3, 12..18: 4, 18..24: 5}, "
    "zone: Asia/Shanghai}"
)

CHINESE = Language(
    "zh",
    "zh_CN",
    zh_forms.share_of_han,
    KINDS,
    RECORDS,
    zh_forms.readings,
    CLOCK,
    zh_forms.in_letters,
)
