"""The Jinja2 that phrasings run in: strict, bounded, confined to the pack's folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MethodType
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, Undefined, nodes
from jinja2 import Template as JinjaTemplate
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner, Namespace, missing

from dialogue.template import choice
from dialogue.template.display import show
from dialogue.template.filters import FILTERS
from dialogue.template.label import LONGEST, TooLong
from dialogue.template.rope import RecordRope, Rope, concat

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jinja2.environment import TemplateModule

STEPS = 10_000
"""Loop turns and calls that one rendering may take in all."""

TEXT_METHODS = frozenset(
    name for name in dir(str) if name[0] != "_" and name not in ("encode", "maketrans")
)
ATTRIBUTES: tuple[tuple[type | tuple[type, ...], frozenset[str]], ...] = (
    (str, TEXT_METHODS),
    ((list, tuple), frozenset({"count", "index", "grouper", "list"})),
)
OPEN = (BlockReference, Cycler, Joiner, LoopContext, Macro, Namespace, TemplateReference)


class TooManySteps(RuntimeError):  # noqa: N818 - it names what happened
    """Raised by a rendering that takes more than `STEPS` steps."""


class Folder(BaseLoader):
    """Loads included files of a pack, none outside its folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = None if folder is None else folder.resolve()

    def get_source(
        self,
        environment: object,  # noqa: ARG002 - Jinja2's signature
        template: str,
    ) -> tuple[str, str, Callable[[], bool] | None]:
        if self._folder is None:
            raise TemplateNotFound(template)
        path = (self._folder / template).resolve()
        if not path.is_relative_to(self._folder) or not path.is_file():
            raise TemplateNotFound(template)
        text = path.read_text(encoding="utf-8")
        return unicodedata.normalize("NFC", text), str(path), None


class Generator(CodeGenerator):
    """Generates code that prints with labels and counts the turns of its loops."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.free: set[str] = set()
        self._calls: dict[int, tuple[nodes.Node, str]] = {}

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        self.free.update(
            str(name) for action, name in frame.symbols.loads.values() if action == VAR_LOAD_RESOLVE
        )

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("show = environment.show")

    def _output_child_pre(self, *_: Any) -> None:
        self.write("show(")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja2's name
        self.write("concat((")
        for item in node.nodes:
            self.write("show(")
            self.visit(item, frame)
            self.write("), ")
        self.write("))")

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802
        self.wrap(node.iter, "environment.counted(")
        super().visit_For(node, frame)

    def wrap(self, node: nodes.Node, call: str) -> None:
        """Have a call written round a node; the node is kept, for its id must stay its own."""
        self._calls[id(node)] = (node, call)

    def visit(self, node: nodes.Node, *args: Any, **named: Any) -> Any:
        _, call = self._calls.get(id(node), (None, None))
        if call is None:
            return super().visit(node, *args, **named)
        self.write(call)
        super().visit(node, *args, **named)
        self.write(")")
        return None


class Scope(Context):
    """A context that reads the caller's mapping as it is, and after it the environment's names."""

    def resolve_or_missing(self, key: str) -> Any:
        if self.vars and key in self.vars:
            return self.vars[key]
        value = self.parent.get(key, missing)
        return self.environment.globals.get(key, missing) if value is missing else value

    def get_all(self) -> dict[str, Any]:
        return {**self.environment.globals, **self.parent, **self.vars}


class Included(JinjaTemplate):
    """A template whose module is made anew for each import, for it may draw."""

    def _get_default_module(self, *_: Any) -> TemplateModule:
        return self.make_module()


class Environment(ImmutableSandboxedEnvironment):
    """The environment of one pack folder; it renders one template at a time."""

    code_generator_class = Generator
    context_class = Scope
    template_class = Included
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    concat = staticmethod(concat)
    show = staticmethod(show)

    def __init__(self, folder: Path | None = None) -> None:
        self.files = Folder(folder)
        super().__init__(
            loader=self.files,
            undefined=StrictUndefined,
            autoescape=False,
            auto_reload=False,
            cache_size=-1,
        )
        self.folder = folder
        self.filters = dict(FILTERS)
        self.globals = {
            "cycler": Cycler,
            "dict": dict,
            "joiner": Joiner,
            "namespace": Namespace,
            "order": self.order,
            "pick": self.pick,
            "range": self.range,
        }
        self.left = STEPS
        self.choose: Callable[[int], int] = choice.first

    def compiled(self, source: str, written: str = "") -> JinjaTemplate:
        """Return the template of a source; `written` is its Python where that is known."""
        name = "<phrasing>"
        code = compile(written, name, "exec") if written else self.compile(source, filename=name)
        return self.template_class.from_code(self, code, self.globals)

    # What a phrasing may leave to chance.

    def pick(self, *options: object) -> object:
        return choice.pick(self.choose, options)

    def order(
        self, *items: object, sep: object = "", labels: Mapping[str, object] | None = None
    ) -> Rope:
        return choice.order(self.choose, items, sep, labels)

    # Bounds.

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooManySteps(f"more than {STEPS:,} loop steps")

    def counted(self, items: Any) -> Any:
        """Return the items of a loop once they are paid for."""
        if isinstance(items, Undefined):
            iter(items)
        if not hasattr(items, "__len__"):
            items = self._taken(items)
        else:
            self.spend(len(items))
        return items

    def _taken(self, items: Any) -> list[Any]:
        taken = []
        for item in items:
            self.spend()
            taken.append(item)
        return taken

    def range(self, *bounds: int) -> range:
        numbers = range(*bounds)
        self.spend(len(numbers))
        return numbers

    def call_binop(self, _: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            raise SecurityError("power is not allowed")
        if operator == "*":
            for items, times in ((left, right), (right, left)):
                if isinstance(items, (str, list, tuple)) and len(items) * int(times) > LONGEST:
                    raise TooLong(f"'*' repeats to more than {LONGEST:,} items")
        if operator in "+%*" and type(left) is str:
            left = Rope(left)
        made = self.binop_table[operator](left, right)
        if isinstance(made, (list, tuple)) and len(made) > LONGEST:
            raise TooLong(f"'{operator}' gives more than {LONGEST:,} items")
        if isinstance(made, int) and abs(made) >= 1 << 63:
            raise TooLong(f"'{operator}' gives too large a number")
        return made

    def call(__self, __context: Context, __obj: Any, *args: Any, **named: Any) -> Any:  # noqa: N805
        __self.spend()
        if isinstance(__obj, MethodType) and isinstance(__obj.__self__, (Rope, Environment)):
            # Only methods that is_safe_attribute allows, and pick and order, are ever reached.
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return __obj(*args, **named)
        if isinstance(__obj, LoopContext) and args:
            args = (__self.counted(args[0]), *args[1:])
        return super().call(__context, __obj, *args, **named)

    def _load_template(self, name: str, globals: Any) -> JinjaTemplate:  # noqa: A002
        self.spend()
        return super()._load_template(name, globals)

    # Attributes: what is written after a dot, or in brackets.

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind is RecordRope and attribute in obj.parts:
            return obj.parts[attribute]
        if kind is dict or isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, Undefined):
            return getattr(obj, attribute)
        if not self.is_safe_attribute(obj, attribute, None):
            return self.undefined(obj=obj, name=attribute)
        try:
            if isinstance(obj, TemplateReference):
                return obj[attribute]
            return getattr(Rope(obj) if type(obj) is str else obj, attribute)
        except (AttributeError, KeyError):
            return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, RecordRope) and isinstance(argument, str):
            return self.getattr(obj, argument)
        try:
            return obj[argument]
        except (AttributeError, TypeError, LookupError):
            if isinstance(argument, str):
                return self.getattr(obj, str.__str__(argument))
        return self.undefined(obj=obj, name=argument)

    def is_safe_attribute(self, obj: Any, attr: str, _: Any) -> bool:
        if attr.startswith("_"):
            return False
        for kinds, allowed in ATTRIBUTES:
            if isinstance(obj, kinds):
                return attr in allowed
        return isinstance(obj, OPEN) or type(obj).__name__ == "TemplateModule"

    def wrap_str_format(self, _: Any) -> None:
        """Return nothing: a rope's own `format` looks inside no value."""
