"""How an export that is there differs from the one that is asked for, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue import dataset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_OPTIONS = {"forms": "target", "scopes": "scope"}


def differences(directory: Path, found: Mapping[str, Any], way: Mapping[str, Any]) -> Iterator[str]:
    """Yield what differs between an entry of the manifest and the way that is asked for now.

    Nothing is yielded for an export that was made in the same way and is unchanged since.
    """
    if found["tasks"] != way["tasks"]:
        yield _changed("tasks", _listed(found["tasks"]), _listed(way["tasks"]))
    yield from _options(found, way)
    if found.get("sessions_sha256") != way["sessions_sha256"]:
        yield "sessions changed since"
    if found.get("dialogue") != way["dialogue"]:
        yield _changed("engine", str(found.get("dialogue")), way["dialogue"])
    for file in found["files"]:
        if not dataset.is_unchanged(directory, file):
            there = (directory / str(file["path"])).exists()
            yield f"'{file['path']}' {'has been edited' if there else 'is missing'}"
            return


def _options(found: Mapping[str, Any], way: Mapping[str, Any]) -> Iterator[str]:
    """Yield options with other values; what only other tasks look at is no difference by itself."""
    then, now = found["options"], way["options"]
    both = [key for key in now if key in then]
    names = dict.fromkeys(_OPTIONS.get(key, key) for key in both if then[key] != now[key])
    for name in names:
        keys = [key for key in both if _OPTIONS.get(key, key) == name]
        told = [_listed([part for key in keys for part in _parts(of[key])]) for of in (then, now)]
        yield _changed(f"--{name}", *told)
    if then.keys() != now.keys() and found["tasks"] == way["tasks"] and not names:
        yield "options"


def _parts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{label}={form}" for label, form in value.items()]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _listed(names: Sequence[Any]) -> str:
    return ",".join(map(str, names)) or "none"


def _changed(name: str, then: str, now: str) -> str:
    return f"{name} (was {then}; now {now})"
