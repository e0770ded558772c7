from django.db import migrations

# What orders of before did not keep is in their streams: whom the hotline gave them to and when, and when they ended.
_FILL = """
UPDATE workorder_order AS o SET
    first_unit_id = o.unit_id,
    dispatched_at = (SELECT max(e.at) FROM ledger_event e WHERE e.stream_kind = 'order' AND e.stream_id = o.id
                     AND e.kind IN ('order.dispatched', 'order.redispatched', 'order.reworked')),
    ended_at = CASE WHEN o.state IN ('closed', 'referred', 'declined', 'transferred', 'withdrawn') THEN
                   (SELECT max(e.at) FROM ledger_event e WHERE e.stream_kind = 'order' AND e.stream_id = o.id
                    AND e.kind LIKE 'order.%') END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_append_only"),
        ("workorder", "0002_whole_law"),
    ]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
