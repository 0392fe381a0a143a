"""Opening Faker, finding its methods and binding their arguments."""

import json
import os
import random
import subprocess
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest

import dialogue.providers
from dialogue.providers import (
    PROVIDERS,
    Method,
    Parameter,
    ProviderError,
    Shape,
    find_method,
    open_faker,
)
from dialogue.providers.method import describe, stock_value

ROOT = Path(dialogue.providers.__file__).parents[2]


@pytest.fixture
def generator():
    return open_faker("zh_CN", random.Random(7))


def failure(call, *arguments):
    with pytest.raises(ProviderError) as caught:
        call(*arguments)
    return str(caught.value)


def draw(generator, name, **arguments):
    return find_method(generator, name).bind(arguments)()


def test_importing_providers_does_not_import_faker_or_pydantic():
    code = "import sys, dialogue.providers; print({'faker', 'pydantic'} & set(sys.modules))"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    out = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert out.stdout == "set()\n"


def test_unknown_locale_names_the_nearest():
    with pytest.raises(ValueError, match=r"^unknown locale 'zh_CM': did you mean 'zh_CN'\?"):
        open_faker("zh_CM", random.Random(0))


def test_reseeding_the_random_numbers_repeats_the_draws():
    rng = random.Random(0)
    fake = open_faker("zh_CN", rng)
    calls = [find_method(fake, name).bind({}) for name in ("name", "cn_recipient", "uuid4", "city")]
    runs = []
    for seed in (5, 6, 5):
        rng.seed(seed)
        runs.append([str(call()) for call in calls])
    assert runs[0] == runs[2] != runs[1]


def test_draws_leave_the_global_random_numbers_alone(generator):
    before = random.getstate()
    for name in ("name", "cn_recipient", "cn_person", "cn_mobile", "password", "phone_number"):
        draw(generator, name)
    assert random.getstate() == before


def test_binding_leaves_the_random_numbers_as_they_were(generator):
    state = generator.random.getstate()
    find_method(generator, "name").bind({})
    assert generator.random.getstate() == state


def test_every_method_of_ours_is_there_in_every_locale():
    for locale in ("zh_CN", "en_US", "de_DE"):
        fake = open_faker(locale, random.Random(0))
        for name in PROVIDERS:
            assert find_method(fake, name).own
        assert str(draw(fake, "cn_person")).isalpha()


def test_weights_count_when_a_provider_is_used_alone():
    from faker import Faker

    from dialogue.providers.china import Provider

    fake = Faker("zh_CN")
    fake.seed_instance(1)
    fake.add_provider(Provider)
    surnames = [str(fake.cn_person())[0] for _ in range(2000)]
    assert surnames.count("王") > 80  # 7 of 100, and 5 of 2000 if all were equal


CLOCK = "depends on the machine's clock"
HASH = "depends on the hash seed of the process"
DATES = "use 'cn_deadline', which counts from the session's own clock"
CODES = "draw the digits with 'numerify' and a fixed 'text'"
CARDS = "use 'credit_card_number'"
PYTHON = "use 'pyint', 'pydecimal', 'pystr' or 'random_element'"
KIND = "is not among the kinds that a pack may draw"
OTHER = "use another method or 'choose'"


@pytest.mark.parametrize(
    ("name", "reason", "fix"),
    [
        ("ssn", CLOCK, CODES),
        *(
            (name, CLOCK, DATES)
            for name in ["date", "date_time", "time", "past_date", "future_datetime"]
        ),
        *(
            (name, CLOCK, DATES)
            for name in ["iso8601", "unix_time", "month", "year", "day_of_week", "am_pm"]
        ),
        ("time_series", HASH, DATES),
        ("credit_card_expire", CLOCK, CARDS),
        ("credit_card_full", CLOCK, CARDS),
        ("passport_number", CLOCK, CODES),
        ("passport_gender", HASH, "list the words with 'choose'"),
        ("pyset", HASH, PYTHON),
        ("pydict", CLOCK, PYTHON),
        ("profile", CLOCK, "draw each part with a method of its own, or use 'cn_recipient'"),
        ("user_agent", CLOCK, "list the names with 'choose'"),
        ("uuid1", CLOCK, "use 'uuid4'"),
        *(
            (name, KIND, OTHER)
            for name in ["binary", "tar", "csv", "json", "enum", "image", "pystr_format"]
        ),
        *(
            (name, KIND, OTHER)
            for name in ["format", "parse", "seed_instance", "get_words_list", "random"]
        ),
        *(
            (name, KIND, OTHER)
            for name in ["image_url", "random_elements", "boolean", "add_provider"]
        ),
    ],
)
def test_refused_method_says_why_and_what_to_use(generator, name, reason, fix):
    assert failure(find_method, generator, name) == f"'{name}' {reason}\n  fix: {fix}"


@pytest.mark.parametrize(
    ("locale", "name", "what"),
    [
        ("ru_RU", "user_name", CLOCK),
        ("ru_RU", "businesses_ogrn", CLOCK),
        ("pl_PL", "pesel", CLOCK),
        ("it_IT", "city", HASH),
        ("uk_UA", "license_plate", "draws from a source that is not seeded for the session"),
        ("zh_TW", "company_suffix", "may say nothing"),
    ],
)
def test_method_of_a_single_locale_is_refused(locale, name, what):
    fake = open_faker(locale, random.Random(0))
    assert failure(find_method, fake, name).startswith(f"'{name}' {what}\n  fix: ")


def test_method_of_an_unknown_provider_is_refused(generator):
    from faker.providers import BaseProvider

    class Provider(BaseProvider):
        __module__ = "somebody.providers.lorem"

        def surprise(self) -> str:
            return "x"

    generator.add_provider(Provider)
    assert failure(find_method, generator, "surprise") == f"'surprise' {KIND}\n  fix: {OTHER}"
    # A method that all providers share is Faker's own, whoever was added last.
    assert draw(generator, "numerify", text="12").surface == "12"


def test_unknown_method_names_the_nearest(generator):
    message = failure(find_method, generator, "phone_numbr")
    assert message.startswith(
        "unknown provider method 'phone_numbr'\n  fix: did you mean 'phone_number'?"
    )
    assert failure(find_method, generator, "cn_deadlin").count("did you mean 'cn_deadline'?")
    assert failure(find_method, generator, "__class__").startswith("unknown provider method")


LIMIT = "nothing, leave it out"


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        (
            "numerify",
            {"txt": "%##"},
            "unknown argument 'txt' of 'numerify'\n  fix: did you mean 'text'? known: text",
        ),
        ("name", {"x": "1"}, "unknown argument 'x' of 'name'\n  fix: there is none to choose from"),
        (
            "random_int",
            {"max": "many"},
            "argument 'max' of 'random_int' cannot be 'many'\n  fix: give a whole number",
        ),
        (
            "pyfloat",
            {"positive": "maybe"},
            "argument 'positive' of 'pyfloat' cannot be 'maybe'\n  fix: give true or false",
        ),
        (
            "random_element",
            {"elements": "甲乙"},
            (
                "argument 'elements' of 'random_element' cannot be '甲乙'"
                "\n  fix: give a list or a mapping of texts to weights"
            ),
        ),
        (
            "uuid4",
            {"cast_to": "str"},
            f"argument 'cast_to' of 'uuid4' cannot be 'str'\n  fix: give {LIMIT}",
        ),
        (
            "text",
            {"ext_word_list": "甲"},
            "argument 'ext_word_list' of 'text' cannot be '甲'\n  fix: give a list",
        ),
        (
            "password",
            {"length": "1001"},
            "argument 'length' of 'password' is too large\n  fix: use at most 1000",
        ),
        (
            "numerify",
            {"text": "#" * 1001},
            "argument 'text' of 'numerify' is too large\n  fix: use at most 1000",
        ),
        (
            "shop_customer",
            {"orders": "0"},
            (
                "argument 'orders' of 'shop_customer' cannot be '0'"
                "\n  fix: give a whole number of 1 or more up to 20"
            ),
        ),
        (
            "cn_deadline",
            {"now": "2026-01-01"},
            "unknown argument 'now' of 'cn_deadline'\n  fix: known: plain",
        ),
        (
            "password",
            {"length": "2"},
            (
                "'password' cannot draw with these arguments"
                "\n  fix: change them: Required length is shorter than required characters"
            ),
        ),
        (
            "words",
            {},
            (
                "'words' draws a list, not a text or a number"
                "\n  fix: use a method that draws one text or one number"
            ),
        ),
        (
            "numerify",
            {"text": " "},
            "'numerify' drew a blank text\n  fix: use a method or argument that says something",
        ),
    ],
)
def test_wrong_argument_says_what_is_wrong(generator, name, arguments, message):
    assert failure(find_method(generator, name).bind, arguments) == message


def test_missing_argument_is_named():
    method = Method("x", str.upper, {"text": Parameter("text", str, required=True)})
    assert failure(method.bind, {}) == "argument 'text' of 'x' is missing\n  fix: give a text"


def test_text_becomes_what_the_annotation_asks_for(generator):
    assert draw(generator, "random_int", min="5", max="5").value == 5
    assert draw(generator, "random_int", min="100000", max="100000").surface == "100000"
    assert draw(generator, "numerify", text="%%%").surface.isdigit()
    assert draw(generator, "pyfloat", min_value="1.5", max_value="1.6", right_digits="2").value < 2
    assert draw(generator, "random_element", elements=["甲"]).surface == "甲"
    weighted = find_method(generator, "random_element").bind({"elements": {"甲": "99", "乙": "1"}})
    assert [weighted().surface for _ in range(100)].count("甲") > 80
    assert draw(generator, "random_letter").surface.isalpha()


def test_stock_results_become_values():
    assert stock_value("x", "e\u0301").surface == "é"
    assert stock_value("x", 3).value == 3
    assert (stock_value("x", Decimal("2.50")).surface, stock_value("x", Decimal("2.50")).value) == (
        "2.50",
        2.5,
    )
    assert stock_value("x", 1e-7).surface == "0.0000001"
    for drawn in (True, None, b"x", ["x"], float("nan"), "\u3000"):
        failure(stock_value, "x", drawn)


def test_injected_parameters_are_listed_and_not_for_authors(generator):
    assert find_method(generator, "cn_deadline").injected == ("now",)
    customer = find_method(generator, "shop_customer")
    assert customer.injected == ("now", "row", "rows")
    assert sorted(customer.parameters) == ["campaigns", "cities", "hubs", "orders", "products"]
    assert find_method(generator, "name").injected == ()


def test_record_methods_declare_their_shape(generator):
    assert find_method(generator, "cn_recipient").shape == Shape(
        parts=("姓名", "电话", "邮编", "省", "市", "县", "详细地址"),
        groups=(("姓名",), ("电话",), ("省", "市", "县", "详细地址", "邮编")),
        composites={"署名": ("姓名",), "地址": ("省", "市", "县", "详细地址")},
        optional=("邮编", "省", "市", "县"),
        needed=("姓名", "电话", "地址"),
        keys={
            "姓名": "name",
            "电话": "phone",
            "邮编": "postcode",
            "省": "province",
            "市": "city",
            "县": "county",
            "详细地址": "street",
        },
    )
    person = find_method(generator, "cn_person").shape
    assert person.parts == ("姓名", "称呼", "性别", "电话", "邮箱", "身份证")
    assert (person.optional, person.groups) == (("身份证",), (person.parts,))
    assert person.needed == ("姓名", "称呼", "性别", "电话", "邮箱")
    customer = find_method(generator, "shop_customer").shape
    assert customer.lists["订单"][:3] == ("order_no", "tail", "product")
    assert customer.tables == {
        "products": ("name", "price"),
        "cities": ("name",),
        "campaigns": ("starts", "ends", "products.promo"),
    }
    assert find_method(generator, "cn_deadline").shape == Shape()


def test_record_draws_the_parts_that_it_declares(generator):
    for name in ("cn_recipient", "cn_person", "cn_region", "cn_parcel"):
        shape = find_method(generator, name).shape
        for _ in range(300):
            drawn = draw(generator, name)
            assert set(shape.parts) - set(shape.optional) <= set(drawn.parts) <= set(shape.parts)
            assert [part for part in shape.parts if part in drawn.parts] == [*drawn.parts]
            assert set(drawn.composites) == set(shape.composites)


def test_annotations_are_described_in_words():
    from typing import Literal

    assert describe(int | None) == "a whole number"
    assert describe(Literal["a", "b"]) == "one of a, b"
    assert describe(float | str) == "a number or a text"
    assert describe(list[str]) == "a list"
    assert describe(object) == LIMIT


# Draws every allowed stock method of a locale, with the clock moved by the given number of days.
CHILD = """
import datetime, json, random, sys, time
days = int(sys.argv[1])
if days:
    shift, date, moment = datetime.timedelta(days=days, hours=7), datetime.date, datetime.datetime
    class OfDate(type):
        def __instancecheck__(cls, other):
            return isinstance(other, date)
    class OfMoment(type):
        def __instancecheck__(cls, other):
            return isinstance(other, moment)
    class Date(date, metaclass=OfDate):
        @classmethod
        def today(cls):
            return date.today() + shift
    class Moment(moment, metaclass=OfMoment):
        @classmethod
        def now(cls, tz=None):
            return moment.now(tz) + shift
        @classmethod
        def today(cls):
            return moment.today() + shift
        @classmethod
        def utcnow(cls):
            return moment.now(datetime.UTC).replace(tzinfo=None) + shift
    datetime.date, datetime.datetime = Date, Moment
    seconds, nanoseconds = time.time, time.time_ns
    time.time = lambda: seconds() + shift.total_seconds()
    time.time_ns = lambda: nanoseconds() + int(shift.total_seconds()) * 10**9
from dialogue.providers import PROVIDERS, ProviderError, find_method, open_faker
drawn = {}
for locale in ("zh_CN", "en_US"):
    rng = random.Random(0)
    fake = open_faker(locale, rng)
    for name in sorted(vars(fake)):
        if name in PROVIDERS:
            continue
        try:
            draw = find_method(fake, name).bind({})
        except ProviderError:
            continue
        rng.seed(11)
        drawn[f"{locale}.{name}"] = [draw().surface for _ in range(25)] + [rng.random()]
    rng.seed(11)
    drawn[f"{locale} clock"] = [str(fake.date_this_month()), str(fake.year())]
drawn["hash seed"] = hash("x")
print(json.dumps(drawn))
"""


def test_allowed_methods_do_not_depend_on_clock_or_hash_seed():
    children = []
    for days, seed in ((0, 1), (400, 2), (4000, 3)):
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed)}
        command = [sys.executable, "-c", CHILD, str(days)]
        children.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE))
    first, *others = (json.loads(child.communicate()[0]) for child in children)
    controls = {"zh_CN clock", "en_US clock", "hash seed"}
    assert len(first) > 280
    for other in others:
        # The controls prove that clock and hash seed did change.
        assert {name for name in first if first[name] != other.get(name)} == controls


def test_every_allowed_method_says_something_in_nfc():
    for locale in ("zh_CN", "en_US"):
        fake = open_faker(locale, random.Random(3))
        for name in sorted(vars(fake)):
            try:
                method = find_method(fake, name)
                call = method.bind({}) if not method.own else None
            except ProviderError:
                continue
            for _ in range(5 if call else 0):
                surface = call().surface
                assert surface.strip()
                assert unicodedata.is_normalized("NFC", surface)
