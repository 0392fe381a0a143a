"""Rasa's files, read by a reader of our own that follows Rasa's rules and no code of the engine."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from dialogue.formats import rasa
from dialogue.formats.files import Files
from dialogue.formats.format import Note, Outcome
from dialogue.tasks.example import Loss
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

NAMES = ("retail", "address", "trip", "retail+people", "trip+people")
SPLITS = ("train", "dev", "test")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same rules, in C where it is there
MARKUP = "an example whose text looks like Rasa's markup of entities"


def write(
    directory: Path, sessions: Sequence[Any], ontology: Ontology, options: Options | None = None
) -> Counter[str]:
    """Write what the format makes of sessions; return its losses."""
    options = options or Options()
    files = Files(directory, "rasa", rasa.FORMAT.sinks)
    losses: Counter[str] = Counter()
    notes: dict[tuple[str, ...], Any] = {}
    for session in sessions:
        for item in rasa.FORMAT.rows(session, {}, ontology, options):
            if isinstance(item, Loss):
                losses[item.what] += 1
            elif isinstance(item, Note):
                notes.setdefault(*item)
            else:
                files.add(item)
    outcome = Outcome("test", dict(files.rows), ontology, options, notes)
    for row in rasa.FORMAT.closing(outcome):
        files.whole(row)
    files.close()
    files.publish()
    return losses


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
    graph: Callable[[str], Any],
    sessions: Callable[[str, int], list[Any]],
) -> Callable[[str], tuple[Path, list[Any], Ontology, Counter[str]]]:
    """Return a graph's folder, its 300 sessions in three splits, its ontology, its losses."""
    known: dict[str, Any] = {}

    def one(name: str) -> Any:
        if name not in known:
            some = copy.deepcopy(sessions(name, 300))
            for number, session in enumerate(some):
                session["split"] = SPLITS[number % 3]
            ontology = Ontology(graph(name).ontology())
            directory = tmp_path_factory.mktemp(name)
            losses = write(directory, some, ontology)
            known[name] = directory / "rasa", some, ontology, losses
        return known[name]

    return one


# The reader.


def parse(path: Path) -> Any:
    text = path.read_text("utf-8")
    assert not text.isascii(), "Rasa unescapes a file of ASCII alone a second time"
    document = yaml.load(text, LOADER)
    assert document.pop("version") == "3.1"
    return document


def understand(written: str) -> tuple[str, tuple[Any, ...]]:
    """Read a message: `[text](entity)` and `[text]{json}`, the first bracket that closes wins."""
    text, entities, at = "", [], 0
    while at < len(written):
        close = written.find("]", at + 1) if written[at] == "[" else -1
        kind = written[close + 1 : close + 2] if close > at + 1 else ""
        if kind == "[" and "]" in written[close + 2 :]:
            raise ValueError("a list of entities")
        end = written.find({"(": ")", "{": "}"}.get(kind, "\0"), close + 2)
        inner = written[close + 2 : end]
        if not kind or kind not in "({" or end < 0 or not inner:
            text += written[at]
            at += 1
            continue
        said = {"entity": inner.split(":")[0]} if kind == "(" else json.loads(f"{{{inner}}}")
        assert set(said) <= {"entity", "role"}
        start = len(text)
        text += written[at + 1 : close]
        entities.append((start, len(text), said["entity"], said.get("role")))
        at = end + 1
    return text, tuple(entities)


def examples(folder: Path) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    for path in sorted((folder / "nlu").glob("*.yml")):
        document = parse(path)
        assert list(document) == ["nlu"]
        for item in document["nlu"]:
            assert list(item) == ["intent", "examples"]
            assert isinstance(item["intent"], str)
            for example in item["examples"]:
                assert list(example) == ["text"]
                text, entities = understand(example["text"].strip("\n\r "))
                yield item["intent"], text, entities


# What the record says.


def users(sessions: Sequence[Any], split: str) -> Iterator[Any]:
    for session in sessions:
        if session["split"] == split:
            for turn in session["turns"]:
                if turn["kind"] == "utterance" and turn["speaker"] == "user":
                    yield turn


def expected(turn: Any) -> tuple[str, str, tuple[Any, ...]]:
    entities = tuple(
        (span["start"], span["end"], span.get("part", span["slot"]), span.get("role"))
        for span in turn["spans"]
    )
    intent = "+".join(intent["name"] for intent in turn["intents"]) or "no_intent"
    return intent, turn["text"], entities


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("name", NAMES)
def test_every_example_reads_back_as_the_record_says(
    name: str, split: str, made: Callable[[str], Any]
) -> None:
    folder, sessions, _, losses = made(name)
    wanted = Counter(expected(turn) for turn in users(sessions, split))
    assert wanted.total() > 50
    assert Counter(examples(folder / split)) == wanted
    assert losses == {}


def filled(act: Any) -> str:
    """Return the slot that an answer fills; Rasa wants a letter first."""
    name = "_".join(filter(None, (act.get("part", act["slot"]), act.get("role"))))
    return name if re.match("[A-Za-z]", name) else f"slot_{name}"


def steps(session: Any) -> Iterator[dict[str, Any]]:
    """Return the steps of a story; a question is named by what is asked, the rest by its unit."""
    for turn in session["turns"]:
        if turn["kind"] == "call":
            yield {"action": f"action_{turn['tool']}"}
        elif turn["kind"] == "utterance" and turn["speaker"] == "bot":
            owner = turn["phrasing"].rpartition("/")[0]
            own = [] if owner == turn["unit"] or ":" in owner else [owner]
            parts = [turn["unit"], turn.get("outcome")]
            for kind, word in (("request", "ask"), ("confirm", "confirm"), ("offer", "offer")):
                slots = [filled(act) for act in turn["acts"] if act["act"] == kind]
                parts = [word, *slots] if slots else parts
                own = own if not slots or word == "ask" else []
            if own and parts[0] == turn["unit"] and "phrasings" not in turn:
                parts = []
            yield {"action": "_".join(filter(None, ("utter", *own, *parts)))}
        elif turn["kind"] == "utterance":
            intent, text, entities = expected(turn)
            step: dict[str, Any] = {"intent": intent}
            for start, end, entity, role in entities:
                told = {entity: text[start:end], **({"role": role} if role else {})}
                step.setdefault("entities", []).append(told)
            yield step


@pytest.mark.parametrize("name", NAMES)
def test_stories_tell_the_walk(name: str, made: Callable[[str], Any]) -> None:
    folder, sessions, _, _ = made(name)
    for split in SPLITS:
        stories = parse(folder / split / "stories.yml")["stories"]
        told = [session for session in sessions if session["split"] == split]
        assert [story["story"] for story in stories] == [session["id"] for session in told]
        for story, session in zip(stories, told, strict=True):
            assert story["steps"] == list(steps(session))


def test_a_question_is_an_action_by_what_it_asks_for(made: Callable[[str], Any]) -> None:
    folder, *_ = made("trip")
    responses = parse(folder / "domain.yml")["responses"]
    assert {"utter_ask_city_origin", "utter_ask_city", "utter_ask_slot_电话"} <= set(responses)


@pytest.mark.parametrize("name", NAMES)
def test_the_domain_knows_all_names(name: str, made: Callable[[str], Any]) -> None:
    folder, _, _, _ = made(name)
    domain = parse(folder / "domain.yml")
    entities = {
        (one, ()) if isinstance(one, str) else (next(iter(one)), tuple(*one.values()))
        for one in (
            one if isinstance(one, str) else {key: value["roles"] for key, value in one.items()}
            for one in domain["entities"]
        )
    }
    roles = dict(entities)
    actions = {*domain.get("actions", ()), *domain["responses"]}
    assert len(domain["intents"]) == len(set(domain["intents"]))
    for split in SPLITS:
        for intent, _, said in examples(folder / split):
            assert intent in domain["intents"]
            for _, _, entity, role in said:
                assert role is None or role in roles[entity]
                assert entity in roles
        for story in parse(folder / split / "stories.yml")["stories"]:
            used = {step["action"] for step in story["steps"] if "action" in step}
            assert used <= actions
    filled = {
        (slot["mappings"][0]["entity"], slot["mappings"][0].get("role"))
        for slot in domain["slots"].values()
    }
    said = {
        (entity, role)
        for split in SPLITS
        for _, _, found in examples(folder / split)
        for _, _, entity, role in found
    }
    assert filled == said
    # Rasa's schema demands a letter, and a response with something to say.
    assert all(slot[0].isascii() and slot[0].isalpha() for slot in domain["slots"])
    for wordings in domain["responses"].values():
        assert 1 <= len(wordings) <= 3
        assert all(wording["text"].strip() for wording in wordings)


def test_wordings_of_responses_have_slots_in_braces(made: Callable[[str], Any]) -> None:
    responses = parse(made("trip")[0] / "domain.yml")["responses"]
    assert {"text": "There is {hotel} in {city}"} in responses["utter_search_one"]


def synonyms(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in parse(path)["nlu"]:
        assert isinstance(item["synonym"], str)
        for line in item["examples"].splitlines():
            assert line.startswith("- ")
            assert line[2:] not in found
            found[line[2:]] = item["synonym"]
    return found


@pytest.mark.parametrize("name", ["retail", "trip"])
def test_a_synonym_holds_wherever_it_is_said(name: str, made: Callable[[str], Any]) -> None:
    folder, sessions, ontology, _ = made(name)
    documented = [slot.get("values", {}) for slot in ontology.plain["slots"].values()]
    for split in SPLITS:
        found = synonyms(folder / split / "synonyms.yml")
        assert len(found) > 3
        said = {span["surface"] for turn in users(sessions, split) for span in turn["spans"]}
        assert set(found) <= said, "what another split says must not leak"
        known = {surface.lower(): normal for surface, normal in found.items()}
        for turn in (turn for other in SPLITS for turn in users(sessions, other)):
            for span in turn["spans"]:
                normal = known.get(span["surface"].lower())
                assert normal in (None, span.get("normal", span["surface"]))
        for surface, normal in known.items():
            meant = {
                one
                for values in documented
                for one, surfaces in values.items()
                if surface in {said.lower() for said in (one, *surfaces)}
            }
            assert meant == {normal}


def test_a_city_in_an_address_is_no_synonym(graph: Callable[[str], Any], tmp_path: Path) -> None:
    text = "北京市"
    span = {"start": 0, "end": 3, "surface": text}
    place = session(text, [{**span, "slot": "地点", "normal": "北京"}], ["price"])
    part = session(text, [{**span, "slot": "收货人", "part": "市"}], ["price"])
    ontology = Ontology(graph("retail").ontology())
    write(tmp_path, [place], ontology)
    assert synonyms(tmp_path / "rasa/train/synonyms.yml") == {text: "北京"}
    write(tmp_path / "rasa", [place, part], ontology)
    assert not (tmp_path / "rasa/rasa/train/synonyms.yml").exists()
    assert (tmp_path / "rasa/rasa/domain.yml").exists()


def test_a_surface_with_two_meanings_is_no_synonym(
    graph: Callable[[str], Any], tmp_path: Path
) -> None:
    plain = copy.deepcopy(graph("trip").ontology())
    span = {"slot": "city", "start": 0, "end": 3, "surface": "BOS", "normal": "Boston"}
    write(tmp_path, [session("BOS", [span])], Ontology(plain))
    assert synonyms(tmp_path / "rasa/train/synonyms.yml") == {"BOS": "Boston"}
    plain["slots"]["deck"]["values"]["lower"].append("bos")
    write(tmp_path / "rasa", [session("BOS", [span])], Ontology(plain))
    assert not (tmp_path / "rasa/rasa/train/synonyms.yml").exists()


def test_a_wording_with_braces_is_no_response(graph: Callable[[str], Any], tmp_path: Path) -> None:
    said = session("x")
    bot = {"kind": "utterance", "speaker": "bot", "unit": "look", "phrasing": "look/1"}
    said["turns"].append({**bot, "text": "use {this}", "acts": [], "spans": []})
    write(tmp_path, [said], Ontology(graph("trip").ontology()))
    responses = parse(tmp_path / "rasa/domain.yml")["responses"]
    assert responses == {"utter_look": [{"text": "utter_look"}]}


# Texts that files and readers trip over.


def session(text: str, spans: Sequence[Any] = (), intents: Sequence[str] = ("look",)) -> Any:
    turn = {
        "kind": "utterance",
        "speaker": "user",
        "unit": "look",
        "text": text,
        "intents": [{"name": name} for name in intents],
        "acts": [],
        "spans": list(spans),
    }
    return {"id": "odd-0-000000", "split": "train", "turns": [turn]}


ODD = [
    "型号[X1]可以吗", "[x] (y)", "[](y)", "[x]()", "[x", "x](y)", "{a}", "{}", '"quoted"', "it's",
    "'", "''", "# no comment", "a # b", "a: b", "b:", "- item", "-", "? key", "& * ! | > % @ `",
    "🙂 👍🏽", "one\ntwo", "one\n\n  two", "tab\there", "\tled by a tab", "a\u2028b\u2029c",
    "a\x85b", "null", "yes", "No", "~", "1.0", "1_000", "12:30", "0x1F", "2026-01-01", ".inf", "\\",
    "\\u0041", "${HOME}", "\ufeffx", "=", "<<", "---", "...", "a]b", "]]((", "{{ x }}", "a\rb",
    "\x7f", "%TAG", "a colon ends:",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_stay_what_they_are(
    text: str, graph: Callable[[str], Any], tmp_path: Path
) -> None:
    ontology = Ontology(graph("trip").ontology())
    tail = f"Boston {text}"
    span = {"slot": "city", "start": 0, "end": 6, "surface": "Boston", "value": "BOS"}
    odd = {"slot": "seat", "start": 0, "end": len(text), "surface": text, "value": text}
    plain = [session(text), session(tail, [span])]
    assert write(tmp_path, plain, ontology) == {}
    found = [("look", text, ()), ("look", tail, ((0, 6, "city", None),))]
    assert list(examples(tmp_path / "rasa/train")) == found
    if "]" not in text:
        told = tmp_path / "rasa"
        assert write(told, [session(text, [odd])], ontology) == {}
        entity = ((0, len(text), "seat", None),)
        assert list(examples(told / "rasa/train")) == [("look", text, entity)]
        steps = parse(told / "rasa/train/stories.yml")["stories"][0]["steps"]
        assert steps == [{"intent": "look", "entities": [{"seat": text}]}]


def test_white_space_around_a_message_goes(graph: Callable[[str], Any], tmp_path: Path) -> None:
    ontology = Ontology(graph("trip").ontology())
    city = {"slot": "city", "start": 2, "end": 8, "surface": "Boston", "value": "BOS"}
    seat = {"slot": "seat", "start": 2, "end": 5, "surface": " A ", "value": "A"}
    some = [
        session("\n Boston, please \n", [city]),
        session(" x\u3000"),
        session("\n  A  ", [seat]),
    ]
    assert write(tmp_path, some, ontology) == {}
    assert list(examples(tmp_path / "rasa/train")) == [
        ("look", "Boston, please", ((0, 6, "city", None),)),
        ("look", "x\u3000", ()),
        ("look", " A ", ((0, 3, "seat", None),)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "型号[X1](电源)可以吗",
        '[x]{"entity": "y"}',
        "[a]{b}",
        "[a][b]",
        "[a](b:c)",
        "[a\n](b)",
    ],
)
def test_text_that_rasa_would_take_for_markup_is_a_loss(
    text: str, graph: Callable[[str], Any], tmp_path: Path
) -> None:
    losses = write(tmp_path, [session(text), session("fine")], Ontology(graph("trip").ontology()))
    assert losses == {MARKUP: 1}
    assert [one[1] for one in examples(tmp_path / "rasa/train")] == ["fine"]
    assert len(parse(tmp_path / "rasa/train/stories.yml")["stories"]) == 2


def test_an_entity_in_brackets_is_a_loss(graph: Callable[[str], Any], tmp_path: Path) -> None:
    ontology = Ontology(graph("trip").ontology())
    span = {"slot": "city", "start": 1, "end": 7, "surface": "Boston", "value": "BOS"}
    assert write(tmp_path, [session("[Boston]", [span])], ontology) == {MARKUP: 1}
    inner = {"slot": "seat", "start": 0, "end": 3, "surface": "a]b", "value": "a]b"}
    assert write(tmp_path / "rasa", [session("a]b", [inner])], ontology) == {MARKUP: 1}


def test_names_that_mean_something_to_rasa(graph: Callable[[str], Any], tmp_path: Path) -> None:
    plain = copy.deepcopy(graph("trip").ontology())
    names = ("faq/price", "a+b", "a.b", "no_intent", "../up", "look")
    plain["intents"] = {name: {"title": name, "units": []} for name in names}
    spans = [
        {"slot": "role", "start": 0, "end": 1, "surface": "x", "value": "x"},
        {"slot": "seat", "start": 1, "end": 2, "surface": "y", "value": "y"},
    ]
    some = [session(f"t{number}", (), [name]) for number, name in enumerate(names[:5])]
    some += [session("none", (), []), session("two", (), names[:2]), session("xy", spans)]
    losses = write(tmp_path, some, Ontology(plain))
    assert losses == {"a story's entity named 'role' or 'group'": 1}
    read = {text: intent for intent, text, _ in examples(tmp_path / "rasa/train")}
    assert read == {
        "t0": "faq.price", "t1": "a.b_", "t2": "a.b", "t3": "no_intent", "t4": "...up",
        "none": "no_intent_", "two": "faq.price+a.b_", "xy": "look",
    }  # fmt: skip
    assert set(read.values()) <= set(parse(tmp_path / "rasa/domain.yml")["intents"])
    assert all(path.is_relative_to(tmp_path / "rasa") for path in tmp_path.rglob("*.yml"))
    story = parse(tmp_path / "rasa/train/stories.yml")["stories"][-1]
    assert story["steps"] == [{"intent": "look", "entities": [{"seat": "y"}]}]


def test_labels_may_be_ascii(
    graph: Callable[[str], Any], sessions: Callable[[str, int], list[Any]], tmp_path: Path
) -> None:
    ontology = Ontology(graph("retail").ontology())
    write(tmp_path, sessions("retail", 300), ontology, Options(labels="key"))
    domain = parse(tmp_path / "rasa/domain.yml")
    assert {"place", "recipient.name"} <= set(domain["entities"])
    assert all(name.isascii() for name in (*domain["entities"], *domain["slots"]))
