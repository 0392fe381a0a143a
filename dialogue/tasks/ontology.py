"""What a dataset says of its intents, slots, units and tools, as tasks and formats read it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogue.session import Session

LISTED = 50
"""The most values that are listed in a schema or a prompt: more cost tokens in every row."""


class Ontology:
    """The ontology of a manifest.

    A `key` names a slot as states do (`slot`, `slot.part` or `slot:role`), a `label` as targets and
    taggers do: 收货人.县 is 县.
    """

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.domain: str = plain["domain"]
        self.locale: str = plain["locale"]
        self.instructions: Mapping[str, Any] = plain["instructions"]
        self.intents: Mapping[str, str] = {
            name: intent["title"] for name, intent in plain["intents"].items()
        }
        self.labels: Mapping[str, str] = plain["labels"]

    def key(self, span: Mapping[str, Any]) -> str:
        """Return the key of what a span, act or omission is about."""
        key: str = span["slot"]
        if "part" in span:
            key += f".{span['part']}"
        return f"{key}:{span['role']}" if "role" in span else key

    def label(self, span: Mapping[str, Any]) -> str:
        """Return the label of a span for taggers; that of a typed column is `result.column`.

        A part of a record is labelled by its own name, whatever the role of the record: a phone is
        a phone.
        """
        key = self._tagged(span)
        return self.labels.get(key, key)

    def ascii(self, span: Mapping[str, Any]) -> str:
        """Return the ASCII label of a span, made of the slot's key, and of its part or its role."""
        key = self._tagged(span)
        return self._ascii.get(key, key)

    def _tagged(self, span: Mapping[str, Any]) -> str:
        key = self.key(span)
        return key.removesuffix(f":{span.get('role')}") if "part" in span else key

    @cached_property
    def _ascii(self) -> Mapping[str, str]:
        return self.plain["keys"]  # type: ignore[no-any-return]

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The keys that users may say, unit by unit."""
        keys = (key for name in self.plain["units"] for key in self.gives(name))
        return tuple(dict.fromkeys(keys))

    def gives(self, name: str) -> Sequence[str]:
        """Return the keys that users may say in a unit."""
        return self.plain["units"][name]["gives"]  # type: ignore[no-any-return]

    def unit(self, name: str) -> Mapping[str, str]:
        """Return what a model must extract from an exchange of a unit: label → key."""
        return self.plain["units"][name]["target"]  # type: ignore[no-any-return]

    def scene(self, name: str) -> Mapping[str, str]:
        """Return what a model must extract from a scene: label → key."""
        return self.plain["scenes"][name]["target"]  # type: ignore[no-any-return]

    @cached_property
    def target(self) -> Mapping[str, str] | None:
        """What is extracted where nothing else is said, label → key; None for all that is said."""
        return self.plain.get("target")

    def asks(self, scene: str) -> Sequence[str]:
        """Return the wordings that a scene has of its own."""
        return self.plain["scenes"][scene].get("extract", ())  # type: ignore[no-any-return]

    @cached_property
    def tools(self) -> tuple[Mapping[str, Any], ...]:
        """The tools as functions: name, description and parameters as JSON Schema."""
        return tuple({"name": name, **tool} for name, tool in self.plain["tools"].items())

    def known(self, session: Session) -> dict[str, Any]:
        """Return the facts of a session that a bot has before anything is said.

        Rows, such as orders, have the columns that users name them by: the rest is looked up.
        """
        return {
            slot: {
                part: [{column: row[column] for column in lists[part]} for row in told]
                if isinstance(told, list)
                else told
                for part, told in record.items()
                if part in lists or not isinstance(told, list)
            }
            for slot, record in session["facts"].items()
            for lists in (self.plain["facts"][slot],)
        }

    def type(self, slot: str) -> str:
        """Return `time` or `number` if all values of a slot are of that type; else it is blank."""
        return self.plain["slots"].get(slot, {}).get("type", "")  # type: ignore[no-any-return]

    @cached_property
    def givable(self) -> Mapping[str, tuple[str, ...]]:
        """The labels of what users may say, each with all keys that share it, in order."""
        given = {self.labels.get(key, key) for key in self.given}
        if self.target is not None:
            given.intersection_update(self.target)
        keys: dict[str, tuple[str, ...]] = {}
        for key, label in self.labels.items():
            if label in given:
                keys[label] = (*keys.get(label, ()), key)
        return keys

    def ordered(self, labels: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        """Return labels in the order of the first of their keys."""
        places = {key: place for place, key in enumerate(self.labels)}

        def place(item: tuple[str, tuple[str, ...]]) -> int:
            return min(places.get(key, len(places)) for key in item[1])

        return dict(sorted(labels.items(), key=place))

    def values(self, slot: str) -> Mapping[str, Sequence[str]]:
        """Return the documented values of a slot: normal form → its surfaces; none if open.

        Those of the slots that share its label are among them, since they are said under its name.
        """
        return self._values.get(slot, {})

    @cached_property
    def _values(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        slots = self.plain["slots"]
        values: dict[str, dict[str, list[str]]] = {
            name: {} for name, slot in slots.items() if "values" in slot and "label" not in slot
        }
        for name, slot in slots.items():
            known = values.get(slot.get("label", name))
            if known is not None:
                for normal, surfaces in slot.get("values", {}).items():
                    known[normal] = list(dict.fromkeys([*known.get(normal, ()), *surfaces]))
        return values

    def documents(self, slot: str, surface: str, normal: str) -> bool:
        """Tell whether the normal form of a surface, in whatever case, is known by the ontology."""
        return surface == normal or self._normals.get(slot, {}).get(surface.casefold()) == {normal}

    @cached_property
    def _normals(self) -> Mapping[str, Mapping[str, set[str]]]:
        """The normal forms that each documented surface of a slot, in lower case, may have."""
        normals: dict[str, dict[str, set[str]]] = {}
        for slot, values in self._values.items():
            of_slot = normals.setdefault(slot, {})
            for normal, surfaces in values.items():
                for surface in surfaces:
                    of_slot.setdefault(surface.casefold(), set()).add(normal)
        return normals
