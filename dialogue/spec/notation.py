"""How single values are written in YAML: weights, labels, ranges, truth; and their mistakes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

_RANGE = re.compile(r"(\d+)(?:\s*\.\.\s*(\d+))?")


def mistake(what: str, fix: str, key: str | None = None) -> PydanticCustomError:
    """Return the error by which a validator names a problem, at one of the keys, and its remedy."""
    return PydanticCustomError("content", "{what}", {"what": what, "fix": fix, "key": key})


def _range(written: Any) -> Any:
    found = _RANGE.fullmatch(written.strip()) if isinstance(written, str) else None
    if not found:
        if isinstance(written, tuple):
            return written
        raise mistake(f"expected a range but got {shape(written)}", "write it as 2..8")
    low, high = int(found[1]), int(found[2] or found[1])
    if low > high:
        raise mistake(f"the range {low}..{high} is upside down", f"write {high}..{low}")
    return low, high


def _weights(written: Any) -> Any:
    if isinstance(written, str):
        return {written: 1}
    if isinstance(written, list):
        for name in written:
            if not isinstance(name, str):
                raise mistake(
                    f"expected text but got {shape(name)}", "write names, or name: weight"
                )
        return _listed(written)
    return written


def _listed(names: list[str]) -> dict[str, int]:
    for name in names:
        if names.count(name) > 1:
            raise mistake(f"'{name}' is listed twice", "keep one")
    return dict.fromkeys(names, 1)


def _names(written: Any) -> Any:
    return [written] if isinstance(written, str) else written


def _some(weights: dict[str, float]) -> dict[str, float]:
    if not weights:
        raise mistake("nothing is listed here", "write at least one name")
    if not any(weights.values()):
        raise mistake("every weight is 0", "give one a weight above 0")
    return weights


def _view(written: Any) -> Any:
    if isinstance(written, dict):
        for name, part in written.items():
            if not isinstance(part, str):
                what = f"expected the part that '{name}' shows but got {shape(part)}"
                raise mistake(what, "write lines of the form name.name: slot.part", name)
    elif not isinstance(written, str):
        what = f"expected a part but got {shape(written)}"
        raise mistake(what, "write slot.part, or lines of the form name: slot.part")
    return written


def _label_map(written: Any) -> Any:
    if isinstance(written, list) and all(isinstance(name, str) for name in written):
        return {name.rsplit(".", 1)[-1]: name for name in written}
    return written


def _truth(written: Any) -> Any:
    if written in ("true", "false"):
        return written == "true"
    if isinstance(written, bool):
        return written
    raise mistake(f"expected true or false but got {shape(written)}", "write true or false")


def _list_schema(items: dict[str, Any], values: dict[str, Any]) -> WithJsonSchema:
    array = {"type": "array", "items": items}
    return WithJsonSchema({"anyOf": [array, {"type": "object", "additionalProperties": values}]})


_STRING = {"type": "string"}
_NUMBER = {"type": "number"}


class Also:
    """Says in a JSON Schema that a value may be written in a second, shorter way."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Put the short way before the long one."""
        return {"anyOf": [self.schema, handler(core_schema)]}


Weight = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Weights = Annotated[
    dict[str, Weight],
    BeforeValidator(_weights),
    AfterValidator(_some),
    _list_schema(_STRING, _NUMBER),
]
View = Annotated[str | dict[str, str], BeforeValidator(_view)]
Labels = Annotated[dict[str, str], BeforeValidator(_label_map), _list_schema(_STRING, _STRING)]
Names = Annotated[
    list[str],
    BeforeValidator(_names),
    WithJsonSchema({"anyOf": [_STRING, {"type": "array", "items": _STRING}]}),
]
Truth = Annotated[bool, BeforeValidator(_truth), WithJsonSchema({"type": "boolean"})]
Range = Annotated[
    tuple[int, int],
    BeforeValidator(_range),
    WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\d+(\.\.\d+)?$"}),
]
TypeName = Literal["string", "integer", "number", "boolean", "instant", "money", "array"]


def shape(written: Any) -> str:
    """Word what was written, for a message: text in quotes, else what kind of thing it is."""
    if isinstance(written, str):
        return f"'{written if len(written) <= 40 else written[:37] + '…'}'"
    if written is None:
        return "nothing"
    return "a list" if isinstance(written, (list, tuple)) else "a mapping"
