"""Label Studio's JSON export, read as answers.

Where a task was annotated more than once, the annotation marked as ground truth counts; without one
all must say the same. What was cancelled or is not annotated is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from dialogue.formats.labelstudio import INTENTS, SLOTS, VALUE
from dialogue.review.answer import Answer, Mistake, Region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ID = re.compile(r"(?P<session>[^/]+)/(?P<turn>[0-9]{1,9})")
_EXPORT = "export the project from Label Studio as JSON"
_KINDS = {SLOTS: "labels", VALUE: "textarea", INTENTS: "choices"}


@dataclass(slots=True)
class Reading:
    """What a file says: answers, what is wrong with it, and how many tasks nobody annotated.

    `order` has the number of each place that is told.
    """

    answers: list[Answer] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    waiting: int = 0
    order: dict[str, int] = field(default_factory=dict)


class _Unreadable(Exception):  # noqa: N818
    """An annotation that makes no answer."""

    def __init__(self, what: str, fix: str) -> None:
        self.what = what
        self.fix = fix
        super().__init__(what)


def reading(data: bytes) -> Reading:
    """Read an export; mistakes are collected, never raised."""
    found = Reading()
    try:
        tasks = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        found.mistakes.append(Mistake("", f"it is not JSON: {error}", _EXPORT))
        return found
    if not isinstance(tasks, list):
        found.mistakes.append(Mistake("", "it is not an export: not a list of tasks", _EXPORT))
        return found
    if tasks and all(_is_exported(task) for task in tasks):
        what = "these are the tasks that were exported, nobody has annotated them"
        found.mistakes.append(Mistake("", what, _EXPORT))
        return found
    several: dict[str, list[Answer]] = {}
    for number, task in enumerate(tasks, start=1):
        place = f"task {number}"
        try:
            place, name = _named(task, number)
            found.order.setdefault(place, number)
            answers = list(_answers(task, place, name))
        except _Unreadable as error:
            found.order.setdefault(place, number)
            found.mistakes.append(Mistake(place, error.what, error.fix))
            continue
        if answers:
            several.setdefault(name, []).extend(answers)
        else:
            found.waiting += 1
    for answers in several.values():
        first = answers[0]
        if len({_said(answer) for answer in answers}) > 1:
            what = f"{len(answers)} annotations of it differ"
            fix = "mark one as ground truth in Label Studio, or delete the others"
            found.mistakes.append(Mistake(first.place, what, fix))
        else:
            found.answers.append(first)
    return found


def _is_exported(task: Any) -> bool:
    """Tell whether a task is as we wrote it, before Label Studio had it."""
    return isinstance(task, dict) and "predictions" in task and not {"id", "annotations"} & {*task}


def _named(task: Any, number: int) -> tuple[str, str]:
    """Return the place of a task for people, and the id of its utterance."""
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        flat = isinstance(task, dict) and ("annotator" in task or "annotation_id" in task)
        what = "this is JSON-MIN, which has no ids of labels" if flat else "this is no task"
        raise _Unreadable(what, _EXPORT)
    place, name = f"task {task.get('id', number)}", task["data"].get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        what = f"'{place}' has no id of an utterance under data.id"
        raise _Unreadable(what, "import tasks that 'dialogue export --to labelstudio' has written")
    if not isinstance(task["data"].get("text"), str):
        raise _Unreadable(f"'{place}' has no text under data.text", _EXPORT)
    return f"{place} ({name})", name


def _answers(task: Mapping[str, Any], place: str, name: str) -> Iterator[Answer]:
    annotations = task.get("annotations")
    if not isinstance(annotations, list) or not all(isinstance(one, dict) for one in annotations):
        raise _Unreadable("it has no list of annotations", _EXPORT)
    valid = [one for one in annotations if not one.get("was_cancelled")]
    best = [one for one in valid if one.get("ground_truth")]
    session, _, turn = name.partition("/")
    for annotation in best if len(best) == 1 else valid:
        results = annotation.get("result")
        if not isinstance(results, list):
            raise _Unreadable("an annotation has no list of results", _EXPORT)
        number = annotation.get("id")
        yield Answer(
            place=place,
            source="labelstudio" if number is None else f"labelstudio/{number}",
            session=session,
            turn=int(turn),
            text=task["data"]["text"],
            regions=tuple(_regions(results)),
            intents=tuple(_intents(results)),
        )


def _values(results: list[Any], asked: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the answers to one question, each with the id of its region."""
    for result in results:
        if not isinstance(result, dict):
            raise _Unreadable("a result is no mapping", _EXPORT)
        if result.get("from_name") != asked:
            continue
        kind, value = result.get("type"), result.get("value")
        if kind != _KINDS[asked] or not isinstance(value, dict):
            fix = f"keep the question '{asked}' of config.xml as it is"
            raise _Unreadable(f"the answer to '{asked}' is of the kind '{kind}'", fix)
        # What follows # is the editor's own.
        yield str(result.get("id", "")).partition("#")[0], value


def _regions(results: list[Any]) -> Iterator[Region]:
    meanings: dict[str, str] = {}
    for name, value in _values(results, VALUE):
        texts = value.get("text")
        texts = [texts] if isinstance(texts, str) else texts
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise _Unreadable(f"the value of label '{name}' is no text", _EXPORT)
        texts = [text for text in texts if text.strip()]
        if len(texts) > 1 or (texts and name in meanings):
            raise _Unreadable(f"label '{name}' has more than one value", "leave one of them")
        if texts:
            meanings[name] = texts[0]
    for name, value in _values(results, SLOTS):
        labels = value.get("labels")
        if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
            raise _Unreadable(f"'{name}' has not one label but {labels}", "give it one")
        start, end = _offset(value.get("start")), _offset(value.get("end"))
        text = value.get("text")
        if start is None or end is None:
            raise _Unreadable(f"'{name}' has no place: start and end are no numbers", _EXPORT)
        if text is not None and not isinstance(text, str):
            raise _Unreadable(f"the text of '{name}' is no text", _EXPORT)
        yield Region(name, start, end, labels[0], text, meanings.get(name))


def _offset(number: Any) -> int | None:
    return number if type(number) is int and number >= 0 else None


def _intents(results: list[Any]) -> Iterator[str]:
    for _, value in _values(results, INTENTS):
        chosen = value.get("choices")
        if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
            raise _Unreadable("the intents are no list of names", _EXPORT)
        yield from chosen


def _said(answer: Answer) -> tuple[object, ...]:
    """Return what an answer says, whoever gave it."""
    regions = sorted((r.start, r.end, r.label, r.meaning or "") for r in answer.regions)
    return answer.text, tuple(regions), tuple(sorted(answer.intents))
