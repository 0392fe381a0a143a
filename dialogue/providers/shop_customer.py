"""A customer of a shop: the session's clock and tables in, a person and what they ordered out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import Field

from dialogue.problem import nearest
from dialogue.providers.china.numbers import draw_parcel_number
from dialogue.providers.china.people import draw_person
from dialogue.providers.china.phones import draw_mobile
from dialogue.providers.method import ProviderError
from dialogue.providers.provider import SessionProvider
from dialogue.providers.record import record
from dialogue.providers.weighted import pick, spread
from dialogue.value import Record, Value

Row = Callable[[str], Mapping[str, Any]]

COLUMNS = (
    "order_no",
    "tail",
    "product",
    "quantity",
    "amount",
    "city",
    "status",
    "ordered_at",
    "shipped_at",
    "signed_at",
    "carrier",
    "parcel_no",
    "eta",
    "return_by",
)
STATUSES = spread({"paid": 30, "shipped": 30, "signed": 34, "cancelled": 6})
QUANTITIES = spread({1: 70, 2: 20, 3: 10})
MINUTE = timedelta(minutes=1)
RETURN_DAYS = 7


class Provider(SessionProvider):
    """Faker methods for people who buy from a shop in China."""

    @record(
        parts=("姓名", "称呼", "电话", "城市"),
        groups=(("姓名", "称呼"), ("电话",), ("城市",)),
        lists={"订单": COLUMNS},
        tables={"products": ("name", "price"), "cities": ("name",)},
        keys={"姓名": "name", "称呼": "title", "电话": "phone", "城市": "city"},
    )
    def shop_customer(
        self,
        now: datetime,
        row: Row,
        products: str = "product",
        cities: str = "city",
        orders: Annotated[int, Field(ge=1, le=20)] = 4,
    ) -> Record:
        """Draw a customer with one to `orders` orders, each as far as its status says.

        Times are local `YYYY-MM-DD HH:MM`, and null where it has not come to that. Only a parcel on
        its way has an `eta`; `return_by` is the end of the seventh day after that of signing.
        """
        person = draw_person(self.rng)
        parts = {
            "姓名": Value.plain(person.name),
            "称呼": Value.plain(person.title),
            "电话": Value.plain(draw_mobile(self.rng)),
            "城市": Value.plain(str(_cell(row(cities), cities, "name"))),
        }
        numbers: dict[str, str] = {}
        count = self.rng.randint(1, orders)
        while len(numbers) < count:
            number = str(self.random_int(10**11, 10**12 - 1))
            numbers.setdefault(number[-4:], number)
        rows = []
        for tail, number in numbers.items():
            elsewhere = self.rng.random() < 0.15
            city = str(_cell(row(cities), cities, "name")) if elsewhere else parts["城市"].surface
            ordered = {"order_no": number, "tail": tail, "city": city}
            rows.append(self._purchase(row(products), products) | ordered | self._course(now))
        columns = tuple({name: cells[name] for name in COLUMNS} for cells in rows)
        return Record(parts, (("", "姓名"), ("，", None), ("", "电话")), {"订单": columns})

    def _purchase(self, product: Mapping[str, Any], table: str) -> dict[str, Any]:
        price = _cell(product, table, "price")
        quantity = pick(self.rng, QUANTITIES)
        try:
            amount = (Decimal(str(price)) * quantity).quantize(Decimal("0.01"))
        except InvalidOperation:
            raise ProviderError(
                f"a price in table '{table}' is '{price}'", "give every product a number"
            ) from None
        name = str(_cell(product, table, "name"))
        return {"product": name, "quantity": quantity, "amount": float(amount)}

    def _course(self, now: datetime) -> dict[str, Any]:
        """Draw how far an order has come, backwards from now so that nothing lies ahead of it."""
        now = now.replace(tzinfo=None, second=0, microsecond=0)
        status = pick(self.rng, STATUSES)
        course: dict[str, Any] = dict.fromkeys(COLUMNS[7:])
        at = now
        if status == "signed":
            day = now.date() - timedelta(days=self.rng.randint(0, 14))
            at = datetime.combine(day, time(8)) + MINUTE * self.rng.randint(0, 12 * 60)
            at = at if at <= now else at - timedelta(days=1)
            course["signed_at"] = _local(at)
            course["return_by"] = _local(_midnight(at.date() + timedelta(days=RETURN_DAYS + 1)))
        if status in ("shipped", "signed"):
            hours = (12, 96) if status == "signed" else (1, 48)
            at -= MINUTE * self.rng.randint(hours[0] * 60, hours[1] * 60)
            course["shipped_at"] = _local(at)
            course["carrier"], course["parcel_no"] = draw_parcel_number(self.rng)
        if status == "shipped":
            day = now.date() + timedelta(days=self.rng.randint(1, 3))
            course["eta"] = _local(datetime.combine(day, time(self.rng.randint(9, 20))))
        at -= MINUTE * self.rng.randint(5, 36 * 60)
        return course | {"status": status, "ordered_at": _local(at)}


def _cell(row: Mapping[str, Any], table: str, column: str) -> Any:
    if row.get(column) is None:
        raise ProviderError(f"table '{table}' has no '{column}'", nearest(column, row))
    return row[column]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _local(at: datetime) -> str:
    return at.isoformat(" ", "minutes")
