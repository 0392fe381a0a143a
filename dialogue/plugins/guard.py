"""Plug-ins' functions in, the same functions out, whose mistakes have a place and a remedy."""

from __future__ import annotations

import traceback
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.move import MOVES
from dialogue.noise import Edit
from dialogue.problem import ContentError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from dialogue.behaviours import Behaviour, Step, Voice
    from dialogue.move import Move
    from dialogue.noise import Operator, Run


class Guard:
    """Words what goes wrong in one entry point of a plug-in."""

    def __init__(self, plugin: str, what: str, module: Path) -> None:
        self.plugin = plugin
        self.what = what
        self.module = module

    def failed(self, error: Exception) -> ContentError:
        """Return what is told of an exception: at the last line of the plug-in that led to it."""
        if isinstance(error, ContentError):  # of the pack, which the plug-in has only asked about
            return error
        frames = traceback.extract_tb(error.__traceback__)
        own = [one for one in frames if Path(one.filename).parent == self.module.parent]
        at = Position(str(self.module))
        if own:
            at = Position(own[-1].filename, own[-1].lineno or 1)
        told = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": ")
        return ContentError([self.problem(at, f"failed: {told}")])

    def wrong(self, what: str) -> ContentError:
        """Return what is told of a result that cannot be used."""
        return ContentError([self.problem(Position(str(self.module)), what)])

    def problem(self, at: Position, what: str) -> Problem:
        fix = f"mend '{self.plugin}', or leave --plugin {self.plugin} out"
        return Problem(at, f"{self.what} {what}", fix)


def guarded_behaviour(behaviour: Behaviour, guard: Guard) -> Behaviour:
    """Return the behaviour, with errors as problems of the plug-in."""

    def site(step: Step, move: Any) -> Any:
        try:
            return behaviour.site(step, move)
        except Exception as error:
            raise guard.failed(error) from error

    def moves(step: Step, move: Any, site: Any, voice: Voice) -> Iterator[Move]:
        try:
            found = tuple(behaviour.moves(step, move, site, voice))
        except Exception as error:
            raise guard.failed(error) from error
        for one in found:
            if not isinstance(one, MOVES):
                raise guard.wrong(f"plays {one!r}, which is no move")
        return iter(found)

    return replace(behaviour, site=site, moves=moves)


def guarded_operator(operator: Operator, guard: Guard) -> Operator:
    """Return the operator, with errors as problems of the plug-in, edits apart and in bounds."""

    def sites(runs: Sequence[Run]) -> Iterator[Any]:
        try:
            yield from operator.sites(runs)
        except Exception as error:
            raise guard.failed(error) from error

    def edits(text: str, site: Any, rng: Random) -> Sequence[Edit]:
        try:
            found = tuple(operator.edits(text, site, rng))
        except Exception as error:
            raise guard.failed(error) from error
        for one in found:
            if not isinstance(one, Edit):
                raise guard.wrong(f"yields {one!r}, which is no edit")
            if not 0 <= one.start <= one.end <= len(one.run.text):
                raise guard.wrong(f"edits {one.start} to {one.end} of {one.run.text!r}")
        bounds = sorted((one.run.number, one.start, one.end) for one in found)
        for (run, _, end), (other, start, _) in pairwise(bounds):
            if run == other and start < end:
                raise guard.wrong("makes edits that overlap")
        return found

    return replace(operator, sites=sites, edits=edits)
