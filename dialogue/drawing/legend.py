"""What a picture's lines, marks and bars mean, below it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from dialogue.drawing.label import width
from dialogue.drawing.style import mark, opacity, percent, stroke, triangle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dialogue.drawing.chart import Chart

_TOP = 26
_ROW = 26
_SMALL = 14
_BETWEEN, _APART = 34, 12
_SAMPLES = (0.03, 0.25, 0.75)


class Legend:
    """Items in rows as wide as the picture."""

    def __init__(self, chart: Chart, widest: float) -> None:
        self.group = ET.Element("g", {"class": "legend"})
        x, y = 0.0, _TOP + 10
        for item, wide in self._items(chart):
            if x and x + wide > widest:
                x, y = 0.0, y + _ROW
            item.set("transform", f"translate({x:.0f} {y:.0f})")
            self.group.append(item)
            x += wide + _BETWEEN
        self.height = y + 8

    def drawn(self, x: float, y: float) -> ET.Element:
        """Return it at a place."""
        self.group.set("transform", f"translate({x:.0f} {y:.0f})")
        return self.group

    def _items(self, chart: Chart) -> Iterator[tuple[ET.Element, float]]:
        """Yield each item with its width; its own origin is on the left, at half its height."""
        words = chart.words
        samples = [(_line(share), 34, percent(share)) for share in _SAMPLES]
        yield _item(words.width, samples)
        if chart.sinks:
            bars = enumerate(chart.sinks)
            yield _item(words.leads, [(_bar(n), 20, chart.nodes[one].title) for n, one in bars])
        if chart.sources:
            marks = enumerate(chart.sources)
            yield _item(
                words.comes,
                [(triangle(5, 0, 0.25, n), 11, chart.nodes[one].title) for n, one in marks],
            )
        yield _item(words.pointer, [])


def _line(share: float) -> ET.Element:
    look = {
        "d": "M0 0h34",
        "class": "line",
        "stroke-width": f"{stroke(share):.1f}",
        "opacity": f"{opacity(share):.2f}",
    }
    return ET.Element("path", look)


def _bar(slot: int) -> ET.Element:
    place = {"y": "-3", "width": "20", "height": "6", "class": f"s{mark(slot)}"}
    return ET.Element("rect", place)


def _item(told: str, samples: Sequence[tuple[ET.Element, float, str]]) -> tuple[ET.Element, float]:
    """Return a sentence with samples behind it, each with its width and what it is."""
    group = ET.Element("g", {"class": "c0"})
    x = _written(group, 0, told)
    for sample, wide, name in samples:
        place = ET.SubElement(group, "g", {"transform": f"translate({x + _APART:.0f} 0)"})
        place.append(sample)
        x = _written(group, x + _APART + wide + 5, name)
    return group, x


def _written(group: ET.Element, x: float, told: str) -> float:
    where = {"x": f"{x:.0f}", "y": "5", "class": "small"}
    ET.SubElement(group, "text", where).text = told
    return x + width(told) * _SMALL
