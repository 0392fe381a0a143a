"""Names, forms of address, aliases and e-mail addresses of people in China."""

import random
import re
from collections import Counter

import pytest
from faker.providers.person.zh_CN import Provider as FakerPerson

from dialogue.providers.china import people
from dialogue.providers.china.names import Cell, Names, names
from dialogue.providers.china.people import Person, alias, draw_email, draw_person, title

MEN_ONLY = ("先生", "哥", "叔", "叔叔", "大爷", "爸爸", "sir", "仔")
WOMEN_ONLY = ("女士", "小姐", "姐", "阿姨", "太太", "妈", "妈妈", "婶", "奶奶", "大妈", "大姐")


@pytest.fixture(scope="module")
def crowd() -> list[Person]:
    rng = random.Random(20261122)
    return [draw_person(rng) for _ in range(20_000)]


def test_twenty_thousand_people_bear_more_than_fourteen_thousand_names(crowd):
    assert len({person.name for person in crowd}) > 14_000


def test_more_than_a_hundred_thousand_names_are_possible():
    table = names()
    for cell in table.people[0], table.people[-300]:
        if isinstance(cell, Cell):
            assert len(set(table.surnames)) * len(set(cell.givens)) > 100_000


def test_surnames_are_as_frequent_as_in_life(crowd):
    counts = Counter(person.surname for person in crowd)
    assert [name for name, _ in counts.most_common(3)] in (
        [*"王李张"],
        [*"李王张"],
        [*"王张李"],
        [*"李张王"],
    )
    assert 0.17 < sum(counts[name] for name in "王李张") / len(crowd) < 0.24
    assert len(counts) > 300
    compound = sum(count for name, count in counts.items() if len(name) == 2)
    assert 0.004 < compound / len(crowd) < 0.011


def test_one_given_name_in_six_has_one_character(crowd):
    single = sum(len(person.given) == 1 for person in crowd) / len(crowd)
    assert 0.13 < single < 0.19
    assert all(len(person.given) in (1, 2) for person in crowd if person.surname)


def test_name_and_title_are_made_of_surname_and_given_name(crowd):
    for person in crowd:
        if person.surname:
            assert person.name == person.surname + person.given
            said = person.surname
        else:
            assert person.name.startswith(person.given)
            said = person.given
        assert person.title == said + ("先生" if person.sex == "male" else "女士")


def test_given_names_fit_the_sex_by_fakers_lists(crowd):
    # 红霞 stands among Faker's men by mistake; these others are borne by both.
    both = {"红霞", "建华", "鑫", "华", "玉华", "建平", "亚楠", "楠", "志红"}
    men = set(FakerPerson.first_names_male) - both
    women = set(FakerPerson.first_names_female) - both
    known = [person for person in crowd if person.given in men | women]
    assert len(known) > 1_500
    wrong = [person.name for person in known if (person.given in men) != (person.sex == "male")]
    assert len(wrong) / len(known) < 0.01, wrong


def test_each_sex_and_generation_has_its_share(crowd):
    assert 0.46 < sum(person.sex == "male" for person in crowd) / len(crowd) < 0.50
    assert set(Counter(person.generation for person in crowd)) == {"old", "mid", "young", "new"}
    first = {generation: Counter() for generation in ("old", "new")}
    for person in crowd:
        if person.surname and person.generation in first:
            first[person.generation].update(person.given)
    assert first["old"]["秀"] > 50
    assert first["new"]["秀"] == 0
    assert first["new"]["梓"] > 50
    assert first["old"]["梓"] == 0


def test_names_of_minorities_are_there_with_and_without_a_dot(crowd):
    without = [person for person in crowd if not person.surname]
    assert 0.010 < len(without) / len(crowd) < 0.021
    dotted = [person for person in without if "·" in person.name]
    assert 0.4 < len(dotted) / len(without) < 0.8
    assert all(person.name.split("·")[0] == person.given for person in dotted)
    assert all(len(set(person.name.split("·"))) == 2 for person in dotted)
    rng = random.Random(7)
    named = [one for one in (draw_person(rng) for _ in range(60_000)) if "卓玛" in one.name]
    assert {person.sex for person in named} == {"female"}


def test_reduplicated_names_are_womens_and_others_do_not_stammer(crowd):
    doubled = Counter(
        person.given for person in crowd if len(person.given) == 2 and len(set(person.given)) == 1
    )
    assert {"婷婷", "丽丽"} <= set(doubled)
    assert all(
        person.sex == "female" for person in crowd if person.surname and person.given in doubled
    )
    assert not any(person.given in ("志智", "海海", "婷亭", "雨语") for person in crowd)


def test_names_that_are_laughed_at_are_not_drawn(monkeypatch):
    cell = Cell("male", "mid", "先生", ("泽东", "子腾", "瑶", "伟"))
    table = Names((cell,), ("毛", "杜", "杨"), names().refused)
    monkeypatch.setattr(people, "names", lambda: table)
    rng = random.Random(1)
    drawn = {draw_person(rng).name for _ in range(500)}
    assert drawn == {"毛子腾", "毛瑶", "毛伟", "杜泽东", "杜伟", "杨泽东", "杨子腾", "杨瑶"}


def test_given_names_do_not_sound_like_bad_words():
    givens = {given for cell in names().people if isinstance(cell, Cell) for given in cell.givens}
    assert not givens & {"建仁", "子莎", "紫莎", "建任", "广根棍"}
    assert len(set("".join(givens))) >= 300


def test_titles_fit_sex_and_surname(crowd):
    rng = random.Random(3)
    said = [(person, title(rng, person)) for person in crowd]
    for person, spoken in said:
        others = WOMEN_ONLY if person.sex == "male" else MEN_ONLY
        assert not spoken.endswith(others), (person, spoken)
        assert person.surname in spoken or person.given[-1] in spoken
    forms = {spoken.replace(person.surname, "X") for person, spoken in said if person.surname}
    expected = "X先生 X女士 X小姐 X老师 X总 X姐 X哥 X师傅 X阿姨 X叔 X同学 X经理 小X 老X"
    assert set(expected.split()) <= forms
    assert not any(spoken in ("小欧阳", "老司马", "伟哥") for _, spoken in said)
    students = [person for person, spoken in said if spoken.endswith("同学")]
    assert {person.generation for person in students} == {"new"}


def test_aliases_are_many_and_fit_the_sex(crowd):
    rng = random.Random(4)
    said = [(person, alias(rng, person)) for person in crowd]
    assert len({spoken for _, spoken in said}) > 1_500
    for person, spoken in said:
        assert spoken.strip() == spoken
        assert spoken
        others = WOMEN_ONLY if person.sex == "male" else MEN_ONLY
        known = {"隔壁老王"}
        assert spoken in known or not spoken.endswith(others), (person, spoken)
    everything = {spoken for _, spoken in said}
    assert {"柚子", "小鱼儿", "陈sir", "王大妈", "丽丽", "李xx"} <= everything
    assert not any("*" in spoken for spoken in everything)  # nobody hides their own name


@pytest.mark.parametrize(
    ("name", "surname", "given", "users"),
    [
        (
            "单雪",
            "单",
            "雪",
            {"shanxue", "shan.xue", "xueshan", "xue_shan", "shanx", "sx", "xshan"},
        ),
        ("吕长乐", "吕", "长乐", {"lvchangle", "lvcl", "changlelv", "changle_lv", "lv.changle"}),
        ("欧阳朝", "欧阳", "朝", {"ouyangchao", "ouyangc", "chaoouyang", "chao_ouyang"}),
        ("艾力·肉孜", "", "艾力", {"aili", "al"}),
    ],
)
def test_email_is_in_pinyin_of_the_name(name, surname, given, users):
    rng = random.Random(5)
    person = Person(name, surname, given, "male", "", "mid")
    seen = {draw_email(rng, person).split("@")[0].rstrip("0123456789") for _ in range(400)}
    assert users <= seen
    letters = {"".join(filter(str.isalpha, user)) for user in seen}
    most = {"".join(filter(str.isalpha, user)) for user in users}
    assert len(letters - most - {""}) <= 3


def test_email_is_at_a_reserved_domain_for_everybody(crowd):
    rng = random.Random(6)
    at = re.compile(
        r"[a-z0-9]+(?:[._][a-z0-9]+)?@(?:(?:[a-z]+\.)?example\.(?:com|net|org)|[a-z]+\.(?:example|test))"
    )
    addresses = [draw_email(rng, person) for person in crowd[:5_000]]
    assert [address for address in addresses if not at.fullmatch(address)] == []
    assert 0.1 < sum(address[0].isdigit() for address in addresses) / 5_000 < 0.25


def test_every_character_of_the_lists_has_a_reading():
    rng = random.Random(7)
    for cell in dict.fromkeys(names().people):
        givens = cell.givens if isinstance(cell, Cell) else cell.owns
        for given in dict.fromkeys(givens):
            draw_email(rng, Person("", "王", given, "male", "", "mid"))


def test_the_same_stream_draws_the_same_people(crowd):
    rng = random.Random(20261122)
    assert [draw_person(rng) for _ in range(500)] == crowd[:500]
