"""Renders a template along every branch and choice, and finds the construct that loses a span."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Undefined, UndefinedError, nodes

from dialogue.failure import RenderError, failure
from dialogue.problem import Problem
from dialogue.rope import LabelledFloat, LabelledInt, RecordRope, Rope, SpanLost, concat
from dialogue.sandbox import STEPS, Environment, Generator
from dialogue.syntax import study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinja2.compiler import Frame

    from dialogue.template import Template

MOST = 256
"""Renderings of one template along its branches and choices."""

CHUNK = 16
PLANES = (range(0x3400, 0x4DC0), range(0x20000, 0x2A6E0))


def alphabet(number: int) -> str:
    """Return the private alphabet of that number: 16 rare characters that no other alphabet has."""
    for plane in PLANES:
        if number < len(plane) // CHUNK:
            start = plane.start + number * CHUNK
            return "".join(map(chr, range(start, start + CHUNK)))
        number -= len(plane) // CHUNK
    raise ValueError("there are 3,082 private alphabets")


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
        for branch in (node, *node.elif_):
            self._ask(branch.test)
        super().visit_If(node, frame)

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:  # noqa: N802
        self._ask(node.test)
        super().visit_CondExpr(node, frame)

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802
        self._loops += 1
        super().visit_For(node, frame)
        self._loops -= 1

    def _ask(self, test: nodes.Expr) -> None:
        number = self.environment.branches
        self.environment.branches += 1
        self._calls[id(test)] = f"environment.branch({number}, {self._loops > 0}, "

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


def _witness(visitor: str, named: Callable[[Any], str]) -> None:
    def visit(self: ProbeGenerator, node: nodes.Expr, *args: Any, **names: Any) -> None:
        usual = getattr(super(ProbeGenerator, self), visitor)
        self.witnessed(named(node), usual, node, args, names)

    setattr(ProbeGenerator, visitor, visit)


_witness("visit_Filter", _filter_name)
_witness("visit_Call", _call_name)
_witness("visit_Getitem", _item_name)
for _visitor, _sign in (
    ("Concat", "~"),
    ("Add", "+"),
    ("Sub", "-"),
    ("Mul", "*"),
    ("Div", "/"),
    ("FloorDiv", "//"),
    ("Mod", "%"),
):
    _witness(f"visit_{_visitor}", lambda node, sign=_sign: f"operator '{sign}'")


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

    def compiled(self, source: str) -> Any:
        """Return the template of this probe."""
        code = compile(study(self, source).code, "<phrasing>", "exec")
        return self.template_class.from_code(self, code, self.globals)

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


def runs(probe: Probe, template: Any, names: Mapping[str, object]) -> Iterator[Run]:
    """Yield a run for each way through the template, those that differ least from the usual first."""
    waiting: deque[list[int]] = deque([[]])
    for _ in range(MOST):
        if not waiting:
            return
        run = probe.rendered(template, names, Run(waiting.popleft()))
        yield run
        waiting.extend(islice(run.others(), MOST))


def variants(template: Template, names: Mapping[str, object]) -> Iterator[Rope]:
    """Yield what the template says along every branch; a branch that the values do not fit is left out."""
    probe = Probe(template.environment)
    said = False
    error = None
    for run in runs(probe, probe.compiled(template.source), names):
        if run.text is not None:
            said = True
            yield run.text
        error = error or run.error
    if error is not None and not said:
        raise error


def audit(
    template: Template,
    names: Callable[[int, int], Mapping[str, object]],
    rows: Sequence[int] = (0, 1, 2),
) -> tuple[Problem, ...]:
    """Return what goes wrong with the spans of a template.

    `names(k, n)` gives the template's names twice, for k = 0 and 1, with `n` rows in each list; every
    text is made of private alphabets, none of them in both. A private character outside its own span is
    a problem, and so is text outside the spans that differs between the two.
    """
    probe = Probe(template.environment)
    compiled = probe.compiled(template.source)
    problems: list[Problem] = []
    misfits: list[Problem] = []
    fitted = False
    for count in rows:
        first, second = names(0, count), names(1, count)
        owners = _owners(first)
        for run in runs(probe, compiled, first):
            if run.error is not None:
                found = Problem(template.at(run.error.line), run.error.what, run.error.fix)
                certain = isinstance(run.error.__cause__, (SpanLost, RuntimeError))
                (problems if certain else misfits if run.natural else []).append(found)
                continue
            fitted = fitted or run.natural
            found = _lost(template, probe, run, owners) or _told(
                template, probe, run, probe.rendered(compiled, second, Run(replay=run))
            )
            problems += [found] if found else []
    return tuple(sorted(set(problems if fitted or problems else misfits)))


def _lost(
    template: Template, probe: Probe, run: Run, owners: Mapping[str, set[Any]]
) -> Problem | None:
    """Return the problem of a private character that is outside a span of its own."""
    stray = _stray(run.text, owners)
    if stray is None:
        return None
    note = next((probe.notes[i] for i, value in run.seen if _stray(value, owners)), None)
    slot = min(owners[stray])[0]
    return _problem(template, note, f"loses the span of slot '{slot}'")


def _told(template: Template, probe: Probe, run: Run, other: Run) -> Problem | None:
    """Return the problem of text outside the spans that depends on the values."""
    if other.text is None or run.text is None:
        return None
    ours, theirs = _outside(run.text), _outside(other.text)
    if ours == theirs or ours[1::2] != theirs[1::2]:
        return None
    pairs = zip(run.seen, other.seen, strict=False)
    note = next((probe.notes[a[0]] for a, b in pairs if _outside(a[1]) != _outside(b[1])), None)
    return _problem(template, note, "says something of a slot outside its span")


def _problem(template: Template, note: Note | None, what: str) -> Problem:
    construct = note.construct if note else "the template"
    where = f" in '{note.file}'" if note and note.file else ""
    line = note.line if note and not note.file else 1
    return Problem(template.at(line), f"{construct}{where} {what}", "print the slot on its own")


def _owners(value: object, owners: dict[str, set[Any]] | None = None) -> dict[str, set[Any]]:
    """Return for each private character the labels that may cover it."""
    owners = {} if owners is None else owners
    if isinstance(value, (LabelledInt, LabelledFloat)):
        value = value.rope
    if isinstance(value, Rope):
        for start, end, label in value.pieces:
            for one in str.__getitem__(value, slice(start, end)):
                if any(ord(one) in plane for plane in PLANES):
                    owners.setdefault(one, set()).add((label.slot, label.part or ""))
        for part in value.parts.values() if isinstance(value, RecordRope) else ():
            _owners(part, owners)
    elif isinstance(value, Mapping):
        for item in value.values():
            _owners(item, owners)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _owners(item, owners)
    return owners


def _stray(value: object, owners: Mapping[str, set[Any]]) -> str | None:
    """Return the first private character of a text, or of a list's texts, that has not its own label."""
    if isinstance(value, (list, tuple)):
        return next(filter(None, (_stray(item, owners) for item in value)), None)
    if not isinstance(value, str):
        return None
    pieces = value.pieces if isinstance(value, Rope) else ()
    names: list[Any] = [None] * len(value)
    for start, end, label in pieces:
        names[start:end] = [(label.slot, label.part or "")] * (end - start)
    for one, name in zip(str.__str__(value), names, strict=True):
        if one in owners and name not in owners[one]:
            return one
    return None


def _outside(value: object) -> list[Any]:
    """Return the text outside the spans, at even places, and the labels between."""
    if isinstance(value, (LabelledInt, LabelledFloat)):
        value = value.rope
    if not isinstance(value, Rope):
        return [value if isinstance(value, (str, int, float)) else None]
    parts: list[Any] = []
    at = 0
    for start, end, label in value.pieces:
        parts += (str.__getitem__(value, slice(at, start)), (label.slot, label.part))
        at = end
    return [*parts, str.__getitem__(value, slice(at, None))]
