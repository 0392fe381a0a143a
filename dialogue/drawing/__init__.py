"""A graph as a picture, or as a file of other tools: one module a format, all with the same names.

A format is a pure function: a chart in, the text of the file out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.drawing import graphml, mermaid, svg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.drawing.format import Format

_MODULES = (svg, mermaid, graphml)
FORMATS: Mapping[str, Format] = {module.FORMAT.name: module.FORMAT for module in _MODULES}
SUFFIXES: Mapping[str, Format] = {one.suffix: one for one in FORMATS.values()}
