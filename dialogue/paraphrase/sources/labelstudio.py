"""People reword in Label Studio: tasks and an interface out, what they wrote in.

A task is an assignment. Placeholders are locked: people see `[时间]`, never the code, and put it
where it belongs by a button; on the way back each is turned into the code that stands in the pack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import orjson

from dialogue.paraphrase.sources.source import Reply
from dialogue.problem import ContentError, Position, Problem
from dialogue.template.pieces import Print
from dialogue.writing import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dialogue.paraphrase.assignment import Assignment, Model

NAME = "labelstudio"
# The names of what is asked and shown: a file that comes back answers by them.
REWORDINGS = "rewordings"
_SLOTS = "slots"
_MODELS = "models"

_EXPORT = "export the project from Label Studio as JSON"
_PLACE = re.compile(r"[\[【［]\s*([^\[\]【】［］]*?)\s*[\]】］]")
_ARGUMENT = re.compile(r"[^\W\d]\w*(?=\s*[,)])")


def names(assignment: Assignment) -> dict[str, str]:
    """Return the name of each expression by its key: the slot's own, numbered where needed."""
    found: dict[str, str] = {}
    for key, text in assignment.prints.items():
        path = text.partition("|")[0]
        if "(" in path:
            path = "+".join(_ARGUMENT.findall(path)) or path.partition("(")[0]
        plain = name = re.sub(r"[^\w.+]", "", path) or "…"
        number = 1
        while name in found.values():
            number += 1
            name = f"{plain}{number}"
        found[key] = name
    return found


def tasks(assignments: Iterable[Assignment]) -> list[dict[str, Any]]:
    """Return a task for each assignment."""
    return [_task(one) for one in assignments]


def _task(assignment: Assignment) -> dict[str, Any]:
    known = names(assignment)
    shown = [
        {"speaker": assignment.speaker, "text": _shown(model, known)} for model in assignment.models
    ]
    slots = "  ".join(f"[{name}]" for name in known.values())
    data = {
        "id": assignment.id,
        "title": assignment.title,
        _SLOTS: slots or "–",
        _MODELS: shown,
    }
    return {"data": data}


def _shown(model: Model, known: Mapping[str, str]) -> str:
    return "".join(
        f"[{known[part.key]}]" if isinstance(part, Print) else part for part in model.pieces.parts
    )


def interface(assignments: Iterable[Assignment], most: int) -> str:
    """Return the labeling interface: what people see, and a button for each placeholder."""
    view = Xml.Element("View")
    Xml.SubElement(view, "Header", value="$title")
    layout = {"layout": "dialogue", "nameKey": "speaker", "textKey": "text"}
    Xml.SubElement(view, "Paragraphs", {"name": _MODELS, "value": f"${_MODELS}", **layout})
    Xml.SubElement(view, "Text", name=_SLOTS, value=f"${_SLOTS}")
    written = {"toName": _SLOTS, "editable": "true", "rows": "1", "maxSubmissions": str(most)}
    area = Xml.SubElement(view, "TextArea", {"name": REWORDINGS, **written})
    for name in dict.fromkeys(name for one in assignments for name in names(one).values()):
        Xml.SubElement(area, "Shortcut", alias=f"[{name}]", value=f"[{name}]")
    Xml.indent(view)
    return Xml.tostring(view, encoding="unicode") + "\n"


def export(assignments: Sequence[Assignment], most: int, folder: Path) -> None:
    """Write tasks and interface into a new folder."""
    folder.mkdir(parents=True)
    with whole(folder / "config.xml") as file:
        file.write(interface(assignments, most).encode())
    with whole(folder / "tasks.json") as file:
        file.write(orjson.dumps(tasks(assignments), option=orjson.OPT_INDENT_2))


@dataclass(frozen=True, slots=True)
class PeopleSource:
    """What people wrote, by the id of the assignment; `waiting` counts tasks without an answer."""

    written: Mapping[str, tuple[str, ...]]
    waiting: int

    @property
    def name(self) -> str:
        return NAME

    def reply(self, assignment: Assignment) -> Reply:
        """Return what was written for an assignment, with the code of its placeholders."""
        codes = {name: assignment.prints[key] for key, name in names(assignment).items()}
        texts = self.written.get(assignment.id, ())
        return Reply(tuple(_PLACE.sub(lambda at: _code(at[1], codes), text) for text in texts))

    def strangers(self, known: Iterable[str]) -> tuple[str, ...]:
        """Return the ids that are none of those known."""
        return tuple(self.written.keys() - set(known))


def _code(name: str, codes: Mapping[str, str]) -> str:
    # A name that is not known is told by the rule of slots.
    return f"{{{{ {codes.get(name, name)} }}}}"


class _UnreadableError(Exception):
    """A task that gives no answer: why, and the remedy."""

    def __init__(self, what: str, fix: str = _EXPORT) -> None:
        self.what, self.fix = what, fix
        super().__init__(what)


def people(data: bytes, shown: str) -> PeopleSource:
    """Read an export of Label Studio; raises ContentError with all that is wrong with it.

    Every annotation counts that was not cancelled: several people may write for one task.
    """
    at = Position(shown, 0)
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise ContentError([Problem(at, "it is not JSON", _EXPORT)]) from None
    if not isinstance(found, list):
        raise ContentError([Problem(at, "it is not an export: no list of tasks", _EXPORT)])
    written: dict[str, tuple[str, ...]] = {}
    problems, waiting = [], 0
    for number, task in enumerate(found, start=1):
        try:
            name, texts = _answer(task)
        except _UnreadableError as error:
            problems.append(Problem(at, f"task {number}: {error.what}", error.fix))
            continue
        waiting += not texts
        written[name] = (*written.get(name, ()), *texts)
    if problems:
        raise ContentError(problems)
    return PeopleSource(written, waiting)


def _answer(task: Any) -> tuple[str, tuple[str, ...]]:
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        raise _UnreadableError("this is no task")
    name = task["data"].get("id")
    if not isinstance(name, str):
        fix = "import tasks that 'dialogue paraphrase --to labelstudio' has written"
        raise _UnreadableError("it has no id under data.id", fix)
    annotations = task.get("annotations")
    if not isinstance(annotations, list) or not all(isinstance(one, dict) for one in annotations):
        raise _UnreadableError("it has no list of annotations")
    valid = [one for one in annotations if not one.get("was_cancelled")]
    texts = [text for one in valid for text in _texts(one.get("result"))]
    return name, tuple(dict.fromkeys(text for text in texts if text.strip()))


def _texts(results: Any) -> Iterator[str]:
    if not isinstance(results, list):
        raise _UnreadableError("an annotation has no list of results")
    for result in results:
        if not isinstance(result, dict) or result.get("from_name") != REWORDINGS:
            continue
        value = result.get("value")
        texts: Sequence[Any] | Any = value.get("text") if isinstance(value, dict) else None
        texts = [texts] if isinstance(texts, str) else texts
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise _UnreadableError(f"'{REWORDINGS}' is no text", "keep config.xml as it is")
        yield from texts
