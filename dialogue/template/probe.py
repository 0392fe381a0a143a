"""Renders a template along every branch and choice, watching what each construct gives."""

from __future__ import annotations

from collections import deque
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import UndefinedError, nodes

from dialogue.template.failure import RenderError, failure
from dialogue.template.rope import Rope, concat
from dialogue.template.sandbox import STEPS, Environment, Generator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jinja2.compiler import Frame

    from dialogue.template.plain import Plain
    from dialogue.template.template import Template

MOST = 256
"""Renderings of one template along its branches and choices."""

SIGNS = {
    "Concat": "~",
    "Add": "+",
    "Sub": "-",
    "Mul": "*",
    "Div": "/",
    "FloorDiv": "//",
    "Mod": "%",
}


class Note(NamedTuple):
    """An expression of a template as a person would name it."""

    construct: str
    file: str | None
    line: int


class Run:
    """One rendering: which way it goes at each branch and choice, and what it saw."""

    def __init__(self, forced: Sequence[int] = (), replay: Run | None = None) -> None:
        self.forced = replay.taken if replay else forced
        self.tests = iter(replay.booleans) if replay else None
        self.options: list[int] = []
        self.taken: list[int] = []
        self.booleans: list[bool] = []
        self.turned: dict[int, bool | None] = {}
        self.seen: list[tuple[int, Any]] = []
        self.natural = True
        self.text: Rope | None = None
        self.error: RenderError | None = None

    def choose(self, options: int) -> int:
        # 720 orders say the same slots: some, far apart, are enough.
        tried = min(options, 24)
        return self._taken(tried) * options // tried

    def branch(self, number: int, looped: bool, test: Any) -> bool:
        try:
            outcome = bool(test)
        except UndefinedError:
            outcome = False
        if number not in self.turned:
            way = self._taken(3 if looped else 2)
            self.turned[number] = None if not way else (way == 1 if looped else not outcome)
            self.natural = self.natural and not way
        turned = self.turned[number]
        outcome = outcome if turned is None else turned
        if self.tests is not None:
            outcome = next(self.tests, outcome)
        self.booleans.append(outcome)
        return outcome

    def _taken(self, options: int) -> int:
        place = len(self.taken)
        way = min(self.forced[place], options - 1) if place < len(self.forced) else 0
        self.options.append(options)
        self.taken.append(way)
        return way

    def others(self) -> Iterator[list[int]]:
        """Yield each way to differ from this run for the first time after what was forced."""
        for place in range(len(self.forced), len(self.taken)):
            for way in range(1, self.options[place]):
                yield [*self.taken[:place], way]


class ProbeGenerator(Generator):
    """Generates code that asks which way to go at each test and shows what each construct gives."""

    environment: Probe
    _loops = 0

    def visit_If(self, node: nodes.If, frame: Frame) -> None:  # noqa: N802 - Jinja2's name
        self._ask(node.test)
        for other in node.elif_:
            self._ask(other.test)
        super().visit_If(node, frame)

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:  # noqa: N802
        self._ask(node.test)
        super().visit_CondExpr(node, frame)

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802
        self._loops += 1
        super().visit_For(node, frame)
        self._loops -= 1

    def _ask(self, test: nodes.Node) -> None:
        number = self.environment.branches
        self.environment.branches += 1
        self.wrap(test, f"environment.branch({number}, {self._loops > 0}, ")

    def witnessed(
        self, construct: str, visit: Callable[..., None], node: nodes.Expr, args: Any, named: Any
    ) -> None:
        """Write an expression so that the probe sees its value."""
        self.environment.notes.append(Note(construct, self.name, node.lineno))
        self.write(f"environment.witness({len(self.environment.notes) - 1}, ")
        visit(node, *args, **named)
        self.write(")")


def _filter_name(node: Any) -> str:
    return f"filter '{node.name}'"


def _call_name(node: Any) -> str:
    called = node.node
    if isinstance(called, nodes.Getattr):
        return f"method '.{called.attr}()'"
    return f"call of '{getattr(called, 'name', '…')}'"


def _item_name(node: Any) -> str:
    return "a slice" if isinstance(node.arg, nodes.Slice) else "an item in brackets"


def _operator_name(node: nodes.Node) -> str:
    return f"operator '{SIGNS[type(node).__name__]}'"


def _witness(visitor: str, named: Callable[[Any], str]) -> None:
    def visit(self: ProbeGenerator, node: nodes.Expr, *args: Any, **names: Any) -> None:
        usual = getattr(super(ProbeGenerator, self), visitor)
        self.witnessed(named(node), usual, node, args, names)

    setattr(ProbeGenerator, visitor, visit)


_witness("visit_Filter", _filter_name)
_witness("visit_Call", _call_name)
_witness("visit_Getitem", _item_name)
for _visitor in SIGNS:
    _witness(f"visit_{_visitor}", _operator_name)


class Probe(Environment):
    """An environment whose templates go the way that a run says."""

    code_generator_class = ProbeGenerator

    def __init__(self, environment: Environment) -> None:
        self.branches = 0
        self.notes: list[Note] = []
        self.run = Run()
        super().__init__(environment.folder)
        self.filters = environment.filters
        self.tests = environment.tests

    def branch(self, number: int, looped: bool, test: Any) -> bool:
        return self.run.branch(number, looped, test)

    def witness(self, number: int, value: Any) -> Any:
        self.run.seen.append((number, value))
        return value

    def rendered(self, template: Any, names: Mapping[str, object], run: Run) -> Run:
        """Return the run with its text, or its error."""
        self.run, self.left, self.choose = run, STEPS, run.choose
        context = template.new_context()
        context.parent = names
        rendering = template.root_render_func(context)
        try:
            run.text = concat(rendering)
        except Exception as error:
            run.error = failure(error, names, rendering)
            run.error.__cause__ = error
        return run


def runs(rendered: Callable[[Run], Run]) -> Iterator[Run]:
    """Yield a run for each way through a template, the usual one first."""
    waiting: deque[list[int]] = deque([[]])
    for _ in range(MOST):
        if not waiting:
            return
        run = rendered(Run(waiting.popleft()))
        yield run
        waiting.extend(islice(run.others(), MOST))


def variants(template: Template, names: Mapping[str, object]) -> Iterator[Rope]:
    """Yield what the template says along every branch that the values fit."""
    probe = Probe(template.environment)
    said = False
    error = None
    for run in runs(partial(probe.rendered, probe.compiled(template.source), names)):
        if run.text is not None:
            said = True
            yield run.text
        error = error or run.error
    if error is not None and not said:
        raise error


def choices(quick: Plain, names: Mapping[str, object]) -> Iterator[Rope]:
    """Yield what a phrasing without branches says by each of its choices."""

    def rendered(run: Run) -> Run:
        run.text = quick.render(names, run.choose)
        return run

    return (run.text for run in runs(rendered) if run.text is not None)
