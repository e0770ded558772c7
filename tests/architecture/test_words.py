"""Every text for people is Chinese at its source and has its English."""

from __future__ import annotations

import io
from collections import Counter

from babel.messages.pofile import read_po

from tests.architecture.house import Module, modules, templates
from tests.architecture.words import (
    all_said,
    catalogs,
    faults,
    known,
    lacking,
    said_in_code,
    said_in_template,
    unmarkable,
    unmarked,
)


def test_every_text_has_its_english() -> None:
    english = known(catalogs())
    missing = Counter(said.room for said in all_said() if said.text not in english)
    assert not missing, f"texts without English, by room: {dict(missing)}; see python -m tests.architecture.words ROOM"


def test_catalogs_are_whole_and_fresh() -> None:
    used = {said.text for said in all_said()}
    found = [fault for room, catalog in catalogs().items() for fault in faults(room, catalog, used)]
    assert not found, "\n".join(found)


def test_rooms_agree_on_the_english_of_a_text() -> None:
    english: dict[str, dict[str, str]] = {}
    for room, catalog in catalogs().items():
        for message in catalog:
            if message.id and message.string:
                english.setdefault(str(message.id), {})[room] = str(message.string)
    quarrels = [f"{text[:40]}: {said}" for text, said in english.items() if len(set(said.values())) > 1]
    assert not quarrels, "Django keeps one of them for all pages:\n" + "\n".join(quarrels)


def test_marked_texts_are_plain() -> None:
    found = [fault for module in modules() for fault in unmarkable(module)]
    assert not found, "\n".join(found)


def test_templates_show_no_unmarked_chinese() -> None:
    found = [line for name, (_, text) in templates().items() for line in unmarked(name, text)]
    assert not found, "\n".join(found)


def test_texts_are_found_wherever_they_are_said() -> None:
    source = (
        'N_("登记")\n_("受理")\nngettext("%(n)s 件", "%(n)s 件工单", 2)\nrefuse("late", "请稍后再试。")\n'
        'reasons.add("short", "请写明地点。")\nReason("no", "请找派单员。")\nwords.add("供水")\nf("不译")\n'
    )
    texts = [said.text for said in said_in_code(Module("hotline.desk.pages", source))]
    assert sorted(texts) == sorted(
        ["登记", "受理", "%(n)s 件", "%(n)s 件工单", "请稍后再试。", "请写明地点。", "请找派单员。"]
    )
    page = (
        '{% load i18n %}{% translate \'签收\' %}{% translate "退\'单" as x %}{{ x|default:_("改派") }}'
        "{% blocktranslate trimmed with n=1 %}共 {{ n }} 件\n 工单{% endblocktranslate %}"
        "{% blocktranslate count n=1 %}{{ n }} 天{% plural %}{{ n }} 多天{% endblocktranslate %}"
    )
    said = {said.text for said in said_in_template("x.html", page)}
    assert {"签收", "退'单", "改派", "共 %(n)s 件 工单", "%(n)s 天", "%(n)s 多天"} <= said


def test_lacking_entries_can_be_pasted() -> None:
    for room in sorted({said.room for said in all_said()}):
        pasted = "\n".join(lacking(room))
        assert len(read_po(io.BytesIO(pasted.encode()), locale="en")) == pasted.count("msgid ")


def test_bad_texts_are_caught() -> None:
    assert unmarkable(Module("hotline.desk.x", 'N_(f"工单{n}")\n'))
    assert unmarkable(Module("hotline.desk.x", "N_(label)\n"))
    assert unmarked("x.html", "<p>退单</p>") == ["x.html:1 <p>退单</p>"]
    assert not unmarked("x.html", "{# 说明 #}<a>中文</a>{% translate '退单' %}{% comment %}说明{% endcomment %}")
    entries = (
        b'#, fuzzy\nmsgid "a"\nmsgstr "A"\n\nmsgid "b"\nmsgstr ""\n\nmsgid "c %(x)s"\nmsgstr "C"\n\n'
        b'msgid "d"\nmsgstr "D"\n\n#~ msgid "e"\n#~ msgstr "E"\n'
    )
    catalog = read_po(io.BytesIO(entries), locale="en", ignore_obsolete=False)
    found = "\n".join(faults("desk", catalog, {"a", "b", "c %(x)s"}))
    for word in (
        "fuzzy 'a'",
        "no English for 'b'",
        "parameters in the English of 'c",
        "says 'd'",
        "obsolete entry 'e'",
    ):
        assert word in found


def test_texts_do_not_shout() -> None:
    loud = [f"{said.where} {said.text[:40]}" for said in all_said() if "！" in said.text or "!" in said.text]
    loud += [
        f"{room}: {message.string}"
        for room, catalog in catalogs().items()
        for message in catalog
        if "!" in str(message.string) and message.id
    ]
    assert not loud, "say the next step instead:\n" + "\n".join(loud)
