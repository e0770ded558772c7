"""Authorities, areas, units, grids and staff."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from hotline.organisation.roles import Role


class Area(models.Model):
    """A division or community with its public code; shared by all authorities."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150, blank=True)
    level = models.CharField(max_length=16)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # "/430700/430702/430702001/": codes from the topmost known division down to this one.
    path = models.CharField(max_length=120)
    # Sort key: the database's own collations do not sort Chinese by sound.
    pinyin = models.CharField(max_length=300, blank=True)
    active = models.BooleanField(default=True)
    # Where its ground went when it was merged away; old addresses still name it.
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["path"], opclasses=["varchar_pattern_ops"], name="area_path"),)


class Authority(models.Model):
    """A province, city or county that runs a hotline: whose policy, calendar and numbers an order follows."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150, blank=True)
    pack = models.CharField(max_length=60)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # The vault key that wraps the keys of anonymous orders.
    key = models.ForeignKey("vault.Key", on_delete=models.PROTECT, related_name="+")
    # Raised whenever areas or units change, so that processes know when their indexes are old.
    revision = models.BigIntegerField(default=0)


class Unit(models.Model):
    """A body that answers for something: a department, a town, a grid, a supplier."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=16)
    kind = models.CharField(max_length=20)
    role_code = models.CharField(max_length=40)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    # "/1/5/": ids from the root of the tree down to this unit; rows are scoped to a subtree by its prefix.
    path = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)
    # Who does its work since it was merged away.
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["authority", "code"], name="unit_code"),)
        indexes = (models.Index(fields=["path"], opclasses=["varchar_pattern_ops"], name="unit_path"),)


class UnitArea(models.Model):
    """An area that a unit serves; suppliers are found by it."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["unit", "area"], name="unit_area"),)


class FormerName(models.Model):
    """What a unit or an area was called until a moment: old papers name it so."""

    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=200, blank=True)
    until = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(unit=None) ^ Q(area=None), name="former_name_of_one"),)


class Grid(models.Model):
    """The smallest piece of ground that somebody walks. Its unit is where its workers belong."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=150)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+")


class Staff(AbstractBaseUser):
    """A person who signs in. What the person may do follows from memberships, never from groups or flags."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    phone_inner = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "username"


class Membership(models.Model):
    """One role of one person in one unit."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["staff", "unit", "role"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="membership_role"),
        )


class GridWorker(models.Model):
    """Who walks a grid."""

    grid = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["grid", "staff"], name="grid_worker_once"),)


class ImportRun(models.Model):
    """One table of areas, units, grids and grid workers on its way into the organisation, and back if undone."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12)
    file_name = models.CharField(max_length=200)
    # The file as it was uploaded, until it has been read.
    content = models.BinaryField(null=True)
    # Whether the sheets hold everything: what they lack is ended.
    complete = models.BooleanField(default=False)
    # Whether what can be done is done although some rows cannot.
    partly = models.BooleanField(default=False)
    # By kind of row: how many are new, changed, ended, as they were, or cannot be taken.
    counts = models.JSONField(default=dict)
    # Every row that is to be written: what stood there before and what is to stand there, enough to go back.
    plan = models.JSONField(default=dict)
    # What is wrong with which row, and those rows as they came, to be mended.
    faults = models.JSONField(default=dict)
    # Why the last step was not taken: reasons.
    trouble = models.JSONField(default=list)
    # Rows worked on, of how many: for the progress bar.
    progress = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    created_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    applied_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["authority", "-id"], name="import_run_latest"),)
