"""Days as people write them: how they are read, and how others of the same form are drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SHORT = [month[:3] for month in MONTHS]
_Y, _M, _D = r"(?P<y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_NAMED = rf"(?P<n>{'|'.join(MONTHS)}|{'|'.join(SHORT)})"
# A pattern, and the form with its fields: y, m, d, M for a month's name.
FORMS = (
    (rf"{_Y}-{_M}-{_D}", "{y}-{m}-{d}"),
    (rf"{_Y}/{_M}/{_D}", "{y}/{m}/{d}"),
    (rf"{_Y}年{_M}月{_D}日", "{y}年{m}月{d}日"),
    (rf"{_Y}年{_M}月{_D}号", "{y}年{m}月{d}号"),
    (rf"{_M}/{_D}/{_Y}", "{m}/{d}/{y}"),
    (rf"{_NAMED} {_D}, {_Y}", "{M} {d}, {y}"),
    (rf"{_NAMED} {_D} {_Y}", "{M} {d} {y}"),
    (rf"{_D} {_NAMED} {_Y}", "{d} {M} {y}"),
    (rf"{_NAMED} {_D}", "{M} {d}"),
)
_COMPILED = [(re.compile(rf"(?<!\d){pattern}(?!\d)"), form) for pattern, form in FORMS]
LAST = 28  # a day that every month has


def days(text: str) -> Iterable[tuple[int, int, str]]:
    """Yield the days that a text names with their year: start, end, ISO 8601."""
    for pattern, _ in _COMPILED:
        for found in pattern.finditer(text):
            if fields := _fields(found):
                yield found.start(), found.end(), "{:04d}-{:02d}-{:02d}".format(*fields)


def is_day(text: str) -> bool:
    """Tell whether a text is a day in one of the forms."""
    return any(pattern.fullmatch(text) for pattern, _ in _COMPILED)


def _fields(found: re.Match[str]) -> tuple[int, int, int] | None:
    told = found.groupdict()
    if told.get("y") is None:
        return None
    name = told.get("n")
    month = SHORT.index(name[:3]) + 1 if name else int(told["m"])
    day = int(told["d"])
    return (int(told["y"]), month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def draw(values: Sequence[str]) -> Mapping[str, Any]:
    """Return the slot for days in the commonest form of some: a text over slots of its own.

    `helpers` are the keys of those slots, which are named after the slot itself, as `NAME_year`.
    """
    forms: dict[tuple[str, bool, bool], int] = {}
    years: set[int] = set()
    for value in values:
        for pattern, form in _COMPILED:
            if found := pattern.fullmatch(value):
                told = found.groupdict()
                padded = len(told.get("m") or "00") == 2 and len(told["d"]) == 2
                padded = padded and (int(told.get("m") or 1) < 10 or int(told["d"]) < 10)
                full = (told.get("n") or "") in MONTHS
                forms[form, padded, full] = forms.get((form, padded, full), 0) + 1
                years |= {int(told["y"])} if told.get("y") else set()
                break
    form, padded, full = max(forms, key=lambda one: forms[one])
    width = 2 if padded else 1
    helpers: dict[str, Any] = {}
    if "{y}" in form:
        helpers["year"] = [str(year) for year in range(min(years), max(years) + 2)]
    helpers["month"] = (
        (MONTHS if full else SHORT)
        if "{M}" in form
        else [f"{month:0{width}d}" for month in range(1, 13)]
    )
    helpers["day"] = [f"{day:0{width}d}" for day in range(1, LAST + 1)]
    parts = {"y": "year", "m": "month", "M": "month", "d": "day"}
    text = re.sub(r"\{(\w)\}", lambda found: f"{{{{ NAME_{parts[found[1]]} }}}}", form)
    return {"text": text, "helpers": {name: {"choose": some} for name, some in helpers.items()}}
