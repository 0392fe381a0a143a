"""What taggers read: offsets, columns, JointBERT's folders and spaCy's documents say the same."""

from __future__ import annotations

import json
import random
import sys
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from click.testing import CliRunner
from replay import GRAPHS, ROOT

from dialogue import load_graph
from dialogue.cli import main
from dialogue.formats import bio, spacy, spans
from dialogue.formats.files import Files
from dialogue.problem import UnplacedError
from dialogue.providers import PROVIDERS, find_method, open_faker
from dialogue.providers.record import record
from dialogue.tasks.example import Loss, Tag
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from dialogue.formats.format import Format

SPLITS = ("train", "dev", "test")
SCHEMES = {"BIO": "IOB2", "BIOES": "IOBES"}  # of seqeval, which takes long to import
USUAL, KEYS = Options(), Options(labels="key")


class Said(NamedTuple):
    """What a user says, as a session has it or as a file is read back."""

    text: str
    spans: list[tuple[int, int, str]]
    intents: list[str]


@pytest.fixture(scope="session")
def divided(sessions: Callable[[str, int], list[Any]]) -> Callable[[str], list[Any]]:
    """Return sessions of a graph, of all splits in turn."""
    return lambda name: [
        {**session, "split": SPLITS[number % 3]}
        for number, session in enumerate(sessions(name, 150))
    ]


@pytest.fixture(scope="session")
def ontology(graph: Callable[[str], Any]) -> Callable[[str], Ontology]:
    return lambda name: Ontology(graph(name).ontology())


def session(text: str, *labels: tuple[int, int, str], intents: Iterable[str] = ("ask",)) -> Any:
    """Return a session in which a user says one thing."""
    found = [
        {"slot": label, "start": start, "end": end, "surface": text[start:end], "value": None}
        for start, end, label in labels
    ]
    turn = {"kind": "utterance", "speaker": "user", "text": text, "spans": found}
    turn["intents"] = [{"name": name} for name in intents]
    return {"id": "s", "split": "train", "turns": [turn]}


def plain(locale: str = "zh_CN") -> Ontology:
    """Return an ontology that knows one intent."""
    intents = {"ask": {"title": "asking"}}
    names: Any = {"domain": "d", "locale": locale, "instructions": {}, "labels": {}, "keys": {}}
    return Ontology({**names, "intents": intents})


def name_of(span: Any) -> str:
    """Return the label as an author thinks of it; the only role in the packs names its slot."""
    return str(span.get("part") or span.get("role") or span["slot"])


def users(some: Iterable[Any], split: str | None = None) -> list[Said]:
    """Return what users say."""
    return [
        Said(
            turn["text"],
            [(span["start"], span["end"], name_of(span)) for span in turn["spans"]],
            [intent["name"] for intent in turn.get("intents", [])],
        )
        for one in some
        if split in (None, one["split"])
        for turn in one["turns"]
        if turn["kind"] == "utterance" and turn["speaker"] == "user"
    ]


def items(made: Format, one: Any, known: Ontology, options: Options) -> list[Any]:
    return list(made.rows(one, {}, known, options))


def lost(made: Format, one: Any, options: Options = USUAL, locale: str = "zh_CN") -> list[str]:
    """Return what is lost of a session of which nothing is written."""
    found = items(made, one, plain(locale), options)
    assert found
    assert all(isinstance(item, Loss) for item in found)
    return [item.what for item in found]


def written(
    folder: Path, made: Format, some: Iterable[Any], known: Ontology, options: Options
) -> Path:
    """Write the files of a format, of which nothing may be lost."""
    files = Files(folder, made.name, made.sinks)
    for one in some:
        for row in items(made, one, known, options):
            files.add(row)
    files.close()
    files.publish()
    return folder / made.name


# The readers, after what the formats say of themselves and what their consumers' code does.


def lines_of(path: Path) -> list[str]:
    """Return the lines of a file as Python iterates it."""
    lines = path.read_text("utf-8").split("\n")
    assert lines.pop() == ""
    return lines


def columns(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Read a file of columns as CoNLL readers do: white space parts, a blank line ends."""
    for full, block in groupby(lines_of(path), key=lambda line: bool(line.strip())):
        if full:
            pairs = [line.split() for line in block]
            assert {len(pair) for pair in pairs} == {2}
            yield [character for character, _ in pairs], [mark for _, mark in pairs]


def joint(folder: Path, split: str) -> Iterator[tuple[list[str], list[str], str]]:
    """Read a split as JointBERT does, by the lines of its three files and its lists of labels.

    Its loader takes what it does not know for UNK, without a word: none may be.
    """
    slots = [line.strip() for line in lines_of(folder / "slot_label.txt")]
    intents = [line.strip() for line in lines_of(folder / "intent_label.txt")]
    assert slots[:3] == ["PAD", "UNK", "O"]
    assert intents[0] == "UNK"
    assert len(slots) == len(set(slots))
    assert len(intents) == len(set(intents))
    names = ("seq.in", "seq.out", "label")
    files = [lines_of(folder / split / name) for name in names]
    for text, marks, intent in zip(*files, strict=True):
        words, found = text.strip().split(), [slots.index(mark) for mark in marks.split()]
        assert len(words) == len(found)
        assert min(found) >= 2
        yield words, [slots[number] for number in found], intents[intents.index(intent.strip())]


def found(marks: list[str]) -> list[tuple[int, int, str]]:
    """Return the spans that tags stand for, by the rule that bio states."""
    spans: list[tuple[int, int, str]] = []
    for at, mark in enumerate(marks):
        kind, _, label = mark.partition("-")
        if kind in ("B", "S"):
            spans.append((at, at + 1, label))
        elif kind in ("I", "E"):
            start, end, begun = spans.pop()
            assert (end, begun) == (at, label)
            spans.append((start, at + 1, label))
    return spans


def entities_of(marks: list[list[str]], scheme: str) -> list[list[tuple[int, int, str]]]:
    """Return the spans that seqeval finds, by its own strict rules."""
    import seqeval.scheme

    entities = seqeval.scheme.Entities(marks, getattr(seqeval.scheme, SCHEMES[scheme])).entities
    return [sorted((one.start, one.end, one.tag) for one in some) for some in entities]


def shown(text: str) -> list[str]:
    return ["▁" if character.isspace() else character for character in text]


# Spans.


@pytest.mark.parametrize("name", GRAPHS)
def test_spans_are_those_of_the_session(
    name: str, divided: Any, ontology: Any, tmp_path: Path
) -> None:
    folder = written(tmp_path, spans.FORMAT, divided(name), ontology(name), Options())
    for split in SPLITS:
        lines = [json.loads(line) for line in lines_of(folder / f"{split}.jsonl")]
        wanted = [
            {
                "id": f"{one['id']}/{number}",
                "speaker": turn["speaker"],
                "text": turn["text"],
                "intents": [intent["name"] for intent in turn.get("intents", [])],
                "spans": [
                    {
                        "start": span["start"],
                        "end": span["end"],
                        "label": name_of(span),
                        "surface": turn["text"][span["start"] : span["end"]],
                        "value": span["value"],
                    }
                    for span in turn["spans"]
                ],
            }
            for one in divided(name)
            if one["split"] == split
            for number, turn in enumerate(one["turns"])
            if turn["kind"] == "utterance"
        ]
        assert lines == wanted
        assert {line["speaker"] for line in lines} == {"user", "bot"}
        assert [] in [line["spans"] for line in lines]


def test_parts_are_labelled_by_their_own_names(divided: Any, ontology: Any) -> None:
    labels: dict[str, set[tuple[str, str]]] = {}
    for one in divided("address"):
        rows = items(spans.FORMAT, one, ontology("address"), Options())
        turns = [turn for turn in one["turns"] if turn["kind"] == "utterance"]
        for row, turn in zip(rows, turns, strict=True):
            for span, said in zip(row.data["spans"], turn["spans"], strict=True):
                if "part" in said:
                    labels.setdefault(said["slot"], set()).add((said["part"], span["label"]))
                else:
                    assert span["label"] == said["slot"]
    parts = ("姓名", "电话", "邮编", "省", "市", "县", "详细地址")
    assert labels["收货人"] == {(part, part) for part in parts}
    assert labels["包裹"] == {(part, part) for part in ("快递公司", "单号")}


# ASCII labels.


@pytest.mark.parametrize("name", GRAPHS)
def test_keys_are_ascii_and_tell_labels_apart(name: str, divided: Any, ontology: Any) -> None:
    pairs = set()
    for one in divided(name):
        usual = items(spans.FORMAT, one, ontology(name), Options())
        for row, other in zip(items(spans.FORMAT, one, ontology(name), KEYS), usual, strict=True):
            for span, named in zip(row.data["spans"], other.data["spans"], strict=True):
                assert span["surface"] == named["surface"]
                pairs.add((span["label"], named["label"]))
    tools = set(ontology(name).plain["tools"])
    keys = {key for key, _ in pairs}
    assert all(key.isascii() and not any(map(str.isspace, key)) for key in keys)
    # Columns of one tool have one key, whatever its results are called; slots have one each.
    slots = [(key, label) for key, label in pairs if key.partition(".")[0] not in tools]
    assert len({key for key, _ in slots}) == len({label for _, label in slots}) == len(slots)
    for key, label in pairs - set(slots):
        assert label.partition(".")[2] == key.partition(".")[2]


@pytest.mark.parametrize("name", GRAPHS)
def test_every_key_of_an_ontology_is_ascii(name: str, ontology: Any) -> None:
    keys, labels = ontology(name).plain["keys"], ontology(name).labels
    assert set(labels) < set(keys) or set(labels) == set(keys)
    assert all(key.isascii() for key in keys.values())
    assert len({keys[one] for one in labels}) == len(labels)


def test_keys_of_parts_and_columns(ontology: Any) -> None:
    keys = ontology("retail").plain["keys"]
    parts = {"姓名": "name", "电话": "phone", "邮编": "postcode", "省": "province", "市": "city",
             "县": "county", "详细地址": "street"}  # fmt: skip
    assert {part: keys[f"收货人.{part}"] for part in parts} == {
        part: f"recipient.{key}" for part, key in parts.items()
    }
    assert keys["客户.城市"] == "customer.city"
    assert keys["价格.price"] == keys["比价.price"] == "check_prices.price"
    assert "价格.name" not in keys  # a product, labelled as that
    assert ontology("trip").plain["keys"]["city:origin"] == "origin"


def test_a_role_tells_keys_apart_where_no_ascii_name_does(tmp_path: Path) -> None:
    files = {
        "graphs/g.yaml": "domain: d\nstart: {u: 1}\nedges: {u: {end: 1}}\nwalk: {units: 1..1}\n",
        "units/d/domain.yaml": (
            "locale: zh_CN\nslots:\n"
            "  地点: {choose: [北京, 上海], key: place}\n"
            "  出发地: {like: 地点, role: origin}\n"
            "  起点: {like: 地点, role: start, key: begin}\n"
            "  收货人: {faker: cn_recipient, key: recipient}\n"
            "  寄件人: {like: 收货人, role: sender}\n"
        ),
        "units/d/u.yaml": (
            "turns:\n- bot: [好的]\n- user: ['{{ 出发地 }}{{ 起点 }}{{ 地点 }}{{ 寄件人.姓名 }}']\n"
        ),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    keys = load_graph(tmp_path / "graphs/g.yaml").ontology()["keys"]
    assert keys["地点:origin"] == "place:origin"
    assert keys["地点:start"] == "begin"
    assert keys["收货人.姓名:sender"] == "recipient.name:sender"
    assert keys["收货人.姓名"] == "recipient.name"


@pytest.mark.parametrize("made", [spans.FORMAT, bio.FORMAT, spacy.FORMAT], ids=lambda f: f.name)
def test_a_label_without_ascii_name_is_lost(made: Format) -> None:
    one = session("去北京", (1, 3, "地点"))
    rows = len(items(made, one, plain(), USUAL))
    wanted = "the label '地点' is not ASCII: give its slot a key"
    assert lost(made, one, KEYS) == [wanted] * rows


def test_what_the_bot_says_is_no_loss_to_taggers_of_users() -> None:
    one = session("去北京", (1, 3, "地点"))
    one["turns"][0]["speaker"] = "bot"
    assert items(bio.FORMAT, one, plain(), KEYS) == []
    assert items(spacy.FORMAT, one, plain(), KEYS) == []
    assert len(lost(spans.FORMAT, one, KEYS)) == 1


@pytest.mark.parametrize("name", PROVIDERS)
def test_providers_name_every_part_in_ascii(name: str) -> None:
    method = find_method(open_faker("zh_CN", random.Random(0)), name)
    keys = [method.shape.keys.get(part, part) for part in method.shape.parts]
    assert all(key.isascii() and key.isidentifier() for key in keys)
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "keys", [None, {"姓名": "姓"}, {"姓名": "a b"}, {"姓名": "n", "b": "c"}], ids=str
)
def test_record_demands_a_key_for_every_part(keys: dict[str, str] | None) -> None:
    with pytest.raises(ValueError, match="for each part"):
        record(parts=("姓名",), keys=keys)
    with pytest.raises(ValueError, match="one key for each part"):
        record(parts=("姓名", "name"), keys={"姓名": "name"})


# Columns and JointBERT.


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", GRAPHS)
def test_columns_and_folders_give_the_spans_back(
    name: str, scheme: Any, divided: Any, ontology: Any, tmp_path: Path
) -> None:
    import seqeval.metrics
    import seqeval.scheme

    options = Options(scheme=scheme)
    folder = written(tmp_path, bio.FORMAT, divided(name), ontology(name), options)
    for split in SPLITS:
        wanted = users(divided(name), split)
        assert len(wanted) > 40
        texts = [shown(one.text) for one in wanted]
        labelled = [one.spans for one in wanted]

        blocks = list(columns(folder / f"{split}.txt"))
        marks = [marks for _, marks in blocks]
        assert [characters for characters, _ in blocks] == texts
        assert [found(one) for one in marks] == labelled
        assert entities_of(marks, scheme) == [
            [(start, end, label) for start, end, label in one] for one in labelled
        ]
        kind = getattr(seqeval.scheme, SCHEMES[scheme])
        assert seqeval.metrics.f1_score(marks, marks, mode="strict", scheme=kind) == 1.0

        lines = list(joint(folder / "jointbert", split))
        assert [words for words, _, _ in lines] == texts
        assert [marks for _, marks, _ in lines] == marks
        assert [intent for _, _, intent in lines] == [
            "#".join(one.intents) or "UNK" for one in wanted
        ]


def test_lists_of_labels_hold_what_occurs_and_no_more(
    divided: Any, ontology: Any, tmp_path: Path
) -> None:
    folder = written(tmp_path, bio.FORMAT, divided("trip"), ontology("trip"), Options())
    read = [line for split in SPLITS for line in joint(folder / "jointbert", split)]
    slots = (folder / "jointbert/slot_label.txt").read_text("utf-8").split()
    intents = (folder / "jointbert/intent_label.txt").read_text("utf-8").split()
    assert set(slots) == {"PAD", "UNK", "O", *(mark for _, marks, _ in read for mark in marks)}
    assert set(intents) == {"UNK", *(intent for _, _, intent in read)}
    assert any("#" in intent for intent in intents)
    assert "UNK" in {intent for _, _, intent in read}  # turns without an intent


@pytest.mark.parametrize("scheme", SCHEMES)
def test_hard_texts(scheme: Any, tmp_path: Path) -> None:
    texts: list[tuple[str, list[tuple[int, int, str]]]] = [
        ("北京", [(0, 2, "a")]),
        ("京", [(0, 1, "a")]),
        ("北京上海", [(0, 2, "a"), (2, 4, "a")]),
        ("北京上", [(0, 1, "a"), (1, 2, "a"), (2, 3, "b-c")]),
        ("好，去北京", [(3, 5, "a.b:c")]),
        (" 小米 14 \n\t手机\u3000壳\u2028x\u00a0", [(1, 6, "a"), (9, 13, "a"), (13, 14, "b")]),
        ("👩‍💻要𠮷野家e\u0301", [(0, 3, "a"), (4, 7, "a"), (7, 9, "b")]),
        ("▁ ▁", [(0, 1, "a")]),
        ("嗯", []),
        ("PAD O B-a", [(0, 3, "O"), (6, 9, "I")]),
    ]
    some = [session(text, *labels) for text, labels in texts]
    folder = written(tmp_path, bio.FORMAT, some, plain(), Options(scheme=scheme))
    read = list(columns(folder / "train.txt"))
    assert [(characters, found(marks)) for characters, marks in read] == [
        (shown(text), labels) for text, labels in texts
    ]
    assert entities_of([marks for _, marks in read], scheme) == [labels for _, labels in texts]
    lines = list(joint(folder / "jointbert", "train"))
    assert [(words, marks) for words, marks, _ in lines] == read
    text = (folder / "train.txt").read_text("utf-8")
    assert not text.startswith("\n")
    assert not text.endswith("\n\n")
    assert "\n\n\n" not in text


def test_tags_of_both_schemes() -> None:
    marked = [Tag(0, 1, "a", "", None), Tag(1, 3, "b", "", None), Tag(4, 7, "b", "", None)]
    assert bio.tags(8, marked, "BIO") == ["B-a", "B-b", "I-b", "O", "B-b", "I-b", "I-b", "O"]
    assert bio.tags(8, marked, "BIOES") == ["S-a", "B-b", "E-b", "O", "B-b", "I-b", "E-b", "O"]


@pytest.mark.parametrize("label", ["a b", "a\tb", "a\u3000", " ", ""])
def test_a_label_that_breaks_columns_is_lost(label: str) -> None:
    # Twice: there are two rows that are not written.
    wanted = f"the label '{label}' is blank or holds white space"
    assert lost(bio.FORMAT, session("去北京", (1, 3, label))) == [wanted] * 2


@pytest.mark.parametrize("intent", ["a#b", "a b", "UNK", ""])
def test_an_intent_that_jointbert_cannot_tell_is_lost_to_it_alone(intent: str) -> None:
    block, loss = items(bio.FORMAT, session("去", intents=("ask", intent)), plain(), Options())
    assert (block.path, block.data) == ("train.txt", "去 O")
    assert loss == Loss(f"JointBERT cannot tell the intent '{intent}'")


# spaCy: what is handed to it. What it makes of that is looked at where it is installed.


@pytest.mark.parametrize("name", ["retail", "address"])
def test_documents_are_what_users_say(
    name: str, divided: Any, ontology: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)  # Chinese is cut without it
    rows = [
        row for one in divided(name) for row in items(spacy.FORMAT, one, ontology(name), Options())
    ]
    wanted = users(divided(name))
    for split in SPLITS:
        count = sum(row.path == f"{split}/{{number}}.spacy" for row in rows)
        assert count == len(users(divided(name), split))
    documents = [row.data for row in rows]
    assert [
        Said(one.text, list(one.entities), [name for name, held in one.intents.items() if held])
        for one in documents
    ] == wanted
    assert {tuple(one.intents) for one in documents} == {tuple(ontology(name).intents)}
    assert {one.language for one in documents} == {"zh"}
    assert len({one.id for one in documents}) == len(documents)


@pytest.mark.parametrize(
    ("text", "label"),
    [("去 北京", (1, 4)), ("去北京 ", (1, 4)), ("去\n北京", (1, 4)), ("\u3000去", (0, 2))],
)
def test_white_space_at_the_end_of_a_span_is_lost_in_chinese(
    text: str, label: tuple[int, int]
) -> None:
    one = session(text, (*label, "地点"))
    assert lost(spacy.FORMAT, one) == ["a span begins or ends within a token of spaCy"]


class Words:
    """Stands for a pipeline of spaCy in which white space parts words."""

    def memory_zone(self) -> Any:
        return pytest.MonkeyPatch.context()

    def make_doc(self, text: str) -> Any:
        self.text = text
        return self

    def char_span(self, start: int, end: int) -> str | None:
        around = self.text[start - 1 : start] + self.text[end : end + 1]
        return None if around.strip() else self.text[start:end]


def test_a_span_within_a_token_is_lost_in_other_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(spacy, "blank", lambda code: asked.append(code) or Words())
    (row,) = items(spacy.FORMAT, session("to New York", (3, 11, "city")), plain("en_US"), Options())
    assert row.data.entities == ((3, 11, "city"),)
    cut = session("toNew York", (2, 10, "city"))
    assert lost(spacy.FORMAT, cut, locale="en_US") == [
        "a span begins or ends within a token of spaCy"
    ]
    assert asked == ["en", "en"]


def test_spacy_that_is_missing_is_told_before_anything_is_composed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(UnplacedError) as told:
        spacy.ready()
    assert told.value.fix == "pip install 'dialogue[spacy]'"
    graph = ROOT / "graphs/address.yaml"
    out = tmp_path / "out"
    arguments = ["compose", str(graph), "-n", "1", "-o", str(out), "--to", "spacy"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "fix: pip install 'dialogue[spacy]'" in done.output
    assert not out.exists()
