"""Slots as they are to be written: how the values of each label are drawn, and under what name."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dialogue.twin.languages import anywhere

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogue.twin.kinds import Usage
    from dialogue.twin.languages.language import Kind, Language, RecordKind

Key = tuple[str, str]  # a label and its role
ROLES = ("second", "third", "fourth", "fifth", "sixth")
MANY = 12  # values from which a list is a choice that the examples know well
# Names that templates and expressions give another meaning.
_TAKEN = frozenset(
    [
        "now",
        "end",
        "outcome",
        "loop",
        "self",
        "super",
        "true",
        "false",
        "none",
        "not",
        "and",
        "or",
        "in",
        "is",
        "if",
        "else",
        "for",
        "set",
        "block",
        "macro",
        "call",
        "filter",
        "pick",
        "order",
        "range",
        "dict",
        "lipsum",
        "cycler",
        "joiner",
        "namespace",
        "caller",
        "varargs",
        "kwargs",
        "import",
        "include",
    ]
) | frozenset(keyword.kwlist)


class Ref(NamedTuple):
    """What a phrasing prints for a value: `name` is written, `slot` and `part` are drawn."""

    name: str
    slot: str
    part: str = ""

    @property
    def leaf(self) -> str:
        """The slot or part as the domain names it."""
        return f"{self.slot}.{self.part}" if self.part else self.slot


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as it is to be written: its keys, and what is to be said beside it."""

    name: str
    keys: Mapping[str, Any]
    note: str = ""
    guessed: bool = False


def identifier(label: str) -> str:
    """Return a label as a name that templates can print."""
    name = re.sub(r"\W+", "_", label).strip("_") or "value"
    if not name[0].isidentifier():
        name = f"_{name}" if name[0].isdigit() else f"v{name}"
    if name.startswith("_"):
        name = f"v{name}"
    return f"{name}_" if name in _TAKEN or name.lower() in _TAKEN else name


def _role(number: int) -> str:
    """Return the role of one of several values of a label, counted from 0; the first has none."""
    return ROLES[number - 1] if 0 < number <= len(ROLES) else f"other{number}" if number else ""


def free(name: str, taken: Iterable[str]) -> str:
    """Return a name that is not taken: itself, or with a number."""
    number, found = 2, name
    while found in taken:
        found = f"{name}{number}"
        number += 1
    return found


class Writer:
    """Collects the slots, each under a name of its own."""

    def __init__(
        self,
        usage: Mapping[str, Usage],
        kinds: Mapping[str, Kind],
        members: Mapping[Key, tuple[RecordKind, str]],
        language: Language,
    ) -> None:
        self.usage = usage
        self.kinds = kinds
        self.members = members
        self.language = language
        self.slots: dict[str, Slot] = {}
        self.refs: dict[tuple[Key, int], Ref] = {}
        self.wholes: dict[str, Ref] = {}
        self.records: dict[tuple[str, int], str] = {}
        self.bases: dict[str, str] = {}
        self.keys: set[str] = set()
        self.reserved = {slot for _, slot in members.values()} | set(map(identifier, usage))

    def add(self, key: Key, number: int) -> None:
        """Add the slot of a key's value with this number, or the view of the record's part."""
        label, role = key
        taken = {*self.slots, *(self.reserved if role or number else ())}
        taken |= {one.name for one in self.wholes.values()}
        name = free(identifier(f"{label}_{role}" if role else label), taken)
        if key in self.members:
            record, slot = self.members[key]
            drawn = self.record(record, slot, role, number)
            part = record.parts[self.kinds[label].name]
            self.slots[name] = Slot(name, {"view": f"{drawn}.{part}"})
            self.refs[key, number] = Ref(name, drawn, part)
            return
        told = _role(number)
        played = "_".join(filter(None, (role, told)))
        if role and label not in self.bases:
            self.bases[label] = base = free(identifier(label), self.slots)
            self.scalar(label, base)
        if label in self.bases:
            keys: dict[str, Any] = {"like": self.bases[label], "role": played or "other"}
            self.slots[name] = Slot(name, keys)
        else:
            self.bases[label] = name
            self.scalar(label, name)
        self.refs[key, number] = Ref(name, name)

    def record(self, record: RecordKind, slot: str, role: str, number: int) -> str:
        """Return the slot of a record, written when it is first asked for."""
        if (slot, number) in self.records:
            return self.records[slot, number]
        name = slot if not number else free(f"{slot}{number + 1}", {*self.slots, *self.reserved})
        first = self.bases.setdefault(f"record {record.faker}", name)
        if first == name:
            keys: dict[str, Any] = {"faker": record.faker}
        else:
            told = [role, _role(number)]
            other = f"other{len(self.records)}" if slot != first and not role else ""
            keys = {"like": first, "role": "_".join(filter(None, (other, *told)))}
        self.slots[name] = Slot(name, keys)
        self.records[slot, number] = name
        if record.whole:
            view = record.whole if first == name else f"{name}_{record.whole}"
            taken = {*self.slots, *self.reserved, *(one.name for one in self.wholes.values())}
            self.wholes[name] = Ref(free(view, taken), name, record.whole)
        return name

    def composed(self, name: str, text: str, helpers: Mapping[str, Any], kind: Kind | None) -> str:
        """Return the text of a slot that is composed of others, which are written before it."""
        if kind is not None and kind.of:
            return text.replace("RECORD", self.whole(kind.of))
        for helper, keys in helpers.items():
            own = free(f"{name}_{helper}", {*self.slots, *self.reserved})
            self.slots[own] = Slot(own, keys)
            text = text.replace(f"NAME_{helper}", own)
        return text

    def whole(self, method: str) -> str:
        """Return the slot of a record that is said as a whole, that of its parts if there are."""
        record = next(one for one in self.language.records if one.faker == method)
        held = [slot for one, slot in self.members.values() if one is record]
        slot = held[0] if held else free(record.slot, self.reserved)
        self.reserved.add(slot)
        return self.record(record, slot, "", 0)

    def scalar(self, label: str, name: str) -> None:
        """Write how a label's values are drawn."""
        used, kind = self.usage[label], self.kinds.get(label)
        drawn = kind.draw(used.values) if kind is not None and kind.draw is not None else None
        if kind is None and not _listed(used):
            drawn = anywhere.code(used.values) or anywhere.number(used.values)
        if drawn is None:
            known = _listed(used)
            note = "" if known else "only what the examples say: widen it"
            self.slots[name] = Slot(name, {"choose": choice(used)}, note, guessed=not known)
            return
        keys = dict(drawn)
        if "text" in keys:
            keys["text"] = self.composed(name, keys["text"], keys.pop("helpers", {}), kind)
        if kind is not None and kind.key and kind.key not in self.keys:
            self.keys.add(kind.key)
            keys["key"] = kind.key
        note = kind.note if kind is not None else "as codes of the same form"
        self.slots[name] = Slot(name, keys, note, guessed=kind is None)


def _listed(used: Usage) -> bool:
    """Tell whether the examples know all values: few, and each said again and again."""
    return used.surfaces.total() >= MANY and len(used.meant) * 3 <= used.surfaces.total()


def choice(used: Usage) -> Any:
    """Return what a choice writes: a list, or normal form: its surfaces and weight."""
    totals = {normal: some.total() for normal, some in used.meant.items()}
    plain = all(list(some) == [normal] for normal, some in used.meant.items())
    even = len(set(totals.values())) == 1
    ordered = sorted(totals, key=lambda normal: (-totals[normal], normal))
    if plain and even:
        return ordered
    found: dict[str, Any] = {}
    for normal in ordered:
        some = used.meant[normal]
        if len(set(some.values())) == 1:
            said: Any = list(some) if len(some) > 1 else next(iter(some))
        else:
            said = {surface: str(count) for surface, count in some.most_common()}
        weighed = {"say": said, "weight": str(totals[normal])}
        found[normal] = said if even and isinstance(said, list | str) else weighed
    return found
