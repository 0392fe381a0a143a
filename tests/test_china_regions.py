"""The facts about China's regions."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from functools import cache

import phonenumbers
import pytest
from phonenumbers import geocoder

from dialogue.providers.china.regions import (
    cities,
    codes,
    full_name,
    provinces,
    region_of,
    regions,
    towns,
    within,
    zones,
)

# Known from elsewhere: what stands on identity cards, letters and phone lists.
KNOWN = [
    ("110105", "北京市", "北京市", "朝阳区", "10", "010"),
    ("310115", "上海市", "上海市", "浦东新区", "20", "021"),
    ("120116", "天津市", "天津市", "滨海新区", "300", "022"),
    ("500101", "重庆市", "重庆市", "万州区", "404", "023"),
    ("500229", "重庆市", "重庆市", "城口县", "40", "023"),
    ("440305", "广东省", "深圳市", "南山区", "518", "0755"),
    ("441900", "广东省", "东莞市", "", "523", "0769"),
    ("442000", "广东省", "中山市", "", "528", "0760"),
    ("460400", "海南省", "儋州市", "", "571", "0898"),
    ("620200", "甘肃省", "嘉峪关市", "", "735", "0937"),
    ("320583", "江苏省", "苏州市", "昆山市", "215300", "0512"),
    ("130104", "河北省", "石家庄市", "桥西区", "050", "0311"),
    ("220202", "吉林省", "吉林市", "昌邑区", "132", "0432"),
    ("152201", "内蒙古自治区", "兴安盟", "乌兰浩特市", "137400", "0482"),
    ("653101", "新疆维吾尔自治区", "喀什地区", "喀什市", "844", "0998"),
    ("419001", "河南省", "", "济源市", "459000", "0391"),
    ("429004", "湖北省", "", "仙桃市", "433", "0728"),
    ("429021", "湖北省", "", "神农架林区", "442", "0719"),
    ("469005", "海南省", "", "文昌市", "571", "0898"),
    ("659001", "新疆维吾尔自治区", "", "石河子市", "832", "0993"),
    ("632801", "青海省", "海西蒙古族藏族自治州", "格尔木市", "816", "0979"),
    ("140725", "山西省", "晋中市", "寿阳县", "045400", "0354"),
    ("445281", "广东省", "揭阳市", "普宁市", "515300", "0663"),
    ("330113", "浙江省", "杭州市", "临平区", "31", "0571"),
    ("370116", "山东省", "济南市", "莱芜区", "2", "0531"),
]
# The first two digits of all postcodes of a province.
POSTCODES = {
    "北京市": "10",
    "天津市": "30",
    "河北省": "05 06 07 25",  # 故城县 lies by 德州
    "山西省": "03 04",
    "内蒙古自治区": "01 02 13 16 73 75",  # its ends are served by the provinces beside them
    "辽宁省": "11 12",
    "吉林省": "13",
    "黑龙江省": "15 16",
    "上海市": "20",
    "江苏省": "21 22",
    "浙江省": "31 32 20",  # 嵊泗县 is served by 上海
    "安徽省": "23 24",
    "福建省": "35 36",
    "江西省": "33 34",
    "山东省": "25 26 27",
    "河南省": "45 46 47",
    "湖北省": "43 44",
    "湖南省": "41 42",
    "广东省": "51 52",
    "广西壮族自治区": "53 54",
    "海南省": "57",
    "重庆市": "40",
    "四川省": "61 62 63 64",
    "贵州省": "55 56",
    "云南省": "65 66 67",
    "西藏自治区": "85 86",
    "陕西省": "71 72",
    "甘肃省": "73 74",
    "青海省": "81",
    "宁夏回族自治区": "75",
    "新疆维吾尔自治区": "83 84",
}
# Where the geocoder names another place that is called by the same area code: cities that share
# it, a prefecture's seat for the prefecture, the prefecture around what the province governs.
SHARED = {
    ("0371", "开封市"): "郑州市",
    ("0391", "济源市"): "焦作市",
    ("0558", "亳州市"): "阜阳市",
    ("0692", "德宏傣族景颇族自治州"): "芒市",
    ("0719", "神农架林区"): "十堰市",
    ("0731", "株洲市"): "株州市",  # misspelt there
    ("0772", "来宾市"): "柳州市",
    ("0774", "贺州市"): "梧州市",
    ("0775", "贵港市"): "玉林市",
    ("0887", "迪庆藏族自治州"): "香格里拉市",
    ("0898", "儋州市"): "海口市",
    ("0935", "金昌市"): "武威市",
    ("0937", "嘉峪关市"): "酒泉市",
    ("0990", "塔城地区"): "克拉玛依市",  # 和布克赛尔
    ("0992", "克拉玛依市"): "伊犁",  # 独山子区
    ("0992", "塔城地区"): "伊犁",  # 乌苏市
    ("0993", "塔城地区"): "石河子市",  # 沙湾市
    ("0901", "白杨市"): "塔城",
    ("0902", "新星市"): "哈密",
    ("0903", "昆玉市"): "和田",
    ("0906", "北屯市"): "阿勒泰",
    ("0909", "双河市"): "博尔塔拉",
    ("0992", "胡杨河市"): "伊犁",
    ("0994", "五家渠市"): "昌吉",
    ("0996", "铁门关市"): "巴音郭楞",
    ("0997", "阿拉尔市"): "阿克苏",
    ("0998", "图木舒克市"): "喀什",
    ("0999", "可克达拉市"): "伊犁",
}


def root(name: str) -> str:
    return re.sub(r"(自治[州县旗]|地区|[省市区县盟旗])$", "", name)


@cache
def described(area_code: str) -> str:
    """Return where phonenumbers says that a landline is."""
    for local in ("81234567", "61234567", "6123456", "8123456", "2123456", "5234567"):
        number = phonenumbers.PhoneNumber(86, int(area_code.lstrip("0") + local))
        if phonenumbers.is_valid_number(number):
            return geocoder.description_for_number(number, "zh")
    return ""


def test_all_provinces_prefectures_and_counties_are_there() -> None:
    names = codes()
    counties = [code for code in names if not code.endswith("00")]
    prefectures = [
        name for code, name in cities().items() if code[:2] not in ("11", "12", "31", "50")
    ]
    kinds = Counter(re.search("市$|自治州$|地区$|盟$", name)[0] for name in prefectures)
    assert (len(provinces()), len(prefectures), len(counties)) == (34, 333, 2849)
    assert kinds == {"市": 293, "自治州": 30, "地区": 7, "盟": 3}
    assert len(cities()) == 337


def test_lists_are_of_this_year() -> None:
    assert {"临平区", "白杨市", "错那市", "米林市", "和安县", "和康县"} <= set(codes().values())
    assert not {"江干区", "莱芜市", "崇文区"} & set(codes().values())


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known[0])
def test_known_regions(known: tuple[str, ...]) -> None:
    code, province, city, county, postcode, area_code = known
    found = region_of(code)
    assert found[:4] == (code, province, city, county)
    assert found.postcode.startswith(postcode)
    assert found.area_code == area_code


def test_every_code_is_of_one_place_with_what_it_lies_in() -> None:
    drawn = [*regions(), *zones()]
    assert len({region.code for region in drawn}) == len(drawn)
    assert all(re.fullmatch("[1-6][0-9]{5}", region.code) for region in drawn)
    for region in regions():
        assert region.province == codes()[region.code[:2] + "0000"]
        assert (region.county or region.city) == codes()[region.code]


def test_what_the_lists_fill_up_with_is_nowhere() -> None:
    fillers = re.compile("直辖|市辖区|^县$|行政区划")
    assert not [name for name in codes().values() if fillers.search(name)]
    assert not [r for r in (*regions(), *zones()) if any(map(fillers.search, r))]


def test_municipalities_are_province_and_city() -> None:
    found = [region for region in regions() if region.province == region.city]
    assert {region.city for region in found} == {"北京市", "天津市", "上海市", "重庆市"}
    assert len(found) == sum(r.code[:2] in ("11", "12", "31", "50") for r in regions())
    assert [r.county for r in found if r.code[:4] == "5002"].count("忠县") == 1


def test_what_the_province_governs_itself_has_no_city() -> None:
    found = Counter(region.province for region in regions() if not region.city)
    assert found == {"河南省": 1, "湖北省": 4, "海南省": 15, "新疆维吾尔自治区": 12}


def test_cities_without_counties() -> None:
    found = [region.city for region in regions() if not region.county]
    assert found == ["东莞市", "中山市", "儋州市", "嘉峪关市"]
    assert [len(towns(region)) > 10 for region in regions() if not region.county] == [
        *(True, True, True, False)
    ]
    assert "峪泉镇" in towns(region_of("620200"))


def test_what_nobody_sends_parcels_to_is_known_but_not_drawn() -> None:
    drawn = {region.code for region in regions()}
    known = {code for code in codes() if not code.endswith("00")}
    assert {codes()[code] for code in known - drawn} == {
        *("金门县", "西沙区", "南沙区"),
        *("西沙群岛", "南沙群岛", "中沙群岛的岛礁及其海域"),
    }
    assert {name for code, name in provinces().items() if code[0] in "78"} == {
        *("台湾省", "香港特别行政区", "澳门特别行政区"),
    }
    assert len(regions()) == 2849 - 6 + 4


def test_ambiguous_names_are_all_there() -> None:
    count = Counter(region.county for region in regions() if region.county)
    assert count["鼓楼区"] == count["市中区"] == 4
    assert count["新华区"] == count["铁西区"] == count["城区"] == count["郊区"] == 3
    twice = {name for name, times in count.items() if times > 1}
    listed = Counter(name for code, name in codes().items() if not code.endswith("00"))
    assert {name for name, times in listed.items() if times > 1} == {*twice, "南沙区"}
    assert len(twice) == 28
    assert {"朝阳区", "西湖区", "南山区", "白云区", "长安区", "龙华区", "江北区"} <= twice
    named = {r.city for r in regions() if r.county == "鼓楼区"}
    assert named == {"南京市", "徐州市", "福州市", "开封市"}


def test_postcodes_begin_as_their_province_does() -> None:
    for region in (*regions(), *zones()):
        assert re.fullmatch("[0-9]{6}", region.postcode), region
        assert region.postcode[:2] in POSTCODES[region.province].split(), region


def test_postcodes_of_counties_are_finer_than_those_of_cities() -> None:
    assert len({region.postcode for region in regions()}) > 1900


def test_area_codes_are_where_phonenumbers_says() -> None:
    shared = set()
    for region in (*regions(), *zones()):
        said = described(region.area_code)
        assert said.startswith(root(region.province)[:2]), (region, said)
        place = region.city or region.county
        # Hainan has one area code.
        if root(place)[:2] not in said and (region.province != "海南省" or region.city):
            shared.add((region.area_code, place))
            assert SHARED.get((region.area_code, place), "nowhere") in said, (region, said)
    assert shared == set(SHARED)


def test_places_by_code_and_by_name() -> None:
    assert {region.city for region in within("4403")} == {"深圳市"}
    assert within("4403") == within("440300") == within("深圳市") == within("广东省深圳市")
    assert len(within("44")) == len(within("广东省")) == 124
    assert within("440305") == within("深圳市南山区") == (region_of("440305"),)
    assert within("广东省南山区") == within("广东省深圳市南山区") == within("440305")
    assert len(within("北京市")) == 16
    assert len(within("重庆市")) == 38
    assert within("吉林市")[0].city == "吉林市" and len(within("吉林市")) == 9
    assert within("仙桃市") == within("湖北省仙桃市") == (region_of("429004"),)
    assert within("东莞市") == (region_of("441900"),)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("449999", "no region of China has the code '449999'"),
        ("440", "no region of China has the code '440'"),
        ("469000", "no region of China has the code '469000'"),
        ("深州", "no region of China is called '深州'"),
        ("", "no region of China is called ''"),
        ("81", "no addresses are drawn in 香港特别行政区"),
        ("三沙市", "no addresses are drawn in 三沙市"),
        (
            "西湖区",
            (
                "2 regions of China are called '西湖区': "
                "330106 浙江省杭州市西湖区, 360103 江西省南昌市西湖区"
            ),
        ),
    ],
)
def test_places_that_are_not_to_be_found(place: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        within(place)
    assert str(caught.value) == said


def test_a_full_name_has_each_part_once() -> None:
    assert full_name("110105") == "北京市朝阳区"
    assert full_name("320106") == "江苏省南京市鼓楼区"
    assert full_name("429004") == "湖北省仙桃市"
    assert full_name("440000") == "广东省"


def test_towns() -> None:
    everywhere = [towns(region) for region in (*regions(), *zones())]
    assert sum(map(len, everywhere)) > 38_000
    assert {"南头街道", "粤海街道", "桃源街道"} <= set(towns(region_of("440305")))
    assert {"虎门镇", "长安镇", "南城街道"} <= set(towns(region_of("441900")))
    assert "犀浦街道" in towns(region_of("510117"))
    assert all(len(set(names)) == len(names) for names in everywhere)
    assert [r.county for r in regions() if not towns(r)] == [
        *("龙港市", "海棠区", "吉阳区", "天涯区", "崖州区", "和康县", "和安县")
    ]


def test_towns_are_places_one_lives_at() -> None:
    names = [name for region in (*regions(), *zones()) for name in towns(region)]
    nowhere = re.compile("监狱|劳教|直辖|虚拟|公司|委员会|管委会|[（(]|中心$|局$|厂$|^县开发区$")
    assert not [name for name in names if nowhere.search(name)]
    assert max(map(len, names)) <= 11
    usual = sum(name.endswith(("街道", "镇", "乡", "苏木", "地区", "办事处")) for name in names)
    assert usual / len(names) > 0.95


def test_zones_lie_in_a_city_and_have_towns() -> None:
    found = {(zone.city, zone.county) for zone in zones()}
    known = {("苏州市", "苏州工业园区"), ("郑州市", "高新区"), ("大兴安岭地区", "加格达奇区")}
    assert known <= found
    assert all(towns(zone) for zone in zones())
    assert len(zones()) == 116
    assert all(zone.city and zone.county and zone.postcode and zone.area_code for zone in zones())
    assert all(zone.code not in codes() for zone in zones())
    assert region_of("320576").county == "苏州工业园区"


def test_importing_reads_no_file_and_loading_towns_is_a_second_step() -> None:
    program = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from dialogue.providers.china import place_names, regions
read = lambda: sorted({name.split("/")[-1] for name in opened if "china/data" in name})
print(read())
region = regions.within("4403")[0]
print(read())
regions.towns(region)
print(read())
"""
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert out.splitlines() == ["[]", "['regions.csv']", "['regions.csv', 'towns.csv']"]
