"""Well-known spots of a town: a place in, a landmark and where it is seen from out."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details import estates, firms, roads
from dialogue.providers.china.details.words import NUMERALS, words
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.china.details.place import Place


def side(rng: Random) -> str:
    """Draw where something lies from a landmark: 对面, 东门, 往西100米."""
    r = rng.random()
    if r < 0.86:
        return pick(rng, words("site_names", "sides"))
    metres = (1 + trunc(rng.random() * rng.random() * 20)) * (10 if r < 0.91 else 50)
    return f"{pick(rng, WAYS)}{metres}米"


def site(rng: Random) -> str:
    """Draw a spot that any town has: 汽车站, 镇政府, 人民广场."""
    return pick(rng, words("site_names", "landmarks"))


def landmark(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address that is a landmark, or near one, as parts."""
    r = rng.random()
    if r < 0.20:
        return (site(rng), side(rng))
    if r < 0.30:
        return (f"{place.county.other_root(rng)}{site(rng)}", side(rng))
    if r < 0.36:
        return (f"{place.county.root}{site(rng)}",)
    if r < 0.46:
        return (
            f"{roads.stem(rng)}{pick(rng, words('address_words', 'malls'))}",
            pick(rng, words("address_words", "storeys")),
            firms.shop(rng),
        )
    if r < 0.56:
        return (
            f"{roads.stem(rng)}{pick(rng, words('address_words', 'plazas'))}",
            side(rng) if r < 0.52 else "",
        )
    if r < 0.66:
        return (estates.estate(rng, place), side(rng))
    if r < 0.78:
        return (firms.shop(rng), side(rng) if r < 0.72 else "")
    if r < 0.90:
        return (roads.road(rng, place), site(rng), side(rng) if r < 0.86 else "")
    return (roads.road(rng, place), firms.shop(rng), side(rng))


def spot(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw a place as it is described to somebody who is on the way, as parts."""
    r = rng.random()
    if r < 0.22:
        return (site(rng), f"{pick(rng, BESIDE)}的", pick(rng, SMALL))
    if r < 0.32:
        return (site(rng), f"{pick(rng, BESIDE)}的", firms.shop(rng))
    if r < 0.42:
        return (
            roads.road(rng, place),
            pick(rng, ("口", "路口", "中间", "尽头")),
            "那家",
            pick(rng, SMALL),
        )
    if r < 0.56:
        return (site(rng), pick(rng, GATES), f"{pick(rng, TRADES)}的", pick(rng, PITCHES))
    if r < 0.68:
        stop = (
            site(rng)
            if r < 0.62
            else f"{roads.stem(rng)}{pick(rng, ('桥', '桥头', '村', '镇', '新村'))}"
        )
        return (stop, pick(rng, GATES), pick(rng, STOPS))
    if r < 0.80:
        storey = (
            f"{NUMERALS[1 + trunc(rng.random() * 9)] if r < 0.74 else 1 + trunc(rng.random() * 18)}"
        )
        return (pick(rng, BLOCKS), f"{storey}{pick(rng, ('楼', '层'))}", pick(rng, COUNTERS))
    if r < 0.90:
        return (estates.estate(rng, place), pick(rng, GATES), pick(rng, SMALL))
    return (roads.road(rng, place), pick(rng, SMALL), pick(rng, ("门口", "楼上", "隔壁", "后面")))


_BESIDE = "对面 对面 对面 旁边 旁边 旁边 隔壁 后面 前面 斜对面 边上 西边 东边 南边"
BESIDE = tuple(_BESIDE.split())
GATES = (
    "",
    "",
    "",
    "门口",
    "东门",
    "西门",
    "南门",
    "北门",
    "后门",
    "里头",
    "入口",
    "南头",
    "北头",
    "东头",
)
_TRADES = (
    "卖水果 卖鱼 卖早点 卖衣服 卖菜 卖凉皮 卖种子 卖农具 卖花 卖熟食 卖窗帘 卖手机 "
    "卖鞋 修鞋 修车 配钥匙 改裤脚 炸油条 烤红薯 做煎饼 理发 收废品 磨刀 打印 "
    "做招牌 换锁 洗车"
)
TRADES = tuple(_TRADES.split())
PITCHES = (
    "",
    "",
    "那家",
    "那家",
    "摊位",
    "摊",
    "小摊",
    "铺子",
    "铺面",
    "门面",
    "那个棚子",
    "店里",
    "三轮车",
)
_SMALL = (
    "药店 超市 宾馆 旅馆 招待所 小卖部 水果店 面馆 奶茶店 修车铺 报刊亭 网吧 "
    "理发店 打印店 早餐店 饭店 酒楼 茶楼 咖啡店 便利店 五金店 花店 眼镜店 烟酒店 "
    "母婴店 幼儿园 诊所 银行 营业厅 驿站 快递点 洗车行 彩票站 粮油店 烧烤店 火锅店 "
    "大酒店 影院 健身房 停车场 保安亭 公厕 菜店 肉铺 裁缝店 书店 培训班 棋牌室"
)
SMALL = tuple(_SMALL.split())
STOPS = (
    "公交站",
    "公交站",
    "公交站台",
    "站台",
    "地铁站",
    "地铁口",
    "地铁站2号口",
    "地铁A口",
    "候车亭",
    "红绿灯",
    "天桥下面",
)
_BLOCKS = (
    "门诊楼 住院楼 住院部 综合楼 办公楼 行政楼 教学楼 实验楼 图书馆 二号楼 三号楼 "
    "A座 B座 1号楼 5号楼 东楼 西楼 主楼 南楼 急诊楼 食堂 一号住院楼 宿舍楼"
)
BLOCKS = tuple(_BLOCKS.split())
_COUNTERS = (
    "护士站 前台 大厅 收费处 服务台 办公室 会议室 茶水间 值班室 302 医生办公室 "
    "检验科 自助机旁边 电梯口 楼梯口 财务室 药房 注射室 传达室 自习室 教务处 "
    "2号窗口 人事部 仓库"
)
COUNTERS = tuple(_COUNTERS.split())
WAYS = tuple(
    form.format(way)
    for form in ("往{}", "向{}", "{}", "{}行", "往{}走", "{}走")
    for way in ("东", "西", "南", "北", "前", "里")
    if way in "东西南北" or form[0] != "{"
)
