"""An SVG picture that needs nothing else: any browser and most viewers of images show it.

Phases are frames, ways are lines as wide as they are likely. What (nearly) every unit leads to, and
what leads to nearly every unit, is marked on the units in place of lines; the legend says how.
Weights and conditions are the tooltips of units and lines; in a browser the ways of the unit under
the pointer stand out.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from dialogue.drawing.format import Format
from dialogue.drawing.grid import HEAD, Box, Link, placed
from dialogue.drawing.label import MORE, lines, width
from dialogue.drawing.legend import Legend
from dialogue.drawing.routes import Curve, routed
from dialogue.drawing.style import LINE, SIZE, mark, opacity, percent, sheet, stroke, tint, triangle

if TYPE_CHECKING:
    from dialogue.drawing.chart import Chart, Way

_WIDEST = (7.2, 8.4, 9.6, 10.8)  # ems of a line of a title: the first that cuts none short
_SIDE = 18  # pixels beside a title
_MARGIN = 28
_TITLE = 46
_INDENT = 16


def text(chart: Chart) -> str:
    """Return the chart as the text of a picture."""
    root = _Picture(chart).root()
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


class _Picture:
    """One chart as it is drawn."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.titles = _titles([node.title for node in chart.nodes])
        widest = max(width(line) for title in self.titles for line in title)
        rows = max(len(title) for title in self.titles)
        self.size = (
            math.ceil(widest * SIZE) + 2 * _SIDE,
            LINE * rows + 20,
        )
        groups = [
            [place for place, node in enumerate(chart.nodes) if node.phase == phase]
            for phase in (None, *chart.phases)
        ]
        self.phases = (None, *chart.phases)
        self.links = [Link(way.source, way.target, way.share) for way in chart.lines]
        self.grid = placed(groups, self.links, self.size)
        self.colour = {node: self.phases.index(chart.nodes[node].phase) for node in self.grid.boxes}

    def root(self) -> ET.Element:
        """Return the whole picture."""
        legend = Legend(self.chart, self.grid.width)
        across = self.grid.width + 2 * _MARGIN
        down = _TITLE + self.grid.height + legend.height + 2 * _MARGIN
        svg = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {number(across)} {number(down)}",
                "width": number(across),
                "height": number(down),
                "role": "img",
                "xml:lang": self.chart.language,
            },
        )
        ET.SubElement(svg, "title").text = self.chart.title
        ET.SubElement(svg, "style").text = sheet(self.chart)
        ET.SubElement(
            svg, "rect", {"class": "paper", "width": "100%", "height": "100%", "rx": "14"}
        )
        place = {"x": number(_MARGIN), "y": number(_MARGIN + 18), "class": "heading"}
        ET.SubElement(svg, "text", place).text = self.chart.title
        body = ET.SubElement(svg, "g", {"transform": f"translate({_MARGIN} {_MARGIN + _TITLE})"})
        self.frames(body)
        for node in sorted(self.grid.boxes):
            self.node(body, node)
        foot = _MARGIN + _TITLE + self.grid.height
        svg.append(legend.drawn(_MARGIN, foot))
        return svg

    def frames(self, parent: ET.Element) -> None:
        """Draw the frames of phases, and lines on them; headings go on top of both."""
        labels = []
        for place, (phase, box) in enumerate(zip(self.phases, self.grid.frames, strict=True)):
            if phase is not None:
                colour = f"c{tint(place)}"
                look = {**rectangle(box), "rx": "12", "class": f"phase {colour}"}
                ET.SubElement(parent, "rect", look)
                label = ET.Element("g", {"class": colour})
                where = {"x": number(box.x + _INDENT), "y": number(box.y + 21), "class": "label"}
                ET.SubElement(label, "text", where).text = phase
                labels.append(label)
        self.lines(parent)
        parent.extend(labels)

    def lines(self, parent: ET.Element) -> None:
        heads = [
            Box(box.x + _INDENT, box.y + 4, width(phase) * (SIZE + 1), HEAD - 10)
            for phase, box in zip(self.phases, self.grid.frames, strict=True)
            if phase is not None
        ]
        curves = routed(self.grid.boxes, self.links, heads)
        for way, curve in zip(self.chart.lines, curves, strict=True):
            colour = tint(self.colour[way.source])
            names = f"way c{colour} from{way.source} to{way.target}"
            group = ET.SubElement(parent, "g", {"class": names})
            ET.SubElement(group, "title").text = self.told(way)
            thick = stroke(way.share)
            ends, head = _arrow(curve, thick)
            ET.SubElement(group, "path", {"d": _path(curve), "class": "touch"})
            seen = {"stroke-width": number(thick), "opacity": f"{opacity(way.share):.2f}"}
            ET.SubElement(group, "path", {"d": _path(ends), "class": "line", **seen})
            ET.SubElement(group, "path", {"d": head, "class": "head", "opacity": seen["opacity"]})

    def told(self, way: Way) -> str:
        """Word a way with its share, and its edges with their weights and conditions."""
        nodes, words = self.chart.nodes, self.chart.words
        head = f"{nodes[way.source].title} → {nodes[way.target].title}  {percent(way.share)}"
        terms = [
            f"{words.weight} {weight:g}" + (f" · {words.when} {when}" if when else "")
            for weight, when in way.terms
        ]
        return "\n".join([head, *terms])

    def node(self, parent: ET.Element, place: int) -> None:
        """Draw a node: box, title, marks of where sessions come from, bar of where they go."""
        chart, node, box = self.chart, self.chart.nodes[place], self.grid.boxes[place]
        names = f"{node.kind} c{tint(self.colour[place])}"
        group = ET.SubElement(parent, "g", {"class": names, "id": f"n{place}"})
        told = [f"{node.title} ({node.name})" if node.kind == "unit" else node.title]
        told += [self.told(way) for way in chart.ways
                 if way.target == place and way.source in chart.sources]  # fmt: skip
        told += [self.told(way) for way in chart.out_of(place)]
        ET.SubElement(group, "title").text = "\n".join(told)
        radius = 9 if node.kind == "unit" else box.height / 2
        ET.SubElement(group, "rect", {**rectangle(box), "rx": number(radius), "class": "box"})
        title = self.titles[place]
        x, y = box.middle
        top = y - (len(title) - 1) * LINE / 2 + SIZE * 0.36
        for row, line in enumerate(title):
            where = {"x": number(x), "y": number(top + row * LINE)}
            ET.SubElement(group, "text", where).text = line
        if place in chart.sinks:
            down = 12 if node.kind == "unit" else box.height / 2
            x, y = box.x + box.width - down, box.y + down
            where = {"cx": number(x), "cy": number(y), "r": "5"}
            slot = mark(chart.sinks.index(place))
            ET.SubElement(group, "circle", {**where, "class": f"s{slot}"})
        self.marks(group, place, box)
        self.bar(group, place, box)

    def marks(self, group: ET.Element, place: int, box: Box) -> None:
        """Draw a triangle for each source of ways that are not drawn as lines."""
        sources, sinks = self.chart.sources, self.chart.sinks
        for way in self.chart.ways:
            if way.target != place or way.source not in sources:
                continue
            if not way.source or place not in sinks:  # the start has no bar that tells it
                slot = sources.index(way.source)
                room = box.height - 10  # above the bar
                apart = min(13.0, room / len(sources))
                y = box.y + room / 2 + 1 + (slot - (len(sources) - 1) / 2) * apart
                group.append(triangle(box.x + 10, y, way.share, slot))

    def bar(self, group: ET.Element, place: int, box: Box) -> None:
        """Draw the shares of the ways to common sinks as parts of a bar."""
        parts = [way for sink in self.chart.sinks for way in self.chart.ways
                 if way.source == place and way.target == sink]  # fmt: skip
        if not parts or self.chart.nodes[place].kind == "start":
            return
        inner = box.width - 24
        track = Box(box.x + 12, box.y + box.height - 8, inner, 4)
        ET.SubElement(group, "rect", {**rectangle(track), "class": "track"})
        x = track.x
        for way in parts:
            part = Box(x, track.y, inner * way.share, track.height)
            slot = self.chart.sinks.index(way.target)
            ET.SubElement(group, "rect", {**rectangle(part), "class": f"s{mark(slot)}"})
            x += part.width


def _titles(titles: list[str]) -> list[list[str]]:
    for widest in _WIDEST:
        broken = [lines(title, widest) for title in titles]
        if not any(some[-1].endswith(MORE) for some in broken):
            break
    return broken


def rectangle(box: Box) -> dict[str, str]:
    """Return a box as attributes."""
    return {name: number(value) for name, value in box._asdict().items()}


def number(value: float) -> str:
    """Write a number of pixels as short as a picture needs it."""
    return f"{value:.1f}".removesuffix(".0")


def _path(curve: Curve) -> str:
    points = [f"{number(x)} {number(y)}" for x, y in curve]
    return f"M{points[0]}C{points[1]} {points[2]} {points[3]}"


def _arrow(curve: Curve, thick: float) -> tuple[Curve, str]:
    """Return the line up to its arrow head, and the head."""
    long, half = 6 + 1.3 * thick, 3 + 0.75 * thick
    (x, y), (hand_x, hand_y) = curve.end, curve.into
    away = math.dist(curve.end, curve.into)
    a, b = (hand_x - x) / away, (hand_y - y) / away
    back = (x + a * long, y + b * long)
    corners = [
        curve.end,
        (back[0] - b * half, back[1] + a * half),
        (back[0] + b * half, back[1] - a * half),
    ]
    head = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in corners) + "Z"
    return curve._replace(end=(x + a * (long - 1), y + b * (long - 1))), head


FORMAT = Format("svg", ".svg", "a picture for browsers and READMEs", text)
