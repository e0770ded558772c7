"""Turns the rows of a city's CSV files into their shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hotline.packs.city import AREA_LEVELS, UNIT_LEVELS, Area, KnowledgeEntry, Phrase, ReplyExample, Unit
from hotline.packs.fields import Fields, names
from hotline.packs.rules import KINDS, LEVELS, Channel, Line, Matter, Role
from hotline.packs.sources import Sources
from hotline.refusal import N_

Shape = TypeVar("Shape")
Placed = list[tuple[Shape, Fields]]

URGENCIES = ("normal", "urgent", "critical")
SEASONS = ("none", "winter", "summer", "flood", "school", "harvest", "festival")
WEATHER = ("none", "cold", "heat", "rain", "snow", "wind", "drought")
ROLE_KINDS = ("department", "utility", "supplier", "town", "community", "vertical", "other")
ROLE_LEVELS = ("province", "city", "county", "town", "community", "grid", "supplier")
REGISTERS = names(
    "angry polite elderly agent wechat plain english traditional asr typo urgent vulnerable enterprise multi "
    "nearmiss noplace gratitude nonsense out_of_scope"
)
LABELS = ("具体有效", "推诿", "模板化", "虚假办结", "答非所问")

MATTER_COLUMNS = names(
    "code level1_zh level2_zh level3_zh level1_en level2_en level3_en kinds lead_role assist_roles "
    "answerable_level grassroots_ok place_needed urgency safety season weather_driver days duty_zh "
    "closing_standard_zh keywords confusable_with source_note"
)
ROLE_COLUMNS = ("code", "name_zh", "name_en", "kind", "levels", "leads", "shares_with", "note")
CHANNEL_COLUMNS = ("code", "name_zh", "name_en", "open", "note")
LINE_COLUMNS = ("number", "name_zh", "name_en", "mode", "status", "role_code", "notice")
AREA_COLUMNS = ("code", "name_zh", "name_en", "level", "parent_code", "note")
UNIT_COLUMNS = names(
    "code name_zh name_en role_code level kind area_code parent_code service_area_codes phone illustrative note"
)
PHRASE_COLUMNS = ("matter_code", "register", "kind", "text", "extra_matter_code")
REPLY_COLUMNS = ("matter_code", "quality", "label", "text", "reason")
KNOWLEDGE_COLUMNS = names(
    "question alternatives answer matter_code owner_role audience valid_from review_months source_type"
)


def _each(rows: list[Fields], read: Callable[[Fields], Shape]) -> Placed[Shape]:
    return [(read(row), row) for row in rows]


def matters(sources: Sources) -> Placed[Matter]:
    """The catalogue of matters."""
    return _each(sources.rows("matters.csv", MATTER_COLUMNS, "code"), _matter)


def _matter(row: Fields) -> Matter:
    return Matter(
        code=row.matching("code", "[0-9]{7}", N_("请写成 7 位数字，表格软件中须设为文本格式。")),
        level1=row.text("level1_zh"),
        level2=row.text("level2_zh"),
        level3=row.text("level3_zh"),
        level1_en=row.text("level1_en"),
        level2_en=row.text("level2_en"),
        level3_en=row.text("level3_en"),
        kinds=tuple(KINDS.get(kind, "") for kind in row.listing("kinds", KINDS, least=1)),
        lead_role=row.text("lead_role"),
        assist_roles=row.listing("assist_roles"),
        answerable_level=row.choice("answerable_level", LEVELS),
        grassroots_ok=row.flag("grassroots_ok"),
        place_needed=row.flag("place_needed"),
        urgency=row.choice("urgency", URGENCIES),
        safety=row.flag("safety"),
        season=row.choice("season", SEASONS),
        weather_driver=row.choice("weather_driver", WEATHER),
        days=row.whole("days", 1, 365),
        duty=row.text("duty_zh"),
        closing_standard=row.text("closing_standard_zh"),
        keywords=row.listing("keywords"),
        confusable_with=row.listing("confusable_with"),
        source_note=row.text("source_note"),
    )


def roles(sources: Sources) -> Placed[Role]:
    """The vocabulary of answerable roles."""
    return _each(sources.rows("roles.csv", ROLE_COLUMNS, "code"), _role)


def _role(row: Fields) -> Role:
    return Role(
        code=row.matching("code", "[a-z][a-z0-9_]*", N_("请只用小写字母、数字和下划线。")),
        name=row.text("name_zh"),
        name_en=row.text("name_en"),
        kind=row.choice("kind", ROLE_KINDS),
        levels=row.listing("levels", ROLE_LEVELS, least=1),
        shares_with=row.listing("shares_with"),
        leads=row.choice("leads", ("yes", "no", "guidance")),
        note=row.text("note", ""),
    )


def channels(sources: Sources) -> Placed[Channel]:
    """The registry of channels."""
    return _each(
        sources.rows("channels.csv", CHANNEL_COLUMNS, "code"),
        lambda row: Channel(
            row.text("code"), row.text("name_zh"), row.text("name_en"), row.flag("open"), row.text("note", "")
        ),
    )


def lines(sources: Sources) -> Placed[Line]:
    """The registry of merged hotlines."""
    return _each(
        sources.rows("lines.csv", LINE_COLUMNS, "number"),
        lambda row: Line(
            number=row.matching("number", "[0-9]{3,12}", N_("请只填写号码本身的数字。")),
            name=row.text("name_zh"),
            name_en=row.text("name_en"),
            mode=row.choice("mode", ("whole", "double", "sub_centre")),
            status=row.choice("status", ("open", "merged", "stopped")),
            role_code=row.text("role_code"),
            notice=row.text("notice"),
        ),
    )


def areas(sources: Sources) -> Placed[Area]:
    """The divisions."""
    return _each(
        sources.rows("areas.csv", AREA_COLUMNS, "code"),
        lambda row: Area(
            code=row.matching(
                "code", "[0-9]{6}|[0-9]{9}|[0-9]{12}", N_("请写成 6、9 或 12 位数字，表格软件中须设为文本格式。")
            ),
            name=row.text("name_zh"),
            name_en=row.text("name_en"),
            level=row.choice("level", AREA_LEVELS),
            parent_code=row.text("parent_code", ""),
            note=row.text("note", ""),
        ),
    )


def units(sources: Sources) -> Placed[Unit]:
    """The answerable units."""
    return _each(
        sources.rows("units.csv", UNIT_COLUMNS, "code"),
        lambda row: Unit(
            code=row.text("code"),
            name=row.text("name_zh"),
            name_en=row.text("name_en"),
            role_code=row.text("role_code"),
            level=row.choice("level", UNIT_LEVELS),
            kind=row.choice("kind", ROLE_KINDS),
            area_code=row.text("area_code"),
            parent_code=row.text("parent_code", ""),
            service_area_codes=row.listing("service_area_codes"),
            phone=row.text("phone", ""),
            illustrative=row.flag("illustrative"),
            note=row.text("note", ""),
        ),
    )


def phrases(sources: Sources) -> Placed[Phrase]:
    """The written examples of what people say."""
    return _each(
        sources.rows("phrases.csv", PHRASE_COLUMNS),
        lambda row: Phrase(
            matter_code=row.text("matter_code"),
            register=row.choice("register", REGISTERS),
            kind=KINDS.get(row.choice("kind", KINDS), ""),
            text=row.text("text"),
            extra_matter_code=row.text("extra_matter_code", ""),
        ),
    )


def replies(sources: Sources) -> Placed[ReplyExample]:
    """The written examples of replies."""
    return _each(
        sources.rows("replies.csv", REPLY_COLUMNS),
        lambda row: ReplyExample(
            matter_code=row.text("matter_code"),
            quality=row.choice("quality", ("good", "bad")),
            label=row.choice("label", LABELS),
            text=row.text("text"),
            reason=row.text("reason"),
        ),
    )


def knowledge(sources: Sources) -> Placed[KnowledgeEntry]:
    """The questions and answers."""
    return _each(
        sources.rows("knowledge.csv", KNOWLEDGE_COLUMNS, "question"),
        lambda row: KnowledgeEntry(
            question=row.text("question"),
            alternatives=row.listing("alternatives"),
            answer=row.text("answer"),
            matter_code=row.text("matter_code"),
            owner_role=row.text("owner_role"),
            audience=row.choice("audience", ("resident", "enterprise")),
            valid_from=row.day("valid_from"),
            review_months=row.whole("review_months", 1, 60),
            source_type=row.text("source_type"),
        ),
    )
