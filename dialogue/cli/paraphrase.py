"""`dialogue paraphrase`: phrasings reworded by a model or by people, checked and added."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dialogue.cli.options import example, exists
from dialogue.cli.program import Failure, Interrupted, Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.paraphrase.context import Pack
    from dialogue.paraphrase.manuscript import Manuscript
    from dialogue.paraphrase.round import Round
    from dialogue.paraphrase.sources.source import Source
    from dialogue.problem import Problem

_TOOL = click.Choice(["labelstudio"])
_AGAIN = "run the same command to continue: answers that came are kept"


@click.command(
    epilog=example(
        "dialogue paraphrase units/retail/delivery_time.yaml --model qwen3 --dry-run",
        "dialogue paraphrase units/retail -n 40 --base-url http://localhost:8000/v1",
        "dialogue paraphrase units/retail/gift.yaml --to labelstudio -o gift-tasks",
        "dialogue paraphrase units/retail/gift.yaml --from labelstudio answers.json",
    )
)
@click.argument(
    "units", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="UNIT..."
)
@click.option("--model", metavar="M", help="The model.  [default: the only one of the server]")
@click.option(
    "--base-url",
    "url",
    metavar="U",
    help="An OpenAI-compatible server.  [default: OPENAI_BASE_URL, or OpenAI itself]",
)
@click.option(
    "-n",
    "n",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many rewordings to want of the phrasings that give the same slots.",
)
@click.option("--bot", is_flag=True, help="Reword what the bot says, instead of the user.")
@click.option("--dry-run", "dry", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--to", "to", type=_TOOL, help="Write tasks for people, with -o, and ask no model.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="For --to.")
@click.option(
    "--from",
    "answers",
    type=(_TOOL, click.Path(path_type=Path)),
    metavar="labelstudio FILE",
    help="Take what people wrote, and ask no model.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=120.0,
    show_default=True,
    help="Seconds to wait for an answer.",
)
@click.option(
    "--retries",
    type=click.IntRange(0, 20),
    default=5,
    show_default=True,
    help="How often to try again when the server is busy, fails or is silent.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where answers are kept.  [default: the user's folder for caches]",
)
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="For the marks.  [default: today]",
)
def paraphrase(
    units: tuple[Path, ...],
    to: str | None,
    output: Path | None,
    answers: tuple[str, Path] | None,
    bot: bool,
    n: int,
    dry: bool,
    date: dt.datetime | None,
    **server: Any,
) -> None:
    """Add rewordings of phrasings.

    UNIT is the file of a unit, or the folder of a domain for all of its units. A model rewords what
    users say, or people do; every answer is checked, and what passes is added to the files, marked
    with its source and date. The key comes from OPENAI_API_KEY. What was asked once is not asked
    again.
    """
    if to and answers:
        raise Misuse("--to and --from are for the way there and the way back", "give one of them")
    if bool(to) != bool(output):
        raise Misuse(
            "--to needs -o DIR" if to else "-o goes with --to", "write --to labelstudio -o DIR"
        )
    texts = _Texts(units)
    speaker = "bot" if bot else "user"
    if to and output:
        _export(texts, speaker, n, output)
        return
    source = _people(answers[1], texts, speaker) if answers else _model(server, n)
    day = date.date() if date else dt.datetime.now().astimezone().date()
    _play(texts, source, speaker, f"{_marked(source.name)}, {day}", dry=dry)


class _Texts:
    """The units that were named, each with its pack; packs are opened one after the other."""

    def __init__(self, units: tuple[Path, ...]) -> None:
        self.folders: dict[Path, list[Path] | None] = {}
        for path in units:
            exists(path)
            folder = path if path.is_dir() else path.parent
            if not (folder / "domain.yaml").is_file():
                what = f"'{path}' is no unit: there is no domain.yaml with it"
                raise Misuse(what, "name a unit, such as units/shop/greeting.yaml")
            named = self.folders.setdefault(folder, [])
            if path.is_dir():
                self.folders[folder] = None
            elif named is not None and path not in named:
                named.append(path)
        self._packs: dict[Path, Pack] = {}

    def pack(self, folder: Path) -> Pack:
        from dialogue.compiler.domains import load_domain
        from dialogue.paraphrase.context import Pack

        if folder not in self._packs:
            domain = load_domain(folder, str(folder))
            self._packs[folder] = Pack(domain, folder, str(folder))
        return self._packs[folder]

    def __iter__(self) -> Iterator[tuple[Pack, Manuscript]]:
        from dialogue.paraphrase.manuscript import manuscript, named

        for folder, paths in self.folders.items():
            pack = self.pack(folder)
            known = pack.domain.units
            for path in [folder / f"{name}.yaml" for name in known] if paths is None else paths:
                yield pack, manuscript(path, str(path), known[named(path, str(path), known)])


def _model(server: dict[str, Any], n: int) -> Source:
    from dialogue.paraphrase.cache import Cache, usual_folder
    from dialogue.paraphrase.client import Client
    from dialogue.paraphrase.sources.model import ModelSource
    from dialogue.problem import UnplacedError

    try:
        client = Client.open(
            server["model"], server["url"], timeout=server["timeout"], retries=server["retries"]
        )
        cache = Cache(server["cache"] or usual_folder())
    except UnplacedError as error:
        raise Misuse(error.what, error.fix) from None
    return ModelSource(client, cache, n)


def _people(file: Path, texts: _Texts, speaker: str) -> Source:
    from dialogue.paraphrase.round import assigned
    from dialogue.paraphrase.sources.labelstudio import people

    source = people(file.read_bytes(), str(file))
    known = [one.id for pack, text in texts for _, one in assigned(pack, text, {speaker})[0]]
    if strangers := source.strangers(known):
        what = f"'{file}' rewords '{strangers[0]}', which is not among what was named"
        raise Misuse(what, "name the units that the tasks were written from, and --bot if they had")
    return source


def _export(texts: _Texts, speaker: str, n: int, folder: Path) -> None:
    from dialogue.paraphrase.round import assigned
    from dialogue.paraphrase.sources.labelstudio import export

    if folder.exists():
        raise Misuse(f"'{folder}' is there already", "choose another directory with -o")
    these = [one for pack, text in texts for _, one in assigned(pack, text, {speaker})[0]]
    if not these:
        raise Misuse("there is nothing to reword", "name units with phrasings, or add --bot")
    export(these, n, folder)
    click.echo(f"wrote {len(these):,} task{'' if len(these) == 1 else 's'} to '{folder}'")


def _marked(name: str) -> str:
    """Return what a mark says: who reworded, in signs that no comment ends at."""
    from dialogue.paraphrase.manuscript import MARK

    return MARK + (re.sub(r"[^\w./:@+-]+", "-", name, flags=re.ASCII)[:80] or "unnamed")


def _play(texts: _Texts, source: Source, speaker: str, comment: str, *, dry: bool) -> None:
    from dialogue import report
    from dialogue.paraphrase import sheet
    from dialogue.paraphrase.addition import write
    from dialogue.paraphrase.round import assigned, played
    from dialogue.problem import ContentError, UnplacedError, gathered

    screen = report.console(sys.stdout)
    rounds: list[Round] = []
    problems: list[Problem] = []  # of a unit that stays as it is, while others go on
    ended: Failure | None = None
    try:
        for pack, text in texts:
            total = len(assigned(pack, text, {speaker})[0])
            bar = report.progress(report.console(sys.stderr), text.unit.name, total)
            with gathered(problems):
                with bar as watch:
                    one = played(pack, text, source, {speaker}, comment, watch)
                if dry:
                    sheet.diff(screen, one)
                else:
                    write(one.changes)
                sheet.rejections(screen, one)
                rounds.append(one)
    except UnplacedError as error:
        ended = Failure(error.what, error.fix)
    except KeyboardInterrupt:
        ended = Interrupted("interrupted", _AGAIN)
    waiting = getattr(source, "waiting", None)
    sheet.summary(screen, rounds, waiting, dry=dry)
    if ended is not None:
        raise ended
    if problems:
        raise ContentError(problems)
