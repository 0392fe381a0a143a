"""A unit's turn: its assignments given to a source, the answers judged, its files changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.paraphrase.addition import Change, changes, prove
from dialogue.paraphrase.context import Context
from dialogue.paraphrase.judgement import Judgement, judged

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from dialogue.paraphrase.assignment import Assignment
    from dialogue.paraphrase.context import Pack
    from dialogue.paraphrase.manuscript import Listing, Manuscript
    from dialogue.paraphrase.sources.source import Reply, Source


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one assignment."""

    assignment: Assignment
    reply: Reply
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Round:
    """What came of a unit: `left` phrasings were left to people, and `changes` are not written."""

    shown: str
    results: tuple[Result, ...]
    changes: tuple[Change, ...]
    left: int


def assigned(
    pack: Pack, text: Manuscript, speakers: Collection[str]
) -> tuple[list[tuple[Listing, Assignment]], int]:
    """Return what is to be reworded of a unit with its lists, and how much is left to people."""
    found, left = [], 0
    for listing in text.listings:
        if listing.speaker in speakers:
            these = text.assignments(listing, pack.domain, pack.environment)
            found += [(listing, one) for one in these.these]
            left += these.left
    return found, left


def played(
    pack: Pack,
    text: Manuscript,
    source: Source,
    speakers: Collection[str],
    comment: str,
    watch: Callable[[int], None] = lambda _: None,
) -> Round:
    """Have a unit reworded; the pack as it would be is checked, and nothing is written.

    `watch` is told of each assignment. Raises UnplacedError where the source gives up, ContentError
    where the pack would not pass the check.
    """
    todo, left = assigned(pack, text, speakers)
    results: list[Result] = []
    accepted: dict[Listing, tuple[str, ...]] = {}
    for listing, assignment in todo:
        reply = source.reply(assignment)
        context = Context.of(pack, text, assignment, _accepted(results, assignment.speaker))
        judgement = judged(reply.texts, context)
        results.append(Result(assignment, reply, judgement))
        accepted[listing] = (*accepted.get(listing, ()), *judgement.accepted)
        watch(1)
    made = changes(text, accepted.items(), comment)
    if made:
        prove(pack, text.unit.name, made)
        pack.learn(text.unit.name, _accepted(results, "user"))
    return Round(text.shown, tuple(results), made, left)


def _accepted(results: list[Result], speaker: str) -> tuple[str, ...]:
    these = (one for one in results if one.assignment.speaker == speaker)
    return tuple(text for one in these for text in one.judgement.accepted)
