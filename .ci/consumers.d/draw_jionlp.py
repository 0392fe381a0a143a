"""Draws times and recipients for the check by jionlp: a folder, two files of JSON lines in it.

Run with the Python that has `dialogue`; see README.md.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dialogue.providers import find_method, open_faker

# Clocks of two weeks and a half, with the end of a month in them.
FIRST, STEP, CLOCKS = datetime(2026, 11, 20, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai")), 5, 80
TIMES, RECIPIENTS = 300, 5000


def main(folder: Path) -> None:
    rng = random.Random(20261122)
    faker = open_faker("zh_CN", rng)
    deadline = find_method(faker, "cn_deadline").bind({})
    time = find_method(faker, "cn_time").bind({})
    past = find_method(faker, "cn_time").bind({"tense": "past"})
    recipient = find_method(faker, "cn_recipient").bind({})
    folder.mkdir(parents=True)
    with (folder / "times.jsonl").open("w", encoding="utf-8") as file:
        for number in range(CLOCKS):
            now = FIRST + timedelta(hours=STEP * number)
            for draw in (deadline, time, past):
                for _ in range(TIMES):
                    value = draw(now=now)
                    row = {"now": now.isoformat(), "surface": value.surface, "value": value.value}
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    with (folder / "recipients.jsonl").open("w", encoding="utf-8") as file:
        for _ in range(RECIPIENTS):
            record = recipient()
            parts = {name: part.normal for name, part in record.parts.items()}
            row = {"address": record.say("地址"), "said": record.says("地址"), "parts": parts}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


main(Path(sys.argv[1]))
