"""Columns for `datasets`, TRL and pandas: `parquet/<task>/<split>.parquet`, 1,000 rows a group.

- intent, extract, state: `id`, `prompt` and `completion`, lists of messages with `role` and
  `content`, as TRL's `SFTTrainer` takes them.
- call, and reply with `loss="last"`: `id`, `prompt`, `completion` and `tools`. The last message is
  the completion, since TRL trains on completions alone and reads no weight of a message.
- reply: `id`, `messages` and `tools`. With `loss="calls"` what is not trained on has `weight` 0,
  which TRL does not read.
- In both the arguments of a call are an object, since most chat templates want one.
- tag: `id`, `text`, `tokens` (its characters), `ner_tags` (BIO, or BIOES with `scheme="BIOES"`),
  `intents` and `speaker`.

Messages and tools differ from one another in their keys, for which Parquet would invent nulls: each
is JSON (`arrow.json`). `datasets`, from 4.7, decodes it by itself; to pandas it is a string. All
configs of one dataset card are read in the same way, and the other formats are JSON, so these have
a card of their own in `parquet/`: `load_dataset("DIR/parquet", TASK)`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dialogue.formats import bio, openai
from dialogue.formats.files import SIZE
from dialogue.formats.format import Format, Row
from dialogue.problem import UnplacedError
from dialogue.tasks.example import Prompt, Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dialogue.formats.format import Outcome
    from dialogue.session import Session
    from dialogue.tasks.example import Example, Loss
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

_MESSAGES, _STRINGS, _JSON = "messages", "strings", "json"
# The columns that are lists; one that is not here is text.
_LISTS: Mapping[str, str] = {
    "prompt": _MESSAGES,
    "completion": _MESSAGES,
    "messages": _JSON,
    "tools": _JSON,
    "tokens": _STRINGS,
    "ner_tags": _STRINGS,
    "intents": _STRINGS,
}
# Messages of a chat differ in their keys.
_CHAT = {"prompt": _JSON, "completion": _JSON}
_ORDER = ("id", "speaker", "text", *_LISTS)


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],
    ontology: Ontology,  # noqa: ARG001
    options: Options,
) -> Iterator[Row | Loss]:
    """Yield one row for each example."""
    for task, some in examples.items():
        path = f"{task}/{session['split']}.parquet"
        for example in some:
            row = _row(example, options.scheme)
            if "messages" in row and (task == "call" or options.loss == "last"):
                row = _completed(row)
            yield Row(path, {"id": example.id, **row})


def _completed(row: dict[str, Any]) -> dict[str, Any]:
    """Part a chat whose last message alone is trained: that is the completion."""
    *shown, last = [
        {key: value for key, value in message.items() if key != "weight"}
        for message in row["messages"]
    ]
    return {"prompt": shown, "completion": [last], "tools": row["tools"]}


def _row(example: Example, scheme: str) -> dict[str, Any]:
    if isinstance(example, Prompt):
        return {
            "prompt": [{"role": "user", "content": example.text}],
            "completion": [{"role": "assistant", "content": example.answer}],
        }
    if isinstance(example, Tagged):
        return {
            "speaker": example.speaker,
            "text": example.text,
            "tokens": list(example.text),
            "ner_tags": bio.tags(len(example.text), example.tags, scheme),
            "intents": list(example.intents),
        }
    return {"tools": [], **openai.line(example, "object")}


class Table:
    """A Parquet file whose columns are those of its first row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer: Any = None
        self.file: Any = None
        self.waiting: list[dict[str, Any]] = []

    def add(self, data: dict[str, Any]) -> None:
        """Write a row, once there are enough for a group."""
        self.waiting.append(data)
        if len(self.waiting) == SIZE:
            self.flush()

    def flush(self) -> None:
        """Write the rows that are waiting."""
        import pyarrow
        from pyarrow import parquet

        if not self.waiting:
            return
        names = sorted(self.waiting[0], key=_ORDER.index)
        kinds = {**_LISTS, **(_CHAT if "tools" in names else {})}
        columns = [_column(kinds.get(name), [row[name] for row in self.waiting]) for name in names]
        table = pyarrow.Table.from_arrays(columns, names=names)
        if self.writer is None:  # a path would be taken for the address of a file system
            self.file = self.path.open("wb")
            self.writer = parquet.ParquetWriter(self.file, table.schema, compression="zstd")
        self.writer.write_table(table)
        self.waiting.clear()

    def close(self) -> None:
        """Write what is waiting, and end the file."""
        try:
            self.flush()
        finally:
            if self.writer is not None:
                self.writer.close()
                self.file.close()


def _column(kind: str | None, values: list[Any]) -> Any:
    import pyarrow

    text = pyarrow.string()
    if kind is None:
        return pyarrow.array(values, text)
    if kind == _MESSAGES:
        message = pyarrow.struct([("role", text), ("content", text)])
        return pyarrow.array(values, pyarrow.list_(message))
    if kind == _STRINGS:
        return pyarrow.array(values, pyarrow.list_(text))
    plain = pyarrow.array(
        [[json.dumps(one, ensure_ascii=False) for one in some] for some in values],
        pyarrow.list_(text),
    )
    inner = pyarrow.ExtensionArray.from_storage(pyarrow.json_(text), plain.values)
    return pyarrow.ListArray.from_arrays(plain.offsets, inner)


def closing(outcome: Outcome) -> Iterator[Row]:
    """Yield the card of the folder: a config for each task."""
    splits: dict[str, list[str]] = {}
    for path in outcome.rows:
        task, _, file = path.partition("/")
        splits.setdefault(task, []).append(file.removesuffix(".parquet"))
    lines = ["---", "configs:"]
    for task, found in sorted(splits.items()):
        lines += [f"- config_name: {task}", "  data_files:"]
        for split in [name for name in ("train", "dev", "test") if name in found]:
            lines += [f"  - split: {split}", f"    path: {task}/{split}.parquet"]
    lines += ["---", "", "The card of the dataset is in the folder above.", ""]
    yield Row("README.md", "\n".join(lines))


def ready() -> None:
    """Raise UnplacedError where pyarrow is missing or too old."""
    try:
        import pyarrow

        pyarrow.json_(pyarrow.string())
    except (ImportError, AttributeError):
        fix = "install it: pip install 'dialogue[parquet]'"
        raise UnplacedError("the format 'parquet' needs pyarrow, from 19", fix) from None


FORMAT = Format(
    name="parquet",
    purpose="columns for datasets, TRL and pandas",
    tasks=("intent", "extract", "state", "call", "reply", "tag"),
    rows=rows,
    reads=("loss", "scheme"),
    closing=closing,
    sinks={".parquet": Table},
    extra="parquet",
    ready=ready,
    configs=False,
)
