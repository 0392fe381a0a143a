"""Chinese people: nothing in, a name with a fitting form of address or a mobile number out."""

from __future__ import annotations

from faker.providers.person.zh_CN import Provider as Person

from dialogue.providers.provider import SessionProvider
from dialogue.providers.record import record
from dialogue.providers.weighted import Weighted
from dialogue.value import Record, Value

# Characters of given names: the first of two, then the last of two, which also stands alone.
MALE = (
    "志建国文明俊子浩宇泽家伟晓海永振嘉思天立德少鹏承景世庆春东宏光学卫正启瑞云书中金新兴",
    "强伟军勇杰涛斌超峰辉鹏飞刚明亮华波龙浩宇轩豪宁健毅翔凯晨阳诚平林生良东海文武松柏山川康达铭航",
)
FEMALE = (
    "晓雅思佳梦雪丽秀美玉春秋海红小婷静欣雨若诗语心怡慧淑桂嘉文紫可艺子月清婉凌冬书锦",
    "芳娜敏静燕艳娟霞婷玲琳萍莉倩颖洁琴蓉薇瑶怡佳慧妍欣悦彤涵岚凤英兰梅珍云菲蕾莹",
)
# Faker's table has one surname of two characters only.
COMPOUND = {"司马": 0.02, "上官": 0.02, "诸葛": 0.02, "尉迟": 0.01, "皇甫": 0.01, "令狐": 0.01}
SURNAMES = Weighted({**Person.last_names, **COMPOUND})
SEXES = ((*MALE, "先生"), (*FEMALE, "女士"))

# Prefixes in use by the four carriers, by their first two digits.
# 134 is left out: satellite phones share it.
PREFIXES = tuple(
    head + digit
    for head, digits in (
        ("13", "012356789"),
        ("14", "57"),
        ("15", "012356789"),
        ("16", "6"),
        ("17", "1235678"),
        ("18", "0123456789"),
        ("19", "012356789"),
    )
    for digit in digits
)


class Provider(SessionProvider):
    """Faker methods for people in China."""

    @record(parts=("姓名", "称呼"), keys={"姓名": "name", "称呼": "title"})
    def cn_person(self) -> Record:
        """Draw a name and how its bearer is addressed (张女士).

        The whole record is said as the name alone.
        """
        rng = self.rng
        first, last, title = rng.choice(SEXES)
        surname = SURNAMES.draw(rng)
        given = rng.choice(last)
        if rng.random() < 0.85:
            given = rng.choice(first) + given
        parts = {"姓名": Value.plain(surname + given), "称呼": Value.plain(surname + title)}
        return Record(parts, (("", "姓名"),))

    def cn_mobile(self) -> Value:
        """Draw a mobile number of eleven digits."""
        rng = self.rng
        return Value.plain(f"{rng.choice(PREFIXES)}{self.random_int(0, 10**8 - 1):08}")
