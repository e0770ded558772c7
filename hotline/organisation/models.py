"""Staff (the smallest that starts; units, roles and areas join it here)."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class Staff(AbstractBaseUser):
    """A person who works in the authority and signs in."""

    username = models.CharField(max_length=150, unique=True)
    USERNAME_FIELD = "username"
