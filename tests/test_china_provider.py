"""The provider for China on its own, as anyone may use it: whole records that hang together."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import phonenumbers
import pytest
from faker import Faker
from replay import ROOT

from dialogue.providers.china import ChinaProvider
from dialogue.value import Record, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = ROOT / "dialogue/providers/china/data"
NOW = datetime(2026, 11, 22, 15, 20, tzinfo=UTC)
ADMIN = ("省", "市", "县")
# What may stand between the parts of an address, around them, and nowhere else.
JOINTS = re.compile(
    r"[ /，,、。.()（）【】_\n-]*|中国[(【]?|的|市辖区|县|null | null|[ （]?电联）?|[ -]+"
    r"|(?:省|自治区)直辖县级行政区划",
    re.DOTALL,
)


def provider(seed: int = 1) -> Faker:
    fake = Faker("zh_CN")
    fake.add_provider(ChinaProvider)
    fake.seed_instance(seed)
    return fake


@cache
def recipients(n: int = 6000) -> tuple[Record, ...]:
    fake = provider()
    return tuple(fake.cn_recipient() for _ in range(n))


@cache
def names() -> dict[str, str]:
    with (DATA / "regions.csv").open(encoding="utf-8") as file:
        return {code: name for code, name, *_ in list(csv.reader(file))[2:]}


@cache
def triples() -> set[tuple[str, str, str]]:
    """Return (province, city, county) of the facts, by a reading of their codes alone."""
    found = set()
    for code, name in names().items():
        province = names()[code[:2] + "0000"]
        city = names().get(code[:4] + "00", "")
        if province in ("北京市", "天津市", "上海市", "重庆市"):
            city = province
        if not code.endswith("00"):
            found.add((province, city, name))
        elif not code.endswith("0000") and not any(
            other[:4] == code[:4] and other != code for other in names()
        ):
            found.add((province, name, ""))
    return found


def pieces(record: Record, composite: str = "") -> Iterator[tuple[str, str | None]]:
    """Yield the texts of a record or composite, and of which part each is."""
    for text, name in record.composites[composite] if composite else record.surface:
        if name in record.composites:
            yield from pieces(record, name)
        else:
            yield (text, None) if name is None else (record.parts[name].surface, name)


def test_parts_of_a_recipient_are_one_place() -> None:
    lines = (DATA / "zones.csv").read_text("utf-8").splitlines()[2:]
    zones = {line.split(",")[1] for line in lines}
    provinces: Counter[str] = Counter()
    for record in recipients():
        parts = record.parts
        place = tuple(parts[name].normal if name in parts else "" for name in ADMIN)
        if place not in triples():
            assert place[2] == ""
            assert any(parts["详细地址"].surface.startswith(zone) for zone in zones), place
        provinces[place[0]] += 1
        assert re.fullmatch(r"\d{6}", parts["邮编"].surface)
        assert list(parts) == [
            name for name in ("姓名", "电话", "邮编", *ADMIN, "详细地址") if name in parts
        ]
    assert len(provinces) == 31
    assert provinces.most_common(1)[0][1] < 0.1 * len(recipients())


def test_zone_stands_for_the_county_now_and_then() -> None:
    lines = (DATA / "zones.csv").read_text("utf-8").splitlines()[2:]
    zones = tuple(line.split(",")[1] for line in lines)
    bare = [record.parts["详细地址"].surface for record in recipients() if "县" not in record.parts]
    share = sum(text.startswith(zones) for text in bare) / len(recipients())
    assert 0.03 < share < 0.06


def test_one_message_in_five_ends_with_words_for_the_courier() -> None:
    polite = [str(record) for record in recipients() if "谢" in str(record)[-4:]]
    assert 0.005 < len(polite) / len(recipients()) < 0.02


def test_text_outside_the_parts_of_an_address_is_only_what_joins_them() -> None:
    said = Counter()
    for record in recipients():
        found = list(pieces(record, "地址"))
        said.update({name for _, name in found if name})
        for text, name in found:
            if name is None:
                assert JOINTS.fullmatch(text), text
        assert "".join(text for text, _ in found) == record.say("地址")
    total = len(recipients())
    assert said["详细地址"] == total
    # 省, 市 and 县 are all left out at times, and all said more often than not or nearly so.
    assert 0.3 < said["省"] / total < 0.7
    assert 0.4 < said["市"] / total < 0.85
    assert 0.55 < said["县"] / total < 0.9


def test_municipality_said_once_is_the_city() -> None:
    seen = Counter()
    for record in recipients():
        if record.parts["省"].normal == record.parts.get("市", record.parts["详细地址"]).normal:
            said = [name for _, name in pieces(record, "地址") if name in ("省", "市")]
            assert said in ([], ["市"], ["省", "市"], ["市", "市"]), said
            seen.update(["".join(said)])
    assert {"", "市", "省市"} <= set(seen)
    assert seen["市"] > seen["省市"]


def test_parts_that_are_not_there_are_left_out() -> None:
    fake = provider()
    for place, missing in (("东莞市", "县"), ("仙桃市", "市"), ("石河子市", "市")):
        for _ in range(100):
            record = fake.cn_recipient(place)
            assert missing not in record.parts
            assert missing not in record.says()
            assert "{" not in str(record)


def test_surfaces_are_many_and_normal_forms_are_canonical() -> None:
    changed: Counter[str] = Counter()
    for record in recipients():
        for name, value in record.parts.items():
            changed[name] += value.surface != value.normal
            assert value.value == value.normal
    for name in ("电话", "省", "市", "县"):
        assert 0.05 < changed[name] / len(recipients()) < 0.5, (name, changed[name])


def test_phones_are_of_the_place() -> None:
    landlines = hotlines = 0
    for record in recipients(2000):
        number = phonenumbers.parse(record.parts["电话"].normal.split("-", 2)[0], "CN")
        normal = record.parts["电话"].normal
        if normal.startswith("1"):
            assert phonenumbers.is_valid_number(number), normal
            continue
        if normal.startswith("4"):
            assert re.fullmatch(r"400\d{7}", normal), normal
            hotlines += 1
            continue
        landlines += 1
        assert re.fullmatch(r"0\d{2,3}-\d{7,8}(-\d{2,4})?", normal), normal
    assert landlines > 100
    assert 10 < hotlines < 80
    fake = provider(3)
    assert {fake.cn_landline("深圳市").normal[:5] for _ in range(50)} == {"0755-"}
    assert {fake.cn_recipient("4403").parts["市"].normal for _ in range(50)} == {"深圳市"}


def test_safe_phones_reach_nobody() -> None:
    fake = provider()
    for _ in range(300):
        for one in (fake.cn_mobile(safe=True), fake.cn_person(safe=True).parts["电话"]):
            assert not phonenumbers.is_valid_number(phonenumbers.parse(one.normal, "CN"))


def test_name_is_signed_with_what_fits_it() -> None:
    endings: Counter[str] = Counter()
    for record in recipients():
        (_, first), *rest = record.composites["署名"]
        assert first == "姓名"
        assert all(name is None for _, name in rest)
        endings["".join(text for text, _ in rest)] += 1
    assert endings[""] > 0.5 * len(recipients())
    assert min(endings["收"], endings["先生"], endings["女士"]) > 100


def test_whole_messages_say_what_they_say() -> None:
    masks = set()
    for record in recipients():
        found = list(pieces(record))
        assert "".join(text for text, _ in found) == str(record)
        masks.add("".join(f"{{{name}}}" if name else text for text, name in found))
        assert not any(name is None and re.search(r"\d", text) for text, name in found), str(record)
    assert len(masks) > 1500


def test_same_seed_draws_the_same() -> None:
    def drawn(seed: int) -> list[str]:
        fake = provider(seed)
        return [str(fake.cn_recipient()) for _ in range(50)]

    assert drawn(4) == drawn(4) != drawn(5)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("cn_region", {}),
        ("cn_person", {"now": NOW, "id_number": True}),
        ("cn_recipient", {"place": "广东省", "detail": "rural"}),
        ("cn_mobile", {}),
        ("cn_landline", {"place": "11"}),
        ("cn_email", {}),
        ("cn_company", {"place": "杭州市"}),
        ("cn_plate", {"place": "44"}),
        ("cn_order_number", {"now": NOW}),
        ("cn_parcel", {}),
        ("cn_tax_number", {}),
        ("cn_time", {"now": NOW}),
        ("cn_deadline", {"now": NOW}),
        ("cn_money", {}),
        ("cn_quantity", {}),
        ("cn_number", {}),
    ],
)
def test_every_method_draws_something_to_say(name: str, arguments: dict[str, object]) -> None:
    fake = provider()
    drawn = [getattr(fake, name)(**arguments) for _ in range(200)]
    shape = getattr(getattr(ChinaProvider, name), "__shape__", None)
    for one in drawn:
        assert isinstance(one, Record if shape else Value)
        assert str(one).strip() == str(one) != ""
        if shape is not None:
            assert set(one.parts) <= set(shape.parts)
            assert set(shape.parts) - set(one.parts) <= set(shape.optional)
    assert len({str(one) for one in drawn}) > 60


def test_region_is_said_from_the_top_down() -> None:
    fake = provider()
    for _ in range(500):
        region = fake.cn_region()
        parts = region.parts
        assert names()[parts["代码"].normal] == str(parts.get("县", parts.get("市")))
        assert str(region).startswith(str(parts["省"]))
    assert str(provider().cn_region("东莞市")) == "广东省东莞市"
    assert str(provider().cn_region("110101")) == "北京市东城区"
    assert str(provider().cn_region("济源市")) == "河南省济源市"


def test_number_of_an_identity_card_is_asked_for() -> None:
    fake = provider()
    assert "身份证" not in fake.cn_person().parts
    with pytest.raises(ValueError, match="now=None"):
        fake.cn_person(id_number=True)


def test_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="'深川市'"):
        provider().cn_recipient("深川市")


def test_provider_is_light_and_found_by_faker() -> None:
    code = """
import sys
from faker import Faker
fake = Faker("zh_CN", includes=["dialogue.providers.china"])
assert not {"pydantic", "jinja2", "networkx", "orjson", "yaml"} & set(sys.modules)
print(fake.cn_region("440305"))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8", cwd=ROOT
    )
    assert done.stdout == "广东省深圳市南山区\n"
