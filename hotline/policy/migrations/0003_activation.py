"""Publishing and activating become two steps. What was published until now was in force at once: it stays so."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BEGUN = """
UPDATE policy_policyversion SET activated_at = published_at,
    began_at = CASE WHEN valid_from <= (CURRENT_TIMESTAMP AT TIME ZONE 'Asia/Shanghai')::date THEN published_at END
"""


def staff():
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0002_numbers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("policyversion", "activated_at", models.DateTimeField(null=True)),
        migrations.AddField("policyversion", "began_at", models.DateTimeField(null=True)),
        migrations.AddField("policyversion", "published_by", staff()),
        migrations.AddField("policyversion", "activated_by", staff()),
        migrations.AddField("calendarversion", "published_by", staff()),
        migrations.RunSQL(BEGUN, migrations.RunSQL.noop),
    ]
