"""The exchanges of a session as its targets name them: one after the other, and within others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dialogue.verify.rule import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dialogue.session import Session


class Exchange(NamedTuple):
    """A visit to a unit, and the turns `[first, last)` that it takes."""

    unit: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"the exchange of {self.unit} is [{self.first}, {self.last})"


class Exchanges:
    """Which turns belong to which visit.

    Those of the walk follow each other without a gap, or both begin with the turn in which the user
    asks for both. All others lie within one of the walk, after its first turn. A turn belongs to
    the shortest that it is in: `owners` has the place of that in `every`, for each turn.
    """

    def __init__(self, session: Session) -> None:
        self.walk = session["walk"]
        self.turns: Sequence[Any] = session["turns"]
        self.every = [
            Exchange(target["name"], *target["turns"])
            for target in session["targets"]
            if target["scope"] == "exchange"
        ]
        self.walked: list[Exchange] = []
        self.wrong = self.apart()
        self.owners: list[int | None] = [None] * len(self.turns)
        sizes = [one.last - one.first for one in self.every]
        for place in sorted(range(len(sizes)), key=lambda n: (-sizes[n], -n)):
            first, last = self.every[place][1:]
            stretch = range(len(self.turns))[max(first, 0) : max(last, 0)]
            self.owners[stretch.start : stretch.stop] = [place] * len(stretch)

    def apart(self) -> Finding | None:
        """Return what is wrong with the stretches: together those of the walk are the session."""
        at, walked = 0, self.walked
        for one in self.every:
            if one.first == at <= one.last or (walked and self.is_joint(walked[-1], one)):
                walked.append(one)
            elif not any(other.first < one.first < one.last <= other.last for other in walked):
                return Finding(at, f"{one}, not from turn {at}")
            at = walked[-1].last
        if len(walked) != len(self.walk):
            what = f"{len(self.walk)} units are walked, {len(walked)} exchanges have targets"
            return Finding(None, what)
        for one, unit in zip(walked, self.walk, strict=True):
            if one.unit != unit:
                return Finding(one.first, f"{one}, but the walk comes to {unit}")
        if at != len(self.turns):
            return Finding(at, f"the exchanges end at turn {at} of {len(self.turns)}")
        return None

    def is_joint(self, one: Exchange, other: Exchange) -> bool:
        """Tell whether one turn opens two exchanges, of which the other goes on for longer."""
        if one.first != other.first or not one.first < one.last < other.last <= len(self.turns):
            return False
        return bool(self.turns[one.first].get("units") == [one.unit, other.unit])

    def strangers(self) -> Iterator[Finding]:
        """Yield the turns that are of another unit than the exchange that they are in."""
        joint: dict[int, list[str]] = {}
        for one, other in zip(self.walked, self.walked[1:], strict=False):
            if one.first == other.first < one.last:
                joint[one.first] = [one.unit, other.unit]
        for number, (turn, owner) in enumerate(zip(self.turns, self.owners, strict=True)):
            assert owner is not None
            one = self.every[owner]
            if turn["unit"] != one.unit:
                how = "begins with" if number == one.first else "has a turn of"
                yield Finding(number, f"the exchange of {one.unit} {how} {turn['unit']}")
            if turn.get("continues"):  # another message of the turn before
                joint[number] = joint.get(number - 1, [])
            if "units" in turn and turn["units"] != joint.get(number):
                named = " and ".join(turn["units"])
                yield Finding(number, f"is of {named}, but does not open an exchange of each")
