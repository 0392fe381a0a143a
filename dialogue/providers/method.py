"""A provider method as a slot uses it: name and arguments in, a draw out."""

from __future__ import annotations

import difflib
import functools
import inspect
import math
import sys
import types
import typing
import unicodedata
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from dialogue.problem import UnplacedError, nearest
from dialogue.providers.record import Shape, draws_times, known_of, shape_of
from dialogue.value import Record, Value

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

# Parameters that the engine fills in at each draw: the session's clock, and what gives a random row
# or all rows of a table.
INJECTED = ("now", "row", "rows")
# Sizes beyond this are mistakes or attacks; bounds of a number may be any.
LARGEST = 1000
_SINGLE = Shape()
_NUMBERS = (int, float, Decimal, "int", "float", "Decimal")
_BOUNDS = frozenset({"min", "max", "min_value", "max_value", "step"})


class ProviderError(UnplacedError):
    """A provider cannot be used as asked."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter that an author may set; `required` where the method has no default for it."""

    name: str
    annotation: Any
    required: bool


@dataclass(frozen=True, slots=True)
class Method:
    """A method that slots draw from, with the `shape` of what it draws.

    `injected` names the arguments that a draw must be called with, `known` lists what an argument
    may be. `type` is `time` or `number` where all that it draws is.
    """

    name: str
    call: Callable[..., Any]
    parameters: Mapping[str, Parameter]
    injected: tuple[str, ...] = ()
    shape: Shape = _SINGLE
    own: bool = False
    known: Mapping[str, Callable[[], Collection[str]]] = field(default_factory=dict)
    type: str = ""

    def bind(self, arguments: Mapping[str, object]) -> Callable[..., Value | Record]:
        """Return a draw that takes the injected arguments by name; a trial draw leaves no trace.

        Raises ProviderError for an argument that is unknown, missing or of the wrong type, and for
        a stock method whose result cannot be said.
        """
        for name in arguments:
            if name not in self.parameters:
                raise ProviderError(
                    f"unknown argument '{_short(name)}' of '{self.name}'",
                    nearest(str(name), self.parameters),
                )
        for parameter in self.parameters.values():
            if parameter.required and parameter.name not in arguments:
                raise ProviderError(
                    f"argument '{parameter.name}' of '{self.name}' is missing",
                    f"give {describe(parameter.annotation)}",
                )
        typed = {name: self._convert(name, value) for name, value in arguments.items()}
        for name, listed in self.known.items():
            for one in _texts(typed.get(name)):
                if one not in (names := listed()):
                    raise ProviderError(
                        f"argument '{name}' of '{self.name}' cannot be '{_short(one)}'",
                        _instead(one, names),
                    )
        bound = functools.partial(self.call, **typed)
        if self.own:
            return bound
        draw = functools.partial(_draw_stock, self.name, bound)
        rng: random.Random = self.call.__self__.generator.random  # type: ignore[attr-defined]
        state = rng.getstate()
        try:
            draw()
        finally:
            rng.setstate(state)
        return draw

    def _convert(self, name: str, value: object) -> Any:
        from pydantic import PydanticUserError, ValidationError

        annotation = self.parameters[name].annotation
        try:
            converted = _adapter(annotation).validate_python(value)
        except PydanticUserError:
            raise ProviderError(
                f"argument '{name}' of '{self.name}' cannot be written in a pack", "leave it out"
            ) from None
        except ValidationError:
            raise ProviderError(
                f"argument '{name}' of '{self.name}' cannot be '{_short(value)}'",
                f"give {describe(annotation)}",
            ) from None
        number = isinstance(converted, int | float | Decimal) and name not in _BOUNDS
        size = abs(converted) if number else len(converted) if isinstance(converted, str) else 0
        if size > LARGEST:
            raise ProviderError(
                f"argument '{name}' of '{self.name}' is too large", f"use at most {LARGEST}"
            )
        return converted


def method_of(name: str, call: Callable[..., Any], *, own: bool) -> Method:
    """Return a provider's method with its parameters read from its own annotations."""
    module = vars(sys.modules[inspect.unwrap(call).__module__])
    parameters, injected = {}, []
    for parameter in inspect.signature(call).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if own and parameter.name in INJECTED:
            injected.append(parameter.name)
            continue
        annotation = parameter.annotation
        if isinstance(annotation, str):
            # An annotation is source text of a provider's own module, never of a pack.
            annotation = eval(annotation, module)  # noqa: S307
        required = parameter.default is parameter.empty
        parameters[parameter.name] = Parameter(parameter.name, annotation, required)
    return Method(
        name,
        call,
        parameters,
        tuple(injected),
        shape_of(call),
        own,
        known_of(call),
        _type(call, own=own),
    )


def _type(call: Callable[..., Any], *, own: bool) -> str:
    """Return the type of all values that a method draws, as far as it declares it."""
    if own:
        return "time" if draws_times(call) else ""
    drawn = inspect.signature(call).return_annotation
    return "number" if drawn in _NUMBERS else ""


def stock_value(name: str, drawn: object) -> Value:
    """Turn what a stock method returned into a value; raises ProviderError if it cannot be said."""
    if isinstance(drawn, str):
        surface = unicodedata.normalize("NFC", drawn)
        if surface.strip():
            return Value.plain(surface)
        raise ProviderError(
            f"'{name}' drew a blank text", "use a method or argument that says something"
        )
    if isinstance(drawn, bool) or not isinstance(drawn, int | float | Decimal):
        raise ProviderError(
            f"'{name}' draws a {type(drawn).__name__}, not a text or a number",
            "use a method that draws one text or one number",
        )
    if not math.isfinite(drawn):
        raise ProviderError(f"'{name}' drew {drawn}", "use arguments that bound the number")
    surface = str(drawn) if isinstance(drawn, int) else format(Decimal(str(drawn)), "f")
    number = drawn if isinstance(drawn, int) else float(drawn)
    return Value(surface, surface, number)


def _draw_stock(name: str, call: Callable[[], object]) -> Value:
    try:
        drawn = call()
    # Faker checks arguments with whatever exception came to hand.
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        if reason.startswith("empty range"):  # Python's versions say it in different words
            reason = "the lower bound is above the upper one"
        raise ProviderError(
            f"'{name}' cannot draw with these arguments", f"change them: {reason[:120]}"
        ) from error
    return stock_value(name, drawn)


def describe(annotation: Any) -> str:
    """Say in words what an author may write for an annotation.

    >>> describe(int | None)
    'a whole number'
    """
    words = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in words:
        return words[annotation]
    if annotation is Decimal:
        return "a number"
    if origin is typing.Annotated:
        return " ".join((describe(arguments[0]), *map(_limit, arguments[1:]))).strip()
    if origin is Literal:
        return "one of " + ", ".join(str(choice) for choice in arguments)
    if origin in (typing.Union, types.UnionType):
        choices = [describe(choice) for choice in arguments if choice is not type(None)]
        return " or ".join(dict.fromkeys(choices))
    if inspect.isclass(origin) and issubclass(origin, OrderedDict):
        return "a mapping of texts to weights"
    if inspect.isclass(origin) and issubclass(origin, Collection):
        return "a list"
    return "nothing, leave it out"


def _limit(metadata: Any) -> str:
    limits = getattr(metadata, "metadata", (metadata,))
    words = []
    for limit in limits:
        words += [f"of {limit.ge} or more"] if hasattr(limit, "ge") else []
        words += [f"up to {limit.le}"] if hasattr(limit, "le") else []
    return " ".join(words)


@functools.cache
def _adapter(annotation: Any) -> Any:
    from pydantic import TypeAdapter

    parts = typing.get_args(annotation)
    if any(typing.get_origin(part) is Collection for part in parts):
        # Faker's type for things to choose from would take a text for a list of letters.
        annotation = tuple[str, ...] | typing.OrderedDict[str, float]
    return TypeAdapter(annotation)


def _texts(value: object) -> tuple[str, ...]:
    """Return the texts of an argument: itself, or those of a list."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def _instead(text: str, names: Collection[str]) -> str:
    """Word the remedy for a text that is not known: what it could be short for, or is near to."""
    longer = sorted((name for name in names if name.endswith(text)), key=lambda n: (len(n), n))
    if text and longer:
        return f"name one of: {', '.join(longer[:4])}"
    told = nearest(text, names)
    if told.startswith("known"):
        # Of three characters that are wrong in one, two are right.
        close = difflib.get_close_matches(text, sorted(names), n=3, cutoff=0.6)
        told = f"did you mean {' or '.join(map(repr, close))}?" if close else told
    return told


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 30 else text[:29] + "…"
