"""What a template's syntax tree says: its names, reads, literals and mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import TemplateNotFound, TemplateSyntaxError, nodes

from dialogue.problem import nearest
from dialogue.template.filters import REFUSED
from dialogue.template.plain import Plain, plain

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from dialogue.template.sandbox import Environment

Path = tuple[str, ...]

LOOKUPS = {
    *("dictsort", "groupby", "max", "min", "reject", "rejectattr", "select", "selectattr"),
    *("sort", "sum", "unique"),
}
SEARCHES = {
    *("count", "endswith", "expandtabs", "find", "index", "lstrip", "partition", "removeprefix"),
    *("removesuffix", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split"),
    *("splitlines", "startswith", "strip", "trim"),
}
DEEP, WIDE = "\n" + " " * 48, 2000
SHORT = 200  # in so few characters nothing is nested too deeply
SAYING = {"d", "default", "format", "join"}
HINTS = (
    ("expected 'end of print statement'", "close the expression with '}}'"),
    ("expected 'end of statement block'", "close the tag with '%}'"),
    ("unexpected end of template", "close it with its '{% end… %}' tag"),
    ("encountered unknown tag", "use if, for, set, macro, call, filter, with or include"),
    ("unexpected char", "take the character out, or put quotes round the text"),
    ("expected token 'end of print statement'", "close the expression with '}}'"),
    ("expected token 'end of statement block'", "close the tag with '%}'"),
    ("unexpected end of file", "close what was opened"),
)


class Literal(NamedTuple):
    """A piece of text that the author typed and that can be printed."""

    text: str
    line: int


class Mistake(NamedTuple):
    """Something in a template that can never work, with the line in it."""

    line: int
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Syntax:
    """What is known of a template without rendering it.

    `plain` is a quicker way to render it where there is one; `code` is the Python that it becomes,
    where that was needed to know it.
    """

    names: frozenset[str]
    reads: frozenset[Path]
    literals: tuple[Literal, ...]
    mistakes: tuple[Mistake, ...]
    extends: bool
    plain: Plain | None = None
    code: str = ""


def study(environment: Environment, source: str, seen: frozenset[str] = frozenset()) -> Syntax:
    """Return the syntax of a template and of the files it includes; mistakes are not raised."""
    try:
        tree = environment.parse(source)
        found = [*tree.find_all(nodes.Node)]
        mistakes = [*_mistakes(environment, found)]
        # Before code is generated, which folds constants in the tree.
        reads, said, quick = set(_reads(tree)), list(_literals(tree)), plain(tree)
        free, code = set[str](), ""
        if quick is not None and len(source) <= SHORT:
            free = set(_free(tree.body))
        elif not mistakes:
            free, code = _generated(environment, tree)
    except TemplateSyntaxError as error:
        return _broken(Mistake(error.lineno, _lowered(error.message or ""), _hint(error.message)))
    except (RecursionError, MemoryError, SyntaxError):
        return _broken(Mistake(1, "nested too deeply", "write a simpler template"))
    free -= environment.globals.keys()
    mistakes += _unknown_calls(environment, found, free)
    reads = {path for path in reads if path[0] in free}
    for node, name in _files(found):
        if name in seen:
            continue
        try:
            text = environment.files.get_source(environment, name)[0]
        except (TemplateNotFound, UnicodeDecodeError):
            text = ""
        inner = study(environment, text, seen | {name})
        mistakes += (
            Mistake(node.lineno, f"'{name}' line {line}: {what}", fix)
            for line, what, fix in inner.mistakes
        )
        said += (Literal(literal.text, node.lineno) for literal in inner.literals)
        if getattr(node, "with_context", True):
            bound = {one.name for one in found if isinstance(one, nodes.Name) and one.ctx != "load"}
            free |= inner.names - bound
            reads |= {path for path in inner.reads if path[0] not in bound}
    return Syntax(
        frozenset(free),
        frozenset(reads),
        tuple(said),
        tuple(mistakes),
        any(isinstance(node, nodes.Extends) for node in found),
        quick,
        code,
    )


def _free(body: list[nodes.Node], bound: Container[str] = ()) -> Iterator[str]:
    """Yield the free names of a plain template, whose code can wait until it is needed."""
    for node in body:
        if isinstance(node, nodes.For):
            yield from _free([node.iter], bound)
            yield from _free(node.body, {node.target.name, "loop"})  # type: ignore[attr-defined]
        else:
            yield from (path[0] for path in _reads(node) if path[0] not in bound)


def _generated(environment: Environment, tree: nodes.Template) -> tuple[set[str], str]:
    """Return the free names of the Python that a tree becomes, and it; raises what Python says."""
    generator = environment.code_generator_class(environment, None, None)
    generator.visit(tree)
    code = generator.stream.getvalue()  # type: ignore[attr-defined]
    # Python's own limits of nesting: what is far from them is compiled when it is needed.
    if DEEP in code or max(map(len, code.split("\n"))) > WIDE:
        compile(code, "<phrasing>", "exec")
    return set(generator.free), code


def _broken(mistake: Mistake) -> Syntax:
    return Syntax(frozenset(), frozenset(), (), (mistake,), False)


def _lowered(message: str) -> str:
    message = message.partition("\n")[0].rstrip(".")
    short = message.partition(". ")[0]
    return (short[:1].lower() + short[1:])[:99]


def _hint(message: str | None) -> str:
    lowered = (message or "").lower()
    for start, fix in HINTS:
        if start in lowered:
            return fix
    return "correct the Jinja2 syntax of the template"


def _mistakes(environment: Environment, found: Iterable[nodes.Node]) -> Iterator[Mistake]:
    for node in found:
        if isinstance(node, (nodes.Filter, nodes.Test)):
            yield from _unknown_filters(environment, node)
        elif isinstance(node, nodes.Pow):
            yield Mistake(node.lineno, "power '**' is not allowed", "write the number")
        elif isinstance(node, (nodes.Getattr, nodes.Getitem)):
            name = node.attr if isinstance(node, nodes.Getattr) else _constant(node.arg)
            if isinstance(name, str) and name.startswith("_"):
                yield Mistake(
                    node.lineno, f"'{name}' is private", "name a slot, a part or a column"
                )
        elif isinstance(node, nodes.EvalContextModifier):
            yield Mistake(node.lineno, "'autoescape' is not allowed", "leave the tag out")
        elif isinstance(node, (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            yield from _unknown_files(environment, node)


def _unknown_filters(
    environment: Environment, node: nodes.Filter | nodes.Test
) -> Iterator[Mistake]:
    args = [_constant(item) for item in node.args or ()]
    used = [("filter" if isinstance(node, nodes.Filter) else "test", node.name)]
    if isinstance(node, nodes.Filter):
        place = {"map": 0, "select": 0, "reject": 0, "selectattr": 1, "rejectattr": 1}.get(
            node.name
        )
        if place is not None and len(args) > place and isinstance(args[place], str):
            used.append(("filter" if node.name == "map" else "test", args[place]))
    for kind, name in used:
        if kind == "filter" and name in REFUSED:
            yield Mistake(node.lineno, f"filter '{name}' is not allowed", REFUSED[name])
        elif name not in (known := environment.filters if kind == "filter" else environment.tests):
            yield Mistake(node.lineno, f"unknown {kind} '{name}'", nearest(name, known))


def _unknown_files(environment: Environment, node: Any) -> Iterator[Mistake]:
    names = _constant(node.template)
    names = [names] if isinstance(names, str) else names
    kind = type(node).__name__.lower().replace("fromimport", "import")
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        yield Mistake(node.lineno, f"{kind} needs the name of a file", "write it in quotes")
        return
    missing = []
    for name in names:
        try:
            environment.files.get_source(environment, name)
        except TemplateNotFound:
            missing.append(name)
        except UnicodeDecodeError:
            yield Mistake(node.lineno, f"'{name}' is not UTF-8", "save the file as UTF-8")
    optional = getattr(node, "ignore_missing", False) or len(missing) < len(names)
    if missing and not optional:
        yield Mistake(
            node.lineno,
            f"no file '{missing[0]}' in the pack",
            "name a file in the folder of the pack",
        )


def _unknown_calls(
    environment: Environment, found: Sequence[nodes.Node], free: set[str]
) -> Iterator[Mistake]:
    for node in found:
        if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
            continue
        name = node.node.name
        if name in free:
            macros = {macro.name for macro in found if isinstance(macro, nodes.Macro)}
            known = environment.globals.keys() | macros
            yield Mistake(node.lineno, f"unknown function '{name}'", nearest(name, known))


def _files(found: Iterable[nodes.Node]) -> Iterator[tuple[nodes.Node, str]]:
    for node in found:
        if not isinstance(node, (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            continue
        names = _constant(node.template)
        for name in [names] if isinstance(names, str) else names or ():
            if isinstance(name, str):
                yield node, name


def _constant(node: nodes.Expr) -> Any:
    try:
        return node.as_const(nodes.EvalContext(node.environment)) if node.environment else None
    except Exception:
        return None


def _path(node: nodes.Node) -> Path | None:
    if isinstance(node, nodes.Name):
        return (node.name,) if node.ctx == "load" else None
    if isinstance(node, nodes.Getattr):
        path = _path(node.node)
        return path and (*path, node.attr)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        path = _path(node.node)
        # A number picks a row; the path goes on with the row's columns.
        return path and ((*path, node.arg.value) if isinstance(node.arg.value, str) else path)
    return None


def _reads(node: nodes.Node) -> Iterator[Path]:
    path = _path(node)
    if path is not None:
        yield path
        return
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        yield from _reads(node.node.node)  # what is behind the last dot is a method
        for item in node.iter_child_nodes(exclude=("node",)):
            yield from _reads(item)
        return
    for item in node.iter_child_nodes():
        yield from _reads(item)


def _literals(node: nodes.Node, *, numbers: bool = True) -> Iterator[Literal]:
    """Yield what the author typed, leaving out what is only looked up, compared or counted with."""
    if isinstance(node, nodes.TemplateData):
        yield Literal(node.data, node.lineno)
    elif isinstance(node, nodes.Const):
        said = str if not numbers or isinstance(node.value, bool) else (str, int, float)
        if isinstance(node.value, said):
            yield Literal(str(node.value), node.lineno)
    elif isinstance(node, (nodes.Filter, nodes.Call)):
        inner = node.node
        if inner is not None:
            yield from _literals(inner, numbers=numbers)
        called = node if isinstance(node, nodes.Filter) else inner
        name = str(getattr(called, "attr", "") or getattr(called, "name", ""))
        numbers = name in SAYING or isinstance(inner, nodes.Name)
        for item in _arguments(node, name):
            yield from _literals(item, numbers=numbers and name != "range")
    else:
        numbers = isinstance(node, nodes.Output) or (
            numbers and not isinstance(node, nodes.BinExpr)
        )
        for item in _printable(node):
            yield from _literals(item, numbers=numbers)


def _printable(node: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(node, (nodes.Compare, nodes.Test)):
        return
    if isinstance(node, nodes.Getitem):
        inner = node.node
        yield from (
            (pair.value for pair in inner.items) if isinstance(inner, nodes.Dict) else (inner,)
        )
    elif isinstance(node, nodes.Keyword) and isinstance(node.value, nodes.Dict):
        yield from (pair.value for pair in node.value.items)  # the labels of order()
    else:
        yield from node.iter_child_nodes(exclude=("test", "template"))


def _arguments(node: nodes.Filter | nodes.Call, name: str) -> Iterator[nodes.Node]:
    args: list[nodes.Expr] = list(node.args or ())
    named: list[Any] = list(node.kwargs or ())
    if name in SEARCHES:
        return
    if name in LOOKUPS or name == "map":
        yield from args[1:] if name == "map" else ()
        yield from (item for item in named if item.key == "default" or (name == "map" and args))
        return
    yield from args[1:] if name == "replace" else args
    yield from named
