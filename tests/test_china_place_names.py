"""The names that people give to places in China, beside those of the lists."""

from __future__ import annotations

import re

import pytest

from dialogue.providers.china.place_names import other_names, shortened
from dialogue.providers.china.regions import region_of, regions, zones


def root(name: str) -> str:
    return re.sub(r"(自治[州县旗]|地区|[省市区县盟旗])$", "", name)


@pytest.mark.parametrize(
    ("code", "province", "city", "county"),
    [
        ("110105", ("北京",), ("北京",), ("朝阳",)),
        ("310115", ("上海",), ("上海",), ("浦东", "浦东区")),
        ("440305", ("广东",), ("深圳",), ("南山",)),
        ("320583", ("江苏",), ("苏州",), ("昆山",)),
        ("500233", ("重庆",), ("重庆",), ()),  # 忠县
        ("430121", ("湖南",), ("长沙",), ()),  # 长沙县
        ("220202", ("吉林",), (), ("昌邑",)),  # 吉林市 is not 吉林
        ("441900", ("广东",), ("东莞",), ()),
        ("429021", ("湖北",), (), ("神农架",)),
        ("420528", ("湖北",), ("宜昌",), ("长阳县", "长阳")),
        ("450332", ("广西", "广西省"), ("桂林",), ("恭城县", "恭城")),
        ("530925", ("云南",), ("临沧",), ("双江县", "双江")),
        ("152221", ("内蒙古", "内蒙"), (), ("科右前旗",)),
        ("152502", ("内蒙古", "内蒙"), ("锡盟", "锡林郭勒"), ("锡林浩特",)),
        ("522601", ("贵州",), ("黔东南", "黔东南州"), ("凯里",)),
        ("532901", ("云南",), ("大理", "大理州"), ()),  # 大理市 is not 大理
        ("653101", ("新疆", "新疆省"), ("喀什",), ()),
        ("632524", ("青海",), ("海南州",), ("兴海",)),  # 海南 is a province
        ("632324", ("青海",), ("黄南", "黄南州"), ("河南县",)),
        ("210202", ("辽宁",), ("大连",), ()),  # 中山区: 中山 is a city
        ("410304", ("河南",), ("洛阳",), ("瀍河区", "瀍河")),
        ("622926", ("甘肃",), ("临夏", "临夏州"), ("东乡县",)),
        ("320576", ("江苏",), ("苏州",), ("工业园区", "园区")),
        ("441803", ("广东",), ("清远",), ("清新",)),
        ("370103", ("山东",), ("济南",), ()),  # 市中区
    ],
)
def test_shortened_names(
    code: str, province: tuple[str, ...], city: tuple[str, ...], county: tuple[str, ...]
) -> None:
    assert shortened(region_of(code)) == (province, city, county)


def test_no_shortened_name_is_another_part_of_its_address() -> None:
    for region in (*regions(), *zones()):
        short = shortened(region)
        assert all(len(name) > 1 for names in short for name in names), region
        assert not {region.province, region.city, region.county} & {*short.city, *short.county}
        assert not set(short.county) & {*short.city, *short.province}, region
        if region.city != region.province:
            assert not set(short.city) & set(short.province), region


def test_county_roots_that_are_their_own_citys_are_not_shortened() -> None:
    same = [r for r in regions() if root(r.county) == root(r.city) != ""]
    assert len(same) == 30
    assert not [region for region in same if shortened(region).county]


def test_most_names_can_be_shortened() -> None:
    assert sum(bool(shortened(r).county) for r in regions()) > 2600


@pytest.mark.parametrize(
    ("code", "name", "kind", "part"),
    [
        ("420602", "襄樊市", "city", "city"),
        ("510117", "郫县", "county", "county"),
        ("510118", "新津县", "county", "county"),
        ("370116", "莱芜市", "city", "city"),
        ("120118", "静海县", "county", "county"),
        ("110101", "崇文区", "county", "county"),
        ("330102", "江干区", "county", "county"),
        ("330109", "萧山市", "county", "county"),
        ("150102", "呼市", "nickname", "city"),
        ("310115", "魔都", "nickname", "city"),
        ("440305", "鹏城", "nickname", "city"),
        ("420111", "光谷", "zone", "county"),
    ],
)
def test_old_names_nicknames_and_zones(code: str, name: str, kind: str, part: str) -> None:
    assert (name, kind, part) in other_names(region_of(code))


def test_other_names_are_no_names_of_today_nearby() -> None:
    found = 0
    for region in regions():
        for other in other_names(region):
            found += 1
            assert other.name not in (region.province, region.city, region.county)
            if other.kind == "county":
                siblings = {r.county for r in regions() if r.code[:4] == region.code[:4]}
                assert other.name not in siblings, (region, other)
    assert found > 300
    assert not other_names(region_of("441900"))
