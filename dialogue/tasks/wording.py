"""Instructions put into words: which wording a prompt gets, and how a dialogue is printed."""

from __future__ import annotations

import random
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MARK = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TEXT = re.compile(r"\n+\{\{\s*text\s*\}\}\s*\Z")


class Wording:
    """The wordings of one example; its id alone decides which of several is taken."""

    def __init__(self, instructions: Mapping[str, Any], name: str) -> None:
        self.instructions = instructions
        self.rng = random.Random(name)

    def choose(self, wordings: Sequence[Any]) -> Any:
        """Choose one of several."""
        return self.rng.choice(wordings)

    def asks(
        self, task: str, *, dialogue: bool, naming: bool = False, own: Sequence[str] = ()
    ) -> str:
        """Choose how a task is asked of a dialogue, or of one message; `own` wordings come first.

        With `naming` it is a wording that names the properties, if there is any.
        """
        general = self.instructions[task]["dialogue" if dialogue else "text"]
        wordings = own or general
        if naming:
            fit = [[one for one in some if prints(one, "properties")] for some in (own, general)]
            wordings = fit[0] or fit[1] or wordings
        wording: str = self.choose(wordings)
        return wording

    def shown(self, turns: Sequence[Mapping[str, Any]]) -> str:
        """Print what was said: a transcript, or a single message as it is."""
        text: str = turns[0]["text"] if len(turns) == 1 else self.transcript(turns)
        return text

    def transcript(self, turns: Sequence[Mapping[str, Any]]) -> str:
        """Print utterances, each on a line of its own."""
        style = self.choose(self.instructions["transcript"])
        return "\n".join(filled(style[turn["speaker"]], text=turn["text"]) for turn in turns)

    def listed(self, names: Sequence[str]) -> str:
        """Print names one after the other."""
        return str(self.instructions["separator"]).join(names)

    def intents(self, titles: Mapping[str, str]) -> str:
        """Print intents, each on a line of its own; one without a title is its name."""
        option = self.instructions["option"]
        return "\n".join(
            name if name == title else filled(option, name=name, title=title)
            for name, title in titles.items()
        )

    def time(self, now: str) -> str:
        """Print a session's clock, ISO 8601 with offset, with the name of its day."""
        day = self.instructions["weekdays"][datetime.fromisoformat(now).weekday()]
        return filled(self.instructions["moment"], time=now, weekday=day)

    def clock(self, now: str) -> str:
        """Tell the time in a sentence."""
        return filled(self.choose(self.instructions["now"]), now=self.time(now))

    def question(
        self,
        asking: str,
        text: str,
        now: str,
        *,
        clock: bool = False,
        rules: str = "",
        **texts: str,
    ) -> tuple[str, str]:
        """Return a wording with texts put in, and apart from it a text that stands at its end.

        Where the answer needs the `clock`, the time is told even if the wording has no place for
        it; `rules` of how the answer is written stand before the question, with a blank line
        between, so that they are not taken for the text.
        """
        rest, apart = parted(asking)
        instruction = filled(rest, text=text, now=self.time(now), **texts)
        if rules:
            told = filled(self.choose(self.instructions["forms"]["say"]), forms=rules)
            instruction = f"{told}\n\n{instruction}"
        if clock and not prints(asking, "now"):
            instruction = f"{self.clock(now)}\n{instruction}"
        return instruction, text if apart else ""


def filled(wording: str, **texts: str) -> str:
    """Put texts into a wording, once each: what they say themselves is left as it is."""
    return _MARK.sub(lambda mark: texts[mark[1]], wording)


def prints(wording: str, name: str) -> bool:
    """Tell whether a wording has a place for a name."""
    return name in _MARK.findall(wording)


def parted(wording: str) -> tuple[str, bool]:
    """Take the text from the end of a wording; tell whether it was there, on a line of its own."""
    rest = _TEXT.sub("", wording)
    return rest, rest != wording and not prints(rest, "text")
