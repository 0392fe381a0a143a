"""Money, quantities and numbers: read back by a second, independent reading of the words."""

import json
import random
import re
from decimal import Decimal

import pytest

from dialogue.providers.china.money import draw_money, say_money
from dialogue.providers.china.numerals import characters, clipped, counted, full_width
from dialogue.providers.china.quantities import draw_number, draw_quantity, say_quantity

SCALES = {"十": 10, "百": 100, "千": 1000, "k": 1000, "K": 1000, "万": 10**4, "w": 10**4}
NAMED = {"半": Decimal("0.5"), "俩": 2, "仨": 3}
ENDS = "元|块钱|块|rmb|RMB"


def spoken(text):
    """Read a number in characters: each unit closes what is below it."""
    digits = {character: value for value, character in enumerate("零一二三四五六七八九")}
    digits["两"] = 2
    total, rest = 0, text
    for name, unit in (("亿", 10**8), ("万", 10**4)):
        if name in rest:
            head, rest = rest.split(name)
            # 三万五 is short for three and a half.
            total += spoken(head) * unit
            if len(rest) == 1:
                return total + digits[rest] * unit // 10
    last = None
    for count, name in re.findall("([零一二两三四五六七八九]*)([千百十]?)", rest):
        if not count and not name:
            continue
        count = count.lstrip("零") if len(count) > 1 else count
        number = digits[count] if count else 1
        if name:
            last = SCALES[name]
            total += number * last
        else:
            short = last and last > 10 and not rest.endswith("零" + count)
            total += number * (last // 10 if short else 1)
    return total


def amount(text):
    """Read a number in digits, characters, or both."""
    text = text.translate(
        {
            ord(full): half
            for full, half in zip("０１２３４５６７８９．", "0123456789.", strict=True)
        }
    )
    text = text.replace(",", "")
    if text in NAMED:
        return Decimal(NAMED[text])
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return Decimal(text)
    scaled = re.fullmatch(r"(\d+(?:\.\d+)?)(亿|[千万wkK])(\d)?", text)
    if scaled:
        unit = 10**8 if scaled[2] == "亿" else SCALES[scaled[2]]
        return Decimal(scaled[1]) * unit + int(scaled[3] or 0) * unit // 10
    assert re.fullmatch("[零一二两三四五六七八九十百千万亿]+", text), text
    return Decimal(spoken(text))


def money(text):
    text = text.lstrip("¥￥")
    parts = re.fullmatch(r"(.+)[块元](.)[毛角]?(?:(\d)分?)?|(.+?)[毛角]钱?", text)
    if parts and parts[2] != "钱":
        if parts[4]:
            return amount(parts[4]) / 10
        return amount(parts[1]) + amount(parts[2]) / 10 + Decimal(parts[3] or 0) / 100
    return amount(re.sub(f"(?:{ENDS})$", "", text))


def test_numbers_in_characters_read_back():
    rng = random.Random(1)
    numbers = [*range(2200), *(rng.randrange(10 ** rng.randint(4, 8)) for _ in range(8000)), 10**8]
    for number in numbers:
        for said in (characters(number), characters(number, two="两"), counted(number)):
            assert spoken(said) == number, (number, said)
        short = clipped(number)
        if short:
            assert spoken(short) == number, (number, short)


@pytest.mark.parametrize(
    ("number", "plain", "colloquial"),
    [
        (0, "零", "零"),
        (2, "二", "两"),
        (10, "十", "十"),
        (12, "十二", "十二"),
        (20, "二十", "二十"),
        (110, "一百一十", "一百一十"),
        (112, "一百一十二", "一百一十二"),
        (200, "二百", "两百"),
        (202, "二百零二", "两百零二"),
        (1005, "一千零五", "一千零五"),
        (1050, "一千零五十", "一千零五十"),
        (2222, "二千二百二十二", "两千两百二十二"),
        (10010, "一万零一十", "一万零一十"),
        (20000, "二万", "两万"),
        (120000, "十二万", "十二万"),
        (10**8 + 5, "一亿零五", "一亿零五"),
        (2 * 10**8 + 2 * 10**4, "二亿零二万", "两亿零两万"),
        (12345678, "一千二百三十四万五千六百七十八", "一千两百三十四万五千六百七十八"),
    ],
)
def test_numbers_are_written_as_schools_teach(number, plain, colloquial):
    assert (characters(number), counted(number)) == (plain, colloquial)


@pytest.mark.parametrize(
    ("number", "short"),
    [
        (150, "一百五"),
        (110, "一百一"),
        (2300, "两千三"),
        (35000, "三万五"),
        (125000, "十二万五"),
        (15, None),
        (105, None),
        (155, None),
        (1000, None),
        (2030, None),
    ],
)
def test_the_last_unit_may_be_left_out(number, short):
    assert clipped(number) == short


@pytest.mark.parametrize("number", [-1, 10**12])
def test_numbers_out_of_bounds_are_refused(number):
    with pytest.raises(ValueError, match="expected a number from 0 to"):
        characters(number)


@pytest.mark.parametrize(("low", "high"), [(1, 9999), (0, 5), (100, 100), (5000, 10**8), (8, 1000)])
def test_money_reads_back(low, high):
    rng = random.Random(2)
    for _ in range(3000):
        drawn = draw_money(rng, low, high)
        number = Decimal(drawn.normal)
        assert low <= number <= high
        assert money(drawn.surface) == number, drawn
        assert drawn.value == {"amount": json.loads(drawn.normal), "unit": "元"}


@pytest.mark.parametrize(
    ("number", "surfaces"),
    [
        (199, "199 199元 199块 199块钱 ¥199 ¥199.00 一百九十九 一百九十九块 １９９元"),
        (200, "两百 两百块 二百 200"),
        (150, "一百五 150块 一百五十块"),
        (1000, "1k 1千 一千块 1,000元"),
        (12000, "1.2万 一万二 1万2 1.2w"),
        (2300, "两千三 2.3k 2300"),
        ("39.9", "39.9 39块9 三十九块九 39.9元 ¥39.90"),
        ("0.5", "五毛 5毛 0.5元 五毛钱"),
        ("9.99", "9.99 9.99元 9块9毛9"),
    ],
)
def test_money_is_said_in_these_ways(number, surfaces):
    rng = random.Random(1)
    said = {say_money(rng, number).surface for _ in range(4000)}
    assert not set(surfaces.split()) - said


def test_a_number_alone_is_no_thousands_of_more_digits():
    rng = random.Random(1)
    said = {say_money(rng, 12300).surface for _ in range(2000)}
    assert not [text for text in said if re.search("[kK千]", text) and "万" not in text]
    assert "一万二千三" not in said


def test_quantities_read_back():
    rng = random.Random(3)
    for _ in range(6000):
        drawn = draw_quantity(rng)
        number, unit = drawn.value["amount"], drawn.value["unit"]
        assert drawn.normal == f"{number}{unit}"
        text = drawn.surface.replace(" ", "")
        half = text.endswith("半") and Decimal("0.5")
        said = text.removesuffix("半").removesuffix(unit)
        assert amount(said) + (half or 0) == Decimal(str(number)), drawn
        assert not re.match("二(?!十)", said), drawn


@pytest.mark.parametrize(
    ("number", "unit", "surfaces"),
    [
        (2, "件", "两件 2件"),
        (3, "盒", "3盒 三盒 ３盒"),
        (1, "对", "一对 1对"),
        (0.5, "斤", "半斤 0.5斤"),
        (1.5, "斤", "一斤半 1.5斤"),
        (2, "个", "两个 俩 2个"),
        (12, "瓶", "十二瓶 12瓶"),
        (2, "kg", "2kg"),
    ],
)
def test_quantities_are_said_in_these_ways(number, unit, surfaces):
    rng = random.Random(1)
    said = {say_quantity(rng, number, unit).surface for _ in range(1000)}
    assert not set(surfaces.split()) - said
    assert unit != "kg" or not [text for text in said if "两" in text]


def test_quantities_keep_to_their_bounds():
    rng = random.Random(4)
    for low, high in ((3, 3), (7, 9), (1, 1), (200, 300)):
        for _ in range(300):
            drawn = draw_quantity(rng, low, high, "箱")
            assert drawn.value["unit"] == "箱"
            assert low <= drawn.value["amount"] <= high or (low == 1 and drawn.normal == "0.5箱")


@pytest.mark.parametrize(("low", "high"), [(0, 10**6), (0, 9), (35000, 35000), (100, 10**8)])
def test_plain_numbers_read_back(low, high):
    rng = random.Random(5)
    for _ in range(3000):
        drawn = draw_number(rng, low, high)
        assert drawn.normal == str(drawn.value)
        assert low <= drawn.value <= high
        assert amount(drawn.surface) == drawn.value, drawn


def test_plain_numbers_are_written_in_every_way():
    rng = random.Random(6)
    said = {draw_number(rng, 35000, 35000).surface for _ in range(1000)}
    assert {"35000", "３５０００", "三万五千", "三万五", "3万5", "3.5万", "35,000"} <= said
    assert full_width("35000") == "３５０００"


def test_there_are_many_surfaces():
    for draw, least in ((draw_money, 2500), (draw_quantity, 400), (draw_number, 1500)):
        rng = random.Random(7)
        assert len({draw(rng).surface for _ in range(5000)}) > least


def test_draws_depend_on_the_seed_only():
    for draw in (draw_money, draw_quantity, draw_number):
        first, same, other = (
            [draw(rng) for _ in range(100)] for rng in map(random.Random, (1, 1, 2))
        )
        assert first == same != other


@pytest.mark.parametrize(
    "call",
    [
        lambda rng: draw_money(rng, 5, 4),
        lambda rng: draw_money(rng, -1, 4),
        lambda rng: draw_money(rng, 1, 10**8 + 1),
        lambda rng: say_money(rng, "1.234"),
        lambda rng: say_money(rng, -1),
        lambda rng: say_money(rng, float("nan")),
        lambda rng: draw_quantity(rng, 0, 4),
        lambda rng: draw_quantity(rng, 5, 4),
        lambda rng: draw_number(rng, 5, 4),
        lambda rng: draw_number(rng, 0, 10**12),
    ],
)
def test_amounts_out_of_bounds_are_refused(call):
    with pytest.raises(ValueError, match="expected"):
        call(random.Random(1))
