"""Chats and questions as trainers read them: their reading rules, written anew."""

from __future__ import annotations

import csv
import json
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from asking import composed
from openai.types import chat as sdk
from pydantic import TypeAdapter
from replay import GRAPHS, ROOT, pack_of

from dialogue.formats import FORMATS
from dialogue.formats.format import Outcome, Row
from dialogue.tasks import TASKS
from dialogue.tasks.example import Loss
from dialogue.tasks.ontology import LISTED, Ontology
from dialogue.tasks.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ontologies = Callable[[str], Ontology]
    Sessions = Callable[[str, int], list[Any]]
    Examples = dict[str, list[Any]]

N = 300
CHATS = ("call", "reply")
LOSSES = ("all", "last", "calls")
INSTANT = "+08:00"


def count(name: str) -> int:
    """Return how many sessions are judged: there is more in those in which people do everything."""
    return N // 3 if "+" in name else N


each_pack = pytest.mark.parametrize("name", ["retail", "trip", "retail+people"])
each_loss = pytest.mark.parametrize("loss", LOSSES)


@pytest.fixture(scope="module")
def ontology(graph: Callable[[str], Any]) -> Ontologies:
    return cache(lambda name: Ontology(graph(name).ontology()))


@pytest.fixture(scope="module")
def chats(sessions: Sessions, ontology: Ontologies) -> Callable[[str, Any], list[Any]]:
    """Return sessions of a graph with the examples of all chats, which every format is made of."""

    def made(name: str, loss: Any) -> list[Any]:
        known, options = ontology(name), Options(loss=loss)
        return [(one, examples(one, known, options, *CHATS)) for one in sessions(name, count(name))]

    return cache(made)


def items(
    fmt: str, session: Any, ontology: Ontology, options: Options, *tasks: str
) -> list[tuple[str, Any]]:
    """Return what a format makes of the examples of tasks: (task, row), or ("loss", why)."""
    return items_of(fmt, session, ontology, options, examples(session, ontology, options, *tasks))


def examples(session: Any, ontology: Ontology, options: Options, *tasks: str) -> Examples:
    return {task: list(TASKS[task].examples(session, ontology, options)) for task in tasks}


def items_of(
    fmt: str, session: Any, ontology: Ontology, options: Options, made: Examples
) -> list[tuple[str, Any]]:
    lost = [("loss", one.what) for some in made.values() for one in some if isinstance(one, Loss)]
    kept: Any = {task: [e for e in some if not isinstance(e, Loss)] for task, some in made.items()}
    for item in FORMATS[fmt].rows(session, kept, ontology, options):
        if isinstance(item, Row):
            assert item.path.partition("/")[2] == f"{session['split']}.jsonl"
            lost.append((item.path.partition("/")[0], item.data))
        else:
            assert isinstance(item, Loss)
            lost.append(("loss", item.what))
    return lost


# What each consumer reads: sides in order, as (side, text, calls, trained).

SDK = {
    "system": sdk.ChatCompletionSystemMessageParam,
    "user": sdk.ChatCompletionUserMessageParam,
    "assistant": sdk.ChatCompletionAssistantMessageParam,
    "tool": sdk.ChatCompletionToolMessageParam,
}
ADAPTERS = {role: TypeAdapter[Any](kind) for role, kind in SDK.items()}
TOOLS = TypeAdapter(list[sdk.ChatCompletionFunctionToolParam])


@cache
def schemas(tools: str) -> dict[str, jsonschema.Draft202012Validator]:
    """Read tools, as JSON, as OpenAI's own types demand; return their parameters by name."""
    found = TOOLS.validate_json(tools, strict=True)
    functions = [one["function"] for one in found]
    return {one["name"]: jsonschema.Draft202012Validator(one["parameters"]) for one in functions}


def openai(row: Any) -> Iterator[tuple[str, str, list[Any], bool]]:
    """Read a row as OpenAI's own types and rules demand."""
    assert set(row) <= {"messages", "tools"}
    tools = schemas(json.dumps(row.get("tools", [])))
    open_calls: list[str] = []
    before = ""
    for number, message in enumerate(row["messages"]):
        role = message["role"]
        list(ADAPTERS[role].validate_python(message).get("tool_calls", []))  # read lazily
        assert set(message) - {"weight"} <= set(SDK[role].__annotations__)
        assert role == "assistant" or "weight" not in message
        assert (role == "system") <= (number == 0)
        assert role != before or role == "tool", "sides take turns"
        assert role == "tool" or not open_calls, "every call is answered"
        before, calls = role, []
        if role == "tool":
            assert message["tool_call_id"] == open_calls.pop(0)
            json.loads(message["content"])
        for call in message.get("tool_calls", []):
            arguments = json.loads(call["function"]["arguments"])
            parameters = tools[call["function"]["name"]]
            parameters.validate(arguments)
            assert set(arguments) == set(parameters.schema["properties"])
            assert call["id"].isalnum()
            assert len(call["id"]) == 9
            open_calls.append(call["id"])
            calls.append((call["function"]["name"], arguments))
        if role == "assistant":
            assert message["content"] or calls
        if role != "system":
            yield role, message["content"], calls, bool(message.get("weight", 1))
    assert before == "assistant"


def swift(row: Any) -> Iterator[tuple[str, str, list[Any], bool]]:
    """Read a row as ms-swift does: calls belong to the assistant, what stands together is glued."""
    assert set(row) <= {"messages", "tools"}
    if "tools" in row:
        assert schemas(row["tools"])
    before = ""
    for number, message in enumerate(row["messages"]):
        role, content = message["role"], message["content"]
        assert role in {"system", "user", "assistant", "tool_call", "tool_response"}
        assert set(message) <= {"role", "content", "loss"}
        assert "loss" not in message or role in {"assistant", "tool_call"}
        assert (role == "system") <= (number == 0)
        assert (before, role) not in {("user", "user"), ("assistant", "assistant")}
        before, calls = role, []
        if role == "tool_call":
            made = json.loads(content)
            assert set(made) == {"name", "arguments"}
            calls, content = [(made["name"], made["arguments"])], ""
        if role == "tool_response":
            json.loads(content)
        if role != "system":
            side = {"tool_call": "assistant", "tool_response": "tool"}.get(role, role)
            yield side, content, calls, message.get("loss", True)


def llamafactory(row: Any, *, masked: bool) -> Iterator[tuple[str, str, list[Any], bool]]:
    """Read a row as LLaMA-Factory does, which drops those whose tags are not in turn."""
    assert set(row) == {"conversations", "system", "tools"}
    turns = row["conversations"]
    assert len(turns) % 2 == 0
    if row["tools"]:
        assert {frozenset(one) for one in json.loads(row["tools"])} == {
            frozenset({"name", "description", "parameters"})
        }
    for number, turn in enumerate(turns):
        assert set(turn) == {"from", "value"}
        tags = ("gpt", "function_call") if number % 2 else ("human", "observation")
        assert turn["from"] in tags
        text, calls = turn["value"], []
        if turn["from"] == "function_call":
            text, mark, rest = text.rpartition("\n<tool_call>")
            made = json.loads(rest.removesuffix("</tool_call>") if mark else rest)
            made = made if isinstance(made, list) else [made]
            calls = [(one["name"], one["arguments"]) for one in made]
        if turn["from"] == "observation":
            json.loads(text)
        side = {"human": "user", "observation": "tool"}.get(turn["from"], "assistant")
        yield side, text, calls, not masked or number == len(turns) - 1


def read(fmt: str, task: str, row: Any, loss: str) -> list[tuple[str, str, list[Any], bool]]:
    if fmt == "llamafactory":
        return list(llamafactory(row, masked=task == "call" or loss != "all"))
    return list({"openai": openai, "swift": swift}[fmt](row))


def taught(turns: list[tuple[str, str, list[Any], bool]]) -> list[Any]:
    """Return the texts and calls that are trained, each alone."""
    found: list[Any] = []
    for side, text, calls, trained in turns:
        if side == "assistant" and trained:
            found += [*text.split("\n"), *calls] if text else calls
    return found


def demanded(session: Any, loss: str) -> list[Any]:
    """Return what the record says that `loss` teaches; what the bot says in a row is one."""
    said: list[list[Any]] = [[]]
    for turn in session["turns"]:
        if turn["speaker"] != "bot":
            said.append([])
        elif turn["kind"] == "call":
            said[-1].append((turn["tool"], turn["arguments"]))
        else:
            said[-1] += turn["text"].split("\n")
    said = [some for some in said if some]
    if loss == "calls":
        said = [some for some in said if isinstance(some[-1], tuple)]
    return list(chain.from_iterable(said[-1:] if loss == "last" else said))


def lookups(session: Any) -> Iterator[list[Any]]:
    """Yield each call, after what the bot says right before it, which is one turn with it."""
    said: list[Any] = []
    for turn in session["turns"]:
        if turn["kind"] == "call":
            yield [*said, (turn["tool"], turn["arguments"])]
        said = (
            [*said, *turn["text"].split("\n")]
            if turn["speaker"] == "bot" and "text" in turn
            else []
        )


@each_pack
@each_loss
@pytest.mark.parametrize("fmt", ["llamafactory", "openai", "swift"])
def test_consumer_learns_what_the_record_says(
    fmt: str, loss: Any, name: str, chats: Any, ontology: Ontologies
) -> None:
    calls = 0
    for session, examples in chats(name, loss):
        made = items_of(fmt, session, ontology(name), Options(loss=loss), examples)
        looked = list(lookups(session))
        learned = [(task, taught(read(fmt, task, row, loss))) for task, row in made]
        assert [some for task, some in learned if task == "call"] == looked
        replies = [some for task, some in learned if task == "reply"]
        assert list(chain.from_iterable(replies)) == demanded(session, loss)
        per_turn = fmt == "llamafactory" and loss == "calls"
        assert len(replies) == (len(looked) if per_turn else bool(demanded(session, loss)))
        calls += len(looked)
    assert calls > count(name)


@each_pack
def test_chat_says_what_was_said(name: str, sessions: Sessions, ontology: Ontologies) -> None:
    for session in sessions(name, count(name)):
        said = [
            json.dumps(turn["rows"], ensure_ascii=False) if "rows" in turn else turn["text"]
            for turn in session["turns"]
            if turn["kind"] != "call"
        ]
        for fmt in ("llamafactory", "openai", "swift"):
            [(_, row)] = items(fmt, session, ontology(name), Options(), "reply")
            texts = [text for _, text, _, _ in read(fmt, "reply", row, "all") if text]
            assert "\n".join(texts) == "\n".join(said)
            begins = row.get("system") or row["messages"][0]["content"]
            assert session["now"] in begins
            for record in session["facts"].values():
                for part, value in record.items():
                    if part == "订单":
                        assert all(f'"{order["order_no"]}"' in begins for order in value)
                    else:  # of parcels and coupons nobody says a row: they are looked up
                        assert (f'"{part}"' in begins) == isinstance(value, str)
                        assert not isinstance(value, str) or f'"{value}"' in begins


def test_status_of_an_order_is_looked_up_not_told(sessions: Sessions, ontology: Ontologies) -> None:
    """Of an order a chat begins with what users name it by; all else is known after a call."""
    counted = 0
    for session in sessions("retail", N):
        if session["facts"]:
            [(_, row)] = items("llamafactory", session, ontology("retail"), Options(), "reply")
            (line,) = [one for one in row["system"].split("\n") if '"订单"' in one]
            told = json.loads(line[line.index("{") : line.rindex("}") + 1])
            assert {tuple(order) for order in told["客户"]["订单"]} == {("order_no", "tail")}
            assert len(told["客户"]["订单"]) == len(session["facts"]["客户"]["订单"])
            assert told["客户"]["电话"] == session["facts"]["客户"]["电话"]
            counted += 1
    assert counted > 20


@pytest.mark.parametrize("loss", LOSSES)
def test_weight_and_loss_are_there_only_where_not_all_is_trained(
    loss: Any, sessions: Sessions, ontology: Ontologies
) -> None:
    for fmt, key in (("openai", "weight"), ("swift", "loss")):
        for session in sessions("retail", 50):
            for task, row in items(fmt, session, ontology("retail"), Options(loss=loss), *CHATS):
                answers = [m for m in row["messages"] if m["role"] in ("assistant", "tool_call")]
                given = [message[key] for message in answers if key in message]
                assert len(given) in (0, len(answers))
                assert not given or set(given) == {0, 1}
                assert bool(given) == (len(answers) > 1 and (task == "call" or loss != "all"))


def test_arguments_are_objects_where_templates_want_them(
    sessions: Sessions, ontology: Ontologies
) -> None:
    for session in sessions("retail", 50):
        options = Options(arguments="object")
        for _, row in items("openai", session, ontology("retail"), options, "call"):
            function = row["messages"][-1]["tool_calls"][0]["function"]
            assert {"tool": function["name"], "arguments": function["arguments"]} in [
                {key: turn[key] for key in ("tool", "arguments")}
                for turn in session["turns"]
                if turn["kind"] == "call"
            ]
            assert all(m["name"] for m in row["messages"] if m["role"] == "tool")


# What a call needs must have been told.


def leaves(data: Any) -> Iterator[Any]:
    if isinstance(data, (dict, list)):
        for one in data.values() if isinstance(data, dict) else data:
            yield from leaves(one)
    else:
        yield data


def is_told(leaf: Any, row: Any, session: Any, ontology: Ontology) -> bool:
    """Tell whether a model that sees only the row, and knows the domain, can know an argument."""
    texts = [m["content"] for m in row["messages"] if m["role"] != "tool"]
    if isinstance(leaf, float) and leaf.is_integer():
        leaf = int(leaf)  # 100 yuan are said so, and not as 100.0
    for message in row["messages"]:
        if message["role"] == "tool" and leaf in leaves(json.loads(message["content"])):
            return True
    if isinstance(leaf, str) and leaf.endswith(INSTANT):
        assert session["now"] in texts[0]
        times = [s for t in session["turns"] for s in t.get("spans", [])]
        said = [s for s in times if any(s["surface"] in text for text in texts[1:])]
        return any(leaf in leaves(s["value"]) for s in said)
    if any(str(leaf) in text for text in texts):
        return True
    documented = [
        surface
        for slot in ontology.plain["slots"].values()
        for surface in slot.get("values", {}).get(str(leaf), [])
    ]
    return any(surface in text for surface in documented for text in texts[1:])


def test_arguments_can_be_worked_out_from_the_row(sessions: Sessions, ontology: Ontologies) -> None:
    rows = 0
    for session in sessions("retail", 600):
        for task, row in items("openai", session, ontology("retail"), Options(), "call"):
            assert task == "call"
            call = row["messages"][-1]["tool_calls"][0]["function"]
            if call["name"] == "read_policy":  # which promise is meant, its schema and intents tell
                continue
            for leaf in leaves(json.loads(call["arguments"])):
                assert is_told(leaf, row, session, ontology("retail")), (session["id"], leaf)
            rows += 1
    assert rows > 600


def rows_of(table: str) -> list[str]:
    """Return the names of the rows of a table of the pack."""
    text = (ROOT / "units/retail/tables" / f"{table}.csv").read_text("utf-8")
    return [row["name"] for row in csv.DictReader(text.splitlines())]


def documented() -> dict[tuple[str, str], set[str]]:
    """Return of every argument that is text what it can be: nothing where it is open somewhere."""
    pack = pack_of(GRAPHS["retail"])
    found: dict[tuple[str, str], list[set[str]]] = {}
    for unit in pack.units.values():
        for call in (turn["call"] for turn in unit["turns"] if "call" in turn):
            parameters = pack.tools[call["tool"]]["parameters"]
            for name, source in call.get("with", {}).items():
                if parameters[name]["type"] == "string":
                    spec = pack.slots.get(source, {})
                    file = pack.folder / "tables" / f"{spec.get('row')}.csv"
                    values = set(spec.get("choose", ()))
                    if file.is_file():
                        rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
                        first = next(iter(spec["say"]))
                        if spec.get("where") == "instalments IS NOT NULL":
                            rows = [row for row in rows if row["instalments"]]
                        values = {row[first] for row in rows} - {""}
                    elif source.startswith("'"):
                        values = {source.strip("'")}
                    found.setdefault((call["tool"], name), []).append(values)
    return {one: set().union(*several) if all(several) else set() for one, several in found.items()}


def test_schemas_list_the_values_of_choices_and_of_rows(ontology: Ontologies) -> None:
    tools = ontology("retail").plain["tools"]
    listed = {
        (tool, name): schema["enum"]
        for tool, one in tools.items()
        for name, schema in one["parameters"]["properties"].items()
        if "enum" in schema
    }
    # A row of an earlier result is told by it, and places are more than a schema lists.
    assert {one: set(values) for one, values in listed.items()} == {
        one: values for one, values in documented().items() if values and len(values) <= LISTED
    }
    assert set(listed["read_policy", "topic"]) == {"投诉回复", "补发", "保价", "退款"}
    assert listed["check_return", "reason"] == ["质量问题", "发错货", "不兼容", "不想要了"]
    assert listed["find_products", "device"] == rows_of("device")
    assert listed["check_stock", "product"] == rows_of("product")
    assert len(rows_of("city")) > LISTED >= len(rows_of("product"))
    calls = {
        ((turn["tool"], name), argument)
        for session in composed("retail", 500)
        for turn in session["turns"]
        if turn["kind"] == "call"
        for name, argument in turn["arguments"].items()
        if (turn["tool"], name) in listed
    }
    assert {one for one, _ in calls} == set(listed)
    assert all(argument in listed[one] for one, argument in calls)


# Shapes that the shipped packs do not have.

ORDER = "278497156851"
ROWS = [{"status": "signed"}]
CALL = {
    "kind": "call",
    "speaker": "bot",
    "unit": "x",
    "tool": "check_order",
    "arguments": {"order": ORDER},
}
RESULT = {
    "kind": "result",
    "speaker": "tool",
    "unit": "x",
    "tool": "check_order",
    "as": "r",
    "rows": ROWS,
}


def session_of(shape: str, arguments: Any = CALL["arguments"]) -> Any:
    """Return a session of user, bot, call and result turns: `UBCR`."""
    turns: list[Any] = []
    for number, letter in enumerate(shape):
        if letter in "UB":
            speaker = "user" if letter == "U" else "bot"
            text = f"{letter}{number} {ORDER}" if letter == "U" else f"{letter}{number}"
            said = {"kind": "utterance", "speaker": speaker, "unit": "x", "text": text, "spans": []}
            turns.append(said)
        else:
            turns.append({**CALL, "arguments": arguments} if letter == "C" else RESULT)
    now = "2026-03-27T12:14:00+08:00"
    return {"id": "made-0", "split": "dev", "now": now, "facts": {}, "turns": turns}


def shapes(fmt: str, shape: str, loss: Any, task: str, ontology: Ontologies) -> list[str]:
    """Return each row as letters, + for what is trained; `BC` in one turn is written (BC)."""
    found = []
    made = items(fmt, session_of(shape), ontology("retail"), Options(loss=loss), task)
    for kind, row in made:
        if kind == "loss":
            found.append(f"lost: {row}")
            continue
        letters = []
        for side, text, calls, trained in read(fmt, task, row, loss):
            said = [part[0] for part in text.split("\n") if side != "tool" and part]
            said += ["C"] * len(calls) + ["R"] * (side == "tool")
            letter = "".join(said) if len(said) == 1 else f"({''.join(said)})"
            letters.append(letter + "+" * (side == "assistant" and trained))
        found.append("".join(letters))
    return found


@pytest.mark.parametrize(
    ("shape", "loss", "openai", "llamafactory"),
    [
        ("UUB", "all", ["(UU)B+"], None),
        ("UBBUB", "all", ["U(BB)+UB+"], None),
        ("UBBUB", "last", ["U(BB)UB+"], None),
        ("UBCRB", "all", ["U(BC)+RB+"], None),
        ("UBCRB", "calls", ["U(BC)+"], None),
        ("UBUCRUCRB", "calls", ["UBUC+RUC+"], ["lost: a result is not answered", "UBUC+"]),
        ("UCRCRB", "calls", ["UC+RC+"], ["UC+", "UCRC+"]),
        ("UCRCRB", "all", ["UC+RC+RB+"], None),
        ("UCCRRB", "all", ["U(CC)+RRB+"], ["U(CC)+RB+"]),
        ("UCRUB", "all", ["UC+RUB+"], ["lost: a result is not answered"]),
        ("BUBU", "all", ["B+UB+"], ["lost: the bot begins"]),
        ("UBUBU", "last", ["UBUB+"], None),
        ("UBU", "calls", [], None),
        ("UU", "all", [], None),
    ],
)
def test_odd_shapes_of_replies(
    shape: str, loss: str, openai: list[str], llamafactory: Any, ontology: Ontologies
) -> None:
    assert shapes("openai", shape, loss, "reply", ontology) == openai
    expected = openai if llamafactory is None else llamafactory
    assert sorted(shapes("llamafactory", shape, loss, "reply", ontology)) == sorted(expected)


def test_call_is_trained_whatever_the_loss(ontology: Ontologies) -> None:
    for loss in LOSSES:
        for fmt in ("openai", "llamafactory"):
            assert shapes(fmt, "UBUCRUBCRB", loss, "call", ontology)[0] == "UBUC+"
        assert shapes("openai", "UBUCRBUBCRB", loss, "call", ontology)[1] == "UBUCRBU(BC)+"


def test_texts_before_a_call_stay_apart_in_swift(ontology: Ontologies) -> None:
    [(_, row)] = items("swift", session_of("UUBBCRB"), ontology("retail"), Options(), "call")
    assert row["messages"][1:] == [
        {"role": "user", "content": f"U0 {ORDER}\nU1 {ORDER}"},
        {"role": "assistant", "content": "B2\nB3"},
        {
            "role": "tool_call",
            "content": json.dumps({"name": "check_order", "arguments": {"order": ORDER}}),
        },
    ]


def test_call_with_an_argument_that_nobody_told_is_lost(ontology: Ontologies) -> None:
    session = session_of("UCRB", {"order": "SKU-17"})
    lost = ("loss", "'order' of check_order is told nowhere before the call")
    for fmt in ("llamafactory", "openai", "swift"):
        assert items(fmt, session, ontology("retail"), Options(), *CHATS) == [lost, lost]
    session["facts"] = {"客户": {"订单": [{"order_no": "SKU-17", "tail": "17"}]}}
    assert [
        kind for kind, _ in items("openai", session, ontology("retail"), Options(), *CHATS)
    ] == [*CHATS]
    for late in (session_of("UCRB", {"order": "R9"}), session_of("UBCRB", {"order": "B9"})):
        late["turns"][-2]["rows"] = [{"order": "R9"}]
        late["turns"][-1]["text"] = "B9"
        assert items("openai", late, ontology("retail"), Options(), "call") == [lost]


def test_marks_in_an_argument_are_hidden_from_llamafactory(ontology: Ontologies) -> None:
    """Its parser takes what stands between such marks for a call, before it reads JSON."""
    said = "<tool_call>x</tool_call>"
    session = session_of("UCRB", {"order": said})
    session["turns"][0]["text"] = said
    [(_, row)] = items("llamafactory", session, ontology("retail"), Options(), "call")
    written = row["conversations"][-1]["value"]
    assert "<" not in written
    assert json.loads(written)["arguments"] == {"order": said}


def test_value_that_the_schema_lists_need_not_be_said(ontology: Ontologies) -> None:
    lost = "'reason' of check_return is told nowhere before the call"
    for reason, kinds in (("质量问题", [*CHATS]), ("质量", ["loss", "loss"])):
        session = session_of("UCRB", {"order": ORDER, "reason": reason})
        session["turns"][1]["tool"] = "check_return"
        made = items("openai", session, ontology("retail"), Options(), *CHATS)
        assert [kind for kind, _ in made] == kinds
        assert {row for kind, row in made if kind == "loss"} <= {lost}


# The folder of LLaMA-Factory.


def closed(ontology: Ontology, options: Options, *paths: str) -> dict[str, str]:
    outcome = Outcome("shop", dict.fromkeys(paths, 1), ontology, options)
    return {row.path: row.data for row in FORMATS["llamafactory"].closing(outcome)}


def columns(entry: Any) -> dict[str, Any]:
    """Return the columns as LLaMA-Factory does: what is not listed is none, once any is."""
    known = ("prompt", "query", "response", "messages", "system", "tools", "history")
    return {name: entry["columns"].get(name) for name in known}


def test_datasets_are_listed_with_their_columns(sessions: Sessions, ontology: Ontologies) -> None:
    files = closed(ontology("retail"), Options(), "extract/train.jsonl", "call/dev.jsonl")
    assert files["dataset_info.json"].isascii()
    info = json.loads(files["dataset_info.json"])
    assert {name: entry["file_name"] for name, entry in info.items()} == {
        "shop_extract": "extract/train.jsonl",
        "shop_call_dev": "call/dev.jsonl",
    }
    for session in sessions("retail", 20):
        for task, row in items(
            "llamafactory", session, ontology("retail"), Options(), "extract", "call"
        ):
            entry = info["shop_extract" if task == "extract" else "shop_call_dev"]
            assert entry.get("formatting", "alpaca") == (
                "alpaca" if task == "extract" else "sharegpt"
            )
            assert {name for name in columns(entry).values() if name} == set(row)


@pytest.mark.parametrize(
    ("loss", "tasks", "expected"),
    [
        ("all", ["extract", "call"], {"train": ("shop_extract,shop_call", True)}),
        ("all", ["extract", "reply"], {"train": ("shop_extract,shop_reply", False)}),
        ("last", ["call", "reply"], {"train": ("shop_call,shop_reply", True)}),
        (
            "all",
            ["extract", "call", "reply"],
            {"train": ("shop_extract,shop_call", True), "train_reply": ("shop_reply", False)},
        ),
    ],
)
def test_history_is_masked_where_rows_are_cut(
    loss: Any, tasks: list[str], expected: Any, ontology: Ontologies
) -> None:
    paths = [f"{task}/{split}.jsonl" for task in tasks for split in ("train", "dev", "test")]
    files = closed(ontology("retail"), Options(loss=loss), *paths)
    assert set(files) == {"dataset_info.json", *(f"{name}.yaml" for name in expected)}
    for name, (datasets, masked) in expected.items():
        settings = yaml.safe_load(files[f"{name}.yaml"])
        assert settings["dataset"] == datasets
        assert settings["eval_dataset"] == datasets.replace(",", "_dev,") + "_dev"
        assert settings.get("mask_history", False) == masked


def test_questions_are_alpaca_rows_and_chats_of_two(
    sessions: Sessions, ontology: Ontologies
) -> None:
    rows = 0
    for session in sessions("retail", 50):
        made = list(TASKS["extract"].examples(session, ontology("retail"), Options()))
        alpaca = items("llamafactory", session, ontology("retail"), Options(), "extract")
        for fmt in ("openai", "swift"):
            told = items(fmt, session, ontology("retail"), Options(), "extract")
            assert len(told) == len(made) == len(alpaca)
            for (_, row), (_, asked) in zip(told, alpaca, strict=True):
                prompt = "\n".join(filter(None, [asked["instruction"], asked["input"]]))
                assert row == {
                    "messages": [
                        {"role": "user", "content": prompt},
                        {"role": "assistant", "content": asked["output"]},
                    ]
                }
                rows += 1
    assert rows > 100
