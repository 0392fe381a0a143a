"""Names of packages in, their entry points out: read from metadata, nothing is imported."""

from __future__ import annotations

import hashlib
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.problem import ContentError, Position, Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import Distribution, EntryPoint

BEHAVIOUR_GROUP = "dialogue.behaviours"
"""The group of entry points that each name a `Behaviour`: `praise = shop_talk.praise:BEHAVIOUR`."""

NOISE_GROUP = "dialogue.noise"
"""The group that each name an `Operator`, after a locale or language: `zh.tilde = …`."""


def place(name: str) -> Position:
    """Return where a plug-in is named: at an option, which has no lines."""
    return Position(f"--plugin {name}", 0)


def installed(name: str) -> Distribution:
    """Return the package of a name that brings something; raises ContentError."""
    try:
        found = metadata.distribution(name)
    except (metadata.PackageNotFoundError, ValueError):
        known = _providers()
        fix = nearest(name, known) if known else "install it where dialogue is installed"
        raise ContentError([Problem(place(name), "no such package is installed", fix)]) from None
    if not any(one.group in (BEHAVIOUR_GROUP, NOISE_GROUP) for one in found.entry_points):
        known = _providers()
        fix = f"name one that has entry points in {BEHAVIOUR_GROUP} or {NOISE_GROUP}"
        fix += f": {', '.join(sorted(known))}" if known else ""
        raise ContentError([Problem(place(name), "brings no behaviour and no noise", fix)])
    return found


def split(name: str) -> tuple[str, str]:
    """Split the name of an entry point for noise: the locale or language, and the operator."""
    locale, _, operator = name.rpartition(".")
    return locale, operator


def is_for(own: str, locale: str) -> bool:
    """Tell whether what is for one locale or language is for a locale, too."""
    return own in (locale, locale.partition("_")[0])


def provider(group: str, name: str, locale: str) -> str | None:
    """Return the installed package that brings a behaviour, or an operator for a locale."""
    for one in metadata.entry_points(group=group):
        own, short = split(one.name) if group == NOISE_GROUP else (locale, one.name)
        if short == name and is_for(own, locale):
            return None if one.dist is None else one.dist.name
    return None


def files_hash(entry_points: Iterable[EntryPoint]) -> str:
    """Return the SHA-256 of all files of the packages, once imported, that entry points lead to."""
    hashed = hashlib.sha256()
    for module in sorted({found for one in entry_points if (found := _outermost(one.module))}):
        whole = module.stem == "__init__"
        for path in sorted(module.parent.rglob("*")) if whole else (module,):
            shown = path.relative_to(module.parent)
            if path.is_file() and not any(part.startswith((".", "__py")) for part in shown.parts):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                hashed.update(f"{shown.as_posix()} {content}\n".encode())
    return hashed.hexdigest()


def _outermost(module: str) -> Path | None:
    """Return the file of the outermost package of a module; a mere namespace has none."""
    parts = module.split(".")
    for number in range(1, len(parts) + 1):
        file = getattr(sys.modules.get(".".join(parts[:number])), "__file__", None)
        if file is not None:
            return Path(file)
    return None


def _providers() -> set[str]:
    groups = (metadata.entry_points(group=group) for group in (BEHAVIOUR_GROUP, NOISE_GROUP))
    return {one.dist.name for some in groups for one in some if one.dist is not None}
