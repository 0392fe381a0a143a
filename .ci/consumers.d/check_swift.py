"""ms-swift: every row through its own `load_dataset` and `Template.encode`, to labels."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from swift.dataset import load_dataset
from swift.template import get_template

from alphabet import tokenizer
from exported import directories, files, passed
from turns import Turn, Wrong, call

if TYPE_CHECKING:
    from exported import File
    from turns import Row

LEARNS = "assistant", "tool_call"


def main() -> None:
    template = _template()
    rows = masked = 0
    for file in [file for name in directories() for file in files(name, "swift")]:
        rows += _compare(file, template)
        masked += sum("loss" in turn for row in file.rows for turn in row["messages"])
    passed("swift", "ms-swift", rows, f"{masked:,} turns with a loss of their own")


def _template() -> Any:
    """Return the template of Qwen2.5, told of a model that is nowhere."""
    made = tokenizer()
    made.model_info = SimpleNamespace(
        model_dir="none",
        config=None,
        task_type="causal_lm",
        max_model_len=10**6,
        model_type="qwen2_5",
        quant_method=None,
    )
    made.model_meta = SimpleNamespace(
        is_multimodal=False,
        template="qwen2_5",
        is_reward=False,
        task_type=None,
        candidate_templates=["qwen2_5"],
        mcore_model_type=None,
    )
    template = get_template(made, template_type="qwen2_5", agent_template="hermes")
    template.set_mode("train")
    return template


def _compare(file: File, template: Any) -> int:
    read, _ = load_dataset(
        [str(file.path)], num_proc=1, split_dataset_ratio=0.0, load_from_cache_file=False
    )
    encoded = (template.encode(dict(row)) for row in read)
    return file.compare(encoded, template.tokenizer, _taught, _said)


def _taught(row: Row) -> list[Turn]:
    """Return the turns with loss; what an assistant says and calls in a row is one turn."""
    turns: list[Turn] = []
    before: tuple[str, bool] | None = None
    for message in row["messages"]:
        role, loss = message["role"], message.get("loss", True)
        if role in LEARNS:
            if before and before[0] in LEARNS and before[1] != loss:
                raise Wrong("one turn of the assistant is taught in part")
            if loss:
                one = _turn(message)
                joined = before and before[0] in LEARNS
                past = turns.pop() if joined else Turn("")
                turns.append(Turn(past.text + one.text, past.calls + one.calls))
        before = role, loss
    return turns


def _said(row: Row) -> list[str]:
    return [m["content"] for m in row["messages"] if m["role"] != "tool_call"]


def _turn(message: Row) -> Turn:
    if message["role"] == "assistant":
        return Turn(message["content"].strip())
    made = json.loads(message["content"])
    return Turn("", (call(made["name"], made["arguments"]),))


main()
