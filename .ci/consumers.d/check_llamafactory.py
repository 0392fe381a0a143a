"""LLaMA-Factory: every dataset of dataset_info.json through its own `get_dataset`, to labels.

Whether all answers of a row are taught or the last one (`mask_history`) is no matter of the rows:
the configurations that are exported with them say it, as LLaMA-Factory's own parser reads them.
"""

from __future__ import annotations

import json
import tempfile
from functools import partial
from typing import TYPE_CHECKING, Any

import yaml
from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import DataArguments, ModelArguments, get_train_args
from transformers import Seq2SeqTrainingArguments

from alphabet import tokenizer
from exported import directories, exports, fail, files, passed
from turns import Turn, call, parted

if TYPE_CHECKING:
    from pathlib import Path

    from exported import File
    from turns import Row

FORMAT = "llamafactory"
MACHINE = {
    "model_name_or_path": "none",
    "template": "qwen",
    "output_dir": "none",
    "bf16": False,
    "use_cpu": True,
}
"""What a user adds to an exported configuration, here for a machine without a GPU."""


def main() -> None:
    rows = named = 0
    for directory in directories():
        folder = directory / FORMAT
        names = _names(folder)
        masked = _masked(folder, exports(directory, FORMAT)["rows"], names)
        for file in files(directory, FORMAT):
            with tempfile.TemporaryDirectory() as scratch:
                rows += _compare(file, names[file.path], scratch, mask=masked[file.task])
            named += 1
    passed("llamafactory", "llamafactory", rows, f"{named} datasets by name")


def _names(folder: Path) -> dict[Path, str]:
    """Return the name of each file; ASCII, for LLaMA-Factory opens it in the locale's encoding."""
    listed = json.loads((folder / "dataset_info.json").read_text(encoding="ascii"))
    return {folder / entry["file_name"]: name for name, entry in listed.items()}


def _masked(folder: Path, made: Row, names: dict[Path, str]) -> dict[str, bool]:
    """Return for each task whether the configuration that trains on it masks the history."""
    if {folder / name for name in made} != set(names):
        fail(f"{folder}/dataset_info.json: names {sorted(names.values())} for {sorted(made)}")
    found: dict[str, bool] = {}
    by_name = {name: path for path, name in names.items()}
    for path in sorted(folder.glob("train*.yaml")):
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        _, data, *_ = get_train_args(settings | MACHINE)
        for name in data.dataset:
            if name not in by_name or by_name[name].stem != "train":
                fail(f"{path}: {name!r} is no dataset to train on")
            task = by_name[name].parent.name
            if task in found:
                fail(f"{path}: {name!r} is in two configurations")
            found[task] = data.mask_history
        for name in data.eval_dataset or ():
            if name not in by_name:
                fail(f"{path}: {name!r} is no dataset")
    untrained = {path.parent.name for path in names} - set(found)
    if untrained:
        fail(f"{folder}: no configuration trains {sorted(untrained)}")
    return found


def _compare(file: File, name: str, scratch: str, *, mask: bool) -> int:
    made = tokenizer()
    data = DataArguments(
        template="qwen",
        dataset=name,
        dataset_dir=str(file.directory / FORMAT),
        cutoff_len=10**6,
        mask_history=mask,
        overwrite_cache=True,
    )
    training = Seq2SeqTrainingArguments(
        output_dir=scratch, report_to=[], use_cpu=True, disable_tqdm=True
    )
    template = get_template_and_fix_tokenizer(made, data)
    model = ModelArguments(model_name_or_path="none", cache_dir=f"{scratch}/cache")
    read = get_dataset(template, model, data, training, stage="sft", tokenizer=made)
    return file.compare(read["train_dataset"], made, partial(_taught, mask=mask), _said)


def _taught(row: Row, *, mask: bool) -> list[Turn]:
    if "conversations" not in row:
        return [Turn(row["output"].strip())]
    turns = [
        Turn(turn["value"].strip()) if turn["from"] == "gpt" else _called(turn["value"])
        for turn in row["conversations"]
        if turn["from"] in ("gpt", "function_call")
    ]
    return turns[-1:] if mask else turns


def _called(value: str) -> Turn:
    """Read calls: one or a list as JSON, alone or marked after what is said before them."""
    said, calls = parted(value)
    if not calls:
        said, calls = "", [value]
    made: list[dict[str, Any]] = []
    for one in map(json.loads, calls):
        made += one if isinstance(one, list) else [one]
    return Turn(said, tuple(call(one["name"], one["arguments"]) for one in made))


def _said(row: Row) -> list[str]:
    if "conversations" not in row:
        told = [row.get("system"), row["instruction"], row["input"], row["output"]]
    else:
        told = [row.get("system")]
        for turn in row["conversations"]:
            called = turn["from"] == "function_call"
            told.append(_called(turn["value"]).text if called else turn["value"])
    return [text for text in told if text]


main()
