"""Roles of staff and levels of units: the words of the house, with what people call them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from hotline.refusal import N_


class Role(StrEnum):
    """What a person does in one unit; a person may have several, one at a time is worn."""

    AGENT = "agent"
    DISPATCHER = "dispatcher"
    CLERK = "clerk"
    GRID_WORKER = "grid_worker"
    CALLER_BACK = "caller_back"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    ADMIN = "admin"


class Level(StrEnum):
    """Where a unit stands: the six levels of government, and suppliers, who stand beside them."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    COMMUNITY = "community"
    GRID = "grid"
    SUPPLIER = "supplier"


ROLE_LABELS: Mapping[Role, str] = {
    Role.AGENT: N_("话务员"),
    Role.DISPATCHER: N_("派单员"),
    Role.CLERK: N_("承办单位经办"),
    Role.GRID_WORKER: N_("网格员"),
    Role.CALLER_BACK: N_("回访员"),
    Role.SUPERVISOR: N_("督办"),
    Role.LEADER: N_("领导"),
    Role.ADMIN: N_("管理员"),
}

LEVEL_LABELS: Mapping[Level, str] = {
    Level.PROVINCE: N_("省级"),
    Level.CITY: N_("市级"),
    Level.COUNTY: N_("县级"),
    Level.TOWN: N_("乡镇、街道"),
    Level.COMMUNITY: N_("社区、村"),
    Level.GRID: N_("网格"),
    Level.SUPPLIER: N_("服务企业"),
}
