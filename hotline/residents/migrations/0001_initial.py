import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisation", "0001_initial"),
        ("vault", "__first__"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Resident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(default="person", max_length=12)),
                ("name_sealed", models.BinaryField(null=True)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("contact_sealed", models.BinaryField(null=True)),
                ("phone_index", models.BinaryField(max_length=32, null=True)),
                ("last4_index", models.BinaryField(max_length=32, null=True)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.authority"
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.key"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Viewing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=60)),
                ("reason_code", models.CharField(max_length=30)),
                ("withheld_code", models.CharField(blank=True, max_length=30)),
                ("at", models.DateTimeField()),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="residents.resident"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(fields=["authority", "last4_index"], name="resident_last4"),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.UniqueConstraint(fields=("authority", "phone_index"), name="resident_phone"),
        ),
        migrations.AddIndex(
            model_name="viewing",
            index=models.Index(fields=["staff", "at"], name="viewing_staff"),
        ),
    ]
