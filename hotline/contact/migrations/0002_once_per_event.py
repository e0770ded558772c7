from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contact", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="event_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=["event_id", "template"], name="message_once_per_event"),
        ),
    ]
