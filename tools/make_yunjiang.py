"""Draws 云江市, the synthetic city: its divisions, units and map. Run it again and the same files come out.

    .venv/bin/python tools/make_yunjiang.py [FOLDER]      (hotline/cities/yunjiang, if none)

Everything is invented. The names of counties and towns were compared with the public list of Chinese divisions: none
of them is there. The map lies in the Gulf of Guinea, where no city is. Names may be used up, not reordered: codes
follow their order.
"""

from __future__ import annotations

import csv
import json
import math
import random
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pypinyin import lazy_pinyin

from hotline.packs.tables import AREA_COLUMNS, UNIT_COLUMNS

CITIES = Path(__file__).parent.parent / "hotline" / "cities"
CITY, CITY_NAME, CITY_EN = "990100", "云江市", "Yunjiang City"
Row = dict[str, str]
Hex = tuple[int, int]

# name, code, streets, townships, and where its heart lies on the map (hexes from the middle; towns are what is left)
COUNTIES = (
    ("青石区", "990102", 14, 0, (-1, 1)),
    ("望江区", "990103", 12, 0, (2, -1)),
    ("桐湖区", "990104", 11, 1, (-1, -2)),
    ("云岭县", "990121", 3, 6, (-6, 2)),
    ("澜浦县", "990122", 3, 4, (4, -6)),
    ("松陂县", "990123", 2, 6, (-3, 6)),
    ("梧溪县", "990124", 2, 5, (3, 4)),
    ("兰渚县", "990125", 2, 4, (7, -2)),
    ("芦汀市", "990181", 5, 2, (-2, -6)),
)
WITH_COMMUNITIES = ("990102", "990103", "990104")
TOWNS = """
鹤陂 兰川 菱津 苇渡 鹿垄 鸥陂 桑桥 鲤津 棠岩 青渚 梧林 鸥坪 鹭港 桐溪 栖塘 霞溪 杏垄 霞坪 栖渡
兰坞 鲤渚 雁岩 梧桥 雁泉 澜岭 鹤林 雁岭 澜川 鹿堰 鲤坞 苇堰 鹿陂 鹭洲 澜堰 鲤泽 霁港 鹭陂 菱泉
霞川 栖岩 梧坞 棠洲 霞渡 鹤洲 鸥岗 苇湾 苇川 桐陂 榆浦 苇坪 澜泽 栖川 杏堰 鸥津 枫坞 苇渚 晴湾
棠塘 鹤津 棠岗 澜津 栖堰 晴堰 鹿湾 鲤川 鹿坞 鸥渚 梧堰 桐垄 杏坞 杏泽 槐泉 芦堰 槐岗 霁庄 棠林
菱桥 桑塘 栖林 鲤泉 青庄 苇岭 桑垄 槐溪 鹭泽 鹿港 芦港 霁川 槐津 兰垄 枫洲 雁谷 松津 槐岩 棠泽
梧湾 杏川 鹭渚 梧渡 松谷 兰浦 霁湾 杏岗 杏津 霞渚 梨庄 晴垄 鹭垄 栖泉 澜垄 松渚 鹤湾 晴泽 澜桥
兰渡 榆塘 霁渚 棠渚 霞港 霁坪 梨谷 鲤坪 兰湾 霁谷 雁津 晴渡 梨桥 荷湾 兰陂 云川 梧庄 桑川 菱林
雁渚 桑港 霞岗 鹭泉 鹿岭 鸥渡 松渡 菱泽 云洲 鹤泽 青港 石泽 槐坪 桑湾 菱港 桑岭 桐塘 柏渚 鹤坞
荷溪 枫渚 榆坪 梨堰 晴桥 柏岩 桐谷 柏坪 梨湾 柏陂 芦坪 菱岩 青垄 荷渚 枫川 柏渡 石津 雁港 晴坪
""".split()  # noqa: SIM905 - words read better than a hundred quotes
FIRST, SECOND = "桂竹槿荔樱菊莲茶枣橘麦谷禾粟稻锦绣和景明康宁清永新德", "苑园里桥塘湾巷坊台井洼墩畈屋铺店"
FIRM_FIRST, FIRM_SECOND = "恒瀚铭澄睿昱珩晟朗沐钰骏", "禾野舟岚岳衡川石松远"

CITY_ROLES = """
gov_office zone gov_service petition discipline staff_office housing expropriation fund urban municipal sanitation
landscape drainage civil_defense power bus parking_op expressway railway police traffic_police exit_entry fire emergency
hrss labour_insp labour_arb social_ins medins health cdc hospital market commerce ndrc industry science finance
fin_office nfra pboc tax post tobacco customs telecom_admin ecology natres registry forestry water_res agri met
education culture sport transport civil disabled veterans women ethnic justice sasac public_res
""".split()  # noqa: SIM905
COUNTY_ROLES = """
gov_service petition housing fund urban sanitation power police traffic_police fire emergency hrss labour_insp
social_ins medins health market commerce ndrc industry finance tax tobacco ecology natres registry forestry water_res
agri met education culture transport civil disabled veterans justice
""".split()  # noqa: SIM905
DISTRICT_ROLES = ("municipal", "landscape", "drainage", "expropriation", "cdc")
NAMES: Mapping[str, str] = {
    "gov_office": "人民政府办公室",
    "zone": "经济技术开发区管委会",
    "gov_service": "政务服务和数据局",
    "discipline": "纪委监委机关",
    "staff_office": "机构编制委员会办公室",
    "drainage": "排水管理处",
    "power": "供电公司",
    "bus": "公共交通公司",
    "parking_op": "停车服务公司",
    "expressway": "高速公路经营单位联络处",
    "railway": "铁路单位联络处",
    "traffic_police": "公安局交通警察大队",
    "exit_entry": "公安局出入境管理支队",
    "fire": "消防救援大队",
    "hospital": "第一人民医院",
    "medins": "医疗保障局",
    "cdc": "疾病预防控制中心",
    "nfra": "金融监管分局",
    "pboc": "人民银行分行",
    "fin_office": "地方金融管理局",
    "women": "妇女联合会",
    "disabled": "残疾人联合会",
    "sasac": "国有资产监督管理委员会",
    "county_gov": "人民政府办公室",
}


@dataclass(frozen=True)
class Town:
    """A town or street, and its place on the map."""

    code: str
    name: str
    county: str
    hex: Hex


def english(name: str, kind: str = "") -> str:
    """The sound of a name in Latin letters."""
    return f"{''.join(lazy_pinyin(name)).capitalize()} {kind}".strip()


def land() -> list[Hex]:
    """As many hexes as there are towns, in one piece with bays and capes."""

    def far(hex_: Hex) -> float:
        x, y = centre(hex_)
        angle = math.atan2(y, x)
        return math.hypot(x, y) / (1 + 0.16 * math.sin(3 * angle + 1) + 0.08 * math.sin(5 * angle))

    around = [(q, r) for q in range(-14, 15) for r in range(-14, 15)]
    return sorted(around, key=lambda hex_: (round(far(hex_), 6), hex_))[: len(TOWNS)]


def centre(hex_: Hex) -> tuple[float, float]:
    """The middle of a hex whose sides are one long."""
    q, r = hex_
    return math.sqrt(3) * (q + r / 2), 1.5 * r


def neighbours(hex_: Hex) -> Iterator[Hex]:
    """The six hexes beside a hex."""
    for step in ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1)):
        yield hex_[0] + step[0], hex_[1] + step[1]


def counties_on_land() -> dict[str, list[Hex]]:
    """Who has which hexes: every county grows from its heart, the smallest first, so that each is in one piece."""
    free = set(land())
    held: dict[str, list[Hex]] = {}
    for _name, code, _streets, _townships, heart in COUNTIES:
        held[code] = [min(free, key=lambda hex_, heart=heart: (distance(hex_, heart), hex_))]  # type: ignore[misc]
        free.discard(held[code][0])
    while free:
        for code in sorted(held, key=lambda each: (len(held[each]), each)):
            beside = {hex_ for own in held[code] for hex_ in neighbours(own) if hex_ in free}
            if beside:
                heart = held[code][0]
                taken = min(beside, key=lambda hex_, heart=heart: (distance(hex_, heart), hex_))  # type: ignore[misc]
                held[code].append(taken)
                free.discard(taken)
                break
    return held


def distance(one: Hex, other: Hex) -> float:
    """How far apart the middles of two hexes are, rounded so that every machine finds the same."""
    (x1, y1), (x2, y2) = centre(one), centre(other)
    return round(math.hypot(x1 - x2, y1 - y2), 6)


def towns() -> list[Town]:
    """All towns: streets near the county's heart first, townships at its edges last."""
    names = iter(TOWNS)
    held = counties_on_land()
    made = []
    for _name, code, streets, townships, _heart in COUNTIES:
        hexes = held[code]
        for place, hex_ in enumerate(hexes):
            if place < streets:
                suffix, number = "街道", place + 1
            elif place < len(hexes) - townships:
                suffix, number = "镇", 100 + place - streets
            else:
                suffix, number = "乡", 200 + place - (len(hexes) - townships)
            made.append(Town(f"{code}{number:03d}", f"{next(names)}{suffix}", code, hex_))
    return made


def area(code: str, name: str, name_en: str, level: str, parent: str) -> Row:
    """A row of areas.csv."""
    return dict(zip(AREA_COLUMNS, (code, name, name_en, level, parent, "虚构"), strict=True))


def areas(all_towns: list[Town]) -> list[Row]:
    """The city, its counties and towns, and the communities of three districts."""
    rows = [area(CITY, CITY_NAME, CITY_EN, "city", "")]
    kinds = {"区": "District", "县": "County", "市": "City"}
    for name, code, *_rest in COUNTIES:
        rows.append(area(code, name, english(name[:-1], kinds[name[-1]]), "county", CITY))
    town_kinds = {"道": "Subdistrict", "镇": "Town", "乡": "Township"}
    for town in all_towns:
        rows.append(area(town.code, town.name, english(town.name[:2], town_kinds[town.name[-1]]), "town", town.county))
    names = [first + second for first in FIRST for second in SECOND]
    random.Random(12345).shuffle(names)  # noqa: S311 - names, not secrets
    number = 0
    for town in all_towns:
        if town.county not in WITH_COMMUNITIES:
            continue
        for place in range(7):
            name = names[number % len(names)]
            number += 1
            city_like = town.name.endswith("街道") or place < 2
            suffix, kind = ("社区", "Community") if city_like else ("村", "Village")
            rows.append(area(f"{town.code}{place + 1:03d}", name + suffix, english(name, kind), "community", town.code))
    return rows


def unit(code: str, name: str, name_en: str, role: Row, level: str, place: str, parent: str, **more: str) -> Row:
    """A row of units.csv; it serves the place where it is, unless said otherwise."""
    kind = role["kind"]
    row = dict.fromkeys(UNIT_COLUMNS, "")
    row |= {"code": code, "name_zh": name, "name_en": name_en, "role_code": role["code"], "level": level, "kind": kind}
    row |= {"area_code": place, "parent_code": parent, "service_area_codes": place, "illustrative": "yes"}
    return row | {"note": "虚构"} | more


def offices(roles: Mapping[str, Row]) -> Iterator[Row]:
    """The city's centre and departments, and each county's, which hang below the county's own centre."""
    top = f"U{CITY}-hotline"
    name, name_en = f"{CITY_NAME}12345政务服务便民热线中心", f"{CITY_EN} 12345 Hotline Centre"
    yield unit(top, name, name_en, roles["hotline"], "city", CITY, "")
    for code in CITY_ROLES:
        name = NAMES.get(code, roles[code]["name_zh"]).replace("大队", "支队")
        yield unit(
            f"U{CITY}-{code}", CITY_NAME + name, f"{CITY_EN} {roles[code]['name_en']}", roles[code], "city", CITY, top
        )
    for county_name, county, *_rest in COUNTIES:
        county_en = english(county_name[:-1])
        head = f"U{county}-hotline"
        name, name_en = f"{county_name}12345政务服务便民热线中心", f"{county_en} 12345 Hotline Centre"
        yield unit(head, name, name_en, roles["hotline"], "county", county, top)
        extra = DISTRICT_ROLES if county in WITH_COMMUNITIES else []
        for code in ("county_gov", *COUNTY_ROLES, *extra):
            name = county_name + NAMES.get(code, roles[code]["name_zh"])
            name_en = f"{county_en} {roles[code]['name_en']}"
            yield unit(f"U{county}-{code}", name, name_en, roles[code], "county", county, head)


def grassroots(places: list[Row], roles: Mapping[str, Row]) -> Iterator[Row]:
    """Town governments, committees of communities, and two grids in each community."""
    for place in places:
        code, name, name_en = place["code"], place["name_zh"], place["name_en"]
        if place["level"] == "town":
            body = f"{name}办事处" if name.endswith("街道") else f"{name}人民政府"
            parent = f"U{place['parent_code']}-hotline"
            yield unit(f"U{code}", body, f"{name_en} Office", roles["town"], "town", code, parent)
        elif place["level"] == "community":
            body = f"{name}居民委员会" if name.endswith("社区") else f"{name}村民委员会".replace("村村民", "村民")
            parent = f"U{place['parent_code']}"
            yield unit(f"U{code}", body, f"{name_en} Committee", roles["community"], "community", code, parent)
            for number, words in ((1, "第一"), (2, "第二")):
                grid = f"{code}{number:03d}"
                yield unit(
                    grid, f"{name}{words}网格", f"{name_en} Grid {number}", roles["grid"], "grid", code, f"U{code}"
                )


def suppliers(places: list[Row], roles: Mapping[str, Row]) -> Iterator[Row]:
    """Firms with the areas that they serve; heating is split inside a district, street by street."""
    names = [first + second for first in FIRM_FIRST for second in FIRM_SECOND]
    random.Random(54321).shuffle(names)  # noqa: S311
    firm = iter(names)
    towns_of = {county: [row["code"] for row in places if row["parent_code"] == county] for _n, county, *_r in COUNTIES}
    first, second, third, *rest = [county for _name, county, *_rest in COUNTIES]
    half = len(towns_of[first]) // 2
    everywhere = [first, second, third, *rest]
    served: list[tuple[str, str, list[list[str]]]] = [
        ("heat", "热力公司", [[*towns_of[first][:half], second], [*towns_of[first][half:], third]]),
        ("water", "供水公司", [[first, second], [third, *rest[:2]], rest[2:4], rest[4:]]),
        ("gas", "燃气公司", [[first, third], [second, *rest[:3]], rest[3:]]),
        ("telecom", "通信公司", [everywhere, everywhere, everywhere]),
        ("lift_firm", "电梯维护公司", [[first, second, third], rest]),
        ("bike_op", "共享单车公司", [[first, second, third]]),
        ("developer", "置业公司", [[first], [second], [third], rest]),
        ("contractor", "建设工程公司", [[first, second], [third], rest]),
    ]
    number = 0
    for role, what, parts in served:
        for part in parts:
            number += 1
            yield supplier(f"S{CITY}-{number:02d}", next(firm), what, roles[role], CITY, f"U{CITY}-housing", part)
    number = 0
    for county in WITH_COMMUNITIES:
        communities = [row["code"] for row in places if row["level"] == "community" and row["code"].startswith(county)]
        for start in range(0, len(communities), 9):
            number += 1
            code, parent, part = f"P{CITY}-{number:02d}", f"U{county}-housing", communities[start : start + 9]
            yield supplier(code, next(firm), "物业服务公司", roles["property"], county, parent, part)


def supplier(code: str, name: str, what: str, role: Row, place: str, parent: str, served: Iterable[str]) -> Row:
    """A firm's row."""
    more = {"service_area_codes": "|".join(served), "note": "虚构企业；父单位为行业主管，不是行政隶属"}
    return unit(code, f"{name}{what}", f"{english(name)} ({role['name_en']})", role, "supplier", place, parent, **more)


def shapes(all_towns: list[Town]) -> str:
    """The map: one hexagon for each town."""
    side = 0.05
    features = []
    for town in all_towns:
        x, y = centre(town.hex)
        turns = [math.radians(60 * corner - 30) for corner in range(6)]
        ring = [[round(1 + side * (x + math.cos(t)), 4), round(1 + side * (y + math.sin(t)), 4)] for t in turns]
        properties = {"code": town.code, "name": town.name, "county": town.county}
        geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(features)
    return f'{{"type":"FeatureCollection","schematic":true,"features":[\n{body}\n]}}\n'


def write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    """A CSV file as the packs are written."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folder: Path) -> None:
    """Write the three files into `folder`."""
    with (CITIES / "_base" / "roles.csv").open(encoding="utf-8", newline="") as file:
        roles = {row["code"]: row for row in csv.DictReader(file)}
    all_towns = towns()
    places = areas(all_towns)
    write(folder / "areas.csv", AREA_COLUMNS, places)
    write(folder / "units.csv", UNIT_COLUMNS, [*offices(roles), *grassroots(places, roles), *suppliers(places, roles)])
    (folder / "areas.geojson").write_text(shapes(all_towns), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CITIES / "yunjiang")
