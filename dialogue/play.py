"""What is known while a session is played: values drawn, what was said, results, facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.phrasing import heard
from dialogue.problem import ContentError, Problem, UnplacedError
from dialogue.row import Row
from dialogue.turn import UserTurn
from dialogue.value import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from random import Random

    from dialogue.domain import Domain
    from dialogue.kind import Drawn
    from dialogue.phrasing import Wordings
    from dialogue.slot import Slot
    from dialogue.tables import Query
    from dialogue.tool import Words
    from dialogue.unit import Unit

_TRIES = 20  # to draw a value that differs from the one it replaces
_REGROUPED = 200  # to draw a group of parts that differs in what was said of it


class Play:
    """The memory of one session.

    `texts` are the names that phrasings print, `faces` those that guards read: a slot is in `texts`
    once it is drawn, and in `faces` once the user has said it.
    """

    def __init__(self, domain: Domain, now: datetime, rng: Random) -> None:
        self.domain = domain
        self.now = now
        self.rng = rng
        self.values: dict[str, Drawn] = {}
        self.replaced: dict[str, Drawn] = {}
        self.said: set[str] = set()
        self.texts: dict[str, Any] = {}
        self.faces: dict[str, Any] = {}
        self.facts: dict[str, Any] = {}
        self.local = now.isoformat(" ", "minutes")[:16]
        self.kept: dict[str, Any] = {}  # rows that slots may be drawn from, while they hold

    # What slots ask for while they draw.

    def keep(self, name: str, query: Query, arguments: dict[str, Any]) -> Sequence[Any]:
        """Run a slot's query, once while its arguments and the session's tables are the same."""
        arguments["now"] = self.local
        found = self.kept.get(name)
        if found is None or found[0] != arguments:
            found = self.kept[name] = (arguments, query.rows(arguments))
        rows: Sequence[Any] = found[1]
        return rows

    def drawn(self, name: str) -> Drawn:
        """Return a slot's value, drawn if it is not yet."""
        found = self.values.get(name)
        if found is None:
            found = self.draw(self.domain.names.slots[name])
        return found

    def rows(self, name: str) -> Sequence[Row]:
        """Return the rows of a result, or of a name that is set to some of them."""
        rows = self.faces.get(name)
        return [row for row in rows if isinstance(row, Row)] if isinstance(rows, list) else ()

    def face(self, name: str) -> Any:
        """Return a slot's normal form, drawn if it is not yet."""
        return self.drawn(name).face

    def table_row(self, table: str) -> Mapping[str, Any]:
        """Return a random row of a table."""
        rows = self.domain.rows_of(table)
        return rows[self.rng.randrange(len(rows))]

    def table_rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        """Return all rows of a table."""
        return self.domain.rows_of(table)

    # Drawing and forgetting.

    def draw(self, slot: Slot) -> Drawn:
        """Draw a slot and remember it; raises ContentError at the slot if it cannot be drawn."""
        try:
            return self.draw_anew(slot)
        except UnplacedError as error:
            raise ContentError([Problem(slot.at, error.what, error.fix)]) from None

    def draw_anew(self, slot: Slot) -> Drawn:
        """Draw a slot and remember it; after a redraw try for another value than before."""
        for name in slot.kind.depends:
            if name in self.domain.names.slots:
                self.drawn(name)
        drawn = slot.kind.draw(self)
        before = self.replaced.pop(slot.name, None)
        if before is not None:
            for _ in range(_TRIES):
                if drawn.face != before.face:
                    break
                drawn = slot.kind.draw(self)
            if drawn.face == before.face and slot.kind.has_others(self):
                drawn = slot.kind.draw_other(self, before.face)
        self.remember(slot, drawn)
        return drawn

    def remember(self, slot: Slot, drawn: Drawn) -> None:
        self.values[slot.name] = drawn
        self.texts[slot.name] = drawn.text
        for view in self.domain.views_of.get(slot.name, ()):
            self.texts[view.name] = view.text(self.texts)
        if slot.into and isinstance(drawn.value, Record):
            self.know(slot, drawn.value, drawn)

    def know(self, slot: Slot, record: Record, drawn: Drawn) -> None:
        """Fill the session's tables, and take the record for known: the bot has looked it up."""
        self.kept.clear()
        for table, rows in slot.into:
            self.domain.tables.fill(table, record.rows[rows])
        self.faces[slot.name] = drawn.face
        parts = {part: value.value for part, value in record.parts.items()}
        lists = {name: [dict(row) for row in record.rows[name]] for _, name in slot.into}
        self.facts[slot.name] = {**parts, **lists}

    def can_draw(self, name: str) -> bool:
        """Tell whether a slot has a value or can get one."""
        slots = self.domain.names.slots
        slot = slots[name]
        if not slot.varies or name in self.values:
            return True
        if not all(self.can_draw(other) for other in slot.kind.depends if other in slots):
            return False
        try:
            return slot.kind.is_open(self)
        except UnplacedError as error:
            raise ContentError([Problem(slot.at, error.what, error.fix)]) from None

    def is_settled(self, name: str) -> bool:
        """Tell whether nothing must be drawn to know whether a slot can be drawn."""
        slot = self.domain.names.slots[name]
        others = (other for other in slot.kind.depends if other in self.domain.names.slots)
        return not slot.varies or name in self.values or all(one in self.values for one in others)

    def can_enter(self, unit: Unit) -> bool:
        """Tell whether a unit is open: what it needs is there, or can be drawn."""
        if any(not self.faces.get(name) for name in unit.results):
            return False
        if not unit.varies:
            return True
        if not all(map(self.can_draw, unit.slots)):
            return False
        return all(
            turn.when is not None or not turn.sets or any(self.can_say(one) for one in turn.sets)
            for turn in unit.turns
            if isinstance(turn, UserTurn)
        )

    def may_change(self, name: str) -> bool:
        """Tell whether a slot could be otherwise, and nothing was said because of it."""
        slots = self.domain.names.slots
        others = (slots[other] for other in self.domain.dependents.get(name, ()))
        if not all(self.said.isdisjoint(other.names) for other in others):
            return False
        return slots[name].kind.has_others(self)

    def can_say(self, wordings: Wordings) -> bool:
        """Tell whether all that a turn says can be drawn."""
        return all(map(self.can_draw, wordings.draws))

    def redraw(self, names: Iterable[str], *, otherwise: bool = False) -> None:
        """Forget slots, or the group of a part, so that they are drawn and said anew.

        With `otherwise` what was said of a group differs then, if it can; a slot always does.
        """
        for name in names:
            slot_name, _, part = name.partition(".")
            slot, old = self.domain.names.slots[slot_name], self.values.get(slot_name)
            if old is None:
                continue
            if part:
                self.redraw_group(slot, part, old, otherwise=otherwise)
            else:
                self.replaced[slot_name] = old
                self.forget(slot_name)

    def redraw_group(self, slot: Slot, part: str, old: Drawn, *, otherwise: bool) -> None:
        group = slot.group(part)
        said = {name for name in self.said if name.startswith(f"{slot.name}.")}
        told = [one for one in group if f"{slot.name}.{one}" in said]
        fresh = slot.kind.draw(self)
        for _ in range(_REGROUPED if otherwise and told else 0):
            if any(fresh.face.get(one) != old.face.get(one) for one in told):
                break
            fresh = slot.kind.draw(self)
        assert isinstance(old.value, Record)
        assert isinstance(fresh.value, Record)
        self.forget(slot.name)
        self.remember(slot, slot.tag.record(old.value.regrouped(fresh.value, group), slot.parts))
        self.hear(heard(name) for name in sorted(said) if name.partition(".")[2] not in group)

    def forget(self, name: str) -> None:
        """Forget a slot and all that was drawn because of it."""
        names = self.domain.names
        if name in names.slots:
            self.values.pop(name, None)
            self.texts.pop(name, None)
            self.unsay(name)
            for view in self.domain.views_of.get(name, ()):
                self.texts.pop(view.name, None)
        for other in self.domain.dependents.get(name, ()):
            if other in self.values:
                self.forget(other)

    def unsay(self, name: str) -> None:
        """Take a slot for not said: another with the same label has taken its place."""
        self.said.difference_update(self.domain.names.slots[name].names)
        self.faces.pop(name, None)

    # What the session learns.

    def hear(self, heard: Iterable[tuple[str, str, str]]) -> None:
        """Take what the user said, as name, slot and part, into what is known."""
        for name, slot, part in heard:
            if slot in self.domain.rivals:
                for other in self.domain.rivals[slot]:
                    self.unsay(other)
            self.said.add(name)
            drawn = self.values[slot]
            if isinstance(drawn.value, Record):
                self.hear_parts(slot, part, drawn.value, drawn.face)
            else:
                self.faces[slot] = drawn.face

    def hear_parts(self, slot: str, part: str, record: Record, face: Mapping[str, Any]) -> None:
        """Take a part for said, or all that a composite says; it is said when all its parts are."""
        known = self.faces.get(slot)
        if known is None:
            known = self.faces[slot] = {}
        if part in record.parts:
            known[part] = face[part]
        elif not part or part in record.composites:
            for one in record.says(part):
                self.said.add(f"{slot}.{one}")
                known[one] = face[one]
        for name in record.composites:
            if known.keys() >= {*record.says(name)}:
                self.said.add(f"{slot}.{name}")
                known[name] = face[name]

    def told(self, name: str) -> tuple[str, ...]:
        """Return the slots and parts that a name says: none for a part that is not there."""
        slot, _, part = name.partition(".")
        drawn = self.values.get(slot)
        if drawn is None or not isinstance(drawn.value, Record):
            return (name,)
        if not part or part in drawn.value.composites:
            return tuple(f"{slot}.{one}" for one in drawn.value.says(part))
        return (name,) if part in drawn.value.parts else ()

    def is_missing(self, name: str) -> bool:
        """Tell whether a slot or part has not been said though there is something to say."""
        if name in self.said:
            return False
        slot, _, part = name.partition(".")
        if part and part in self.domain.names.slots[slot].optional:
            self.drawn(slot)
        return bool(self.told(name))

    def answers(self, wordings: Wordings, name: str) -> bool:
        """Tell whether a turn says what is unsaid of a name; a composite leaves some parts out."""
        slot = self.domain.names.slots[name.partition(".")[0]]
        if name in wordings.gives or not slot.composites:
            return True
        self.drawn(slot.name)
        given = {one for give in wordings.gives for one in self.told(give)}
        return all(one in given or one in self.said for one in self.told(name))

    def bind(self, name: str, face: Any, text: Any) -> None:
        """Bind a name; slots that are rows of what it was before are forgotten."""
        self.faces[name] = face
        self.texts[name] = face if text is None else text
        self.forget(name)

    def bind_rows(self, name: str, raw: Sequence[Mapping[str, Any]], words: Words) -> None:
        """Bind the result of a call."""
        rows = [Row(row, words, self.now) for row in raw]
        self.bind(name, rows, rows)
