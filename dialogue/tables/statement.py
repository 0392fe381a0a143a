"""One SQL statement as an author wrote it: its tokens, and where in it something is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from dialogue.problem import Position, Problem, nearest
from dialogue.tables.dates import DATE_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

# Everything here gives the same answer for the same arguments, in every build from SQLite 3.37 on
# (the JSON arrows from 3.38), and touches neither files nor the connection. No printf: a width in
# its format makes one call, which no limit interrupts, run for seconds.
FUNCTIONS = DATE_FUNCTIONS | frozenset(
    """
    abs avg char coalesce count cume_dist dense_rank first_value glob group_concat hex ifnull
    iif instr json json_array json_array_length json_each json_extract json_group_array
    json_group_object json_object json_quote json_tree json_type json_valid lag last_value lead
    length like likelihood likely lower ltrim max min nth_value ntile nullif percent_rank
    quote rank replace round row_number rtrim sign substr substring sum total trim typeof unicode
    unlikely upper -> ->>
    """.split()  # noqa: SIM905
)
CURRENT = frozenset({"current_date", "current_time", "current_timestamp"})

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<text>'(?:[^']|'')*')
    | (?P<blob>[xX]'[0-9a-fA-F]*')
    | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
    | (?P<parameter>[:@$][\w$\x80-\U0010ffff]+|\?[0-9]*)
    | (?P<word>[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)
    | (?P<number>\.?[0-9][\w.]*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of SQL that is neither space nor comment; offsets in code points, line from 1."""

    kind: str
    text: str
    start: int
    end: int
    line: int

    @property
    def name(self) -> str:
        """The identifier without its quotes."""
        if self.kind != "quoted":
            return self.text
        mark = self.text[-1]
        return self.text[1:-1] if mark == "]" else self.text[1:-1].replace(mark * 2, mark)


def tokens(sql: str) -> Iterator[Token]:
    """Split SQL the way SQLite does; what SQLite refuses comes as single characters."""
    line = 1
    for match in _TOKEN.finditer(sql):
        kind = str(match.lastgroup)
        if kind != "space":
            yield Token(kind, match.group(), match.start(), match.end(), line)
        line += match.group().count("\n")


@dataclass(frozen=True)
class Statement:
    """SQL text and `at`, which turns a line of it (from 1) into a place in the pack."""

    sql: str
    at: Callable[[int], Position]

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens without closing semicolons."""
        found = list(tokens(self.sql))
        while found and found[-1].text == ";":
            found.pop()
        return tuple(found)

    @cached_property
    def text(self) -> str:
        """The SQL from its start to its last token, lines as written."""
        return self.sql[: self.tokens[-1].end] if self.tokens else ""

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names written as `:name`, sorted."""
        return tuple(sorted({t.text[1:] for t in self.tokens if t.text[0] == ":" and t.text[1:]}))

    @property
    def is_ordered(self) -> bool:
        """Whether the outermost SELECT has an ORDER BY: all others stand in parentheses."""
        depth = 0
        for token, following in zip(self.tokens, self.tokens[1:], strict=False):
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0 and (token.text.upper(), following.text.upper()) == ("ORDER", "BY"):
                return True
        return False

    @property
    def sources(self) -> tuple[Token, ...]:
        """The names right after FROM and JOIN."""
        return tuple(
            after
            for before, after in zip(self.tokens, self.tokens[1:], strict=False)
            if before.text.upper() in {"FROM", "JOIN"} and after.text != "("
        )

    def line_of(self, name: str) -> int:
        """Return the line where a name stands first, or that of the first token."""
        last = name.rpartition(".")[2].lower()
        for token in self.tokens:
            if token.kind in {"word", "quoted"} and token.name.lower() == last:
                return token.line
        return self.tokens[0].line if self.tokens else 1

    def problem(self, line: int, what: str, fix: str) -> Problem:
        """Return a problem at a line of this SQL."""
        return Problem(self.at(line), what, fix)

    def form_problems(self, parameters: Collection[str]) -> Iterator[Problem]:
        """Find what is no single SELECT, and parameters that nobody binds."""
        if not self.tokens or "\0" in self.sql:
            what = "a NUL character in SQL" if self.tokens else "no statement"
            yield self.problem(1, what, "write one SELECT")
            return
        first = self.tokens[0]
        if first.text.upper() not in {"SELECT", "WITH", "VALUES"}:
            yield self.problem(
                first.line, f"a query starts with '{first.text}'", "write one SELECT"
            )
        for token, following in zip(self.tokens, self.tokens[1:], strict=False):
            if token.text == ";":
                what = f"a second statement starts with '{following.text}'"
                yield self.problem(following.line, what, "write one SELECT")
        for token in self.tokens:
            if token.kind == "parameter":
                yield from self._parameter_problems(token, {*parameters, "now"})

    def _parameter_problems(self, token: Token, known: Collection[str]) -> Iterator[Problem]:
        if token.text[0] != ":":
            what = f"parameter '{token.text}' has no name"
            yield self.problem(token.line, what, "write parameters as :name")
        elif token.text[1:] not in known:
            what = f"unknown parameter '{token.text}'"
            yield self.problem(token.line, what, nearest(token.text[1:], known))

    def clock_problems(self) -> Iterator[Problem]:
        """Find calls of date functions that would read the machine's clock or zone."""
        for index, token in enumerate(self.tokens[:-1]):
            name = token.text.lower()
            if name not in DATE_FUNCTIONS or self.tokens[index + 1].text != "(":
                continue
            arguments = self._arguments(index + 2)
            times = arguments[1:] if name == "strftime" else arguments
            if not times:
                what = f"{name}() without a time reads the machine's clock"
                yield self.problem(token.line, what, "give it a time, such as :now")
            elif times[0] in {"'now'", "'subsec'", "'subsecond'"}:
                what = f"{name}({times[0]}) reads the machine's clock"
                yield self.problem(token.line, what, "write :now in place of it")
            for zone in sorted({"'localtime'", "'utc'"} & set(times[1:])):
                what = f"{zone} in {name}() reads the machine's zone"
                yield self.problem(token.line, what, "leave it out: times are local already")

    def _arguments(self, start: int) -> list[str]:
        found: list[str] = []
        depth = 0
        for token in self.tokens[start:]:
            depth += (token.text == "(") - (token.text == ")")
            if depth < 0:
                break
            if token.text == "," and depth == 0:
                found.append("")
            elif found:
                found[-1] += token.text.lower()
            else:
                found = [token.text.lower()]
        return found

    def quote_problems(self, columns: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
        """Find text in double quotes, which SQLite takes for a name and then silently for text."""
        known = {name.lower() for table in columns for name in (table, *columns[table])}
        known |= {
            after.name.lower()
            for before, after in zip(self.tokens, self.tokens[1:], strict=False)
            if before.text.upper() == "AS" or after.kind == "word"
        }
        for token in self.tokens:
            if token.text[0] == '"' and token.kind == "quoted" and token.name.lower() not in known:
                yield self.problem(
                    token.line,
                    f"{token.text} in double quotes is not a known name",
                    "write text in single quotes, and AS before a new name",
                )

    def function_problem(self, name: str) -> Problem:
        """Word the use of a function that is not in the list."""
        fix = nearest(name, FUNCTIONS - {"->", "->>"})
        if name.lower() in CURRENT:
            fix = "write :now in place of it"
        what = f"function '{name}' is not allowed in SQL"
        return self.problem(self.line_of(name), what, fix)

    def table_problem(self, name: str, columns: Mapping[str, tuple[str, ...]]) -> Problem:
        """Word the use of a table that the pack does not have."""
        return self.problem(self.line_of(name), f"unknown table '{name}'", nearest(name, columns))

    def fault(
        self,
        message: str,
        columns: Mapping[str, tuple[str, ...]],
        complaint: Callable[[str], str],
    ) -> Problem:
        """Word what SQLite says of this SQL; `complaint` asks it about a beginning of it."""
        if match := re.fullmatch(r'near "(.*)": syntax error', message, re.DOTALL):
            near = match[1]
            line = self._syntax_line(near, complaint)
            what = f"syntax error near '{near[:40]}'"
            return self.problem(line, what, f"correct the SQL at or before '{near[:40]}'")
        if match := re.fullmatch(r"no such column: (.*)", message):
            return self._column_problem(match[1], columns)
        if match := re.fullmatch(r"no such table: (?:main\.)?(.*)", message):
            return self.table_problem(match[1], columns)
        if match := re.search(r"(?:use function|no such function): (.*)", message):
            return self.function_problem(match[1])
        if match := re.fullmatch(r"ambiguous column name: (.*)", message):
            line, what = self.line_of(match[1]), f"column '{match[1]}' is in more than one table"
            return self.problem(line, what, f"write the table before it, as in product.{match[1]}")
        if match := re.fullmatch(r'unknown datatype for (.*)\.(.*): "(.*)"', message):
            what = f"column '{match[2]}' of '{match[1]}' has type '{match[3]}'"
            return self.problem(self.line_of(match[2]), what, "use TEXT, INTEGER, REAL or ANY")
        if message == "incomplete input":
            return self.problem(
                self.tokens[-1].line, "the SQL ends too early", "finish the statement"
            )
        if match := re.fullmatch(r'unrecognized token: "(.*)"', message, re.DOTALL):
            mark = match[1][:1]
            lines = [token.line for token in self.tokens if token.text == mark]
            what = f"unrecognized token '{match[1][:40]}'"
            fix = "close the quotation, or remove the character"
            return self.problem(lines[0] if lines else 1, what, fix)
        words = re.findall(r"\w+", message)
        named = [t for t in self.tokens if t.kind in {"word", "quoted"} and t.name in words]
        line = named[-1].line if named else self.line_of("")
        return self.problem(line, message[:99], "correct the SQL")

    def _syntax_line(self, near: str, complaint: Callable[[str], str]) -> int:
        # SQLite names the token, not its place: it is the first one at which a beginning of the
        # SQL cannot be continued any more.
        same = [token for token in self.tokens if token.text == near]
        for token in same:
            if complaint(self.sql[: token.end]).startswith('near "'):
                return token.line
        return same[0].line if same else self.line_of("")

    def _column_problem(self, name: str, columns: Mapping[str, tuple[str, ...]]) -> Problem:
        table, _, column = name.rpartition(".")
        words = {token.name.lower() for token in self.sources}
        tables = [known for known in columns if known.lower() in words]
        if table in columns:
            tables = [table]
        known = {column for table in tables for column in columns[table]}
        fix = nearest(column, known)
        if column in known:
            fix = (
                f"check the name before the dot in '{name}'"
                if table
                else f"join the table of '{name}'"
            )
        return self.problem(self.line_of(name), f"unknown column '{name}'", fix)
