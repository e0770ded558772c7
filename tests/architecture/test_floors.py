"""Everything points down: keys between tables, strings, templates, links. (Imports are import-linter's.)"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from tests.architecture.house import FACES, PACKAGE, ROOF, Module, climbs, floors, modules, templates
from tests.architecture.references import by_string, in_template, missing_pages, upward

_APP_NAME = re.compile(r"^app_name\s*=\s*[\"'](\w+)[\"']", re.MULTILINE)
_NINJA = re.compile(r"urls_namespace\s*=\s*[\"'](\w+)[\"']")


def namespaces() -> dict[str, str]:
    """URL namespace → the room that brings it."""
    return {
        name: module.room
        for module in modules()
        for pattern in (_APP_NAME, _NINJA)
        for name in pattern.findall(module.text)
    }


def tag_libraries() -> dict[str, str]:
    """Template tag library → its room."""
    return {path.stem: path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("templatetags/*.py")}


def key_offences(models: Any) -> list[str]:
    """Relations that point up, and relations across rooms that can be walked backwards."""
    found = []
    for model in models:
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if not field.is_relation:
                continue
            here, name = model._meta.app_label, f"{model._meta.app_label}.{model.__name__}.{field.name}"
            if isinstance(field.related_model, str):
                found.append(f"{name} leads to {field.related_model}, which is not there")
                continue
            there = field.related_model._meta.app_label
            if climbs(here, there):
                found.append(f"{name} points up to {there}")
            if here != there and there in floors() and field.remote_field.related_name != "+":
                found.append(f'{name} needs related_name="+"')
    return found


def test_keys_between_tables_point_down() -> None:
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in floors()]
    assert ours
    offences = key_offences(ours)
    assert not offences, "\n".join(offences)


def test_a_key_that_points_up_is_caught() -> None:
    def model(label: str, *fields: Any) -> Any:
        meta = SimpleNamespace(app_label=label, local_fields=fields, local_many_to_many=())
        return SimpleNamespace(_meta=meta, __name__="Thing")

    def key(other: Any, related_name: str | None) -> Any:
        remote = SimpleNamespace(related_name=related_name)
        return SimpleNamespace(is_relation=True, name="key", related_model=other, remote_field=remote)

    ledger, desk = model("ledger"), model("desk")
    assert key_offences([model("ledger", key(desk, "+"))]) == ["ledger.Thing.key points up to desk"]
    assert key_offences([model("desk", key(ledger, None))]) == ['desk.Thing.key needs related_name="+"']
    assert key_offences([model("desk", key(ledger, "+"))]) == []


def test_strings_point_down() -> None:
    pages, spaces = templates(), namespaces()
    offences = [
        offence
        for module in modules()
        if module.room not in ROOF
        for offence in upward(module.room, by_string(module, pages, spaces))
    ]
    assert not offences, "\n".join(offences)


def test_templates_point_down() -> None:
    pages, spaces, tags = templates(), namespaces(), tag_libraries()
    offences = [
        offence
        for name, (room, text) in pages.items()
        for offence in upward(room, in_template(name, text, pages, spaces, tags))
    ]
    assert not offences, "\n".join(offences)


def test_templates_that_are_named_exist() -> None:
    pages = templates()
    asked = [found for module in modules() for found in missing_pages(module, pages, frozenset(floors()))]
    for name, (_, text) in pages.items():
        named = re.findall(r"{%-?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", text)
        asked += [f"{name} names {other}" for other in named if other not in pages]
    assert not asked, "\n".join(asked)


def test_a_room_keeps_its_templates_under_its_own_name() -> None:
    lost = [f"{room}: {name}" for name, (room, _) in templates().items() if not name.startswith((f"{room}/", "admin/"))]
    shared = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}  # Django looks for these by name
    assert not [name for name in lost if name.split(": ")[1] not in shared]


def test_an_upward_string_is_caught() -> None:
    pages, spaces = {"desk/order.html": ("desk", "")}, {"desk": "desk"}

    def caught(text: str, name: str = "hotline.ledger.services") -> list[str]:
        return upward("ledger", by_string(Module(name, text), pages, spaces))

    assert caught('ForeignKey("workorder.Order")')
    assert caught('import_string("hotline.desk.views.order")')
    assert caught('apps.get_model("workorder", "order")')
    assert caught('render(request, "desk/order.html")')
    assert caught('reverse("desk:order")')
    assert caught('class M:\n    dependencies = [("workorder", "0001_initial")]', "hotline.ledger.migrations.0002_x")
    assert not caught('ForeignKey("vault.Key")')
    assert not caught('"""See hotline.desk."""')


def test_an_upward_template_is_caught() -> None:
    pages, spaces, tags = {"desk/order.html": ("desk", "")}, {"desk": "desk"}, {"desk_words": "desk"}
    for text in ('{% include "desk/order.html" %}', "{% url 'desk:order' 1 %}", "{% load i18n desk_words %}"):
        assert upward("ui", in_template("ui/base.html", text, pages, spaces, tags)), text
        assert not upward("desk", in_template("desk/base.html", text, pages, spaces, tags)), text


def test_faces_exist_on_the_floors() -> None:
    assert set(floors()) >= FACES | ROOF
    assert floors()["desk"] == floors()["channels"]


def test_every_room_is_installed_from_the_ground_up() -> None:
    installed = [config.label for config in apps.get_app_configs() if config.name.startswith("hotline.")]
    assert set(floors()) - set(installed) == ROOF | {"packs", "refusal", "rows"}
    heights = [floors()[room] for room in installed]
    assert heights == sorted(heights), f"in the settings, name lower rooms first: {installed}"


def test_migrations_say_what_the_models_say() -> None:
    with translation.override(None):  # as makemigrations does: names of fields are compared untranslated
        loader = MigrationLoader(None)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph)
    missing = {room: [str(migration) for migration in found] for room, found in changes.items() if room in floors()}
    assert not missing, f"hotline manage makemigrations: {missing}"
