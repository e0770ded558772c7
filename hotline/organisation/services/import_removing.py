"""Taking created rows away again: deleted where nothing refers to them, else left and named.

What refers to a row is asked of the house itself: every foreign key to its table, and every column that keeps the
code of an area. So a room below need not know the rooms above, and a new one is not forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from django.apps import apps
from django.db import connection, models

from hotline.organisation.importing.kinds import Kind
from hotline.organisation.importing.plan import Entry
from hotline.organisation.models import Area, Authority, FormerName, Grid, GridWorker, Membership, Staff, Unit, UnitArea

# These go with the row that they belong to.
_OWN: Mapping[type[models.Model], frozenset[type[models.Model]]] = {
    Unit: frozenset({UnitArea, Grid, FormerName}),
    Area: frozenset({FormerName}),
    Staff: frozenset({Membership, GridWorker}),
    Grid: frozenset({GridWorker}),
}


def take_away(kind: Kind, entries: Collection[Entry], authority: Authority) -> set[str]:
    """Delete created rows; returns the codes of those that are in use and stay, with all that they hang below."""
    if not entries:
        return set()
    keys = _keys(kind, [entry.code for entry in entries], authority)
    parents = {entry.code: str(entry.after.get("parent", "")) for entry in entries}
    model: type[models.Model] = {Kind.AREAS: Area, Kind.WORKERS: Staff}.get(kind, Unit)
    used = _used(model, keys) if kind is not Kind.WORKERS else _used(model, keys) | _active_people(keys)
    kept = {code for code, key in keys.items() if key in used}
    for code in list(kept):  # what stays needs what it hangs below
        while (code := parents.get(code, "")) in keys and code not in kept:
            kept.add(code)
    _delete(model, [key for code, key in keys.items() if code not in kept])
    return kept


def _keys(kind: Kind, codes: Collection[str], authority: Authority) -> dict[str, int | str]:
    """The rows' primary keys by code."""
    if kind is Kind.AREAS:
        return dict(Area.objects.filter(code__in=codes).values_list("code", "code"))
    if kind is Kind.WORKERS:
        return dict(Staff.objects.filter(authority=authority, username__in=codes).values_list("username", "id"))
    return dict(Unit.objects.filter(authority=authority, code__in=codes).values_list("code", "id"))


def _active_people(keys: Mapping[str, int | str]) -> set[int | str]:
    """Whoever has signed in stands in the ledger by number."""
    return set(Staff.objects.filter(id__in=keys.values(), last_login__isnull=False).values_list("id", flat=True))


def _used(model: type[models.Model], keys: Mapping[str, int | str]) -> set[int | str]:
    """The keys that rows of other tables, or rows of the same table that stay, refer to. One statement per column."""
    found: set[int | str] = set()
    wanted = list(keys.values())
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for referring, column in _references(model):
            stays = f" AND NOT {quote(_key_column(model))} = ANY(%s)" if referring is model else ""
            table = quote(referring._meta.db_table)
            text = f"SELECT DISTINCT {quote(column)} FROM {table} WHERE {quote(column)} = ANY(%s){stays}"  # noqa: S608
            cursor.execute(text, [wanted, wanted] if stays else [wanted])
            found.update(key for (key,) in cursor.fetchall())
    return found


def _references(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Tables and columns that may name rows of `model`."""
    for each in apps.get_models():
        if each in _OWN.get(model, ()) or each._meta.proxy or not each._meta.managed:
            continue
        for field in each._meta.local_concrete_fields:
            named = model is Area and field.name == "area_code"
            if named or (isinstance(field, models.ForeignKey) and field.related_model is model):
                yield each, str(field.column)


def _delete(model: type[models.Model], keys: Collection[int | str]) -> None:
    """With what belongs to them: without the framework's own search, which reads every row before it deletes it."""
    quote = connection.ops.quote_name
    gone = list(keys)
    with connection.cursor() as cursor:
        if model is Unit:
            cursor.execute(
                "DELETE FROM organisation_gridworker USING organisation_grid grid "
                "WHERE grid.id = grid_id AND grid.unit_id = ANY(%s)",
                [gone],
            )
        for own in sorted(_OWN.get(model, ()), key=lambda each: each.__name__):
            for field in own._meta.local_concrete_fields:
                if isinstance(field, models.ForeignKey) and field.related_model is model:
                    table, column = quote(own._meta.db_table), quote(str(field.column))
                    cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [gone])  # noqa: S608
        table, column = quote(model._meta.db_table), quote(_key_column(model))
        cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [gone])  # noqa: S608 - names of our own models


def _key_column(model: type[models.Model]) -> str:
    assert model._meta.pk is not None  # noqa: S101 - every model has a key
    return str(model._meta.pk.column)
