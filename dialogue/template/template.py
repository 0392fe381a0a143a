"""Phrasings: Jinja2 text that renders to a rope, and what is known of one before that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.problem import ContentError, Position, Problem
from dialogue.template.choice import first
from dialogue.template.failure import failure
from dialogue.template.glance import glance
from dialogue.template.probe import choices, variants
from dialogue.template.rope import Rope, concat
from dialogue.template.sandbox import STEPS, Environment
from dialogue.template.syntax import Literal, Syntax, study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jinja2 import Template as JinjaTemplate


class Template:
    """One compiled phrasing.

    `names` are the free names it reads, `reads` the same with the parts and columns behind the
    dots, `literals` the text that the author typed; `at` turns a line of it into a place.
    """

    __slots__ = (
        "_context",
        "_root",
        "_syntax",
        "_template",
        "at",
        "environment",
        "source",
    )

    def __init__(
        self,
        environment: Environment,
        source: str,
        at: Callable[[int], Position],
        syntax: Syntax,
    ) -> None:
        self.environment = environment
        self.source = source
        self.at = at
        self._syntax = syntax
        self._root: Any = None
        self._context: Any = None
        self._template: JinjaTemplate | None = None

    @property
    def names(self) -> frozenset[str]:
        return self._syntax.names

    @property
    def reads(self) -> frozenset[tuple[str, ...]]:
        return self._syntax.reads

    @property
    def literals(self) -> tuple[Literal, ...]:
        return self._syntax.literals

    def render(self, names: Mapping[str, object], choose: Callable[[int], int]) -> Rope:
        """Return the text with its labels; `choose(n)` draws a number below n."""
        environment = self.environment
        quick = self._syntax.plain
        if quick is not None:
            text = quick.render(names, choose)
            if text is not None:
                return text
        environment.choose = choose
        environment.left = STEPS
        if self._root is None:
            self._compile()
        # Making a context costs more than rendering: one is kept, and emptied before each use.
        context = self._context
        if context is None:
            context = self._template.new_context()  # type: ignore[union-attr]
        elif context.vars:
            context.vars.clear()
            context.exported_vars.clear()
        context.parent = names
        rendering = self._root(context)
        try:
            return concat(rendering)
        except Exception as error:
            raise failure(error, names, rendering) from error

    def variants(self, names: Mapping[str, object]) -> Iterator[Rope]:
        """Yield the text along every branch and every choice, 256 at most, always the same."""
        quick = self._syntax.plain
        if quick is None:
            return variants(self, names)
        if not quick.picks:
            return iter((self.render(names, first),))
        if quick.loops or quick.render(names, first) is None:
            return variants(self, names)
        return choices(quick, names)

    def _compile(self) -> None:
        template = self._template = self.environment.compiled(self.source, self._syntax.code)
        self._context = None if self._syntax.extends else template.new_context()
        self._root = template.root_render_func


def compile_template(
    environment: Environment, source: str, at: Callable[[int], Position]
) -> Template:
    """Return the template, or raise every mistake that can be found without values."""
    syntax = glance(environment, source) or study(environment, source)
    if syntax.mistakes:
        raise ContentError(Problem(at(line), what[:99], fix) for line, what, fix in syntax.mistakes)
    return Template(environment, source, at, syntax)
