"""How the people of the synthetic city speak: written phrases of the pack, their slots filled. Pure, deterministic."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
    "汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文斌波辉慧玲婷鑫宇晨轩佳欣怡雨晴浩然博子涵梓萱思源"
)
ROADS = (
    "滨河路",
    "解放路",
    "石桥路",
    "和平里",
    "东风路",
    "朝阳路",
    "柳荫街",
    "书院街",
    "建设路",
    "长青路",
    "望月路",
    "栖霞街",
)
ESTATES = (
    "锦绣家园",
    "滨河小区",
    "柳荫苑",
    "桐湖花园",
    "望江新村",
    "石桥人家",
    "云水居",
    "和平小区",
    "长青里",
    "金桂园",
)
SHOPS = ("老炭头烧烤", "好又佳超市", "云江饭店", "小辣椒餐馆", "鑫源便利店", "湖畔茶楼", "康乐足浴", "新民菜市场")
SCHOOLS = ("云江一小", "望江实验小学", "青石中学", "桐湖幼儿园", "云江职校", "石桥小学")
FIRMS = ("宏盛建设公司", "云江安居物业公司", "恒源贸易公司", "鼎泰劳务公司", "佳和装饰公司", "众安停车公司")
PERSONS = ("张师傅", "李老板", "物业的王经理", "楼上邻居", "包工头老赵", "店主")
TIMES = ("昨天晚上", "今天早上", "前天下午", "这两天", "上周", "凌晨两点", "晚上九点以后", "最近一个月")
DAYS = ("两天", "三天", "一个星期", "十来天", "半个月", "一个多月")
AMOUNTS = ("800元", "2600元", "5000元", "1.2万元", "3万元", "300元")
_SLOT = re.compile(r"\{([a-z]+)\}")


def fill(text: str, slots: Mapping[str, str]) -> str:
    """The text with its slots filled; an unknown slot stays out."""
    return _SLOT.sub(lambda found: slots.get(found.group(1), ""), text)


def slots(chance: random.Random, place: str, city: str = "云江") -> dict[str, str]:
    """One set of words for every slot; `place` is the division that the appeal is about, in the city of this name."""
    road, estate = chance.choice(ROADS), chance.choice(ESTATES)
    return {
        "place": f"{place}{road}{chance.randint(1, 200)}号",
        "building": f"{place}{estate}{chance.randint(1, 30)}栋",
        "road": f"{place}{road}",
        "shop": f"“{chance.choice(SHOPS)}”".replace("云江", city),
        "school": chance.choice(SCHOOLS).replace("云江", city),
        "firm": chance.choice(FIRMS).replace("云江", city),
        "person": chance.choice(PERSONS),
        "time": chance.choice(TIMES),
        "days": chance.choice(DAYS),
        "count": str(chance.randint(2, 40)),
        "amount": chance.choice(AMOUNTS),
    }


def name(chance: random.Random) -> str:
    """An invented person's name."""
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))


def phone(number: int) -> str:
    """The `number`-th mobile of the synthetic city: well-formed, and all in one block that the demo keeps to itself."""
    return f"1990000{number % 10000:04d}"


def pick(chance: random.Random, weights: Sequence[tuple[str, float]]) -> str:
    """One of the weighted codes."""
    return chance.choices([code for code, _ in weights], [weight for _, weight in weights])[0]
