"""Accepted rewordings in, the unit's files with them out: changed nowhere else.

The new text is read anew, and the pack with it is checked in a copy, before it takes its place.
"""

from __future__ import annotations

import copy
import difflib
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.check import ROWS
from dialogue.compiler.domains import load_domain
from dialogue.compiler.samples import sample
from dialogue.problem import ContentError, Position, Problem, UnplacedError
from dialogue.spec.layout import LayoutError, layout
from dialogue.spec.source import parse
from dialogue.template import Samples, audit
from dialogue.writing import whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogue.paraphrase.context import Pack
    from dialogue.paraphrase.manuscript import Listing, Manuscript

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Change:
    """A file as it was read, and as it is to be."""

    path: Path
    shown: str
    before: bytes
    after: bytes

    def diff(self) -> str:
        """Return the lines that differ, with some around them."""
        before, after = (one.decode("utf-8").splitlines() for one in (self.before, self.after))
        lines = difflib.unified_diff(before, after, self.shown, self.shown, lineterm="")
        return "\n".join(lines)


def changes(
    text: Manuscript, accepted: Iterable[tuple[Listing, tuple[str, ...]]], comment: str
) -> tuple[Change, ...]:
    """Return what becomes of a unit's files; raises ContentError for a list that cannot grow."""
    found: dict[Path, Change] = {}
    for listing, wordings in accepted:
        if not wordings:
            continue
        shown = str(Path(text.shown).parent / listing.path.relative_to(text.path.parent))
        known = found.get(listing.path)
        before = listing.path.read_bytes() if known is None else known.before
        now = (before if known is None else known.after).decode("utf-8")
        if listing.is_text:
            after = _appended(now, wordings, comment)
        else:
            after = _extended(now, listing, wordings, comment, shown)
        found[listing.path] = Change(listing.path, shown, before, after.encode("utf-8"))
    return tuple(found.values())


def _appended(text: str, wordings: tuple[str, ...], comment: str) -> str:
    """Add lines; the mark is a comment of Jinja2, since every line of such a file is said."""
    ending = "\r\n" if "\r\n" in text else "\n"
    first = "" if text.endswith("\n") else ending
    return text + first + "".join(f"{one}{{# {comment} #}}{ending}" for one in wordings)


def _extended(
    text: str, listing: Listing, wordings: tuple[str, ...], comment: str, shown: str
) -> str:
    mark = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    try:
        longer = layout(text, listing.route).extended(text, wordings, comment)
    except LayoutError as error:
        what, fix = str(error), "write the phrasings as lines that begin with '- '"
        raise _refused(shown, f"nothing can be added to '{listing.turn}': {what}", fix) from None
    wanted = _with(parse(text, shown).data, listing, wordings)
    if parse(longer, shown).data != wanted:
        fix = "write the phrasings as lines that begin with '- '"
        raise _refused(shown, f"nothing can be added to '{listing.turn}' as it is written", fix)
    return mark + longer


def _with(data: Any, listing: Listing, wordings: tuple[str, ...]) -> Any:
    data = copy.deepcopy(data)
    place = data
    for step in listing.route:
        place = place[step]
    place.extend(wordings)
    return data


def _refused(shown: str, what: str, fix: str) -> ContentError:
    return ContentError([Problem(Position(shown, 0), what, fix)])


def prove(pack: Pack, unit: str, made: Iterable[Change]) -> None:
    """Raise ContentError if the pack would not pass 'dialogue check' with these changes."""
    with tempfile.TemporaryDirectory(prefix="dialogue-") as scratch:
        folder = Path(scratch) / pack.folder.resolve().name
        shutil.copytree(pack.folder, folder)
        for change in made:
            (folder / change.path.relative_to(pack.folder)).write_bytes(change.after)
        domain = load_domain(folder, pack.shown)
        samples = Samples(partial(sample, domain.names))
        phrasings = domain.units[unit].phrasings()
        problems = [one for p in phrasings for one in audit(p.template, samples, ROWS)]
    if problems:
        raise ContentError(problems)


def write(made: Iterable[Change]) -> None:
    """Give the files their new text; raises UnplacedError for one that was edited meanwhile."""
    made = tuple(made)
    for change in made:
        if change.path.read_bytes() != change.before:
            fix = "run the same command again: answers that came are kept"
            raise UnplacedError(f"'{change.shown}' was edited meanwhile and is left as it is", fix)
    for change in made:
        place = change.path.resolve()
        mode = place.stat().st_mode
        with whole(place) as file:
            os.fchmod(file.fileno(), mode & 0o7777)
            file.write(change.after)
