"""Colours, sizes and the style sheet of a picture, for light and for dark pages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from dialogue.drawing.chart import Chart

SIZE = 16
"""Pixels of the type of titles."""
LINE = 20
_FONTS = (
    "system-ui,-apple-system,'Segoe UI','PingFang SC','Hiragino Sans GB','Microsoft YaHei',"
    "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','WenQuanYi Micro Hei',sans-serif"
)
# Phases: the first for what is in none. On light paper, on dark paper.
_PHASES = (
    ("#5b6472", "#a3adbb"),
    ("#2563c9", "#7fb0ff"),
    ("#0b8457", "#54d3a0"),
    ("#b45d06", "#f5b05c"),
    ("#8b3fc4", "#cf9bf7"),
    ("#c02a5b", "#ff8fb3"),
    ("#0a7f95", "#5fd0e4"),
    ("#6b7a12", "#c3d355"),
)
# Parts of bars, and triangles, in the order of the nodes that they stand for.
_SINKS = ("#e0a800", "#17a2b8", "#e8590c", "#ae3ec9", "#4dabf7", "#82c91e")
_SOURCES = ("#2f9e44", "#e64980", "#1c7ed6", "#f08c00", "#7950f2", "#0ca678")


def tint(place: int) -> int:
    """Return the colour of a group by its place."""
    return place if place < len(_PHASES) else 1 + (place - 1) % (len(_PHASES) - 1)


def mark(slot: int) -> int:
    """Return the colour of a mark by its place among its kind."""
    return slot % len(_SINKS)


def stroke(share: float) -> float:
    """Return the width of a line."""
    return 0.9 + 7 * share


def opacity(share: float) -> float:
    """Return how much of what is behind a line is hidden."""
    return 0.14 + 0.78 * math.sqrt(share)


def percent(share: float) -> str:
    """Write a share for people."""
    return f"{100 * share:.{0 if share >= 0.1 else 1}f}%"


def triangle(x: float, y: float, share: float, slot: int) -> ET.Element:
    """Return the mark of a way in: its area is the share."""
    half = 3 + 8 * math.sqrt(share)
    corners = [(x - half / 2, y - half * 0.8), (x + half * 0.9, y), (x - half / 2, y + half * 0.8)]
    d = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in corners) + "Z"
    return ET.Element("path", {"d": d, "class": f"t{mark(slot)}"})


def sheet(chart: Chart) -> str:
    """Return the style sheet."""
    light = _paper("#ffffff", "#d9dee6", "#1c2430", "#5b6472", "#e9ecf1", 0)
    dark = _paper("#14181f", "#343c49", "#e8ecf2", "#a3adbb", "#2a313c", 1)
    pointed = "".join(
        f"svg:has(#n{place}:hover) .way:not(.from{place},.to{place}){{opacity:.07}}\n"
        for place in range(len(chart.nodes))
    )
    marks = "".join(
        f".s{slot}{{fill:{sink}}}.t{slot}{{fill:{source}}}\n"
        for slot, (sink, source) in enumerate(zip(_SINKS, _SOURCES, strict=True))
    )
    return f"""
text{{font-family:{_FONTS};font-size:{SIZE}px}}
.heading{{font-size:22px;font-weight:600}}
.label{{font-size:{SIZE + 1}px;font-weight:700}}
.label{{paint-order:stroke;stroke-width:5px;stroke-linejoin:round}}
.phase{{fill-opacity:.07;stroke-opacity:.3}}
.unit text,.start text,.end text{{text-anchor:middle}}
.start text,.end text{{font-weight:700}}
.box{{stroke-width:1.4}}
.line{{fill:none}}
.touch{{fill:none;stroke:transparent;stroke-width:9;pointer-events:stroke}}
.way:hover .line,.way:hover .head{{opacity:1}}
.small{{font-size:14px}}
{marks}{light}@media(prefers-color-scheme:dark){{
{dark}}}
{pointed}"""


def _paper(paper: str, border: str, ink: str, quiet: str, track: str, tone: int) -> str:
    phases = "".join(
        f".c{place} .box{{stroke:{colours[tone]}}}"
        f".phase.c{place},.c{place} .head{{fill:{colours[tone]}}}"
        f".c{place} .label{{fill:{colours[tone]}}}"
        f".phase.c{place},.c{place} .line{{stroke:{colours[tone]}}}\n"
        for place, colours in enumerate(_PHASES)
    )
    return f"""{phases}.paper{{fill:{paper};stroke:{border}}}
text{{fill:{ink}}}
.box{{fill:{paper}}}
.track{{fill:{track}}}
.small{{fill:{quiet}}}
.label{{stroke:{paper}}}
.start .box,.end .box{{fill:{ink};stroke:{ink}}}
.start text,.end text{{fill:{paper}}}
"""
