"""What each label of the examples stands for: slots, records and the parts of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialogue.twin.kinds import kinds_of, usages
from dialogue.twin.slots import Key, Writer, free

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dialogue.twin.example import Conversation, Said, Utterance
    from dialogue.twin.kinds import Usage
    from dialogue.twin.languages.language import Kind, Language, RecordKind
    from dialogue.twin.slots import Ref, Slot

TOGETHER = 0.1  # share of texts in which what may be missing must stand beside another part


@dataclass(frozen=True, slots=True)
class Inferred:
    """The slots of a domain, and what each label of an example stands for.

    `kinds` has the kind of each label that has one; `instances` the record that a key is of: its
    kind, and the name of its slot.
    """

    slots: Mapping[str, Slot]
    kinds: Mapping[str, Kind]
    members: Mapping[Key, tuple[RecordKind, str]]
    refs: Mapping[tuple[Key, int], Ref]
    wholes: Mapping[str, Ref]  # slot of a record → its composite

    def numbered(self, utterance: Utterance) -> list[int]:
        """Return for each stretch which of several values of its label it says, from 0."""
        return numbers(utterance, self.kinds, self.members)

    def ref(self, said: Said, number: int) -> Ref | None:
        """Return what stands for a stretch, None where users never say its label."""
        return self.refs.get(((said.label, said.role), number))


def infer(conversations: Sequence[Conversation], language: Language) -> Inferred:
    """Return the slots for all labels that users say, and what stands for each."""
    usage = usages(conversations)
    kinds = kinds_of(usage, language)
    keys = _keys(conversations)
    members = _members(keys, usage, kinds, language, set(usage))
    most: Counter[Key] = Counter()
    for conversation in conversations:
        for utterance in conversation.utterances:
            if utterance.speaker == "user":
                counted = numbers(utterance, kinds, members)
                for said, number in zip(utterance.said, counted, strict=True):
                    key = (said.label, said.role)
                    most[key] = max(most[key], number)
    writer = Writer(usage, kinds, members, language)
    for key in keys:
        for number in range(most[key] + 1):
            writer.add(key, number)
    return Inferred(writer.slots, kinds, members, writer.refs, writer.wholes)


def _keys(conversations: Iterable[Conversation]) -> list[Key]:
    """Return labels with their roles, those without one first, in the order of the examples."""
    wanted = [(one.label, "") for talk in conversations for one in talk.wanted]
    found = {
        (said.label, said.role)
        for talk in conversations
        for utterance in talk.utterances
        if utterance.speaker == "user"
        for said in utterance.said
    }
    seen = [
        (said.label, said.role)
        for talk in conversations
        for utterance in talk.utterances
        for said in utterance.said
    ]
    ordered = dict.fromkeys(key for key in (*wanted, *seen) if key in found)
    return sorted(ordered, key=lambda key: key[1])


def _members(
    keys: Sequence[Key],
    usage: Mapping[str, Usage],
    kinds: Mapping[str, Kind],
    language: Language,
    taken: set[str],
) -> dict[Key, tuple[RecordKind, str]]:
    """Return the record and its slot that each key is a part of."""
    members: dict[Key, tuple[RecordKind, str]] = {}
    for record in language.records:
        possible = [
            key
            for key in keys
            if key not in members and key[0] in kinds and kinds[key[0]].name in record.parts
        ]
        labels = {label for label, _ in possible}
        fit = [key for key in possible if _stands(key[0], record, usage, kinds, labels)]
        there = {kinds[label].name for label, _ in fit}
        there |= {kind.name for kind in kinds.values() if kind.of == record.faker}
        if not there & record.needs:
            continue
        held: list[tuple[str, str, set[str]]] = []  # slot, role, parts that it has
        for key in fit:
            part = kinds[key[0]].name
            holder = next((one for one in held if one[1] == key[1] and part not in one[2]), None)
            if holder is None:
                name = free(record.slot, taken)
                taken.add(name)
                holder = (name, key[1], set())
                held.append(holder)
            holder[2].add(part)
            members[key] = (record, holder[0])
    return members


def _stands(
    label: str,
    record: RecordKind,
    usage: Mapping[str, Usage],
    kinds: Mapping[str, Kind],
    labels: set[str],
) -> bool:
    """Tell whether a label is said as a part: what may be missing only beside another part."""
    if kinds[label].name not in record.optional:
        return True
    beside = max((n for other, n in usage[label].beside.items() if other in labels), default=0)
    return beside >= max(1, TOGETHER * usage[label].texts)


def numbers(
    utterance: Utterance,
    kinds: Mapping[str, Kind],
    members: Mapping[Key, tuple[RecordKind, str]],
) -> list[int]:
    """Return for each stretch which value of its label it is, from 0.

    Parts that belong together are counted together: with a second county comes a second address.
    """
    heard: defaultdict[Any, list[dict[str, str]]] = defaultdict(list)
    found = []
    for said in utterance.said:
        key, surface = (said.label, said.role), utterance.surface(said)
        group: Any = key
        if key in members:
            record, slot = members[key]
            name = kinds[said.label].name
            group = (slot, next((n for n, some in enumerate(record.groups) if name in some), name))
        values = heard[group]
        again = next((n for n, one in enumerate(values) if one.get(said.label) == surface), None)
        if again is not None and (key not in members or again == len(values) - 1):
            found.append(again)
        elif values and said.label not in values[-1] and key in members:
            values[-1][said.label] = surface
            found.append(len(values) - 1)
        else:
            values.append({said.label: surface})
            found.append(len(values) - 1)
    return found
