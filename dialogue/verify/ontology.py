"""What a manifest says of slots, units and scenes, read once more and by nobody else's code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Ontology:
    """The ontology of a manifest as rules ask for it.

    A `key` names a slot as states do: `slot`, `slot.part`, `slot:role` or `slot.part:role`.
    `groups` maps the key of a part to the keys that are drawn anew together with it. Raises
    KeyError, TypeError or AttributeError for an ontology that is not of this version.
    """

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.labels: Mapping[str, str] = dict(plain["labels"])
        self.keys: Mapping[str, str] = dict(plain["keys"])
        self.intents: Mapping[str, str | None] = {
            name: next(iter(unit["intents"]), None) for name, unit in plain["units"].items()
        }
        self.units: Mapping[str, Mapping[str, str]] = _targets(plain["units"])
        self.scenes: Mapping[str, Mapping[str, str]] = _targets(plain["scenes"])
        self.paths: Mapping[str, tuple[str, ...]] = {
            name: tuple(scene["path"]) for name, scene in plain["scenes"].items()
        }
        self.target: Mapping[str, str] | None = plain.get("target")
        self.groups: Mapping[str, tuple[str, ...]] = _groups(plain["slots"])


def key_of(said: Mapping[str, Any]) -> str:
    """Return the key of what a span, an act or an omission is about."""
    key: str = said["slot"]
    if "part" in said:
        key += "." + said["part"]
    if "role" in said:
        key += ":" + said["role"]
    return key


def _targets(owners: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    return {name: dict(owner["target"]) for name, owner in owners.items()}


def _groups(slots: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the keys of each group of parts, by each of them.

    Slots that share a label share their keys, too, so what any of them redraws counts.
    """
    together: dict[str, dict[str, None]] = {}
    for name, slot in slots.items():
        label = slot.get("label", name)
        for group in slot["groups"] if "parts" in slot else ():
            keys = [key_of({**slot, "slot": label, "part": part}) for part in group]
            for key in keys:
                together.setdefault(key, {}).update(dict.fromkeys(keys))
    return {key: tuple(keys) for key, keys in together.items()}
