"""A customer of a shop: the session's clock and tables in, a person and what they ordered out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import Field

from dialogue.problem import nearest
from dialogue.providers.china.numbers import draw_parcel_number
from dialogue.providers.china.people import draw_person
from dialogue.providers.china.phones import draw_mobile
from dialogue.providers.method import ProviderError
from dialogue.providers.provider import SessionProvider
from dialogue.providers.record import record
from dialogue.providers.shop.aftersale import REFUND_TO, draw_invoice, draw_refund
from dialogue.providers.shop.course import draw_course
from dialogue.providers.shop.loyalty import draw_member, draw_vouchers
from dialogue.providers.shop.minutes import DAY, day, local, minute_of
from dialogue.providers.shop.route import HUBS, draw_events
from dialogue.providers.weighted import pick, spread
from dialogue.value import Record, Value

if TYPE_CHECKING:
    from datetime import datetime

    from dialogue.providers.shop.course import Course

Row = Callable[[str], Mapping[str, Any]]
Rows = Callable[[str], Sequence[Mapping[str, Any]]]

ORDER = (
    "order_no",
    "tail",
    "product",
    "price",
    "quantity",
    "amount",
    "city",
    "status",
    "ordered_at",
    "shipped_at",
    "signed_at",
    "signed_by",
    "carrier",
    "parcel_no",
    "courier",
    "eta",
    "return_by",
    "refund",
    "refund_at",
    "refund_to",
    "invoice",
    "invoice_at",
)
QUANTITIES = spread({1: 70, 2: 20, 3: 10})
SIGNERS = spread({"本人": 45, "驿站": 22, "快递柜": 20, "家人": 8, "门卫": 5})
ELSEWHERE = 0.15  # of the orders go to a city that is not the customer's
RETURN_DAYS = 7
CENT = Decimal("0.01")


class Provider(SessionProvider):
    """Faker methods for people who buy from a shop in China."""

    # The table of campaigns that was read last, with the days of each.
    _campaigns: tuple[Sequence[Mapping[str, Any]], Sequence[tuple[str, str]]] = ((), ())

    @record(
        parts=("姓名", "称呼", "电话", "城市"),
        groups=(("姓名", "称呼"), ("电话",), ("城市",)),
        lists={
            "订单": ORDER,
            "物流": ("order_no", "at", "place", "what"),
            "优惠券": ("code", "least", "off", "expires"),
            "会员": ("points", "joined"),
        },
        tables={
            "products": ("name", "price"),
            "cities": ("name",),
            "campaigns": ("starts", "ends", "products.promo"),
        },
        keys={"姓名": "name", "称呼": "title", "电话": "phone", "城市": "city"},
    )
    def shop_customer(
        self,
        now: datetime,
        row: Row,
        rows: Rows,
        products: str = "product",
        cities: str = "city",
        orders: Annotated[int, Field(ge=1, le=20)] = 4,
        campaigns: str | None = None,
        hubs: Annotated[tuple[str, ...], Field(min_length=1)] = HUBS,
    ) -> Record:
        """Draw a customer with one to `orders` orders, each as far as its status says.

        Times are local `YYYY-MM-DD HH:MM`, days `YYYY-MM-DD`; null is what has not come to pass.

        - 订单: the `price` of a piece is the product's on the day of ordering, its `promo` if a row
          of `campaigns` has that day from `starts` to `ends`; `amount` is that times `quantity`. An
          order is paid, shipped, signed or cancelled. Only a parcel on its way has an `eta`, which
          has passed for one in six; `return_by` is the end of the seventh day after that of
          signing. A `courier` has a parcel that is out for delivery, or was. `refund` is asked,
          returning (signed orders only) or paid, since `refund_at`; `invoice` is asked or issued,
          both at `invoice_at`.
        - 物流: what carriers tell of parcels, in the order of time. 已揽收, 到达分拨中心 and
          离开分拨中心 are in one to three of the `hubs`, 到达派送网点, 派送中 and 已签收 in
          the city of the order.
        - 优惠券: up to three, `off` from `least` yuan on, `expires` being the last day.
        - 会员: one row, the day they `joined` being before the first order.
        """
        rng = self.rng
        person = draw_person(rng)
        home = str(_cell(row(cities), cities, "name"))
        parts = {
            "姓名": Value.plain(person.name),
            "称呼": Value.plain(person.title),
            "电话": Value.plain(draw_mobile(rng)),
            "城市": Value.plain(home),
        }
        shop = _Shop(row, products, self._spans(rows(campaigns), campaigns) if campaigns else ())
        numbers: dict[str, str] = {}
        count = rng.randint(1, orders)
        while len(numbers) < count:
            number = str(rng.randrange(10**11, 10**12))
            numbers.setdefault(number[-4:], number)
        minute = first = minute_of(now)
        drawn, events = [], []
        for number in numbers.values():
            elsewhere = rng.random() < ELSEWHERE
            city = str(_cell(row(cities), cities, "name")) if elsewhere else home
            course = draw_course(rng, minute)
            drawn.append(self._order(shop, number, city, course, minute))
            first = min(first, course.ordered)
            if course.shipped is not None:
                events += draw_events(rng, number, course, hubs, city)
        lists = {
            "订单": tuple(drawn),
            "物流": tuple(events),
            "优惠券": draw_vouchers(rng, minute),
            "会员": (draw_member(rng, first),),
        }
        return Record(parts, (("", "姓名"), ("，", None), ("", "电话")), lists)

    def _order(
        self, shop: _Shop, number: str, city: str, course: Course, now: int
    ) -> dict[str, Any]:
        rng, signed = self.rng, course.signed
        product, piece = shop.sold(day(course.ordered // DAY))
        quantity = pick(rng, QUANTITIES)
        price, amount = _charged(shop.products, piece, quantity)
        carrier, parcel_no = (None, None) if course.shipped is None else draw_parcel_number(rng)
        delivered = course.stage in ("delivering", "signed")
        refund, invoice = draw_refund(rng, course, now), draw_invoice(rng, course, now)
        return {
            "order_no": number,
            "tail": number[-4:],
            "product": product,
            "price": price,
            "quantity": quantity,
            "amount": amount,
            "city": city,
            "status": course.status,
            "ordered_at": local(course.ordered),
            "shipped_at": _said(course.shipped),
            "signed_at": _said(signed),
            "signed_by": None if signed is None else pick(rng, SIGNERS),
            "carrier": carrier,
            "parcel_no": parcel_no,
            "courier": draw_mobile(rng) if delivered else None,
            "eta": _said(course.eta),
            "return_by": None if signed is None else local((signed // DAY + RETURN_DAYS + 1) * DAY),
            "refund": refund.state,
            "refund_at": _said(refund.at),
            "refund_to": None if refund.state is None else pick(rng, REFUND_TO),
            "invoice": invoice.state,
            "invoice_at": _said(invoice.at),
        }

    def _spans(self, rows: Sequence[Mapping[str, Any]], table: str) -> Sequence[tuple[str, str]]:
        """Return from when to when campaigns run; a table that does not change is read once."""
        if self._campaigns[0] is not rows:
            spans = [(_cell(row, table, "starts"), _cell(row, table, "ends")) for row in rows]
            self._campaigns = rows, spans
        return self._campaigns[1]


class _Shop(NamedTuple):
    """What is sold, and when it costs less."""

    row: Row
    products: str
    campaigns: Sequence[tuple[str, str]]

    def sold(self, on: str) -> tuple[str, Any]:
        """Draw a product and what a piece of it cost on a day."""
        product, column = self.row(self.products), "price"
        for starts, ends in self.campaigns:
            if starts <= on <= ends:
                column = "promo"
        piece = _cell(product, self.products, column)
        return str(_cell(product, self.products, "name")), piece


@functools.lru_cache(maxsize=4096)
def _charged(products: str, price: object, quantity: int) -> tuple[float, float]:
    """Return a price of the table of products, and what so many pieces cost at it."""
    try:
        piece = Decimal(str(price))
        return float(piece), float((piece * quantity).quantize(CENT))
    except InvalidOperation:
        raise ProviderError(
            f"a price in table '{products}' is '{price}'", "give every product a number"
        ) from None


def _cell(row: Mapping[str, Any], table: str, column: str) -> Any:
    cell = row.get(column)
    if cell is None:
        raise ProviderError(f"table '{table}' has no '{column}'", nearest(column, row))
    return cell


def _said(at: int | None) -> str | None:
    return None if at is None else local(at)
