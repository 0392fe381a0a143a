"""Ropes: strings whose labels stay where they belong."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest
from battery import marked, slot

from dialogue.template.label import LONGEST, Label, SpanLost, TooLong
from dialogue.template.rope import LabelledFloat, LabelledInt, RecordRope, Rope, concat

if TYPE_CHECKING:
    from collections.abc import Callable

CITY = slot("地点", "深圳")
TEXT = "到" + CITY + " ok"


def test_rope_is_the_string_it_shows() -> None:
    assert CITY == "深圳" and hash(CITY) == hash("深圳")
    assert {"深圳": 1}[CITY] == 1 and CITY in ("深圳", "a") and "深" in CITY
    assert sorted([CITY, "a"]) == ["a", "深圳"]
    assert f"{CITY}" == "深圳" and isinstance(str(CITY), Rope)


def test_rope_of_a_rope_is_labelled_once() -> None:
    assert marked(Rope.of(TEXT, Label("全"))) == "⟦全:到深圳 ok⟧"


def test_empty_text_has_no_piece() -> None:
    assert Rope.of("", Label("x")).pieces == ()
    assert CITY[:0].pieces == () and CITY.replace("深圳", "").pieces == ()


def test_touching_pieces_stay_two() -> None:
    assert marked(concat((CITY, CITY))) == "⟦地点:深圳⟧⟦地点:深圳⟧"


def test_label_with_a_mapping_as_value_can_be_hashed() -> None:
    assert hash(Label("时间", value={"kind": "instant"})) == hash(Label("时间"))


def test_rope_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(TEXT))
    assert copy == TEXT and copy.pieces == TEXT.pieces


def test_record_prints_its_leaves_and_gives_its_parts() -> None:
    record = RecordRope.made((CITY, "的", slot("人", "张三")), {"名": slot("人", "张三")})
    assert marked(record) == "⟦地点:深圳⟧的⟦人:张三⟧"
    assert marked(record.parts["名"]) == "⟦人:张三⟧"
    assert type(record.strip()) is Rope


def test_labelled_numbers_compute_as_numbers_and_print_as_pieces() -> None:
    label = Label("价")
    price = LabelledInt(39, label, "39元")
    assert price + 1 == 40 and price > 20 and marked(str(price)) == "⟦价:39元⟧"  # type: ignore[arg-type]
    assert marked(str(LabelledFloat(1.5, label))) == "⟦价:1.5⟧"  # type: ignore[arg-type]


# Each method of `str` that gives text: what it is called with.
CALLS: dict[str, tuple[Any, ...]] = {
    "capitalize": (),
    "casefold": (),
    "center": (11, "*"),
    "expandtabs": (3,),
    "join": (["a", "b"],),
    "ljust": (9, "。"),
    "lower": (),
    "lstrip": ("到",),
    "partition": ("深",),
    "removeprefix": ("到",),
    "removesuffix": ("ok",),
    "replace": ("ok", "k"),
    "rjust": (9,),
    "rpartition": (" ",),
    "rsplit": (None, 1),
    "rstrip": ("ok",),
    "split": (),
    "splitlines": (),
    "strip": ("到k",),
    "swapcase": (),
    "title": (),
    "translate": ({ord("o"): "oo"},),
    "upper": (),
    "zfill": (9,),
}


@pytest.mark.parametrize("name", CALLS)
def test_method_gives_the_text_of_str_and_keeps_the_label(name: str) -> None:
    given: Any = getattr(TEXT, name)(*CALLS[name])
    assert given == getattr(str.__str__(TEXT), name)(*CALLS[name])
    parts: Any = [given] if isinstance(given, str) else given
    assert all(type(part) is Rope for part in parts)
    said = "".join(str.__str__(part)[a:b] for part in parts for a, b, _ in part.pieces)
    assert said == "深圳"


def test_every_method_of_str_that_gives_text_is_a_ropes_own() -> None:
    # isX, find, count … give no text; these two are not for templates.
    silent = {"encode", "maketrans"}
    plain = "ab"
    others = {
        name
        for name in dir(str)
        if name[0] != "_" and name not in silent and name not in vars(Rope)
    }
    for name in others:
        for arguments in ((), ("a",)):
            try:
                given = getattr(plain, name)(*arguments)
            except TypeError:
                continue
            assert isinstance(given, (bool, int)), name


@pytest.mark.parametrize(
    "change",
    [
        lambda: TEXT.replace("到深", "x"),
        lambda: TEXT.replace("圳 ", "x"),
        lambda: TEXT.replace("到深圳", "x"),
        lambda: CITY.replace("深", CITY),
        lambda: CITY % 1,
        lambda: CITY.format(1),
    ],
)
def test_what_cannot_keep_a_label_says_so(change: Callable[[], object]) -> None:
    with pytest.raises(SpanLost):
        change()


@pytest.mark.parametrize(
    "change",
    [
        lambda: CITY * LONGEST,
        lambda: CITY.ljust(LONGEST + 1),
        lambda: CITY.zfill(LONGEST + 1),
        lambda: CITY.replace("", "x" * LONGEST),
        lambda: concat(["x" * LONGEST, CITY]),
        lambda: Rope("x" * 9).join([CITY] * LONGEST),
        lambda: Rope("{:99999}").format(1),
        lambda: Rope("%99999d") % 1,
    ],
)
def test_what_grows_without_bound_is_refused(change: Callable[[], object]) -> None:
    with pytest.raises(TooLong):
        change()


def test_operators_keep_labels_on_either_side() -> None:
    assert marked("a" + CITY + "b") == "a⟦地点:深圳⟧b"
    assert marked("到%s" % CITY) == "到⟦地点:深圳⟧"  # type: ignore[arg-type]  # noqa: UP031
    assert marked(2 * CITY) == "⟦地点:深圳⟧⟦地点:深圳⟧"
    assert marked(TEXT[::-1]) == "ko ⟦地点:圳深⟧到"
    assert marked(TEXT[1:2] + TEXT[-1]) == "⟦地点:深⟧k"


@pytest.mark.parametrize(
    ("text", "method", "expected"),
    [
        ("ß" + CITY, Rope.upper, "SS⟦地点:深圳⟧"),
        ("ŉ-" + slot("x", "ﬁ") + "!", Rope.title, "ʼN-⟦x:Fi⟧!"),
        (slot("x", "İ") + CITY, Rope.lower, "⟦x:i̇⟧⟦地点:深圳⟧"),
        ("a" + slot("x", "ΑΣ"), Rope.lower, "a⟦x:ας⟧"),
    ],
)
def test_case_that_changes_the_length_moves_the_pieces(
    text: Rope, method: Callable[[Rope], Rope], expected: str
) -> None:
    assert marked(method(text)) == expected


def test_many_pieces_are_cut_like_few() -> None:
    many = concat([CITY, "，"] * 40)
    for start, end in [(0, 120), (1, 5), (3, 3), (59, 62), (118, 120)]:
        few = concat(many[at] for at in range(start, end))
        assert many[start:end] == few
        covered = [at for a, b, _ in many[start:end].pieces for at in range(a, b)]
        assert covered == [at for a, b, _ in few.pieces for at in range(a, b)]
    assert marked(many[59:62]) == "，⟦地点:深圳⟧"
