"""Where the values of an example are in its words: exactly, in other forms, or nowhere."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dialogue.problem import Problem
from dialogue.twin.example import Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dialogue.problem import Position
    from dialogue.twin.example import Conversation, Utterance, Wanted
    from dialogue.twin.languages.language import Language

_DROPPED = frozenset("-‐‑–—－ー()（）")
_BETWEEN = "\x00"  # stands between utterances; no value reaches across
LONG = 2  # characters from which a word that is said twice is the value both times
NEAR = 0.5


class Place(NamedTuple):
    """A stretch of the joined words of users."""

    start: int
    end: int


class _Claim(NamedTuple):
    """A value and the places that it may have."""

    wanted: Wanted
    places: tuple[Place, ...]


def placed(
    one: Conversation, language: Language, *, near: bool = True
) -> tuple[Conversation, list[Problem]]:
    """Return a conversation with the place of each value that is wanted, and what has none.

    To look for what is `near` takes long.
    """
    users = [said for said in one.utterances if said.speaker == "user"]
    if not one.wanted:
        return one, []
    text = _BETWEEN.join(said.text for said in users)
    starts = _starts(users)
    taken = [
        Place(start + said.start, start + said.end)
        for start, utterance in zip(starts, users, strict=True)
        for said in utterance.said
    ]
    words = _Words(text, language)
    said, problems = _found(words, _unlike(one.wanted), taken, one.at, near=near)
    moved: dict[int, list[Said]] = {}
    for stretch in said:
        number = max(n for n, start in enumerate(starts) if start <= stretch.start)
        start = starts[number]
        moved.setdefault(number, []).append(
            stretch._replace(start=stretch.start - start, end=stretch.end - start)
        )
    numbers = iter(range(len(users)))
    utterances = []
    for utterance in one.utterances:
        if utterance.speaker == "user":
            more = moved.get(next(numbers), ())
            utterance = replace(utterance, said=tuple(sorted((*utterance.said, *more))))
        utterances.append(utterance)
    return replace(one, utterances=tuple(utterances)), problems


def _starts(users: Sequence[Utterance]) -> list[int]:
    starts, at = [], 0
    for said in users:
        starts.append(at)
        at += len(said.text) + len(_BETWEEN)
    return starts


def _unlike(wanted: Iterable[Wanted]) -> list[Wanted]:
    """Return what is wanted, each value of a label once, those that are sure first."""
    found: dict[tuple[str, str], Wanted] = {}
    for one in wanted:
        key = (one.label, one.value)
        if key not in found or one.sure:
            found[key] = one
    return sorted(found.values(), key=lambda one: not one.sure)


def _found(
    words: _Words, wanted: Sequence[Wanted], taken: list[Place], at: Position, *, near: bool
) -> tuple[list[Said], list[Problem]]:
    text = words.text
    claims = [_Claim(one, words.places(one.value)) for one in wanted]
    problems = [
        _nowhere(text, claim.wanted, at, near=near)
        for claim in claims
        if claim.wanted.sure and not claim.places
    ]
    claims = _settled([claim for claim in claims if claim.places])
    said: list[Said] = []
    rivals: Counter[tuple[Place, ...]] = Counter(claim.places for claim in claims)
    given: Counter[tuple[Place, ...]] = Counter()
    for claim in claims:
        free = [one for one in claim.places if not _across(one, taken)]
        several = rivals[claim.places]
        if several > 1 and len(claim.places) % several == 0:
            # As many labels as places: in the order of both, as 上海市上海市 is province and city.
            chosen = list(claim.places[given[claim.places] :: several])
            given[claim.places] += 1
        elif len(free) == 1 or (free and _is_word(text, free[0])):
            chosen = free
        elif not claim.wanted.sure:
            continue
        else:
            problems.append(_several(text, claim, free, at))
            continue
        taken += chosen
        for place in chosen:
            surface = text[place.start : place.end]
            normal = "" if surface == claim.wanted.value else claim.wanted.value
            said.append(Said(*place, claim.wanted.label, normal=normal))
    return said, problems


def _settled(claims: list[_Claim]) -> list[_Claim]:
    """Return the claims with the fewest places first, of those the longer values.

    Labels with the same places take them in the order in which the example names them.
    """
    rank = {claim.wanted: number for number, claim in enumerate(claims)}
    return sorted(
        claims,
        key=lambda one: (
            not one.wanted.sure,
            len(one.places),
            one.places[0].start - one.places[0].end,
            rank[one.wanted],
        ),
    )


def _across(one: Place, others: Iterable[Place]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _is_word(text: str, place: Place) -> bool:
    """Tell whether words are so long that they mean the same wherever they are said."""
    surface = text[place.start : place.end]
    return len(surface) >= LONG and not (surface.isascii() and len(surface) < 2 * LONG)


class _Words:
    """A text that can be searched for values in other forms."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        self.folded, self.indexes = _folded(text)
        self.readings = list(language.readings(text))

    def places(self, value: str) -> tuple[Place, ...]:
        """Return where a value is said, in the nearest form that there is."""
        exact = [Place(at, at + len(value)) for at in _occurrences(self.text, value)]
        whole = [one for one in exact if not self.cuts(one)]
        if whole:
            return tuple(whole)
        short, _ = _folded(value)
        if short:
            starts = _occurrences(self.folded, short)
            ends = [(self.indexes[at], self.indexes[at + len(short) - 1] + 1) for at in starts]
            whole = [one for one in map(Place._make, ends) if not self.cuts(one)]
            if whole:
                return tuple(whole)
        normals = {value, short.lstrip("0") or short}
        normals |= {
            one.normal for one in self.language.readings(value) if one[:2] == (0, len(value))
        }
        return tuple(Place(one.start, one.end) for one in self.readings if one.normal in normals)

    def cuts(self, place: Place) -> bool:
        """Tell whether a place begins or ends within a number or a word of letters."""
        text, (start, end) = self.text, place
        return (start > 0 and _joined(text[start - 1], text[start])) or (
            end < len(text) and _joined(text[end - 1], text[end])
        )


def _joined(one: str, other: str) -> bool:
    if one.isdigit() or other.isdigit():
        return one.isdigit() and other.isdigit()
    return one.isalpha() and other.isalpha() and max(one, other) < "\u0530"


def _occurrences(text: str, value: str) -> list[int]:
    found, at = [], text.find(value)
    while at >= 0:
        found.append(at)
        at = text.find(value, at + len(value))
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text in small letters and half width without blanks, and where each comes from."""
    folded: list[str] = []
    indexes: list[int] = []
    for at, one in enumerate(text):
        if one == _BETWEEN:
            folded.append(one)
            indexes.append(at)
        elif not one.isspace() and one not in _DROPPED:
            for plain in unicodedata.normalize("NFKC", one).casefold():
                folded.append(plain)
                indexes.append(at)
    return "".join(folded), indexes


def _shown(text: str, place: Place) -> str:
    """Return a candidate with its column in the text and what stands around it."""
    before = text[max(0, place.start - 4) : place.start].rpartition(_BETWEEN)[2]
    after = text[place.end : place.end + 4].partition(_BETWEEN)[0]
    shown = f"{before}[{text[place.start : place.end]}]{after} at {_start(text, place)}"
    return " ".join(shown.split())


def _start(text: str, place: Place) -> int:
    """Return where a place begins in its own utterance."""
    return place.start - (text.rfind(_BETWEEN, 0, place.start) + 1)


def _nowhere(text: str, wanted: Wanted, at: Position, *, near: bool) -> Problem:
    what = f"'{wanted.value}' of '{wanted.label}' is not in the text"
    alike = list(_near(text, wanted.value)) if near else []
    fix = "write the value as it is said, or leave it out"
    if alike:
        fix = f"did you mean {' or '.join(_shown(text, one) for one in alike)}? {fix}"
    return Problem(at, what, fix)


def _near(text: str, value: str) -> Iterator[Place]:
    """Yield up to three stretches that are most like a value, the likest first."""
    found: list[tuple[float, Place]] = []
    matcher = difflib.SequenceMatcher(None, "", value, autojunk=False)
    size = len(value)
    for start in range(max(1, min(len(text), 400) - 1)):
        if text[start] not in value:
            continue
        for length in {max(1, size - 2), size, size + 2}:
            piece = text[start : start + length]
            if _BETWEEN in piece or piece[-1] not in value:
                continue
            matcher.set_seq1(piece)
            if matcher.quick_ratio() > NEAR and (ratio := matcher.ratio()) > NEAR:
                found.append((ratio, Place(start, start + len(piece))))
    told: list[Place] = []
    for _, place in sorted(found, key=lambda one: (-one[0], one[1])):
        if not _across(place, told):
            told.append(place)
            yield place
        if len(told) == 3:
            return


def _several(text: str, claim: _Claim, free: Sequence[Place], at: Position) -> Problem:
    wanted = claim.wanted
    shown = ", ".join(_shown(text, one) for one in claim.places[:5])
    whose = f"'{wanted.value}' of '{wanted.label}'"
    if not free:
        what = f"{whose} has no place of its own: another label has {shown}"
        return Problem(at, what, "leave one of the two labels out")
    what = f"{whose} is in the text {len(free)} times: {shown}"
    start, size = _start(text, free[0]), free[0].end - free[0].start
    stretch = f'{{"start": {start}, "end": {start + size}, "label": "{wanted.label}"}}'
    return Problem(at, what, f'say which by a span: "spans": [{stretch}]')
