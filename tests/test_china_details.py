"""详细地址 are judged by forms and facts written down here, not by the code that draws them."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import pytest

from dialogue.providers.china.details import GRAMMARS, County, draw_detail
from dialogue.providers.china.details.place import root
from dialogue.providers.china.regions import regions
from dialogue.providers.china.regions import towns as towns_of

DRAWS = 20_000
SEPARATORS = " ,，、-—.。_/；;"
DIGIT = "[0-9０-９]"
HAN = "[一二三四五六七八九十]"
ROAD_ENDS = "路 街 大道 大街 巷 胡同 弄 里 东路 西路 南路 北路 中路 支路 环路 坊 "
VILLAGE_ENDS = "家村 家庄 屯 寨 村委会 大队 自然村 嘎查 家湾 家沟 家坪 塆 厝 浜 村口 农场 团 "
PLACES = (
    "大学 学院 中学 小学 校区 宿舍 班 食堂 大厦 广场 有限公司 前台 "
    "转.+部 科技园 工业区 车间 批发市场 超市 药店 宾馆 酒店 人民医院 "
    "急诊科|内科 住院部 派出所 政府 税务 支行 丰巢 菜鸟驿站 妈妈驿站 "
    "快递柜 门卫 代收 开发区 高新区 小区 花园 苑 家园 公寓 新村 府 湾 "
    "公馆 名邸 国际 御景 家属院 社区 街道办 对面 旁边 附近 后面 楼下 "
    "东门 （.+）$ 门进[）)] 排[0-9]+号 "
)
FORMS = {
    # houses, units, rooms, floors
    "N幢": rf"{DIGIT}幢",
    "N栋": rf"{DIGIT}栋",
    "N号楼": rf"{DIGIT}号楼",
    "A座": r"[A-Z]座",
    "N座": rf"{DIGIT}座",
    "七号楼": rf"{HAN}号楼",
    "N#": rf"{DIGIT}#",
    "N单元": rf"{DIGIT}单元",
    "二单元": rf"{HAN}单元",
    "N门": rf"{DIGIT}门",
    "N室": rf"{DIGIT}室",
    "N房": rf"{DIGIT}房",
    "NA": rf"{DIGIT}[A-H]$",
    "bare room": rf"(栋|幢|单元|号楼){DIGIT}{{3,4}}$",
    "N楼": rf"(?<!号){DIGIT}楼",
    "八楼": rf"{HAN}楼",
    "N层": rf"{DIGIT}层",
    "NF": rf"{DIGIT}F",
    "负一楼": r"负一[楼层]",
    "12-3-1001": r"[0-9]+-[0-9]-[0-9]{3,4}$",
    "5-301": r"(?<![-0-9])[0-9]+-[0-9]{3,4}$",
    "3#1单元502": r"[0-9]#[0-9]单元[0-9]{3}",
    "8#202": r"[0-9]#[0-9]{3}",
    "full width": r"[０-９]",
    "phase": r"[一二三四]期",
    "area": r"[A-E]区",
    # roads
    **{end: end for end in ROAD_ENDS.split()},
    "一路": rf"{HAN}路",
    "经三路": rf"[经纬]{HAN}+[路街]",
    "第五大街": rf"第{HAN}+大街",
    "G107国道": r"G[0-9]{3}国道",
    "107国道": r"(?<!G)[0-9]{3}国道",
    "省道": r"[0-9]省道",
    "县道": r"[0-9]县道",
    "公里处": r"[0-9]公里处",
    "N-N号": r"[0-9]-[0-9]+号",
    "N弄N号": r"[0-9]弄[0-9]+号",
    "附N号": r"号附[0-9]",
    "N号院": r"[0-9]号院",
    "与X路交叉口": r"与.+交叉口",
    "往东50米": r"[东西南北][行走]?[0-9]+米",
    "东南角": r"[东西][南北]角",
    # villages
    **{end: end for end in VILLAGE_ENDS.split()},
    "N组": rf"[0-9]组|{HAN}组",
    "N队": rf"[0-9]队|{HAN}队",
    "N社": rf"[0-9]社|{HAN}社$",
    "group and door": rf"组{DIGIT}+号",
    # places
    **{word: word for word in PLACES.split()},
}


class Draw(NamedTuple):
    """A text with what it was drawn for."""

    county: str
    towns: tuple[str, ...]
    text: str


@cache
def drawn(kind: str = "", count: int = DRAWS, within: str = "") -> tuple[Draw, ...]:
    rng = random.Random(20261122)
    places = [County.of(r, towns_of(r)) for r in regions() if r.code.startswith(within)]
    found = []
    for _ in range(count):
        county = places[rng.randrange(len(places))]
        found.append(Draw(county.name, tuple(county.towns), draw_detail(rng, county, kind)))
    return tuple(found)


@pytest.mark.parametrize("form", FORMS)
def test_each_surface_form_is_drawn(form: str) -> None:
    pattern = re.compile(FORMS[form])
    assert any(pattern.search(draw.text) for draw in drawn())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("urban", "栋|幢|号|单元|室|区|园|苑|城|[0-9]{3}"),
        ("rural", "村|组|队|社|屯|嘎查|号|庄|场|连|居委会|社区"),
        (
            "campus",
            "学|校|一中|中专|高中|初中|附中|职高|职教中心|幼儿园|电大|[一二三四五六七八九十]中",
        ),
        ("office", "大厦|中心|广场|楼|公司|座|SOHO|公馆|园|城|基地|银座|孵化器|层|室|[0-9]"),
        ("factory", "厂|园|区|公司|基地|车间|场|库|社|站"),
        ("market", "市场|城|店|街|馆|号|室|行|场|广场|中心|铺|档|[0-9A-Z]"),
        ("hospital", "医院|卫生|中心|门诊|诊所|医馆"),
        ("government", "局|所|行|政府|院|队|站|办|会|校|部|中心|联|委|社|公司|库|关|团|馆|处|法庭"),
        (
            "pickup",
            "驿站|柜|代收|快递|门|岗|物业|大堂|服务台|室|站|局|点|收|派|亭|丰巢|前台|易|兔喜|代办",
        ),
        ("house", "栋|幢|号|楼|座|舍|层|室|单元|门|梯|#|[0-9]{3}|[－０-９]"),
        (
            "spot",
            "对面|边|隔壁|后面|前面|那家|的|站|亭|灯|天桥|楼|层|门口|头|口|下面|[东南西北]门|里",
        ),
        ("crossing", "口|处|交|角|道|段|边|头|旁|灯|侧|路|沿线|下"),
    ],
)
def test_a_grammar_draws_what_its_name_says(kind: str, words: str) -> None:
    pattern = re.compile(words)
    right = [draw.text for draw in drawn(kind, 800) if pattern.search(draw.text)]
    assert len(right) > 800 * 0.9


@pytest.mark.parametrize("kind", GRAMMARS)
def test_every_grammar_is_long_enough_and_clean_at_both_ends(kind: str) -> None:
    for _, _, text in drawn(kind, 1500):
        assert 2 <= len(text) <= 45, text
        assert text[0] not in SEPARATORS and text[-1] not in SEPARATORS, text
        assert "\n" not in text and "{" not in text, text


def test_separators_are_doubled_only_where_typing_is_careless() -> None:
    doubled = [d.text for d in drawn() if re.search(r"  |，，|--", d.text)]
    spaced = [d.text for d in drawn() if " " in d.text]
    assert 0 < len(doubled) < DRAWS * 0.01
    assert 0.01 < len(spaced) / DRAWS < 0.08
    assert not any("   " in text for text in doubled)


def test_what_is_not_part_of_an_address_stays_out() -> None:
    words = re.compile(r"电联|电话|放门口|收件|null|{|包裹|谢谢|到付")
    assert not [d.text for d in drawn() if words.search(d.text)]


def test_lengths_are_those_of_real_addresses() -> None:
    lengths = sorted(len(draw.text) for draw in drawn())
    assert 12.5 <= sum(lengths) / DRAWS <= 15.5
    assert lengths[DRAWS // 20] <= 8 and lengths[-DRAWS // 20] >= 21
    assert lengths[0] <= 3


def test_names_are_generated_not_picked() -> None:
    texts = [draw.text for draw in drawn()]
    assert len(set(texts)) > 19_500
    assert len(set("".join(texts))) > 1_400
    bigrams = {text[at : at + 2] for text in texts[:5000] for at in range(len(text) - 1)}
    assert len(bigrams) > 15_000


def test_no_name_is_worn_out() -> None:
    texts = [draw.text for draw in drawn("urban", 6000)]
    found = Counter(name for text in texts for name in re.findall(r"[一-龥]{2}(?=[路街])", text))
    assert found.most_common(1)[0][1] < 60
    villages = {m for d in drawn("rural", 6000) for m in re.findall(r"([一-龥]{2,4})村", d.text)}
    assert len(villages) > 2_500


def test_a_full_town_that_is_said_first_is_the_counties_own() -> None:
    said = 0
    everywhere = {town for region in regions() for town in towns_of(region)}
    for _, towns, text in drawn():
        match = re.match(r"[一-龥]{2,8}?(?:街道|镇|乡)", text)
        if match and match.group() in everywhere:
            said += match.group() in towns
    assert said > DRAWS * 0.3
    for _, towns, text in drawn("rural", 3000):
        match = re.match(r"[一-龥]{2,8}?(?:街道|镇|乡)(?=[一-龥])", text)
        if match and match.group() in everywhere and match.group() not in towns:
            # 上街镇 may be the end of a village's name, a foreign town never stands alone.
            assert any(text.startswith(town) for town in towns), text


def test_institutions_bear_names_of_their_own_place() -> None:
    rng = random.Random(5)
    region = next(r for r in regions() if r.county == "南山区" and r.city == "深圳市")
    towns = towns_of(region)
    homes = ("深圳", "南山", *(root(town) for town in towns))
    texts = [draw_detail(rng, County.of(region, towns), "government") for _ in range(400)]
    named = [text for text in texts if re.search(r"局|派出所|检察院", text)]
    assert len(named) > 100
    assert all(any(home in text for home in homes) for text in named if "行" not in text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("深圳市", "深圳"),
        ("西丽街道", "西丽"),
        ("塘厦镇", "塘厦"),
        ("赵县", "赵县"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("楚雄彝族自治州", "楚雄"),
        ("巴音郭楞蒙古自治州", "巴音郭楞蒙古"),
        ("三家子满族乡", "三家子"),
        ("东乡族自治县", "东乡族"),
        ("浦东新区", "浦东"),
        ("", ""),
    ],
)
def test_roots_are_what_people_call_the_place(name: str, expected: str) -> None:
    assert root(name) == expected


def test_inner_cities_have_few_villages() -> None:
    rng = random.Random(8)
    village = re.compile(rf"村.*([0-9]|{HAN})+(组|队|社)")

    def share(name: str, city: str) -> float:
        region = next(r for r in regions() if r.county == name and r.city == city)
        towns = towns_of(region)
        texts = [draw_detail(rng, County.of(region, towns)) for _ in range(1000)]
        return sum(bool(village.search(text)) for text in texts) / 1000

    assert share("南山区", "深圳市") < 0.04
    assert share("静安区", "上海市") < 0.04
    assert share("会宁县", "白银市") > 0.06


@pytest.mark.parametrize(
    ("province", "form", "least"),
    [
        ("31", r"[0-9]弄", 0.05),
        ("50", r"附[0-9]+号", 0.03),
        ("11", r"[0-9]号院|胡同", 0.05),
        ("15", r"嘎查|艾里|乌兰|巴彦|查干", 0.05),
        ("65", r"阿|克|孜|买|巴格", 0.3),
        ("54", r"[扎措拉贡嘎曲玛].{0,2}村", 0.05),
    ],
)
def test_parts_of_the_country_have_ways_of_their_own(
    province: str, form: str, least: float
) -> None:
    texts = [draw.text for draw in drawn("", 2000, province)]
    assert sum(bool(re.search(form, text)) for text in texts) / 2000 > least


def test_villages_bear_names_of_the_tongue_spoken_there() -> None:
    tibetan = re.compile(r"[扎措拉贡嘎曲玛桑卓达布][^村镇乡]{0,2}村")

    def share(prefecture: str) -> float:
        texts = [draw.text for draw in drawn("rural", 1000, prefecture)]
        return sum(bool(tibetan.search(text)) for text in texts) / 1000

    assert share("5133") > 0.25  # 甘孜
    assert share("5101") < 0.08  # 成都


def test_a_county_without_towns_and_a_city_without_counties_have_addresses() -> None:
    rng = random.Random(2)
    city = next(r for r in regions() if r.city == "东莞市")
    bare = next(r for r in regions() if r.county)
    for kind in ("", *GRAMMARS):
        for _ in range(150):
            assert len(draw_detail(rng, County.of(bare, ()), kind)) >= 2
            assert len(draw_detail(rng, County.of(city, towns_of(city)), kind)) >= 2
    with_town = [draw_detail(rng, County.of(city, towns_of(city))) for _ in range(300)]
    assert sum(text.startswith(towns_of(city)) for text in with_town) > 120


def test_equal_seeds_draw_equal_details() -> None:
    region = next(r for r in regions() if r.county == "南山区")
    towns = towns_of(region)
    first, second = random.Random(7), random.Random(7)
    assert [draw_detail(first, County.of(region, towns)) for _ in range(200)] == [
        draw_detail(second, County.of(region, towns)) for _ in range(200)
    ]


def test_an_unknown_kind_is_named_with_the_nearest() -> None:
    region = regions()[0]
    with pytest.raises(ValueError, match="'rurl'; did you mean 'rural'"):
        draw_detail(random.Random(1), County.of(region, towns_of(region)), "rurl")
