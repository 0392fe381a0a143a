"""An utterance as a template: slots for its values, and the words between as they stand."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dialogue.twin.example import Said, Utterance
    from dialogue.twin.inference import Inferred
    from dialogue.twin.languages.language import RecordKind
    from dialogue.twin.slots import Ref

GLUE = 2  # characters that may stand between the parts of a whole
LAYOUTS = 3  # ways to write a whole, from which it is written in any
_WORD = re.compile(r"\w")


class Print(NamedTuple):
    """A stretch of the text that a template prints by a name, and the values it says."""

    start: int
    end: int
    name: str
    said: tuple[tuple[Said, Ref], ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One utterance as a template.

    `literals` are the words between what it `prints`. One that is `bare` prints nothing but what
    may be missing.
    """

    utterance: Utterance
    template: str
    prints: tuple[Print, ...]
    literals: tuple[str, ...]
    bare: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it prints, each once."""
        return tuple(dict.fromkeys(one.name.partition(" ")[0] for one in self.prints))


class Phraser:
    """Turns utterances into templates; `open_` names the records whose whole has many layouts."""

    def __init__(self, inferred: Inferred, open_: Iterable[str] = ()) -> None:
        self.inferred = inferred
        self.open = frozenset(open_)
        self.records: dict[str, RecordKind] = {}
        self.kinds: dict[str, str] = {}
        for (key, _), ref in inferred.refs.items():
            if key in inferred.members:
                self.records[ref.slot] = inferred.members[key][0]
                self.kinds[ref.leaf] = inferred.kinds[key[0]].name

    def phrase(self, utterance: Utterance, refs: Sequence[Ref]) -> Phrase:
        """Return the template of an utterance; each of its stretches has a ref."""
        pairs = list(zip(utterance.said, refs, strict=True))
        prints: list[Print] = []
        layouts = set(self.layouts(utterance, refs))
        at = 0
        while at < len(pairs):
            run = self.run(utterance, pairs[at:])
            slot = run[0][1].slot
            once = sum(one == slot for one, _ in layouts) == 1  # a record has one layout at a time
            if self.is_whole(run) and slot in self.open and once:
                prints.append(
                    Print(
                        run[0][0].start, run[-1][0].end, self.inferred.wholes[slot].name, tuple(run)
                    )
                )
                at += len(run)
                continue
            for said, ref in run:
                prints.append(Print(said.start, said.end, ref.name, ((said, ref),)))
            at += len(run)
        return self.written(utterance, prints)

    def written(self, utterance: Utterance, prints: Sequence[Print]) -> Phrase:
        pieces, literals, at = [], [], 0
        for one in prints:
            literals.append(utterance.text[at : one.start])
            pieces += [escaped(literals[-1]), f"{{{{ {one.name} }}}}"]
            at = one.end
        literals.append(utterance.text[at:])
        pieces.append(escaped(literals[-1]))
        optional = [
            self.kinds.get(ref.leaf, "") in self.records[ref.slot].optional
            for one in prints
            if len(one.said) == 1
            for _, ref in one.said
            if ref.slot in self.records
        ]
        bare = len(optional) == len(prints) > 0 and all(optional)
        bare = bare and not "".join(literals).strip()
        template = "".join(pieces)
        if template.endswith("\n"):  # the last line break is none of a template's text
            template = f"{template[:-1]}{{{{ '\\n' }}}}"
        return Phrase(utterance, template, tuple(prints), tuple(literals), bare)

    def run(
        self, utterance: Utterance, pairs: Sequence[tuple[Said, Ref]]
    ) -> list[tuple[Said, Ref]]:
        """Return the longest beginning whose stretches are parts of one whole, side by side."""
        first = pairs[0][1]
        record = self.records.get(first.slot)
        if record is None or self.kinds[first.leaf] not in record.said:
            return [pairs[0]]
        found = [pairs[0]]
        seen = {first.part}
        for said, ref in pairs[1:]:
            gap = utterance.text[found[-1][0].end : said.start]
            if ref.slot != first.slot or self.kinds[ref.leaf] not in record.said:
                break
            if len(gap) > GLUE or _WORD.search(gap) or ref.part in seen or "\n\n" in gap:
                break
            seen.add(ref.part)
            found.append((said, ref))
        return found

    def is_whole(self, run: Sequence[tuple[Said, Ref]]) -> bool:
        """Tell whether stretches are a whole: parts of it with the one that is always there."""
        record = self.records.get(run[0][1].slot)
        if record is None or not record.whole:
            return False
        if any(" " in ref.name for _, ref in run):
            return False  # one is said in its normal form
        kinds = [self.kinds[ref.leaf] for _, ref in run]
        return record.said[-1] in kinds and all(kind in record.said for kind in kinds)

    def layouts(self, utterance: Utterance, refs: Sequence[Ref]) -> Iterable[tuple[str, str]]:
        """Yield the record and the layout of each whole that is said."""
        pairs = list(zip(utterance.said, refs, strict=True))
        at = 0
        while at < len(pairs):
            run = self.run(utterance, pairs[at:])
            if self.is_whole(run):
                gaps = [utterance.text[a[0].end : b[0].start] for a, b in pairwise(run)]
                parts = [ref.part for _, ref in run]
                yield (
                    run[0][1].slot,
                    "".join(f"{part}{gap}" for part, gap in zip(parts, [*gaps, ""], strict=True)),
                )
            at += len(run)


def many_layouts(found: Iterable[tuple[str, str]], records: Mapping[str, RecordKind]) -> set[str]:
    """Return the records whose whole is written in so many ways that it may be in any."""
    layouts: dict[str, Counter[str]] = {}
    for slot, layout in found:
        layouts.setdefault(records[slot].faker, Counter())[layout] += 1
    open_ = {method for method, some in layouts.items() if len(some) >= LAYOUTS}
    return {slot for slot, record in records.items() if record.faker in open_}


def escaped(text: str) -> str:
    """Return words as a template says them: a brace might begin what is printed."""
    return text.replace("{", "{{ '{' }}")
