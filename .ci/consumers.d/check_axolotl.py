"""Axolotl: every row through the `chat_template` strategy of its `preprocess`, to labels."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

import datasets
from axolotl.prompt_strategies.chat_template import load
from axolotl.utils.chat_templates import get_chat_template
from axolotl.utils.dict import DictDefault

from alphabet import tokenizer
from exported import directories, files, passed
from openai_rows import said, weighed

if TYPE_CHECKING:
    from exported import File

DATASET = {
    "type": "chat_template",
    "field_messages": "messages",
    "field_tools": "tools",
    "message_field_training": "weight",
}
"""As a user writes it in `datasets:`; the last line makes Axolotl mask what has a weight of 0."""


def main() -> None:
    datasets.disable_progress_bars()
    rows = masked = 0
    for file in [file for name in directories() for file in files(name, "openai")]:
        rows += _compare(file)
        masked += sum(turn.get("weight") == 0 for row in file.rows for turn in row["messages"])
    passed("axolotl", "axolotl", rows, f"{masked:,} turns masked by weight")


def _compare(file: File) -> int:
    made = tokenizer(get_chat_template("qwen_25"))
    config = DictDefault(
        {"train_on_inputs": False, "sequence_len": 10**6, "chat_template": "tokenizer_default"}
    )
    strategy: Any = load(made, config, DictDefault(DATASET))
    with tempfile.TemporaryDirectory() as scratch:
        loaded = datasets.load_dataset(
            "json", data_files=str(file.path), split="train", cache_dir=scratch
        )
        read = loaded.map(strategy.tokenize_prompt, remove_columns=loaded.column_names)
        return file.compare(read, made, weighed, said)


main()
