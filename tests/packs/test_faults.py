"""Every kind of fault is named with its file, its line and what to do; all of them at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hotline import packs
from hotline.packs import PackFault
from tests.packs.workshop import Workshop

HELP = 'kind = "help"\nlimit = "7 working_days"'
Break = Callable[[Workshop], int]

# What is broken (returning the line), in which file, and words of the fault and of the remedy that must appear.
BROKEN: dict[str, tuple[Break, str, str, str]] = {
    "unknown lead role": (
        lambda w: w.cell("_base/matters.csv", "0101001", "lead_role", "housng"),
        "_base/matters.csv",
        "housng",
        "核对编码",
    ),
    "unknown assisting role": (
        lambda w: w.cell("_base/matters.csv", "0101002", "assist_roles", "housing|nobody"),
        "_base/matters.csv",
        "nobody",
        "核对编码",
    ),
    "role that may not lead": (
        lambda w: w.cell("_base/matters.csv", "0701003", "lead_role", "school"),
        "_base/matters.csv",
        "不能作为主办",
        "assist_roles",
    ),
    "level that the role does not have": (
        lambda w: w.cell("_base/matters.csv", "0104003", "answerable_level", "town"),
        "_base/matters.csv",
        "town",
        "city",
    ),
    "pushed down to the grassroots": (
        lambda w: w.cell("_base/matters.csv", "0101005", "grassroots_ok", "no"),
        "_base/matters.csv",
        "不得下派基层",
        "grassroots_ok=yes",
    ),
    "too few keywords": (
        lambda w: w.cell("_base/matters.csv", "0201003", "keywords", "退费|暖气费"),
        "_base/matters.csv",
        "2 个",
        "增减",
    ),
    "keyword of one character": (
        lambda w: w.cell("_base/matters.csv", "0202004", "keywords", "水费|水表|抄表|换表|过户|缴费|表"),
        "_base/matters.csv",
        "“表”",
        "两个字",
    ),
    "double keyword": (
        lambda w: w.cell("_base/matters.csv", "0201004", "keywords", "开通|开通|并网|改造|入网|报停"),
        "_base/matters.csv",
        "重复项",
        "删除",
    ),
    "neighbour that does not name it back": (
        lambda w: w.cell("_base/matters.csv", "1501005", "confusable_with", "0101001"),
        "_base/matters.csv",
        "没有把本事项列为易混",
        "1501005",
    ),
    "unknown neighbour": (
        lambda w: w.cell("_base/matters.csv", "1502001", "confusable_with", "9999999"),
        "_base/matters.csv",
        "9999999",
        "核对编码",
    ),
    "code that lost its zero": (
        lambda w: w.cell("_base/matters.csv", "1801008", "code", "180108"),
        "_base/matters.csv",
        "180108",
        "文本格式",
    ),
    "unknown kind": (
        lambda w: w.cell("_base/matters.csv", "1802001", "kinds", "求助|表扬"),
        "_base/matters.csv",
        "表扬",
        "咨询",
    ),
    "yes spelled otherwise": (
        lambda w: w.cell("_base/matters.csv", "1802002", "place_needed", "true"),
        "_base/matters.csv",
        "place_needed",
        "yes",
    ),
    "days that are no number": (
        lambda w: w.cell("_base/matters.csv", "1701001", "days", "五"),
        "_base/matters.csv",
        "days",
        "整数",
    ),
    "empty duty": (
        lambda w: w.cell("_base/matters.csv", "1701002", "duty_zh", ""),
        "_base/matters.csv",
        "duty_zh",
        "填写",
    ),
    "class called otherwise": (
        lambda w: w.cell("_base/matters.csv", "1701004", "level2_zh", "作风"),
        "_base/matters.csv",
        "1701",
        "统一类名",
    ),
    "leaf of the same name": (
        lambda w: w.cell("_base/matters.csv", "1701007", "level3_zh", "表扬感谢"),
        "_base/matters.csv",
        "相同",
        "事项名",
    ),
    "row twice": (
        lambda w: w.append("_base/roles.csv", "market,重复,Twice,department,city,yes,,"),
        "_base/roles.csv",
        "重复",
        "编码",
    ),
    "cell too many": (
        lambda w: w.append("_base/roles.csv", "extra,多,More,department,city,yes,,,"),
        "_base/roles.csv",
        "9 格",
        "双引号",
    ),
    "unknown role to share with": (
        lambda w: w.cell("_base/roles.csv", "met", "shares_with", "weather"),
        "_base/roles.csv",
        "weather",
        "核对编码",
    ),
    "unknown channel": (
        lambda w: w.append("_base/channels.csv", "fax,传真,Fax,no,"),
        "_base/channels.csv",
        "fax",
        "核对编码",
    ),
    "line with letters": (
        lambda w: w.cell("_base/lines.csv", "12301", "number", "12301a"),
        "_base/lines.csv",
        "12301a",
        "数字",
    ),
    "line of an unknown role": (
        lambda w: w.cell("_base/lines.csv", "12318", "role_code", "film"),
        "_base/lines.csv",
        "film",
        "核对编码",
    ),
    "town below nothing": (
        lambda w: w.cell("yunjiang/areas.csv", "990181001", "parent_code", "990199"),
        "yunjiang/areas.csv",
        "990199",
        "上级",
    ),
    "town below a town": (
        lambda w: w.cell("yunjiang/areas.csv", "990181002", "parent_code", "990181003"),
        "yunjiang/areas.csv",
        "town",
        "层级",
    ),
    "unit in an unknown place": (
        lambda w: w.cell("yunjiang/units.csv", "U990100-met", "area_code", "990109"),
        "yunjiang/units.csv",
        "990109",
        "核对",
    ),
    "unit of an unknown role": (
        lambda w: w.cell("yunjiang/units.csv", "U990100-sport", "role_code", "sports"),
        "yunjiang/units.csv",
        "sports",
        "核对",
    ),
    "unit on a wrong level": (
        lambda w: w.cell("yunjiang/units.csv", "U990100-customs", "level", "county"),
        "yunjiang/units.csv",
        "county",
        "city",
    ),
    "supplier that serves nobody": (
        lambda w: w.cell("yunjiang/units.csv", "S990100-01", "service_area_codes", ""),
        "yunjiang/units.csv",
        "没有服务区域",
        "区划编码",
    ),
    "units in a circle": (
        lambda w: w.cell("yunjiang/units.csv", "U990100-tax", "parent_code", "U990100-tax"),
        "yunjiang/units.csv",
        "圈",
        "上级",
    ),
    "phrase of a kind that the matter has not": (
        lambda w: w.append("_base/phrases.csv", "0901004,plain,建议,请帮忙挪车,"),
        "_base/phrases.csv",
        "诉求性质",
        "kinds",
    ),
    "reply labelled wrongly": (
        lambda w: w.append("_base/replies.csv", "0901004,good,推诿,不归我们管,推给别人"),
        "_base/replies.csv",
        "不相符",
        "具体有效",
    ),
    "entry without owner": (
        lambda w: w.append("_base/knowledge.csv", "几点上班,,九点,0901004,clockmaker,resident,2026-01-01,12,办事指南"),
        "_base/knowledge.csv",
        "clockmaker",
        "核对编码",
    ),
    "entry with no date": (
        lambda w: w.append("_base/knowledge.csv", "几点下班,,五点,0901004,hotline,resident,1.1.2026,12,办事指南"),
        "_base/knowledge.csv",
        "valid_from",
        "2026-01-31",
    ),
    "unknown key": (
        lambda w: w.swap("_base/city.toml", "attempts = 3", "attempts = 3\ntries = 3") + 1,
        "_base/city.toml",
        "tries",
        "拼写",
    ),
    "unknown table": (lambda w: w.append("_base/city.toml", "[robot]"), "_base/city.toml", "robot", "拼写"),
    "text without quotes": (
        lambda w: w.swap("yunjiang/city.toml", 'code = "990100"', "code = 990100"),
        "yunjiang/city.toml",
        "code",
        "双引号",
    ),
    "pattern without sequence": (
        lambda w: w.swap("yunjiang/city.toml", "-{seq:06d}", ""),
        "yunjiang/city.toml",
        "编号格式",
        "{seq}",
    ),
    "limit in weeks": (
        lambda w: w.swap("_base/clocks.toml", HELP, HELP.replace("7 working_days", "2 weeks")) + 1,
        "_base/clocks.toml",
        "2 weeks",
        "working_days",
    ),
    "rule for an unknown matter": (
        lambda w: w.swap("yunjiang/clocks.toml", '"0201001"', '"0299"'),
        "yunjiang/clocks.toml",
        "0299",
        "核对编码",
    ),
    "rule for an unknown channel": (
        lambda w: w.swap("shifan/clocks.toml", 'channel = "upper"\nurgency = "urgent"', 'channel = "above"'),
        "shifan/clocks.toml",
        "above",
        "核对编码",
    ),
    "two rules for the same orders": (
        lambda w: w.append("yunjiang/clocks.toml", '[rules.again]\nclock = "contact"\nlimit = "2 working_days"') - 2,
        "yunjiang/clocks.toml",
        "适用条件完全相同",
        "同一个名称",
    ),
    "rule for an unknown level": (
        lambda w: w.swap("_base/clocks.toml", 'limit = "24 hours"', 'limit = "24 hours"\nlevel = "village"') + 1,
        "_base/clocks.toml",
        "village",
        "county",
    ),
    "day that ends at noon": (
        lambda w: w.swap("_base/clocks.toml", 'day_ends = "office"', 'day_ends = "noon"'),
        "_base/clocks.toml",
        "noon",
        "17:00",
    ),
    "hour that is none": (
        lambda w: w.swap("_base/clocks.toml", 'received_until = "office"', 'received_until = "25:00"'),
        "_base/clocks.toml",
        "25:00",
        "09:00",
    ),
    "duty hours backwards": (
        lambda w: w.append("_base/calendar.toml", '[duty.day]\nfrom = "22:00"\nto = "07:00"') - 2,
        "_base/calendar.toml",
        "值班时段",
        "先后",
    ),
    "silence without a window": (
        lambda w: w.swap("_base/city.toml", 'return_window = "1 working_days"', 'return_window = "none"') + 1,
        "_base/city.toml",
        "没有退单期限",
        "silent_accept",
    ),
    "unknown evidence": (
        lambda w: w.swap("yunjiang/city.toml", "duty_document", "duty_paper"),
        "yunjiang/city.toml",
        "duty_paper",
        "duty_document",
    ),
    "unknown review": (
        lambda w: w.swap("_base/city.toml", 'reply_review = "none"', 'reply_review = "mayor"'),
        "_base/city.toml",
        "mayor",
        "hotline",
    ),
    "province above a province": (
        lambda w: w.swap("shifan/city.toml", 'level = "province"', 'level = "province"\nprovince_pack = "shifan"') + 1,
        "shifan/city.toml",
        "更高的省级",
        "删除",
    ),
    "extension without length": (
        lambda w: w.swap("shifan/city.toml", 'long_each = "180 days"', 'long_each = "long"'),
        "shifan/city.toml",
        "long",
        "数量 单位",
    ),
    "long matters that are not there": (
        lambda w: w.swap("yunjiang/city.toml", "long_matters = []", 'long_matters = ["2201"]'),
        "yunjiang/city.toml",
        "2201",
        "核对编码",
    ),
    "unknown way with petitions": (
        lambda w: w.swap("_base/city.toml", 'petition = "refer"', 'petition = "refuse"'),
        "_base/city.toml",
        "refuse",
        "accept",
    ),
    "nobody may close": (
        lambda w: w.swap("_base/city.toml", 'closers = ["caller_back", "supervisor"]', "closers = []"),
        "_base/city.toml",
        "closers",
        "补充",
    ),
    "grid code of another length": (
        lambda w: w.cell("yunjiang/units.csv", "990102001001001", "code", "99010200100101"),
        "yunjiang/units.csv",
        "15 位",
        "digits",
    ),
    "remark on nothing": (
        lambda w: w.swap("yunjiang/city.toml", '"handling.pause_days"', '"handling.pauses"'),
        "yunjiang/city.toml",
        "handling.pauses",
        "节.项",
    ),
    "message with an unknown slot": (
        lambda w: w.swap("_base/templates.toml", "诉求{number}已当场答复", "诉求{nummer}已当场答复"),
        "_base/templates.toml",
        "花括号",
        "{number}",
    ),
    "message too long": (
        lambda w: w.swap("_base/templates.toml", "诉求{number}已重新办理", "诉求{number}" + "已重新办理" * 12),
        "_base/templates.toml",
        "超过 70 字",
        "缩短",
    ),
    "unknown exit": (
        lambda w: w.append("_base/exits.toml", '[shrug]\nname="a"\nname_en="a"\nwords="a"\nwords_en="a"') - 4,
        "_base/exits.toml",
        "shrug",
        "process",
    ),
    "office hours backwards": (
        lambda w: w.swap("_base/calendar.toml", '"13:30"', '"11:30"') - 5,
        "_base/calendar.toml",
        "重叠",
        "先后",
    ),
    "day of another year": (
        lambda w: w.swap("_base/calendar.toml", "2026-01-04, ", "2027-01-04, "),
        "_base/calendar.toml",
        "其他年份",
        "移到",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, int], tuple[PackFault, ...]]:
    """A city with everything broken at once: the line of each breakage, and the faults."""
    workshop = Workshop(tmp_path_factory.mktemp("broken"))
    lines = {name: broken(workshop) for name, (broken, *_rest) in BROKEN.items()}
    return lines, workshop.faults()


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_has_file_line_and_remedy(name: str, found: tuple[dict[str, int], tuple[PackFault, ...]]) -> None:
    lines, faults = found
    _broken, file, words, remedy = BROKEN[name]
    here = [fault for fault in faults if (fault.file, fault.line) == (file, lines[name])]
    said = [fault.words() for fault in here]
    assert any(words in each for each in said), f"{file}:{lines[name]} says {said}"
    assert any(words in each and remedy in each.split(" ", 1)[1] for each in said), said


def test_nothing_else_is_found(found: tuple[dict[str, int], tuple[PackFault, ...]]) -> None:
    lines, faults = found
    expected = {(BROKEN[name][1], line) for name, line in lines.items()}
    # What follows from the breakages elsewhere: rows that spoke of what is gone now.
    follows = ("易混", "不存在", "没有角色", "中英文")
    others = [
        fault.words()
        for fault in faults
        if (fault.file, fault.line) not in expected and not any(word in fault.words() for word in follows)
    ]
    assert others == []


FILES: dict[str, tuple[str, str | bytes, int, str, str]] = {
    "not UTF-8": ("yunjiang/areas.csv", "code,name\n1,云江".encode("gbk"), 2, "UTF-8", "另存为"),
    "empty": ("yunjiang/areas.csv", b"", 1, "缺少“code”列", "补上"),
    "unknown column": (
        "yunjiang/areas.csv",
        "code,name_zh,name_en,level,parent_code,note,colour\n",
        1,
        "colour",
        "拼写",
    ),
    "column twice": ("yunjiang/areas.csv", "code,name_zh,name_en,level,parent_code,note,note\n", 1, "重复的列", "删除"),
    "quote left open": (
        "yunjiang/areas.csv",
        'code,name_zh,name_en,level,parent_code,note\n"1,2\n',
        2,
        "无法读取",
        "引号",
    ),
    "not TOML": ("yunjiang/city.toml", 'code = "990100"\nname = 云江\n', 2, "TOML", "引号"),
    "endless TOML": ("yunjiang/city.toml", "a = " + "[" * 100_000, 1, "TOML", "括号"),
    "no map": ("yunjiang/areas.geojson", "{}", 0, "地图", "FeatureCollection"),
    "map of elsewhere": (
        "yunjiang/areas.geojson",
        '{"features":[{"properties":{"code":"110101001"}}]}',
        0,
        "110101001",
        "properties.code",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    file, content, line, words, remedy = FILES[name]
    workshop = Workshop(tmp_path)
    workshop.write(file, content)
    said = [fault.words() for fault in workshop.faults() if fault.file == file and fault.line == line]
    assert any(words in each and remedy in each for each in said), said


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    (workshop.root / "yunjiang" / "units.csv").unlink()
    assert ("yunjiang/units.csv", 0, "缺少文件。") in {(each.file, each.line, each.what) for each in workshop.faults()}


def test_an_unknown_city_is_answered_with_the_known_ones() -> None:
    with pytest.raises(packs.PackError) as raised:
        packs.load("../yunjiang")
    assert "changde、yunjiang" in raised.value.faults[0].words()


def test_a_province_that_is_not_there_is_named(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    line = workshop.swap("yunjiang/city.toml", 'province_pack = "shifan"', 'province_pack = "_base"')
    [fault] = [each for each in workshop.faults() if "省级配置" in each.words()]
    assert (fault.file, fault.line) == ("yunjiang/city.toml", line)


def test_a_value_missing_from_a_list_of_the_citys_own_is_looked_for_there(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, "changde")
    line = workshop.swap("changde/city.toml", 'name_en = "Satisfied"\n', "") - 2
    assert [(each.file, each.line) for each in workshop.faults()] == [("changde/city.toml", line)]


def test_a_fault_that_the_city_shares_with_its_province_is_said_once(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.cell("_base/matters.csv", "0101001", "lead_role", "housng")
    assert len([each for each in workshop.faults() if "housng" in each.words() and "核对编码" in each.words()]) == 1


def test_a_city_may_drop_a_rule_of_the_layers_below(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.append("yunjiang/clocks.toml", '[rules.reply_help]\nlimit = "none"')
    assert "reply_help" not in workshop.load().clocks.rules
    line = workshop.append("yunjiang/clocks.toml", '[rules.sign]\nlimit = "none"')
    [fault] = workshop.faults()
    assert (fault.file, "sign" in fault.words()) == ("yunjiang/clocks.toml", True)
    assert fault.line <= line


def test_a_city_may_replace_a_row_and_add_one(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    header = workshop.text("_base/matters.csv").splitlines()[0]
    row = next(line for line in workshop.text("_base/matters.csv").splitlines() if line.startswith("0402001"))
    own = row.replace("0402001", "0402901").replace("油烟扰民", "露天烧烤油烟").replace("0402002|0402003", "")
    changed = row.replace(",urban,", ",ecology,", 1)
    workshop.write("yunjiang/matters.csv", "\n".join((header, changed, own)) + "\n")
    faults = [fault for fault in workshop.faults() if "易混" not in fault.what]
    assert faults == []
    assert {fault.file for fault in workshop.faults()} <= {"yunjiang/matters.csv"}


def test_a_fault_can_be_said_in_another_language() -> None:
    fault = PackFault("a.csv", 3, "缺少“%(name)s”。", "请填写该值。", {"name": "code"})
    english = {"缺少“%(name)s”。": "“%(name)s” is missing.", "请填写该值。": "Fill it in."}
    assert fault.words(english.__getitem__) == "a.csv:3: “code” is missing. Fill it in."
