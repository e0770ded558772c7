"""What is wrong with a row, where it stands, and what to do: each kind of fault once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hotline.refusal import N_

# code → words (msgid). `%(…)s` are filled in by the face.
WORDS: Mapping[str, str] = {
    "sheet_unknown": N_("认不出这张表的内容。请用模板里的表名和列名，不导入的表请删掉。"),
    "columns_missing": N_("缺少这些列：%(columns)s。请照模板补上。"),
    "column_unknown": N_("不认识列“%(heading)s”，没有读。列名请照模板写。"),
    "sheet_empty": N_("这张表没有内容行。"),
    "too_many_rows": N_("一次最多导入 %(limit)s 行，后面的没有读。请分成几个文件。"),
    "formula": N_("这一格是公式。请复制后用“粘贴为数值”换成结果。"),
    "merged": N_("这一行有合并的单元格。请取消合并，每一行都填上。"),
    "needed": N_("这一格要填。"),
    "digits_lost": N_("代码被表格软件改成了 %(written)s，后几位已经丢了。请把这一列设成文本，重新填写。"),
    "too_long": N_("最多 %(limit)s 个字，现在有 %(length)s 个。"),
    "unprintable": N_("里面有看不见的特殊字符，请重新键入。"),
    "area_code": N_("区划代码是 6 到 12 位数字。"),
    "unit_code": N_("单位代码用字母、数字、点、横线，最多 60 个。"),
    "grid_code": N_("网格代码应是 %(digits)s 位数字，现在是“%(written)s”。"),
    "username": N_("用户名用 3 到 60 个小写字母、数字、点、横线。"),
    "phone": N_("这不像电话号码。只写数字，几个号码用顿号隔开。"),
    "level_unknown": N_("没有“%(written)s”这个层级。请从这些里选：%(levels)s。"),
    "status_unknown": N_("状态只能填“在用”或“停用”。"),
    "duplicate": N_("代码 %(code)s 在第 %(lines)s 行重复。一个代码只留一行。"),
    "end_unknown": N_("系统里没有 %(code)s，不用停用。请删掉这一行。"),
    "merged_away": N_("%(code)s 已经并入别处，不能再改。请删掉这一行。"),
    "area_elsewhere": N_("区划 %(code)s 不在本平台的范围内。请由它的上级平台导入。"),
    "root_ended": N_("这是平台自己的区划或热线中心，不能停用。"),
    "parent_unknown": N_("没有上级 %(code)s。请补上它那一行，或改正代码。"),
    "parent_faulty": N_("上级 %(code)s 那一行有错。先改好那一行。"),
    "parent_ended": N_("上级 %(code)s 已停用。请换一个在用的上级，或一起停用。"),
    "parent_needed": N_("要填上级代码。只有热线中心没有上级。"),
    "circle": N_("上级绕成了圈：它是自己的上级的上级。请改正上级代码。"),
    "too_deep": N_("上级超过 %(limit)s 层，请改正上级代码。"),
    "level_not_below": N_("%(level)s不能挂在%(parent)s之下。请改正层级或上级代码。"),
    "has_children": N_("下面还有在用的 %(code)s 等 %(count)s 个。请把它们也停用，或先换上级。"),
    "area_in_use": N_("这里还有在用的单位 %(code)s 等 %(count)s 个。请先换它们的区划，或一起停用。"),
    "area_unknown": N_("没有在用的区划 %(code)s。请先导入它，或改正代码。"),
    "role_unknown": N_("职责目录里没有“%(written)s”。请照职责目录填代码或名称。"),
    "role_level": N_("“%(role)s”没有%(level)s单位。可以是：%(levels)s。"),
    "serves_needed": N_("服务企业要写明服务哪些区划。"),
    "code_taken": N_("代码 %(code)s 已用于网格或别的单位。请换一个。"),
    "unit_unknown": N_("没有在用的单位 %(code)s。请先导入它，或改正代码。"),
    "grid_unknown": N_("没有在用的网格 %(code)s。请先导入它，或改正代码。"),
    "username_elsewhere": N_("用户名 %(code)s 已有别的平台的人在用。请换一个。"),
    "username_other_role": N_("%(code)s 已是别的岗位的账号，导入不改它。请换一个用户名。"),
}
# These are said of a sheet, and keep nothing from being imported.
REMARKS = frozenset({"column_unknown", "sheet_empty"})


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: sheet, row (0: the sheet itself), the column's heading, code, and its params."""

    sheet: str
    line: int
    column: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The msgid."""
        return WORDS[self.code]

    def row(self) -> list[object]:
        """As it is kept."""
        return [self.sheet, self.line, self.column, self.code, dict(self.params)]

    @staticmethod
    def of(row: Iterable[object]) -> Fault:
        """As it was kept."""
        sheet, line, column, code, params = row
        assert isinstance(line, int)  # noqa: S101 - as `row` wrote it
        assert isinstance(params, dict)  # noqa: S101
        return Fault(str(sheet), line, str(column), str(code), params)
