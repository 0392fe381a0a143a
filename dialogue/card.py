"""The dataset card: `README.md` with the front matter that the library `datasets` reads.

It is told by the manifest alone, so it names no time and no place on the machine. Everything that
comes from a pack is escaped: a card is read by YAML, by Markdown and by people.
"""

from __future__ import annotations

import hashlib
import math
import re
import shlex
from typing import TYPE_CHECKING, Any

import yaml

from dialogue.formats import FORMATS, native
from dialogue.formats.columns import feature
from dialogue.tasks.options import Options
from dialogue.writing import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

CARD = "README.md"
NOTES = "<!-- Notes below this line are kept. -->"
"""The last line of a card; what people write after it stays there, byte for byte."""

_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"),
          (10**7, "1M<n<10M"), (10**8, "10M<n<100M"), (10**9, "100M<n<1B"))  # fmt: skip
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#!|~&$])")
_WORD = re.compile(r"[\w./:#,-]+")
_FENCE = "```"
_NATIVE = "native"
_WHOLE = "sessions"
_DIR = "DIR"
_PARQUET = "parquet"
_NOTES = re.compile(rb"^" + re.escape(NOTES).encode() + rb"[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def write(directory: Path, document: Mapping[str, Any]) -> None:
    """Write the card of a dataset, told by its manifest, unless it stands there already."""
    path = directory / CARD
    content = card(document).encode() + notes(path)
    if not path.is_file() or path.read_bytes() != content:
        with whole(path) as file:
            file.write(content)


def notes(path: Path) -> bytes:
    """Return what people have written at the end of a card."""
    if not path.is_file():
        return b""
    return b"".join(_NOTES.split(path.read_bytes(), maxsplit=1)[1:])


def card(document: Mapping[str, Any]) -> str:
    """Return the card of a dataset."""
    configs = _configs(document)
    front = yaml.safe_dump(
        _front(document, configs), allow_unicode=True, sort_keys=False, width=100
    )
    sections = (
        _head(document),
        _contents(document),
        _splits(document),
        *(_differences(document, kind) for kind in _DIFFERENCES if document["counts"].get(kind)),
        _files(document, configs),
        _labels(document),
        _again(document),
        _limits(),
    )
    body = "".join("\n" + "\n".join(section) + "\n" for section in sections)
    return f"---\n{front}---\n{body}\n{NOTES}\n"


def exporting(document: Mapping[str, Any], directory: str = _DIR) -> list[str]:
    """Return the commands that make the exports of a dataset again."""
    return [
        _command("export", directory, "--to", name, *_options(entry))
        for name, entry in _exports(document).items()
    ]


def _configs(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `datasets` can load, the default first."""
    counts = document["counts"]["splits"]
    whole = next(iter(counts)) if len(counts) == 1 else _WHOLE  # a file of sessions is not divided
    columns = native.columns(counts=document["counts"])
    sessions = {"splits": {whole: "sessions/*.jsonl"}, "columns": columns}
    found = {}
    for entry in _exports(document).values():
        found.update(entry["configs"])
    return {**found, _NATIVE: sessions}


def _exports(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return document.get("exports", {})  # type: ignore[no-any-return]


def _front(document: Mapping[str, Any], configs: Mapping[str, Any]) -> dict[str, Any]:
    ontology = document["ontology"]
    sessions = document["counts"]["sessions"]
    default = next(iter(configs))
    calling = ["tool-calling"] if document["counts"]["calls"] else []
    return {
        "pretty_name": _line(f"{document['graph']} (composed dialogues)"),
        "language": [_line(ontology.get("locale", "und")).partition("_")[0].lower()],
        "license": _line(ontology.get("license") or "unknown"),
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "source_datasets": ["original"],
        "size_categories": [next((name for most, name in _SIZES if sessions < most), "n>1T")],
        "task_categories": ["text-generation", "text-classification", "token-classification"],
        "tags": ["synthetic", "dialogue", "slot-filling", "intent-classification", *calling],
        "configs": [
            {
                "config_name": name,
                **({"default": True} if name == default else {}),
                "data_files": [
                    {"split": split, "path": path} for split, path in config["splits"].items()
                ],
            }
            for name, config in configs.items()
        ],
        "dataset_info": [
            {
                "config_name": name,
                "features": [feature(*column) for column in config["columns"].items()],
            }
            for name, config in configs.items()
        ],
    }


def _head(document: Mapping[str, Any]) -> Iterator[str]:
    counts = document["counts"]
    yield f"# {_text(document['graph'])}"
    yield ""
    what = "synthetic dialogue" if counts["sessions"] == 1 else "synthetic dialogues"
    yield (
        f"{counts['sessions']:,} {what} between a user and a bot, with exact slot "
        "spans, dialogue state, tool calls and targets. They were composed by `dialogue` "
        f"{_text(_versions(document).get('dialogue', ''))} from a pack of small units: wordings, "
        "values drawn at random, answers looked up in tables. No language model and no real "
        "conversation took part. Names, telephone numbers and addresses of persons are invented; "
        "where one fits a real person, it does so by chance."
    )


def _versions(document: Mapping[str, Any]) -> Mapping[str, str]:
    return document.get("versions", {})  # type: ignore[no-any-return]


def _contents(document: Mapping[str, Any]) -> Iterator[str]:
    counts = document["counts"]
    spoken = counts["utterances"]
    lengths = [int(length) for length in counts["walks"]]
    yield "## What is in it"
    yield from _table(("", ""), (
        ("sessions", f"{counts['sessions']:,}"),
        ("units a session", f"{min(lengths)} to {max(lengths)}" if lengths else "none"),
        ("turns", f"{counts['turns']:,}"),
        ("utterances", ", ".join(f"{number:,} {_text(who)}" for who, number in spoken.items())),
        ("calls of tools", f"{counts['calls']:,}"),
        ("phrasings used", f"{counts['phrasings']:,}"),
    ))  # fmt: skip


def _differences(document: Mapping[str, Any], kind: str) -> Iterator[str]:
    title, about, (name, eligible, done) = _DIFFERENCES[kind]
    rates = document.get(kind, {})
    yield f"## {title}"
    yield about
    yield ""
    yield from _table((name, "rate", eligible, "asked", done), (
        (_code(name), f"{rates.get(name, 0):g}", *(f"{number:,}" for number in some.values()))
        for name, some in document["counts"][kind].items()
    ))  # fmt: skip


_DIFFERENCES = {
    "behaviours": (
        "Behaviours",
        (
            "Some exchanges do not go by the book: people correct themselves, leave things out, "
            "ask two things at once. State and targets say what is true after it."
        ),
        ("behaviour", "eligible moves", "rewritten"),
    ),
    "noise": (
        "Noise",
        (
            "Some turns of users were disturbed as people disturb what they type. Slots and "
            "targets say what is in the text; each turn has a log that undoes what was done to it."
        ),
        ("operator", "eligible turns", "disturbed"),
    ),
}


def _splits(document: Mapping[str, Any]) -> Iterator[str]:
    counts = document["counts"]
    yield "## Splits"
    yield from _table(("split", "sessions"), (
        (_code(split), f"{number:,}") for split, number in counts["splits"].items()
    ))  # fmt: skip
    yield ""
    if not document.get("hold_out"):
        yield "Sessions were shared out among the splits at random; nothing else was held out."
        return
    yield (
        f"Held out: {_code(document['hold_out'])}. Splits share nothing along these axes, by "
        "construction; the numbers count what each of them uses."
    )
    yield ""
    columns = [*counts["splits"], "shared"]
    yield from _table(("axis", *columns), (
        (_code(axis), *(f"{used[column]:,}" if column in used else "" for column in columns))
        for axis, used in counts.get("hold_out", {}).items()
    ))  # fmt: skip


def _files(document: Mapping[str, Any], configs: Mapping[str, Any]) -> Iterator[str]:
    yield "## Files"
    yield from _table(("folder", "what for", "tasks", "rows", "left out"), (
        _folder(*entry) for entry in {_NATIVE: None, **_exports(document)}.items()
    ))  # fmt: skip
    for format_, entry in _exports(document).items():
        for what, number in entry["losses"].items():
            yield f"- {_code(format_ + '/')} leaves out {number:,}: {_text(what)}"
    yield ""
    yield (
        "`manifest.json` has the hash of every file, the options of every format, and the "
        "ontology: intents, slots and tools."
    )
    yield ""
    yield (
        f"`datasets` 4.7 or newer reads these configs, where `{_DIR}` is this directory; the first "
        "is the default:"
    )
    loads = [f'load_dataset("{_DIR}", "{config}")' for config in configs]
    if _PARQUET in _exports(document):
        tasks = [task for task, rows in _exports(document)[_PARQUET]["task_rows"].items() if rows]
        loads += [f'load_dataset("{_DIR}/{_PARQUET}", "{task}")' for task in tasks]
    yield from _block(["from datasets import load_dataset", "", *loads], "python")


def _folder(name: str, entry: Mapping[str, Any] | None) -> tuple[str, ...]:
    purpose = _text(FORMATS[name].purpose) if name in FORMATS else ""
    if entry is None:
        return (_code("sessions/"), purpose, "", "", "")
    tasks = ", ".join(entry["task_rows"] or FORMATS[name].tasks)
    rows, lost = sum(entry["rows"].values()), sum(entry["losses"].values())
    return (_code(f"{name}/"), purpose, tasks, f"{rows:,}", f"{lost:,}")


def _labels(document: Mapping[str, Any]) -> Iterator[str]:
    ontology, counts = document["ontology"], document["counts"]
    titles = ontology["intents"] if isinstance(ontology["intents"], dict) else {}
    yield "## Intents and slots"
    yield from _table(("intent", "", "turns"), (
        (_code(name), _text(titles.get(name, {}).get("title") or ""), f"{number:,}")
        for name, number in counts["intents"].items()
    ))  # fmt: skip
    yield ""
    yield from _table(("slot", "parts", "spans"), (
        (_code(name), ", ".join(map(_text, ontology["slots"].get(name, {}).get("parts", ()))),
         f"{number:,}")
        for name, number in counts["slots"].items()
    ))  # fmt: skip


def _again(document: Mapping[str, Any]) -> Iterator[str]:
    yield "## Compose it again"
    name = _line(document["graph"])
    files = [file for file in document.get("pack", {}) if file.endswith(f"{name}.yaml")]
    words = ["compose", files[0] if files else f"{name}.yaml", "-n", document["n"]]
    words += ["--seed", document["seed"]]
    for option, value in (
        ("--only", document["only"]),
        ("--split", document.get("split") if len(document["counts"]["splits"]) > 1 else None),
        ("--hold-out", document.get("hold_out") or None),
        *(("--set", override) for override in document["overrides"]),
        *(("--plugin", name) for name in document.get("plugins", {})),
    ):
        words += [] if value is None else [option, value]
    yield from _block([_command(*words, "-o", _DIR), *exporting(document)], "sh")
    yield ""
    if since := list(_since(document)):
        yield f"{' '.join(since)} So this is not what these commands make."
        yield ""
        yield "What was composed comes from the same pack with the same versions:"
    else:
        yield "The same bytes come from the same pack with the same versions:"
    yield ""
    for library, version in _versions(document).items():
        yield f"- {_text(library)} {_text(version)}"
    for name, plugin in document.get("plugins", {}).items():
        yield f"- {_text(name)} {_text(plugin['version'])}, a plug-in"


def _since(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what happened to sessions after they were composed."""
    if corrected := document["counts"].get("edited"):
        were = "session was" if corrected == 1 else "sessions were"
        yield f"{corrected:,} {were} corrected by reviewers; each lists its `edits`."
    # An export remembers the sessions that it was made from; these are to be those of the manifest.
    hashes = "".join(str(file.get("sha256")) for file in document["files"])
    whole = hashlib.sha256(hashes.encode()).hexdigest()
    made = [n for n, one in _exports(document).items() if one.get("sessions_sha256") != whole]
    if made:
        folders = ", ".join(_code(f"{name}/") for name in made)
        yield f"Sessions were edited by hand before {folders} was made of them."


def _options(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield the options of an export that are not the usual ones."""
    usual = Options().plain()
    if entry["tasks"]:
        yield from ("--task", ",".join(entry["tasks"]))
    for name, value in entry["options"].items():
        if value == usual[name]:
            continue
        if name == "forms":
            for label, form in value.items():
                yield from ("--target", f"{label}={form}")
        else:
            option = {"scopes": "scope"}.get(name, name)
            yield from (f"--{option}", ",".join(value) if isinstance(value, list) else value)
    rows, lost = (sum(entry[what].values()) for what in ("rows", "losses"))
    if lost and lost / (rows + lost) > usual["max_loss"]:
        yield from ("--max-loss", f"{math.ceil(lost / (rows + lost) * 100) / 100:.2f}")


def _command(*words: object) -> str:
    return " ".join(("dialogue", *(shlex.quote(_line(str(word))) for word in words)))


def _limits() -> Iterator[str]:
    yield "## Limits"
    yield (
        "The dialogues are as varied as the pack: its intents, wordings and tables are all there "
        "is. They have no typing mistakes or digressions but those that the pack provides, and a "
        "model that does well on them is yet to be tried on what people really write. Frequencies "
        "of intents and values are those that the pack's authors chose."
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _block(lines: Iterable[str], language: str) -> Iterator[str]:
    text = "\n".join(lines)
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    fence = fence if len(fence) >= len(_FENCE) else _FENCE
    yield f"{fence}{language}\n{text}\n{fence}"


def _code(text: str) -> str:
    """Return a name as code where it is a plain one, else as text."""
    return f"`{text}`" if _WORD.fullmatch(text) else _text(text)


def _text(text: str) -> str:
    """Return text of a pack as Markdown that shows it and does nothing else."""
    return _MARKS.sub(r"\\\1", _line(text))


def _line(text: str) -> str:
    """Return text without line ends and characters that nobody sees."""
    return "".join(one if one.isprintable() else " " for one in text)
