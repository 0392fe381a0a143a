"""Typed columns in words, and the facts that a text states in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dialogue.providers.wording import literal_facts, word

NOW = datetime(2026, 11, 22, 15, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-11-22 20:00", "今晚8点"),
        ("2026-11-22 18:30", "今晚6点半"),
        ("2026-11-22 17:05", "今天下午5点05分"),
        ("2026-11-23 10:30", "明天上午10点半"),
        ("2026-11-23 21:00", "明晚9点"),
        ("2026-11-24 15:00", "后天下午3点"),
        ("2026-11-24 20:00", "后天晚上8点"),
        ("2026-11-25 10:00", "11月25日上午10点"),
        ("2026-11-25 12:00", "11月25日中午12点"),
        ("2026-11-25 00:00", "11月25日凌晨0点"),
        ("2026-11-25 07:15", "11月25日早上7点15分"),
        ("2026-11-21 20:10", "昨晚8点10分"),
        ("2026-11-20 13:00", "前天下午1点"),
        ("2026-11-19 13:00", "11月19日下午1点"),
        ("2027-01-02 09:00", "2027年1月2日上午9点"),
    ],
)
def test_instants_are_said_relative_to_now(instant, words):
    assert word("zh_CN", "instant", instant, NOW) == words
    assert word("en_US", "instant", instant, NOW) == instant


@pytest.mark.parametrize(
    ("type_", "value", "chinese", "plain"),
    [
        ("money", 39, "39元", "39"),
        ("money", 39.9, "39.9元", "39.9"),
        ("money", 39.90, "39.9元", "39.9"),
        ("money", 1299.0, "1299元", "1299"),
        ("money", 1300, "1300元", "1300"),
        ("money", -5.5, "-5.5元", "-5.5"),
        ("money", 0.0, "0元", "0"),
        ("integer", 1200, "1200", "1200"),
        ("integer", 3.0, "3", "3"),
        ("number", 0.125, "0.125", "0.125"),
        ("number", 1e21, "1000000000000000000000", "1000000000000000000000"),
        ("string", "顺丰速运", "顺丰速运", "顺丰速运"),
        ("boolean", 1, "是", "yes"),
        ("boolean", False, "否", "no"),
    ],
)
def test_plain_types_are_said_plainly(type_, value, chinese, plain):
    assert word("zh_CN", type_, value, NOW) == chinese
    assert word("de_DE", type_, value, NOW) == plain


@pytest.mark.parametrize(
    ("type_", "value", "message"),
    [
        ("instant", None, "expected an instant YYYY-MM-DD HH:MM but got None"),
        ("instant", "2026-11-22", "expected an instant YYYY-MM-DD HH:MM but got '2026-11-22'"),
        ("integer", 1.5, "expected a whole number but got 1.5"),
        ("number", "x", "expected a number but got 'x'"),
        ("number", float("inf"), "expected a number but got inf"),
        ("money", True, "expected a number but got True"),
        ("string", 5, "expected a text but got 5"),
        ("boolean", 2, "expected a boolean but got 2"),
        ("date", 1, "expected a type of string, integer, .*, money but got type='date'"),
    ],
)
def test_value_of_another_type_is_refused(type_, value, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        word("zh_CN", type_, value, NOW)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("签收后七天无理由退货", "七天"),
        ("三天内送达", "三天"),
        ("24小时内发货", "24小时"),
        ("满１２件", "１２件"),
        ("1~3个工作日", "1~3个工作日"),
        ("三个工作日 两三天 一周 一个月 半小时", "三个工作日 两三天 一周 一个月 半小时"),
        ("一个半小时，二十四小时，十分钟，一年", "一个半小时 二十四小时 十分钟 一年"),
        ("第三天、第一年", "三天 一年"),
        ("今晚8点前，明早九点", "今晚8点 明早九点"),
        ("下午三点半之前；十二点；一点半；零点", "下午三点半 十二点 一点半 零点"),
        ("2026年11月25日上午10点", "2026年 11月25日 上午10点"),
        ("十一月二十五日，3月5号，十五号", "十一月二十五日 3月5号 十五号"),
        ("星期天 下周一 这周五 周末 下周 本月", "星期天 下周一 这周五 周末 下周"),
        ("明天到，后天也行，大后天，明晚，月底", "明天 后天 大后天 明晚 月底"),
        ("今天之内发出", "今天之内"),
        ("双十一", "双十一"),
        ("五十元，39.9元，百元以内，两块钱，五块", "五十元 39.9元 百元 两块钱 五块"),
        ("打八折，八五折，八点五折，5折，半价", "八折 八五折 八点五折 5折 半价"),
        ("三分之一，百分之五，20%，八成", "三分之一 百分之五 20% 八成"),
        ("两件，一件，三次，两位，四级，三楼", "两件 一件 三次 两位 四级 三楼"),
        ("一千克，两公斤", "一千克 两公斤"),
        ("三包", "三包"),
        ("满一百减二十，送三千五积分", "一百 二十 三千五"),
        ("400-800-1234", "400-800-1234"),
        ("①", "①"),
    ],
)
def test_facts_in_chinese_words_are_found(text, facts):
    assert [match.group() for match in literal_facts("zh_CN").finditer(text)] == facts.split()


NO_FACTS = """
查一下 一点也不 快一点 有一点 提前一点 一些 一样 一起 第一次 第二个方案
第二十个 第一时间 统一安排 万一天气不好 千万别 十分抱歉 十分满意 百分之百
稍等一会儿 一直 一定 一共 一般 一切 唯一 专一 一一为您核实 再说一次
一个建议 一位客服 百货 零件 零售 二维码 二手 一站式 一对一 双方 两者 一旦
一份 一张优惠券 一条短信 每一天 美好的一天 三思 第三方 一块儿 几天 多少天
下单 本店 这个 上个 月饼 周到 星期几 四季 一刻也不 一口气 三折叠 今天天气
七上八下 半夜 周围
"""


@pytest.mark.parametrize("text", NO_FACTS.split())
def test_words_that_only_look_like_numbers_are_no_facts(text):
    assert literal_facts("zh_CN").search(text) is None


def test_other_locales_know_digits_only():
    pattern = literal_facts("en_US")
    assert [match.group() for match in pattern.finditer("within 24 hours, 3.5, 一周")] == [
        "24",
        "3.5",
    ]
