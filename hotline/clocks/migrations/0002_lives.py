"""Clocks that pause, go on and are put off: their changes, their authority, and indexes for what chores look for."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

RUNNING = Q(stopped_at__isnull=True, paused_at__isnull=True)
OPEN = Q(stopped_at__isnull=True) | Q(outcome="late", passed_noted_at__isnull=True)

# What a clock of before was reminded of already is not said again.
FILL = """
UPDATE clocks_clock AS clock SET
    authority_id = version.authority_id, unit = clock.limit_unit, first_due_at = clock.due_at,
    near_noted_at = CASE WHEN clock.warn_at < now() THEN clock.warn_at END
FROM policy_policyversion AS version WHERE version.id = clock.policy_version_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0001_initial"),
        ("organisation", "0001_initial"),
        ("policy", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "clock",
            "authority",
            models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.authority",
            ),
        ),
        migrations.AddField("clock", "unit", models.CharField(max_length=16, null=True)),
        migrations.AddField("clock", "first_due_at", models.DateTimeField(null=True)),
        migrations.AddField("clock", "paused_at", models.DateTimeField(null=True)),
        migrations.AddField("clock", "changes", models.JSONField(default=list)),
        migrations.AddField("clock", "extensions", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("clock", "provisional", models.BooleanField(default=False)),
        migrations.AddField("clock", "near_noted_at", models.DateTimeField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            "clock",
            "authority",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.authority",
            ),
        ),
        migrations.AlterField("clock", "unit", models.CharField(max_length=16)),
        migrations.AlterField("clock", "first_due_at", models.DateTimeField()),
        migrations.AlterField("clock", "limit_amount", models.PositiveIntegerField(null=True)),
        migrations.AlterField("clock", "limit_unit", models.CharField(max_length=16, blank=True, default="")),
        migrations.RemoveIndex("clock", "clocks_clock_running"),
        migrations.AddIndex(
            "clock", models.Index(fields=["stream_kind", "due_at"], condition=RUNNING, name="clocks_clock_running")
        ),
        migrations.AddIndex(
            "clock",
            models.Index(
                fields=["warn_at"], condition=RUNNING & Q(near_noted_at__isnull=True), name="clocks_clock_to_warn"
            ),
        ),
        migrations.AddIndex(
            "clock",
            models.Index(fields=["authority", "calendar_version", "id"], condition=OPEN, name="clocks_clock_to_reckon"),
        ),
    ]
