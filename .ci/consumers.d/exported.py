"""What was exported, as the checks compare it with what a consumer read."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sessions import ALL, CALLS, LAST, items, lines, lost, sessions, taught
from turns import Turn, Wrong, learned, missing, offered, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from turns import Row

CHATS = "call", "reply"


@dataclass(frozen=True, slots=True)
class File:
    """The rows of one task and split; `loss` and `losses` are what the manifest says of them."""

    directory: Path
    path: Path
    rows: list[Row]
    loss: str
    losses: int

    @property
    def task(self) -> str:
        return self.path.parent.name

    @property
    def split(self) -> str:
        return self.path.stem

    def fail(self, index: int, what: str) -> NoReturn:
        fail(f"{self.path}:{index + 1}: {what}")

    def same(self, index: int, what: str, got: object, want: object) -> None:
        """End the check if a consumer made something else of a row."""
        if got != want:
            self.fail(index, f"{what} differ\n  read     {got!r}\n  exported {want!r}")

    def compare(
        self,
        read: Iterable[Row],
        tokens: Any,
        taught: Callable[[Row], list[Turn]],
        said: Callable[[Row], Iterable[str]],
        *,
        masks: bool = True,
    ) -> int:
        """Compare all rows with the tokens and labels that a consumer made of them; count them.

        `taught` are the turns of a row that must be learned, `said` all texts that must be seen,
        in order. `masks` is False for a consumer that teaches all turns whatever rows say.
        """
        kept = list(read)
        if len(kept) != len(self.rows):  # loaders drop rows with a line in the log at most
            fail(f"{self.path}: {len(kept)} of {len(self.rows)} rows were kept")
        turns = [self._row(index, got, tokens, taught, said) for index, got in enumerate(kept)]
        if self.task in CHATS:
            if masks:
                self._masked(turns)
            self._whole(turns)
        return len(kept)

    def _row(
        self,
        index: int,
        read: Row,
        tokens: Any,
        taught: Callable[[Row], list[Turn]],
        said: Callable[[Row], Iterable[str]],
    ) -> list[Turn]:
        row = self.rows[index]
        try:
            turns = learned(read, tokens)
            self.same(index, "the turns taught", turns, taught(row))
        except Wrong as wrong:
            self.fail(index, str(wrong))
        if not turns:
            self.fail(index, "nothing is taught")
        text = tokens.decode(read["input_ids"])
        self.same(index, "the tools shown", shown(text), offered(row))
        unseen = missing(text, said(row))
        if unseen is not None:
            self.fail(index, f"the model never sees {unseen!r}")
        return turns

    def _masked(self, rows: list[list[Turn]]) -> None:
        """Look whether no more is taught than the task and --loss say."""
        for index, turns in enumerate(rows):
            if (self.task == "call" or self.loss == LAST) and len(turns) != 1:
                self.fail(index, f"{len(turns)} turns are taught, not one")
            if (self.task == "call" or self.loss == CALLS) and not all(t.calls for t in turns):
                self.fail(index, "a turn without a call is taught")

    def _whole(self, turns: list[list[Turn]]) -> None:
        """Compare what all rows teach with what the bot says and calls in the sessions."""
        found = items(turns, self.task, self.loss)
        every = sessions(self.directory, self.split)
        wanted = [taught(session, self.task, self.loss) for session in every]
        if self.task == "call" or self.loss == CALLS:  # one call may be lost without the others
            wanted = [[one] for some in wanted for one in some]
        left_out, unknown = lost(found, wanted)
        if unknown:
            fail(f"{self.path}: what no session teaches in this place: {unknown[0]!r}")
        if left_out > self.losses:
            fail(f"{self.path}: lacks {left_out} sessions, the manifest tells {self.losses}")


def fail(what: str) -> NoReturn:
    raise SystemExit(f"FAILED {what}")


def directories() -> list[Path]:
    """Return the datasets named on the command line."""
    return [Path(name) for name in sys.argv[1:]] or fail("name a dataset that was exported")


def exports(directory: Path, kind: str) -> Row:
    """Return what the manifest says of a format."""
    return manifest(directory)["exports"].get(kind) or fail(f"{directory}: no export to {kind}")


def manifest(directory: Path) -> Row:
    read: Row = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    return read


def files(directory: Path, kind: str) -> list[File]:
    """Read `DIR/<format>/<task>/<split>.jsonl`, every one that the manifest lists."""
    made = exports(directory, kind)
    found = []
    for name, count in made["rows"].items():
        path = directory / kind / name
        rows = list(lines(path))
        if len(rows) != count:
            fail(f"{path}: {len(rows)} rows, the manifest tells {count}")
        found.append(described(directory, path, rows, made))
    return found


def described(directory: Path, path: Path, rows: list[Row], made: Row) -> File:
    """Return the rows of a file with what the manifest says of its format."""
    loss = made["options"].get("loss", ALL)  # told only where it decides anything
    return File(directory, path, rows, loss, sum(made["losses"].values()))


def passed(consumer: str, package: str, rows: int, *more: str) -> None:
    """Print the one line that a check ends in."""
    sys.stdout.write(f"OK {consumer} {version(package)}: {', '.join([f'{rows:,} rows', *more])}\n")
