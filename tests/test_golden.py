"""The first sessions of the packs, byte by byte: the difference in review is the point.

They hold for the pinned versions only. After a change that is meant to change them:
`pytest tests/test_golden.py --golden-refresh`.
"""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from replay import ROOT

COUNT = 5


@pytest.mark.golden
@pytest.mark.parametrize("name", ["retail", "address"])
def test_first_sessions_are_those_that_were_looked_at(
    name: str, sessions: Any, request: pytest.FixtureRequest
) -> None:
    path = ROOT / f"tests/golden/{name}.jsonl"
    lines = [orjson.dumps(session) for session in sessions(name, COUNT)]
    if request.config.getoption("--golden-refresh"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"".join(line + b"\n" for line in lines))
    stored = path.read_bytes().splitlines()
    for composed, looked_at in zip(lines, stored, strict=True):
        assert orjson.loads(composed) == orjson.loads(looked_at)
        assert composed == looked_at
