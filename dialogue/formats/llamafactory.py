"""The data folder of LLaMA-Factory: rows, `dataset_info.json` and a configuration to train with.

Questions with one answer are alpaca rows (`instruction`, `input`, `output`), chats sharegpt rows
(`conversations`, `system`, `tools`) whose calls, results and tools are JSON strings. Datasets are
named `<graph>_<task>`, splits other than train `<graph>_<task>_<split>`.

LLaMA-Factory drops a row in which sides do not take turns, with a line in its log at most. So what
one side says in a row is one turn, joined by a line break. What the bot says before a call stands
before it between `<tool_call>` marks, which all of its templates but those of LFM2 understand since
0.9.5. A chat that the bot begins, or that goes on after a result without an answer, is a loss.

It has no field for what is trained: a configuration trains every turn of the bot, or with
`mask_history` the last of each row. So where not all is trained, a chat is cut at each trained
turn, one row for each. Chats of both sorts need a configuration each: `train.yaml` has all others,
`train_reply.yaml` whole chats.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dialogue.formats.format import Format, Row
from dialogue.formats.turns import called, dumped, turns
from dialogue.tasks.example import Chat, Loss, Prompt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.formats.format import Outcome
    from dialogue.formats.turns import Turn
    from dialogue.session import Session
    from dialogue.tasks.example import Example
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

_CHATS = ("call", "reply")
_ALPACA = {"columns": {"prompt": "instruction", "query": "input", "response": "output"}}
_SHAREGPT = {
    "formatting": "sharegpt",
    "columns": {"messages": "conversations", "system": "system", "tools": "tools"},
}


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],
    ontology: Ontology,  # noqa: ARG001
    options: Options,
) -> Iterator[Row | Loss]:
    """Yield a row for each question, and for each chat or trained turn of it."""
    for task, some in examples.items():
        path = f"{task}/{session['split']}.jsonl"
        for example in some:
            if isinstance(example, Prompt):
                yield Row(path, question(example))
            elif isinstance(example, Chat):
                for line in lines(example, cut=is_cut(task, options)):
                    yield line if isinstance(line, Loss) else Row(path, line)


def is_cut(task: str, options: Options) -> bool:
    """Tell whether the last turn of each row is trained alone."""
    return task == "call" or options.loss != "all"


def question(prompt: Prompt) -> dict[str, str]:
    """Return the row of a question."""
    return {"instruction": prompt.instruction, "input": prompt.input, "output": prompt.answer}


def lines(chat: Chat, *, cut: bool) -> Iterator[dict[str, str] | Loss]:
    """Yield the row of a chat up to its last trained turn, or one up to each of them."""
    said = list(turns(chat))
    ends = [number for number, turn in enumerate(said, 1) if turn.trained]
    for end in ends if cut else ends[-1:]:
        flaw = next((n for n, turn in enumerate(said[:end]) if n % 2 != (turn.side == "bot")), None)
        if flaw is not None:
            yield Loss("the bot begins" if flaw == 0 else "a result is not answered")
        else:
            yield {
                "conversations": [  # type: ignore[dict-item]
                    {"from": tag(turn), "value": value(turn)} for turn in said[:end]
                ],
                "system": chat.system,
                "tools": dumped(chat.tools) if chat.tools else "",
            }


def tag(turn: Turn) -> str:
    """Return who has a turn, as sharegpt calls them."""
    if turn.side == "bot":
        return "function_call" if turn.calls else "gpt"
    return "human" if turn.side == "user" else "observation"


def value(turn: Turn) -> str:
    """Return what a turn says; one call or result stands alone, several in a list."""
    if turn.side == "tool":
        found = [list(result.rows) for result in turn.results]
        return dumped(found[0] if len(found) == 1 else found)
    if not turn.calls:
        return turn.text
    made = [called(call) for call in turn.calls]
    # Its parser looks for <tool_call> before it reads JSON, in which < may as well be escaped.
    written = dumped(made[0] if len(made) == 1 else made).replace("<", "\\u003c")
    return f"{turn.text}\n<tool_call>{written}</tool_call>" if turn.text else written


def closing(outcome: Outcome) -> Iterator[Row]:
    """Yield the list of datasets, and the configurations for those of train."""
    paths = {tuple(path.removesuffix(".jsonl").split("/")): path for path in outcome.rows}
    names = {
        (task, split): "_".join([outcome.name, task] + [split] * (split != "train"))
        for task, split in paths
    }
    info = {
        names[task, split]: {
            "file_name": path,
            **(_SHAREGPT if task in _CHATS else _ALPACA),
        }
        for (task, split), path in paths.items()
    }
    # In ASCII, since LLaMA-Factory opens it in the encoding of the machine.
    yield Row("dataset_info.json", json.dumps(info, indent=2) + "\n")
    tasks = [task for task, split in paths if split == "train"]
    cut = [task for task in tasks if task in _CHATS and is_cut(task, outcome.options)]
    whole = [task for task in tasks if task in _CHATS and task not in cut]
    apart = whole if cut else []
    for file, some in (
        ("train", [task for task in tasks if task not in apart]),
        ("train_reply", apart),
    ):
        if some:
            splits = [
                [names[task, split] for task in some if (task, split) in names]
                for split in ("train", "dev")
            ]
            masked = not set(cut).isdisjoint(some)
            yield Row(f"{file}.yaml", configuration(outcome.name, file, *splits, masked=masked))


def configuration(
    name: str, file: str, datasets: list[str], checked: list[str], *, masked: bool
) -> str:
    """Return a configuration that trains on datasets and evaluates on others, if there are any."""
    settings: dict[str, Any] = {
        "stage": "sft",
        "do_train": True,
        "finetuning_type": "lora",
        "lora_target": "all",
        "dataset": ",".join(datasets),
    }
    if checked:
        settings |= {"eval_dataset": ",".join(checked), "eval_strategy": "epoch"}
    if masked:
        settings["mask_history"] = True
    settings |= {
        "cutoff_len": 8192,
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": 8,
        "learning_rate": 1e-4,
        "num_train_epochs": 3.0,
        "lr_scheduler_type": "cosine",
        "warmup_ratio": 0.1,
        "bf16": True,
        "logging_steps": 10,
        "save_strategy": "epoch",
        "report_to": "none",
        "output_dir": f"saves/{name}{file.removeprefix('train')}",
    }
    return _HEAD.format(file=file) + "".join(
        f"{key}: {json.dumps(value)}\n" for key, value in settings.items()
    )


_HEAD = """\
# Fine-tuning with LLaMA-Factory. DIR is the folder of this file, and NAME the template that fits
# the model, such as qwen3; LLaMA-Factory's documentation lists them.
#   llamafactory-cli train DIR/{file}.yaml dataset_dir=DIR model_name_or_path=MODEL template=NAME
# Any line below can be changed in the same way, such as bf16=false.
"""


FORMAT = Format(
    name="llamafactory",
    purpose="alpaca and sharegpt rows, dataset_info.json, train.yaml: LLaMA-Factory",
    tasks=("intent", "extract", "state", "call", "reply"),
    rows=rows,
    reads=("loss",),
    closing=closing,
)
