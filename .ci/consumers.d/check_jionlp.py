"""jionlp: our times and addresses as it reads them, where it can read them."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import jionlp

from exported import directories, fail, passed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST = 0.97
# What it reads of times: days near and of weeks, dates, parts of a day, clocks, amounts. It takes
# 今晚 for the whole day and 周末 for Sunday, and knows no 明早, 月底, 两三天 or holiday ahead.
NUMBER = r"(?:\d+|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
DAY = (
    "(?:今天|明天|后天|大后天|昨天|前天|大前天|[上下]个?(?:周|星期|礼拜)[一二三四五六日天]"
    f"|(?P<month>{NUMBER})月{NUMBER}[号日])"
)
POINT = f"(?:(?:早上|上午|中午|下午|晚上)?{NUMBER}点半?|早上|上午|中午|下午|晚上)"
KNOWN = re.compile(f"{DAY}{POINT}?(?:[之以]?前)?|{NUMBER}(?:个?小时|天)[之以]?内")
# It ends 中午 at two and takes that for the end of 中午前, too, which we end at twelve.
UNLIKE = re.compile("中午[之以]?前")
# Counties since its list of 2021 was made.
TOO_NEW = {"白杨市", "和安县", "和康县", "米林市", "错那市"}
GRAINS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
PARTS = {"省": "province", "市": "city", "县": "county"}


def main() -> None:
    (folder,) = directories()
    times, same = _times(folder / "times.jsonl")
    rates = _addresses(folder / "recipients.jsonl")
    if same < LEAST * times or min(rates.values()) < LEAST:
        fail(f"jionlp agrees on {same} of {times} times, on parts of addresses {rates}")
    told = ", ".join(f"{part} {rate:.1%}" for part, rate in rates.items())
    passed("jionlp", "jionlp", times, f"{same / times:.2%} of them agree", f"addresses: {told}")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _times(path: Path) -> tuple[int, int]:
    """Count the times that it can read, and those that it reads as we mean them."""
    seen, same = set(), 0
    for row in _rows(path):
        surface, now = row["surface"], datetime.fromisoformat(row["now"])
        found = KNOWN.fullmatch(surface)
        if not found or UNLIKE.search(surface) or (now, surface) in seen:
            continue
        # It takes every month for one of this year.
        if found["month"] and datetime.fromisoformat(row["value"]["end"]).year != now.year:
            continue
        seen.add((now, surface))
        read = jionlp.parse_time(surface, time_base=now.replace(tzinfo=None).timestamp())["time"]
        if _agrees(row["value"], read):
            same += 1
        else:
            print(f"{now} {surface}: {row['value']}, read {read}")  # noqa: T201
    return len(seen), same


def _agrees(value: dict[str, str], read: list[str]) -> bool:
    """Tell whether bounds agree; those of parts of a day and of deadlines to one grain."""
    first, last = (datetime.fromisoformat(text) if "inf" not in text else None for text in read)
    end = datetime.fromisoformat(value["end"]).replace(tzinfo=None)
    if last is None or (value["kind"] != "deadline" and first is None):
        return False
    # It ends with the last second of a grain.
    after = last + timedelta(seconds=1) - end
    if value["kind"] == "instant":
        return first == end
    if value["kind"] == "interval":
        return abs(after) <= (timedelta(hours=1) if value["grain"] == "part" else timedelta())
    # What is before three ends with the hour that begins at three. Seconds of now count little.
    return timedelta() <= after <= GRAINS[value["grain"]] + timedelta(minutes=1)


def _addresses(path: Path) -> dict[str, float]:
    """Return how often it finds the province, city and county that an address states.

    Not judged are parts that are not said, or by another name than their own, such as 襄樊 or 内蒙,
    and counties that it does not know. 南昌青山湖区 is ambiguous: it reads the county 南昌县.
    """
    same, all_of = Counter[str](), Counter[str]()
    for row in _rows(path):
        parts, address = row["parts"], row["address"]
        judged = [part for part in PARTS if part in row["said"] and parts[part][:2] in address]
        if not judged or parts.get("县") in TOO_NEW:
            continue
        read = jionlp.parse_location(address)
        for part in judged:
            got, want = read[PARTS[part]], parts[part]
            if part == "县" and got and "市" in judged and got[:2] == parts["市"][:2]:
                continue
            all_of[part] += 1
            same[part] += got == want
            if got != want:
                print(f"{address}: {want}, read {got}")  # noqa: T201
    return {part: same[part] / all_of[part] for part in PARTS}


main()
