"""Broken packs: every mistake has its place, one clear sentence and a remedy (see bad/README.md)."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

import pytest

from dialogue.check import check
from dialogue.graph import load_graph
from dialogue.problem import ContentError

BAD = Path(__file__).parent / "bad"
BASE = BAD / "base"
GRAPH = Path("graphs/shop.yaml")
DOMAIN = "units/shop/domain.yaml"
CASES = sorted(BAD.glob("*.yaml"))


@dataclass(frozen=True)
class Case:
    """A broken pack: the files that make it so, and the message that is expected."""

    expected: str
    files: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    settings: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Case:
        expected, gone, settings = [], [], []
        files: dict[str, list[str]] = {}
        file: list[str] | None = None
        for line in path.read_text("utf-8").splitlines():
            key, _, value = line.removeprefix("# ").partition(": ")
            if line.startswith("# file: "):
                file = files[value] = []
            elif file is not None:
                file.append(line)
            elif line.startswith("# expect: "):
                expected.append(value)
            elif line.startswith("#   fix: "):
                expected.append(line.removeprefix("# "))
            else:
                {"gone": gone, "set": settings}[key].append(value)
        made = tuple((name, "".join(f"{one}\n" for one in lines)) for name, lines in files.items())
        return cls("\n".join(expected), made, tuple(gone), tuple(settings))

    def lay(self, folder: Path) -> None:
        """Lay the good pack into a folder and break it."""
        shutil.copytree(BASE, folder, dirs_exist_ok=True)
        if DOMAIN in dict(self.files):
            for path in (folder / DOMAIN).parent.glob("*.yaml"):
                if path.stem not in ("domain", "hello"):
                    path.unlink()
        for name in self.gone:
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name, text in self.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")

    def told(self, folder: Path) -> str:
        """Return the message for the pack in a folder."""
        with chdir(folder):
            return told(GRAPH, self.settings)


def told(path: Path, settings: tuple[str, ...] = ()) -> str:
    """Return what is wrong with a pack, or nothing."""
    try:
        if settings:
            load_graph(path, settings)
        else:
            check([path])
    except ContentError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_mistake_is_told_with_place_and_remedy(path: Path, tmp_path: Path) -> None:
    case = Case.read(path)
    case.lay(tmp_path)
    found = case.told(tmp_path)
    assert found == case.expected
    assert found
    for line in found.split("\n"):
        if not line.startswith("  fix: "):
            what = line.split(": ", 1)[1]
            assert len(what) < 100, what
            assert not what.endswith("."), what
            assert what[:1] == what[:1].lower() or what.startswith("YAML"), what
    assert found.count("\n  fix: ") * 2 == found.count("\n") + 1


def test_base_pack_is_clean(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    with chdir(tmp_path):
        assert told(GRAPH) == ""
        assert told(Path("units/shop")) == ""


def accept(path: Path) -> None:
    """Write into a case what its message is now."""
    case = Case.read(path)
    with tempfile.TemporaryDirectory() as folder:
        case.lay(Path(folder))
        try:
            found = case.told(Path(folder))
        except Exception:
            import traceback
            found = "TRACEBACK " + "".join(traceback.format_exc().splitlines()[-3:])
    kept = [line for line in path.read_text("utf-8").splitlines() if not _is_expectation(line)]
    heads = ["#   " + one.strip() if one.startswith("  ") else f"# expect: {one}" for one in found.splitlines()]
    path.write_text("\n".join([*heads, *kept]) + "\n", "utf-8")
    print(f"{path.stem}\n{found}\n")  # noqa: T201


def _is_expectation(line: str) -> bool:
    return line.startswith(("# expect: ", "#   fix: "))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        accept(Path(name))
