"""Whole processes: their CPU time and the most memory that they held."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).resolve().parent.parent
# A process inherits the memory mark of the one that starts it, so a small one stands between.
_LAUNCHER = """
import os, subprocess, sys
with open(os.devnull, "wb") as sink:
    child = subprocess.Popen(sys.argv[1:], stdout=sink)
    _, status, used = os.wait4(child.pid, 0)
if status:
    sys.exit(f"{sys.argv[1:]} failed")
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


class Usage(NamedTuple):
    """What a process used."""

    seconds: float
    megabytes: float


def used(*arguments: str) -> Usage:
    """Run Python with arguments, its output thrown away."""
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, sys.executable, *arguments],
        check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    seconds, kilobytes = done.stdout.split()
    return Usage(float(seconds), float(kilobytes) / 1024)


def composed(graph: Path, sessions: int, seed: int = 0) -> Usage:
    """Run `dialogue compose` for a number of sessions."""
    return used(
        "-m", "dialogue", "compose", str(graph), "-n", str(sessions), "-o", "-", "--seed", str(seed)
    )  # fmt: skip


def scripted(records: int) -> Usage:
    """Run the plain script for a number of records."""
    return used(str(HOME / "benchmarks" / "plain.py"), str(records))


def started(graph: Path) -> list[float]:
    """Return the CPU seconds of a fresh process after importing, loading and the first session."""
    code = (
        "import sys, time\n"
        "from dialogue import compose, load_graph\n"
        "print(time.process_time())\n"
        "graph = load_graph(sys.argv[1])\n"
        "print(time.process_time())\n"
        "next(compose(graph, 1))\n"
        "print(time.process_time())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(graph)],
        check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    return [float(line) for line in done.stdout.split()]
