"""A Mermaid flowchart: phases as subgraphs, the share of each way as its label.

Ways that are taken every second time or more are thick, those of less than one in twenty dotted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.drawing.format import Format

if TYPE_CHECKING:
    from dialogue.drawing.chart import Chart, Node

_SHAPES = {"start": ("([", "])"), "unit": ("[", "]"), "end": ("([", "])")}
# Mermaid's own entities: its labels are Markdown and HTML otherwise.
_ESCAPES = str.maketrans({character: f"#{ord(character)};" for character in '"#&<>`*_\\[]{}|~:/'})
_THICK, _THIN = 0.5, 0.05


def text(chart: Chart) -> str:
    """Return the chart as the text of a flowchart."""
    lines = ["flowchart LR"]
    groups: list[str | None] = [None, *chart.phases]
    for number, phase in enumerate(groups):
        some = [
            f"n{place}{_box(node)}" for place, node in enumerate(chart.nodes) if node.phase == phase
        ]
        if phase is None:
            lines += [f"  {one}" for one in some]
        else:
            lines += [f'  subgraph p{number}["{escaped(phase)}"]', *(f"    {one}" for one in some)]
            lines.append("  end")
    for way in chart.ways:
        arrow = "==>" if way.share >= _THICK else "-.->" if way.share < _THIN else "-->"
        lines.append(f'  n{way.source} {arrow}|"{_percent(way.share)}"| n{way.target}')
    return "\n".join(lines) + "\n"


def _box(node: Node) -> str:
    left, right = _SHAPES[node.kind]
    return f'{left}"{escaped(node.title)}"{right}'


def escaped(title: str) -> str:
    """Return a title as it may stand between quotes."""
    return title.translate(_ESCAPES)


def _percent(share: float) -> str:
    return f"{100 * share:.{0 if share >= 0.1 else 1}f}%"


FORMAT = Format("mermaid", ".mmd", "a flowchart that Markdown viewers draw", text)
