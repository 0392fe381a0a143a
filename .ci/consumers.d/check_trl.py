"""TRL: every row through SFTTrainer's own preparation, and one step of training a task.

The model is made here, tiny and random. TRL reads no `weight`: of the openai format it teaches all
that an assistant says and calls, of the task `call`, too, so exports with --loss last or calls are
not for it. Rows of Parquet with a completion teach that alone.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import datasets
import trl
from transformers import Qwen2Config, Qwen2ForCausalLM

from alphabet import tokenizer
from exported import described, directories, exports, fail, files, passed
from openai_rows import answers, said, weighed
from sessions import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exported import File
    from turns import Row

TEMPLATE = Path(trl.__file__).parent / "chat_templates" / "qwen2_5_training.jinja"


def main() -> None:
    datasets.disable_progress_bars()
    rows = steps = 0
    with tempfile.TemporaryDirectory() as scratch:
        for file in [file for name in directories() for file in files(name, "openai")]:
            if file.loss != ALL:
                fail(f"{file.path}: exported with --loss {file.loss}, which TRL does not read")
            trainer = _trainer(file, scratch)
            rows += file.compare(
                trainer.train_dataset, trainer.processing_class, answers, said, masks=False
            )
            if file.split == "train":
                loss = trainer.train().training_loss
                if not math.isfinite(loss):
                    fail(f"{file.path}: the loss of one step is {loss}")
                steps += 1
        for file, table in [pair for name in directories() for pair in _completions(name)]:
            trainer = _made(table, scratch, assistant_only_loss=False)
            rows += file.compare(trainer.train_dataset, trainer.processing_class, weighed, said)
            if file.split == "train":
                trainer.train()
                steps += 1
    passed("trl", "trl", rows, f"{steps} steps of training")


def _completions(directory: Path) -> Iterator[tuple[File, Any]]:
    """Yield the files of Parquet that have completions, as `datasets` reads them."""
    made = exports(directory, "parquet")
    for name, count in made["rows"].items():
        path = directory / "parquet" / name
        table = datasets.load_dataset("parquet", data_files=str(path), split="train")
        if len(table) != count:
            fail(f"{path}: {len(table)} rows, the manifest tells {count}")
        if "completion" in table.column_names:
            yield described(directory, path, [_shown(row) for row in table], made), table


def _shown(row: Row) -> Row:
    """Return a row as one of the openai format that teaches the completion alone."""
    prompt = [{**message, "weight": 0} for message in row["prompt"]]
    return {"messages": prompt + row["completion"], "tools": row.get("tools") or []}


def _trainer(file: File, scratch: str) -> Any:
    loaded = datasets.load_dataset(
        "json", data_files=str(file.path), split="train", cache_dir=f"{scratch}/cache"
    )
    return _made(loaded, scratch, assistant_only_loss=True)


def _made(table: Any, scratch: str, *, assistant_only_loss: bool) -> Any:
    made = tokenizer(TEMPLATE.read_text(encoding="utf-8"))
    shape = Qwen2Config(
        vocab_size=len(made),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
    )
    options = trl.SFTConfig(
        output_dir=scratch,
        max_steps=1,
        per_device_train_batch_size=1,
        max_length=None,
        assistant_only_loss=assistant_only_loss,
        shuffle_dataset=False,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
        disable_tqdm=True,
    )
    return trl.SFTTrainer(
        model=Qwen2ForCausalLM(shape), processing_class=made, train_dataset=table, args=options
    )


main()
