"""What the engine did for each session: seen in a run of its own, before any clock is started."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from dialogue import compose
from dialogue.play import Play
from dialogue.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dialogue.graph import Graph
    from dialogue.kind import Drawn
    from dialogue.slot import Slot
    from dialogue.template.rope import Rope


@dataclass(slots=True)
class Trace:
    """One session: the record, the slots as they were drawn, and what its texts were made from."""

    record: dict[str, Any]
    draws: list[tuple[Slot, Drawn]] = field(default_factory=list)
    texts: list[tuple[Template, Mapping[str, object]]] = field(default_factory=list)


def trace(graph: Graph, start: int, end: int, seed: int) -> list[Trace]:
    """Compose sessions and return what was seen of each."""
    draws: list[tuple[Slot, Drawn]] = []
    renderings: list[tuple[Template, Mapping[str, object], str]] = []

    def draw(play: Play, slot: Slot) -> Drawn:
        drawn = drawing(play, slot)
        draws.append((slot, drawn))
        return drawn

    def redraw(play: Play, slot: Slot, part: str, old: Drawn, *, otherwise: bool) -> None:
        redrawing(play, slot, part, old, otherwise=otherwise)
        draws.append((slot, play.values[slot.name]))

    def render(
        template: Template, names: Mapping[str, object], choose: Callable[[int], int]
    ) -> Rope:
        text = rendering(template, names, choose)
        renderings.append((template, dict(names), text))
        return text

    drawing, redrawing, rendering = Play.draw, Play.redraw_group, Template.render
    traces = []
    with (
        _replaced(Play, "draw", draw),
        _replaced(Play, "redraw_group", redraw),
        _replaced(Template, "render", render),
    ):
        for session in compose(graph, end, seed, start=start):
            said = {turn["text"] for turn in session["turns"] if turn["kind"] == "utterance"}
            # Composite slots are rendered, too; they are not texts of the session.
            texts = [(template, names) for template, names, text in renderings if text in said]
            record = orjson.loads(orjson.dumps(session))
            traces.append(Trace(record, draws.copy(), texts))
            draws.clear()
            renderings.clear()
    return traces


@contextmanager
def _replaced(holder: type, name: str, by: object) -> Iterator[None]:
    before = getattr(holder, name)
    setattr(holder, name, by)
    try:
        yield
    finally:
        setattr(holder, name, before)
