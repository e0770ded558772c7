"""The command `hotline`."""

import os
import sys


def main() -> None:
    """Run a management command of Django's: `hotline manage …`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["hotline manage", *sys.argv[2:]])
