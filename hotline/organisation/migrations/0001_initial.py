import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("vault", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("code", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(blank=True, max_length=150)),
                ("level", models.CharField(max_length=16)),
                ("path", models.CharField(max_length=120)),
                ("pinyin", models.CharField(blank=True, max_length=300)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.area"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(blank=True, max_length=150)),
                ("pack", models.CharField(max_length=60)),
                ("revision", models.BigIntegerField(default=0)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.area"
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.key"),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.authority",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("phone_inner", models.CharField(blank=True, max_length=20)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.authority"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Grid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=150)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.area"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GridWorker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "grid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisation.grid"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=150)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("level", models.CharField(max_length=16)),
                ("kind", models.CharField(max_length=20)),
                ("role_code", models.CharField(max_length=40)),
                ("path", models.CharField(blank=True, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("active", models.BooleanField(default=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.area"
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.authority"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=20)),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="grid",
            name="unit",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
            ),
        ),
        migrations.CreateModel(
            name="UnitArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.area"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisation.unit"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(fields=["path"], name="area_path", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="gridworker",
            constraint=models.UniqueConstraint(fields=("grid", "staff"), name="grid_worker_once"),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["path"], name="unit_path", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("authority", "code"), name="unit_code"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("staff", "unit", "role"), name="membership_once"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        ["agent", "dispatcher", "clerk", "grid_worker", "caller_back", "supervisor", "leader", "admin"],
                    )
                ),
                name="membership_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitarea",
            constraint=models.UniqueConstraint(fields=("unit", "area"), name="unit_area"),
        ),
    ]
