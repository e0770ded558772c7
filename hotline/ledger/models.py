"""The tables of the ledger. Rows are written by `services` alone; the database refuses to change or remove events."""

from django.db import models
from django.db.models import Q

from hotline.ledger.retry import PARKED, WAITING


class Head(models.Model):
    """The last link of each stream: what the next event is chained to, and the lock that orders appends."""

    pk = models.CompositePrimaryKey("stream_kind", "stream_id")
    stream_kind = models.CharField(max_length=64, db_collation="C")
    stream_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_head"


class Event(models.Model):
    """One event. `body` is what was hashed; the other columns repeat it for queries."""

    stream_kind = models.CharField(max_length=64, db_collation="C")
    stream_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=128, db_collation="C")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=200, null=True)  # noqa: DJ001 - unknown is not empty
    actor_role = models.CharField(max_length=200, null=True)  # noqa: DJ001
    actor_unit_id = models.BigIntegerField(null=True)
    facts = models.JSONField()
    body = models.TextField()
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_event"
        constraints = (
            models.UniqueConstraint(fields=("stream_kind", "stream_id", "seq"), name="ledger_event_stream_seq"),
        )


class Pending(models.Model):
    """What an event still causes: one row, deleted when all its reactions are done."""

    # No constraint in the database: it would lock the event's row on every append, and events never go away.
    event = models.ForeignKey(Event, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    state = models.CharField(max_length=8, choices=((WAITING, WAITING), (PARKED, PARKED)), db_default=WAITING)
    attempts = models.IntegerField(db_default=0)
    next_at = models.DateTimeField()
    remaining = models.JSONField(db_default=[])
    error = models.CharField(max_length=200, db_default="")

    class Meta:
        db_table = "ledger_pending"
        indexes = (
            models.Index(fields=("next_at", "id"), name="ledger_pending_due", condition=Q(state=WAITING)),
            models.Index(fields=("id",), name="ledger_pending_parked", condition=Q(state=PARKED)),
        )


class Anchor(models.Model):
    """A seal over all heads at one moment, chained to the anchor before; `body` is what was hashed."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    streams = models.BigIntegerField()
    events = models.BigIntegerField()
    body = models.TextField()
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_anchor"


class AnchorHead(models.Model):
    """The head of a stream as an anchor saw it; only streams that grew since the anchor before."""

    pk = models.CompositePrimaryKey("stream_kind", "stream_id", "seq")
    stream_kind = models.CharField(max_length=64, db_collation="C")
    stream_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    anchor = models.ForeignKey(Anchor, models.DO_NOTHING, related_name="+", db_constraint=False)

    class Meta:
        db_table = "ledger_anchor_head"
