"""What all specs have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator

from dialogue.spec.notation import mistake

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Spec(BaseModel):
    """Something an author writes; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shorthand(Spec):
    """A mapping that may be written as one scalar or list, which then fills the field `short`."""

    short: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, written: Any) -> Any:
        return written if isinstance(written, (dict, cls)) else {cls.short: written}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        long = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [long["properties"][cls.short], long]}


def unknown(written: dict[str, Any], spec: type[Spec]) -> bool:
    """Tell whether a key is none of a spec's."""
    return not written.keys() <= {f.alias or name for name, f in spec.model_fields.items()}


def demand(written: dict[str, Any], keys: list[str]) -> None:
    """Demand that keys hold something."""
    for key in keys:
        if written[key] is None:
            raise mistake(f"'{key}' holds nothing", f"write what it is, or remove '{key}'", key)
