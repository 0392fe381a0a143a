"""What our draws cost beside Faker's own: microseconds a draw, milliseconds of the first."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import click
from faker import Faker

from benchmarks.table import show_table
from dialogue.providers.china import ChinaProvider

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 22, 15, 20, tzinfo=UTC)
METHODS: dict[str, dict[str, object]] = {
    "cn_recipient": {},
    "cn_region": {},
    "cn_person": {},
    "cn_mobile": {},
    "cn_company": {},
    "cn_deadline": {"now": NOW},
    "cn_time": {"now": NOW},
    "cn_money": {},
}
COLD = """
import time
from faker import Faker
start = time.process_time()
from dialogue.providers.china import ChinaProvider
imported = time.process_time()
fake = Faker("zh_CN")
fake.add_provider(ChinaProvider)
ready = time.process_time()
fake.cn_recipient()
print(imported - start, time.process_time() - ready)
"""


def opened() -> Faker:
    """Return a Faker with our provider and a seed of its own."""
    fake = Faker("zh_CN")
    fake.add_provider(ChinaProvider)
    fake.seed_instance(1)
    return fake


def timed(draw: Callable[[], object], draws: int) -> float:
    """Return the CPU microseconds of a draw."""
    start = time.process_time()
    for _ in range(draws):
        draw()
    return (time.process_time() - start) / draws * 1e6


def cold() -> tuple[float, ...]:
    """Return the CPU seconds that a fresh process takes to import us, and to its first draw."""
    command = [sys.executable, "-c", COLD]
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    return tuple(map(float, printed.split()))


@click.command()
@click.option("--draws", default=2000, show_default=True, help="Draws of a round.")
@click.option("--rounds", default=20, show_default=True, help="Rounds; all methods take turns.")
def providers(draws: int, rounds: int) -> None:
    """Time our Faker methods in turn with stock `name()`, and the first draw of a process."""
    fake = opened()
    times: dict[str, list[float]] = {"name": []}
    for _ in range(rounds):
        times["name"].append(timed(fake.name, draws))
        for name, arguments in METHODS.items():
            draw = partial(getattr(fake, name), **arguments)
            times.setdefault(name, []).append(timed(draw, draws))
    table = [["", "µs", "of stock name()"]]
    for name, taken in times.items():
        ratio = median(a / b for a, b in zip(taken, times["name"], strict=True))
        table.append([name, f"{median(taken):.1f}", f"{ratio:.2f}"])
    print("CPU microseconds a draw, medians of the rounds:")
    show_table(table)
    runs = [cold() for _ in range(5)]
    imported, first = (min(run[n] for run in runs) * 1000 for n in range(2))
    print("CPU milliseconds of a fresh process, the quickest of five:")
    show_table([["import", f"{imported:.0f}"], ["facts and first recipient", f"{first:.0f}"]])
