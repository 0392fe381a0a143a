"""Numbers of telephones in China, judged by phonenumbers, and their surfaces read back."""

import csv
import random
import re
import unicodedata
from collections import Counter
from importlib.resources import files

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType, geocoder

from dialogue.providers.china.phones import draw_hotline, draw_landline, draw_mobile, say_phone

# Carriers' ranges as of 2024, written down apart from the code.
MOVED = (
    "134 135 136 137 138 139 147 150 151 152 157 158 159 172 178 182 183 184 187 188 195 197 198"
)
UNITED = "130 131 132 145 155 156 166 167 171 175 176 185 186 196"
TELECOM = "133 153 162 165 170 173 177 180 181 189 190 191 193 199"
BROADCAST = "192"
DIGITS = {
    ord(said): digit for said, digit in zip("零〇幺一二三四五六七八九", "001123456789", strict=True)
}


def parsed(number: str) -> phonenumbers.PhoneNumber:
    return phonenumbers.parse(number, "CN")


def local_digits(area_code: str, local: str) -> bool:
    return phonenumbers.is_valid_number(parsed(area_code + local))


def read_back(said: str) -> str:
    """Read what a person would dial, in the normal form, from any surface."""
    text = unicodedata.normalize("NFKC", said).translate(DIGITS)
    main, _, extension = re.sub(r"分机|转分机", "转", text).replace("转转", "转").partition("转")
    main = main.strip()
    if not extension and (tail := re.fullmatch(r"(.*\d{4})-(\d{2,4})", main)):
        dialled = re.sub(r"\D", "", tail[1])
        if not dialled.startswith("1") and len(dialled) >= 10 and not dialled.startswith("400"):
            main, extension = tail[1], tail[2]
    foreign = re.match(r"\(?\+|86[- ]", main)
    digits = re.sub(r"\D", "", main)
    if foreign:
        digits = digits.removeprefix("86")
        digits = digits if digits.startswith("1") and len(digits) == 11 else f"0{digits}"
    if digits.startswith(("1", "400")):
        return digits
    size = 3 if digits[1] in "12" else 4
    return "-".join(filter(None, (digits[:size], digits[size:], extension.strip())))


def test_mobiles_are_valid():
    rng = random.Random(1)
    for _ in range(4_000):
        number = draw_mobile(rng)
        assert re.fullmatch(r"1\d{10}", number)
        assert phonenumbers.is_valid_number(parsed(number)), number
        assert phonenumbers.number_type(parsed(number)) == PhoneNumberType.MOBILE


def test_mobiles_have_all_prefixes_of_the_carriers_and_no_others():
    rng = random.Random(2)
    drawn = Counter(draw_mobile(rng)[:4] for _ in range(60_000))
    prefixes = {prefix[:3] for prefix in drawn}
    assert prefixes == set(f"{MOVED} {UNITED} {TELECOM} {BROADCAST}".split())
    assert drawn["1349"] == 0
    moved = sum(count for prefix, count in drawn.items() if prefix[:3] in MOVED.split())
    assert 0.4 < moved / 60_000 < 0.62


def test_safe_mobiles_reach_nobody():
    rng = random.Random(3)
    drawn = [draw_mobile(rng, safe=True) for _ in range(3_000)]
    assert {number[:3] for number in drawn} == {"154", "161", "164", "194"}
    assert all(re.fullmatch(r"1\d{10}", number) for number in drawn)
    assert not any(phonenumbers.is_valid_number(parsed(number)) for number in drawn)


@pytest.mark.parametrize(
    ("area_code", "size", "place"),
    [
        ("010", 8, "北京市"),
        ("021", 8, "上海市"),
        ("023", 8, "重庆"),
        ("028", 8, "四川省"),
        ("0755", 8, "深圳市"),
        ("0571", 8, "杭州市"),
        ("0512", 8, "苏州市"),
        ("0311", 8, "石家庄市"),
        ("0731", 8, "长沙市"),
        ("0451", 8, "哈尔滨市"),
        ("0592", 7, "厦门市"),
        ("0991", 7, "乌鲁木齐市"),
        ("0471", 7, "呼和浩特市"),
        ("0834", 7, "凉山"),
        ("0771", 7, "南宁市"),
        ("0756", 7, "珠海市"),
        ("0351", 7, "太原市"),
        ("0931", 7, "兰州市"),
    ],
)
def test_landlines_belong_to_the_place_of_their_area_code(area_code, size, place):
    rng = random.Random(4)
    extensions = 0
    for _ in range(300):
        area, local, *extension = draw_landline(rng, area_code).split("-")
        assert area == area_code
        assert len(local) == size
        assert local[0] in "2345678"
        number = parsed(area + local)
        assert phonenumbers.number_type(number) == PhoneNumberType.FIXED_LINE, local
        assert place in geocoder.description_for_number(number, "zh")
        assert all(re.fullmatch(r"[1-9]\d{1,3}", digits) for digits in extension)
        extensions += len(extension)
    assert 5 < extensions < 60


def test_landlines_of_every_area_code_are_valid():
    text = files("dialogue.providers.china").joinpath("data", "regions.csv").read_text("utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    codes = sorted({row["area_code"] for row in csv.DictReader(rows)} - {""})
    assert len(codes) > 300
    rng = random.Random(5)
    for code in codes:
        for _ in range(5):
            area, local, *_ = draw_landline(rng, code).split("-")
            assert local_digits(area, local), (code, local)


def test_what_is_said_of_mobiles_reads_back():
    rng = random.Random(7)
    forms = Counter()
    for _ in range(6_000):
        number = draw_mobile(rng)
        said = say_phone(rng, number)
        assert read_back(said) == number, said
        forms[re.sub(r"[0-9]", "9", said)] += 1
    assert 0.55 < forms["99999999999"] / 6_000 < 0.7
    for form in (
        "999 9999 9999",
        "999-9999-9999",
        "+99 99999999999",
        "99-99999999999",
        "+9999999999999",
        "9999999 9999",
    ):
        assert forms[form] > 10, form
    full = [form for form in forms if form[0] == "１"]
    assert full
    assert any("幺" in form for form in forms)
    assert any("〇" in form for form in forms)


def test_what_is_said_of_landlines_reads_back():
    rng = random.Random(8)
    forms = Counter()
    for _ in range(8_000):
        number = draw_landline(rng, ("0755", "010", "0834", "0991")[int(rng.random() * 4)])
        said = say_phone(rng, number)
        assert read_back(said) == number, said
        form = re.sub(r"[0-9]", "9", said)
        forms[form] += 1
    for form in (
        "9999-99999999",
        "999999999999",
        "(9999)9999 9999",
        "9999 99999999",
        "（999）99999999",
        "9999-99999999-999",
    ):
        assert forms[form] > 3, form
    assert any(re.fullmatch(r".*转[0-9]+", form) for form in forms)
    assert any(form.startswith("０１０－") for form in forms)


def test_what_is_said_of_hotlines_reads_back():
    rng = random.Random(9)
    forms = Counter()
    for _ in range(2_000):
        number = draw_hotline(rng)
        assert re.fullmatch(r"400[016-9]\d{6}", number)
        said = say_phone(rng, number)
        assert read_back(said) == number, said
        forms[re.sub(r"[0-9]", "9", said)] += 1
    assert set(forms) == {
        "999-999-9999",
        "9999999999",
        "999 999 9999",
        "9999-999-999",
        "999-9999999",
    }
    assert min(forms.values()) > 50
