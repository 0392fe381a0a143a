"""An answer held against the record: what a reviewer changed in one utterance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dialogue.formats.labelstudio import names, shown
from dialogue.problem import nearest
from dialogue.review.answer import Answer, Mistake, Region
from dialogue.review.meaning import Meanings, UnclearError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.session import Edit, Session, Span
    from dialogue.tasks.ontology import Ontology

_ID = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})")
_OTHER = "export the tasks of this dataset again, and review these"


class _Place(NamedTuple):
    """Where a region is, in code points, and the key of its label."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What becomes of an utterance: its spans and intents as they are to be, and each edit."""

    turn: int
    spans: tuple[Span, ...]
    intents: tuple[str, ...]
    edits: tuple[Edit, ...]


class Labels:
    """The labels and intents that a reviewer may choose, and what they stand for."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self.intents = ontology.intents
        # Exports name them by slot or by key; a name that is both is the slot's.
        self.keys: dict[str, str] = {key: key for key in ontology.labels}
        for kind in ("key", "slot"):
            self.keys.update({name: key for key, name in names(ontology, kind).items()})
        self.tags: Mapping[str, Mapping[str, str]] = dict(_tags(ontology))


def _tags(ontology: Ontology) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield for each key what a span says of it: slot, part and role."""
    for name, slot in ontology.plain["slots"].items():
        role = {"role": slot["role"]} if "role" in slot else {}
        for part in slot.get("parts", [None]):
            tag = {"slot": slot.get("label", name), **({"part": part} if part else {}), **role}
            yield ontology.key(tag), tag


def compared(
    answer: Answer, session: Session, labels: Labels, meanings: Meanings
) -> tuple[Correction | None, list[Mistake]]:
    """Return what an answer changes, None for nothing, and what is wrong with it."""
    found = _misplaced(answer, session)
    if found:
        return None, [found]
    comparison = _Comparison(answer, session, labels, meanings)
    return comparison.correction(), comparison.mistakes


def _misplaced(answer: Answer, session: Session) -> Mistake | None:
    turns = session["turns"]
    if answer.turn >= len(turns):
        what = f"'{session['id']}' has no turn {answer.turn}, only {len(turns)}"
        return Mistake(answer.place, what, _OTHER)
    turn = turns[answer.turn]
    if turn["kind"] != "utterance" or turn["speaker"] != "user":
        what = f"turn {answer.turn} is not said by the user"
        return Mistake(answer.place, what, "correct what users say; the rest follows from it")
    if turn["text"] != _read(answer.text):
        what = f"its text is '{answer.text}', but the utterance says '{turn['text']}'"
        return Mistake(answer.place, what, _OTHER)
    return None


def _read(text: str) -> str:
    """Undo what tools do to line ends."""
    return text.replace("\r\n", "\n")


class _Comparison:
    def __init__(
        self, answer: Answer, session: Session, labels: Labels, meanings: Meanings
    ) -> None:
        self.answer = answer
        self.labels = labels
        self.meanings = meanings
        self.mistakes: list[Mistake] = []
        turns: Sequence[Any] = session["turns"]
        self.turn = turns[answer.turn]
        self.spans: Sequence[Span] = self.turn["spans"]
        self.edits: list[Any] = [
            edit for edit in session.get("edits", ()) if edit["turn"] == answer.turn
        ]

    def mistake(self, what: str, fix: str) -> None:
        self.mistakes.append(Mistake(self.answer.place, what, fix))

    def correction(self) -> Correction | None:
        regions = [
            (place, region)
            for region in self.answer.regions
            if (place := self.place(region)) is not None
        ]
        regions.sort(key=lambda pair: pair[0])
        end = 0
        for place, _ in regions:
            if place.start < end:
                self.mistake(f"'{self.said(place)}' overlaps the label before it", "keep one")
            end = max(end, place.end)
        before = tuple(intent["name"] for intent in self.turn.get("intents", ()))
        intents = self.intents(before)
        if self.mistakes:
            return None
        pairs = self.pairs(regions)
        if self.mistakes:
            return None
        spans, edits = [], []
        for number, (place, region) in enumerate(regions):
            span, edit = self.span(place, region, pairs.get(number))
            spans.append(span)
            edits += edit
        kept = set(pairs.values())
        edits += [
            self.edit("remove", number, before=span)
            for number, span in enumerate(self.spans)
            if number not in kept
        ]
        edits.sort(key=lambda edit: edit.get("span", len(self.spans)))
        if intents != before:
            edits.append(self.edit("intent", before=list(before), after=list(intents)))
        if self.mistakes or not edits:
            return None
        return Correction(self.answer.turn, tuple(spans), intents, tuple(edits))

    def said(self, place: _Place) -> str:
        text: str = self.turn["text"]
        return text[place.start : place.end]

    # Places.

    def place(self, region: Region) -> _Place | None:
        key = self.labels.keys.get(region.label)
        if key is None:
            self.mistake(f"unknown label '{region.label}'", nearest(region.label, self.labels.keys))
        stretch = _stretch(self.turn["text"], region)
        if stretch is None:
            found = self.turn["text"][region.start : region.end]
            what = f"from {region.start} to {region.end} stands '{found}', not '{region.text}'"
            self.mistake(what, "label the text as it is, and do not edit it")
        elif not self.turn["text"][slice(*stretch)].strip():
            self.mistake(f"from {stretch[0]} to {stretch[1]} is nothing", "remove the label")
        elif key is not None:
            return _Place(*stretch, key)
        return None

    def pairs(self, regions: Sequence[tuple[_Place, Region]]) -> dict[int, int]:
        """Return which span each region was: the same one, that of its id, or the closest.

        Editors may give regions other ids, and an earlier import may have renumbered the spans, so
        that what is at the same place with the same label is the same whatever its id.
        """
        places = [self.key_of(span) for span in self.spans]
        pairs: dict[int, int] = {}
        free = dict(enumerate(places))
        for number, (place, _) in enumerate(regions):
            same = next((old for old, known in free.items() if known == place), None)
            if same is not None:
                pairs[number] = same
                del free[same]
        renumbered = any(edit["action"] in ("add", "remove") for edit in self.edits)
        for number, (_, region) in enumerate(regions):
            match = _ID.fullmatch(region.id)
            if number in pairs or match is None or renumbered:
                continue
            turn, old = map(int, match.groups())
            if turn != self.answer.turn or old >= len(self.spans):
                self.mistake(f"there is no label '{region.id}' in the dataset", _OTHER)
            elif old in free:
                pairs[number] = old
                del free[old]
        close = [
            (known.key != place.key, -shared, number, old)
            for number, (place, _) in enumerate(regions)
            for old, known in free.items()
            if number not in pairs
            and (shared := min(place.end, known.end) - max(place.start, known.start)) > 0
        ]
        for _, _, number, old in sorted(close):
            if number not in pairs and old in free:
                pairs[number] = old
                del free[old]
        return pairs

    def key_of(self, span: Span) -> _Place:
        return _Place(span["start"], span["end"], self.labels.ontology.key(span))

    # What becomes of a span.

    def span(self, place: _Place, region: Region, number: int | None) -> tuple[Span, list[Edit]]:
        before = None if number is None else self.spans[number]
        told = region.meaning
        try:
            if before is not None and number is not None:
                if self.is_stale(place, told):
                    told = None
                if self.key_of(before) == place:
                    if told is None or self.meanings.agrees(before, told):
                        return before, []
                    after = self.made(place, told)
                    return after, [self.edit("value", number, before=before, after=after)]
                moved = self.key_of(before).key == place.key
                if not moved and told == shown(before):
                    told = None  # it is about the label that it had
                after = self.made(place, told)
                if moved and told is not None and self.meanings.agrees(before, told):
                    after = self.made(place, told, before)
                return after, [self.edit("change", number, before=before, after=after)]
            after = self.made(place, told)
        except UnclearError as error:
            self.mistake(error.what, error.fix)
            return before or self.made(place, None), []
        return after, [self.edit("add", after=after)]

    def is_stale(self, place: _Place, told: str | None) -> bool:
        """Tell whether a meaning is that of a label which an earlier import took away."""
        return any(
            edit["action"] == "change"
            and self.key_of(edit["after"]) == place
            and self.key_of(edit["before"]).key != place.key
            and shown(edit["before"]) == told
            for edit in self.edits
        )

    def made(self, place: _Place, told: str | None, like: Span | None = None) -> Span:
        """Return a span at a place; it means what it is told, or what one `like` it means."""
        tag = self.labels.tags[place.key]
        surface = self.said(place)
        if like is None:
            normal, value = self.meanings.of(tag["slot"], surface, told)
        else:
            normal, value = like.get("normal", like["surface"]), like["value"]
        span: Any = {
            "slot": tag["slot"],
            "start": place.start,
            "end": place.end,
            "surface": surface,
            "value": value,
        }
        if normal != surface:
            span["normal"] = normal
        span.update({name: tag[name] for name in ("part", "role") if name in tag})
        return span  # type: ignore[no-any-return]

    def edit(self, action: str, span: int | None = None, **told: Any) -> Edit:
        number = {} if span is None else {"span": span}
        about = {"turn": self.answer.turn, **number, "action": action}
        edit: Any = {**about, **told, "source": self.answer.source}
        return edit  # type: ignore[no-any-return]

    # Intents.

    def intents(self, before: tuple[str, ...]) -> tuple[str, ...]:
        """Return the intents as they are to be; the order of those that stay is kept."""
        wanted = dict.fromkeys(self.answer.intents)
        for name in wanted:
            if name not in self.labels.intents:
                self.mistake(f"unknown intent '{name}'", nearest(name, self.labels.intents))
        kept = [name for name in before if name in wanted]
        return (*kept, *(name for name in wanted if name not in before))


def _stretch(text: str, region: Region) -> tuple[int, int] | None:
    """Return a region's place in code points, whose offsets may count UTF-16 units instead.

    The unit is that in which the region says what it is told to say; None if it is neither.
    """
    start, end = region.start, region.end
    units = text.encode("utf-16-le")
    if region.text is None:
        return (start, end) if end <= len(text) and len(units) == 2 * len(text) else None
    said = _read(region.text)
    wanted = {said, said.replace("\\n", "\n")}  # editors may spell line ends out
    if (inside := text[start:end]) in wanted:
        return start, start + len(inside)
    try:
        before, inside = (
            units[2 * a : 2 * b].decode("utf-16-le") for a, b in ((0, start), (start, end))
        )
    except UnicodeDecodeError:
        return None
    return (len(before), len(before) + len(inside)) if inside in wanted else None
