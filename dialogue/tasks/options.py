"""What may be chosen when sessions become examples and files."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Form: TypeAlias = Literal["surface", "normal", "value"]

FORMS = ("surface", "normal", "value")
SCOPES = ("turn", "exchange", "scene", "session")


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of an export.

    `target` is the form in which slots are asked for, `forms` that of single labels. `loss` says
    which of the bot's messages of a chat are trained on. `max_loss` is the share of items, from 0
    to 1, that a format may leave out.
    """

    target: Form = "surface"
    forms: Mapping[str, Form] = field(default_factory=dict)
    scopes: tuple[str, ...] = SCOPES
    loss: Literal["all", "last", "calls"] = "all"
    arguments: Literal["string", "object"] = "string"
    labels: Literal["slot", "key"] = "slot"
    scheme: Literal["BIO", "BIOES"] = "BIO"
    max_loss: float = 0.05

    def form(self, label: str) -> Form:
        """Return the form in which a label is asked for."""
        return self.forms.get(label, self.target)

    def plain(self) -> dict[str, Any]:
        """Return them for a manifest."""
        return {**asdict(self), "scopes": list(self.scopes)}
