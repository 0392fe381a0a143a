"""The command line as a whole: what people are told when something fails, and how it ends."""

from __future__ import annotations

import errno
import sys
from contextlib import suppress
from typing import IO, Any

import click

from dialogue.problem import ContentError

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


class Failure(click.ClickException):
    """What went wrong and what to do about it: the content or the machine, exit code 1."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}\n  fix: {fix}")

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it; names of files come from outside, so what they hide is spelled out."""
        from dialogue.report import visible

        for line in self.message.split("\n"):
            click.echo(visible(line), file=file, err=True)


class Misuse(Failure):
    """A command that cannot be carried out as it was given."""

    exit_code = 2


class Interrupted(Failure):
    """A run that somebody ended."""

    exit_code = 130


class Program(click.Group):
    """The commands; errors that a person can mend end here, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and word what it raises."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a terminal that lacks a character gets its code
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except ContentError as error:
            _show_problems(error)
            raise click.exceptions.Exit(1) from None
        except BrokenPipeError:
            _give_up_output()
            raise click.exceptions.Exit(0) from None  # nobody reads on: that is no error
        except OSError as error:
            if error.filename is None:
                _give_up_output()
            raise _worded(error) from None
        except KeyboardInterrupt:
            raise Interrupted("interrupted", "run the same command again") from None


def _show_problems(error: ContentError) -> None:
    from dialogue import report

    report.problems(report.console(sys.stderr), error.problems)


def _give_up_output() -> None:
    """Let go of what is still to be written, or Python fails on it again when it ends."""
    from dialogue import report

    with suppress(OSError):  # no file is behind it
        report.silence(sys.stdout)


def _worded(error: OSError) -> Failure:
    if isinstance(error, ChildProcessError):
        return Failure(str(error), "run the same command to continue, with fewer --workers")
    place = f"'{error.filename}'" if error.filename else "standard output"
    what = f"{place}: {(error.strerror or str(error)).lower()}"
    if error.errno not in _FULL:
        return Misuse(what, "choose a place that can be read and written")
    if error.filename is None:
        return Failure(what, "make room, or write to another place")
    return Failure(what, "make room and run the same command to continue, or choose another -o")
