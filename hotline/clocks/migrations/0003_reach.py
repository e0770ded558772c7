"""How far a corrected calendar has come, kept apart, so that clocks which it does not move are rewritten in place."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

OPEN = Q(stopped_at__isnull=True) | Q(outcome="late", passed_noted_at__isnull=True)


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0002_lives"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reach",
            fields=[
                (
                    "authority",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="organisation.authority",
                    ),
                ),
                ("calendar_version", models.PositiveIntegerField()),
                ("clock_id", models.BigIntegerField()),
                ("swept_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveIndex("clock", "clocks_clock_to_reckon"),
        migrations.AddIndex(
            "clock", models.Index(fields=["authority", "id"], condition=OPEN, name="clocks_clock_open")
        ),
        # Clocks change while they run: room for the next version of a row on its own page.
        migrations.RunSQL(
            "ALTER TABLE clocks_clock SET (fillfactor = 70)", "ALTER TABLE clocks_clock RESET (fillfactor)"
        ),
    ]
