"""Faker methods for China: the session's stream in, values and whole records out."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - read by those who bind arguments
from datetime import datetime  # noqa: TC003
from math import trunc
from typing import TYPE_CHECKING, Literal

from dialogue.providers.china.companies import draw_company
from dialogue.providers.china.details import GRAMMARS
from dialogue.providers.china.money import draw_money
from dialogue.providers.china.numbers import (
    draw_birthday,
    draw_id_number,
    draw_order_number,
    draw_parcel_number,
    draw_tax_number,
)
from dialogue.providers.china.people import draw_email, draw_person, title
from dialogue.providers.china.phones import draw_landline, draw_mobile, say_phone
from dialogue.providers.china.place_names import shortened
from dialogue.providers.china.plates import draw_plate, say_plate
from dialogue.providers.china.quantities import draw_number, draw_quantity
from dialogue.providers.china.recipient import draw_recipient
from dialogue.providers.china.regions import places, regions, within
from dialogue.providers.china.times import KINDS, draw_deadline, draw_time
from dialogue.providers.provider import SessionProvider
from dialogue.providers.record import known, record, times
from dialogue.value import Record, Value

if TYPE_CHECKING:
    from dialogue.providers.china.regions import Region

SEXES = {"male": "男", "female": "女"}
TENSES = ("future", "past")
CITY_KEYS = {"省": "province", "市": "city", "县": "county"}


class ChinaProvider(SessionProvider):
    """Faker methods for people, places, times and numbers of China.

    Usable on its own, too: `fake = Faker("zh_CN"); fake.add_provider(ChinaProvider)`. Methods that
    draw one thing return a `Value`, those that draw what belongs together a `Record`; `str()` of
    either is how it is said. An argument `place` is a code of GB/T 2260 (44, 4403, 440305) or a
    name (广东省, 深圳市, 深圳市南山区), and what is drawn lies in it.
    """

    # Places and people.

    @known(place=places)
    @record(
        parts=("省", "市", "县", "代码", "邮编", "区号"),
        optional=("市", "县"),
        keys={**CITY_KEYS, "代码": "code", "邮编": "postcode", "区号": "area_code"},
    )
    def cn_region(self, place: str = "") -> Record:
        """Draw a county with all above it, its code, postcode and area code.

        A municipality is 省 and 市; what a province governs itself has no 市 (河南省济源市), four
        cities have no 县 (东莞市). The whole is said as 省, 市 and 县.
        """
        region = self._region(place)
        province, city, county = region.province, region.city, region.county
        named = (("省", province), ("市", city), ("县", county))
        there = tuple((part, name) for part, name in named if name)
        codes = (("代码", region.code), ("邮编", region.postcode), ("区号", region.area_code))
        parts = {part: Value.plain(name) for part, name in (*there, *codes)}
        surface = tuple(("", part) for part, _ in there)
        return Record(parts, surface[1:] if province == city else surface)

    @record(
        parts=("姓名", "称呼", "性别", "电话", "邮箱", "身份证"),
        optional=("身份证",),
        keys={
            "姓名": "name",
            "称呼": "title",
            "性别": "sex",
            "电话": "phone",
            "邮箱": "email",
            "身份证": "id_number",
        },
    )
    def cn_person(
        self, now: datetime | None = None, *, id_number: bool = False, safe: bool = False
    ) -> Record:
        """Draw somebody: a name that fits the sex, how they are addressed, phone and e-mail.

        The whole is said as the name. An `id_number` is drawn on request only, for somebody who is
        of age `now`; it may be somebody's. `safe` phones are in ranges that nobody has.
        """
        rng = self.rng
        person = draw_person(rng)
        number = draw_mobile(rng, safe)
        parts = {
            "姓名": Value.plain(person.name),
            "称呼": Value.plain(title(rng, person)),
            "性别": Value.plain(SEXES[person.sex]),
            "电话": Value(say_phone(rng, number), number, number),
            "邮箱": Value.plain(draw_email(rng, person)),
        }
        if id_number:
            if now is None:
                raise ValueError("expected the day by which somebody is of age but got now=None")
            birthday = draw_birthday(rng, now.date(), person.generation)
            code = self._region("").code
            parts["身份证"] = Value.plain(draw_id_number(rng, code, birthday, person.sex))
        return Record(parts, (("", "姓名"),))

    @known(place=places, detail=lambda: GRAMMARS)
    @record(
        parts=("姓名", "电话", "邮编", "省", "市", "县", "详细地址"),
        groups=(("姓名",), ("电话",), ("省", "市", "县", "详细地址", "邮编")),
        composites={"署名": ("姓名",), "地址": ("省", "市", "县", "详细地址")},
        optional=("邮编", "省", "市", "县"),
        needed=("姓名", "电话", "地址"),
        keys={
            **CITY_KEYS,
            "姓名": "name",
            "电话": "phone",
            "邮编": "postcode",
            "详细地址": "street",
        },
    )
    def cn_recipient(self, place: str = "", *, detail: str = "", safe: bool = False) -> Record:
        """Draw who a parcel goes to: a person, a phone and an address that hang together.

        Parts are as people write them (广东, 138-0013-8000, 王女士), their normal forms whole
        (广东省, 13800138000). `署名` is the name with what stands behind it (王芳女士, 王芳收),
        `地址` the address, of which 省, 市 or 县 may be left out; what is no part of either has no
        label, nor have the labels and extras of the whole (收货人：…, 放丰巢).

        详细地址 is all that follows the county, the town included. A county-level city is 县. A
        municipality that is said once is 市, said twice 省 and 市. A development zone that stands
        in place of the county belongs to 详细地址. `detail` is the name of its grammar.
        """
        return draw_recipient(self.generator.random, place, safe, detail)

    # Ways to reach somebody.

    def cn_mobile(self, *, safe: bool = False) -> Value:
        """Draw a mobile number; a safe one is in a range that nobody has."""
        number = draw_mobile(self.rng, safe)
        return Value(say_phone(self.rng, number), number, number)

    @known(place=places)
    def cn_landline(self, place: str = "") -> Value:
        """Draw a landline with the area code of its place; the normal form is 0755-86013388."""
        number = draw_landline(self.rng, self._region(place).area_code)
        return Value(say_phone(self.rng, number), number, number)

    def cn_email(self) -> Value:
        """Draw an e-mail address at a domain that is reserved for examples."""
        return Value.plain(draw_email(self.rng, draw_person(self.rng)))

    # Firms, plates and numbers.

    @known(place=places)
    def cn_company(self, place: str = "") -> Value:
        """Draw a firm; the normal form is its whole name, of which parcels show a part."""
        region = self._region(place)
        city = region.city or region.county
        names = shortened(region)
        root = next(iter(names.city if region.city else names.county), city)
        company = draw_company(self.rng, root, city)
        surface = company.name if self.rng.random() < 0.6 else company.short
        return Value(surface, company.name, company.name)

    @known(place=places)
    def cn_plate(self, place: str = "") -> Value:
        """Draw the plate of a car (粤B·D12345); the normal form has no dot."""
        plate = draw_plate(self.rng, self._region(place).province)
        return Value(say_plate(self.rng, plate), plate, plate)

    def cn_order_number(self, now: datetime | None = None) -> Value:
        """Draw the number of an order: ten to nineteen digits, some with the day of `now`."""
        return Value.plain(draw_order_number(self.rng, now.date() if now else None))

    @record(parts=("快递公司", "单号"), keys={"快递公司": "carrier", "单号": "parcel_no"})
    def cn_parcel(self) -> Record:
        """Draw a carrier and a parcel number as it has them."""
        carrier, number = draw_parcel_number(self.rng)
        parts = {"快递公司": Value.plain(carrier), "单号": Value.plain(number)}
        return Record(parts, (("", "快递公司"), ("", "单号")))

    @known(place=places)
    def cn_tax_number(self, place: str = "") -> Value:
        """Draw a firm's unified social credit code (GB 32100), with its check character."""
        return Value.plain(draw_tax_number(self.rng, self._region(place).code))

    # Times, money and quantities.

    @times
    @known(kinds=lambda: KINDS, tense=lambda: TENSES)
    def cn_time(
        self,
        now: datetime,
        kinds: Sequence[str] = KINDS,
        tense: Literal["future", "past"] = "future",
    ) -> Value:
        """Draw a time as seen from `now`, which must know its zone: 今晚8点, 三天之内, 工作日.

        The normal form is ISO 8601; the value is typed by `kind`.
        """
        return draw_time(self.rng, now, kinds, tense)

    @times
    def cn_deadline(self, now: datetime, plain: bool = False) -> Value:
        """Draw a time ahead of `now`, which must know its zone: an interval, or a deadline.

        Values are half open and end at least two hours ahead; they start ahead, too, but for
        今晚, which is said until eight and starts at six all the same. 周五之前 ends as Friday
        begins, 三天内 with the third day after today. A `plain` one is short and ends within ten
        days: 明天下午, 后天前.
        """
        return draw_deadline(self.rng, now, plain)

    def cn_money(self, low: int = 1, high: int = 9999) -> Value:
        """Draw an amount of yuan in digits, characters or both: 199, 两百块, ¥59.9, 1.2万."""
        return draw_money(self.rng, low, high)

    def cn_quantity(self, low: int = 1, high: int = 100, unit: str = "") -> Value:
        """Draw a number of things with a measure word: 两件, 3盒, 一对, 半斤."""
        return draw_quantity(self.rng, low, high, unit)

    def cn_number(self, low: int = 0, high: int = 10**6) -> Value:
        """Draw a whole number in digits, characters or both: 3500, 三千五, 3万5."""
        return draw_number(self.rng, low, high)

    def _region(self, place: str) -> Region:
        found = within(place) if place else regions()
        return found[trunc(self.rng.random() * len(found))]
