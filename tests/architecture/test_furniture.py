"""Every room has the same furniture, and the rules can catch what they are for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.architecture import rules
from tests.architecture.house import PACKAGE, Module, floors, modules
from tests.architecture.one_call import several_writing_calls

Rule = Callable[[Module], list[str]]

_TWO = "from hotline.intake import services as a\nfrom hotline.residents import services as b\n"
# rule → the name a module would have, and a source that breaks the rule
BREAKS: dict[Rule, list[tuple[str, str]]] = {
    rules.impure: [
        ("hotline.clocks.reckoning", "from django.utils import timezone\n"),
        ("hotline.workorder.lifecycle", "from hotline.ledger import services\n"),
        ("hotline.understanding.engines.rules", "from ..models import OrderReading\n"),
        ("hotline.refusal", "import django\n"),
    ],
    rules.reads_the_clock: [
        ("hotline.clocks.services", "import datetime\nx = datetime.datetime.now()\n"),
        ("hotline.clocks.services", "from time import time\n"),
        ("hotline.contact.models", "x = DateTimeField(default=timezone.now)\n"),
        ("hotline.contact.models", "x = DateTimeField(auto_now_add=True)\n"),
        ("hotline.policy.queries", "from django.db.models.functions import Now\n"),
    ],
    rules.hides_work: [
        ("hotline.intake.models", "from django.db.models.signals import post_save\n"),
        ("hotline.desk.views", "from django.dispatch import receiver\n"),
        ("hotline.intake.models", "class A:\n    def save(self):\n        self.x = 1\n        super().save()\n"),
    ],
    rules.loose_services: [
        ("hotline.intake.services", "def take_down(form, *, at: datetime): ...\n"),
        ("hotline.intake.services", "def take_down(*, form): ...\n"),
        ("hotline.intake.services.doing", "def take_down(*, at: str): ...\n"),
    ],
    rules.writes_elsewhere: [
        (
            "hotline.intake.services",
            "from hotline.workorder.models import Order\nOrder.objects.filter(id=1).update(a=2)\n",
        ),
        ("hotline.intake.services", "from hotline.workorder import models as m\nm.Order.objects.create()\n"),
    ],
    rules.thawed: [("hotline.intake.queries", "@dataclass\nclass Row:\n    id: int\n")],
    rules.too_big: [
        ("hotline.desk.views", "x = 1\n" * 301),
        ("hotline.desk.views", "def f():\n" + "    x = 1\n" * 40),
    ],
    rules.vaguely_named: [
        ("hotline.desk.utils", ""),
        ("hotline.desk.pages", "class OrderManager:\n    pass\n"),
    ],
    rules.undocumented: [
        ("hotline.clocks.reckoning", '"""Doc."""\n\ndef due(): ...\n'),
        ("hotline.desk.views", "x = 1\n"),
    ],
    rules.room_without_purpose: [
        ("hotline.clocks", ""),
        ("hotline.clocks", '"""Doc."""\nimport os\n'),
    ],
    rules.face_touches_models: [
        ("hotline.desk.views", "from hotline.workorder.models import Order\n"),
        ("hotline.desk.views", "Order = apps.get_model('workorder', 'Order')\n"),
    ],
    several_writing_calls: [
        ("hotline.desk.views", f"{_TWO}def view():\n    a.go()\n    b.go()\n"),
        ("hotline.desk.views", f"{_TWO}def view():\n    if x:\n        a.go()\n    b.go()\n"),
    ],
    rules.insight_oversteps: [
        ("hotline.insight.services", "from hotline.workorder import services\n"),
        ("hotline.insight.queries", "from hotline.workorder.models import Order\n"),
        ("hotline.insight.services", "from hotline import ledger\nledger.services.claim(limit=1)\n"),
    ],
}


@pytest.mark.parametrize("rule", BREAKS, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Rule) -> None:
    offenders = [offence for module in modules() for offence in rule(module)]
    assert not offenders, f"{rule.__doc__}\n" + "\n".join(offenders)


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [(rule, name, text) for rule, cases in BREAKS.items() for name, text in cases],
    ids=lambda value: getattr(value, "__name__", None) or str(value)[:40],
)
def test_the_rule_catches(rule: Rule, name: str, text: str) -> None:
    path = name.replace(".", "/") + ("/__init__.py" if name.count(".") == 1 and rule.__name__ != "impure" else ".py")
    assert rule(Module(name, text, path)), "this source breaks the rule and was not caught"


def test_one_writing_call_on_each_way_is_fine() -> None:
    view = "def view():\n    if x:\n        return a.go()\n    try:\n        b.go()\n    except E:\n        a.back()\n"
    assert not several_writing_calls(Module("hotline.desk.views", _TWO + view))


def test_timeless_services_still_exist() -> None:
    defined = {
        f"hotline.{module.room}.services.{node.name}"
        for module in modules()
        if module.part == "services"
        for node in rules.public_functions(module)
    }
    gone = sorted(set(rules.TIMELESS) - defined)
    assert not gone, f"take these off the list of services without a moment: {gone}"


def test_every_room_stands_on_a_floor_and_is_there() -> None:
    there = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert there - {"__init__", "__main__"} == set(floors())
