"""The command `hotline`: starts and migrates what it needs, then serves, works, imports, proves or checks."""

from hotline.cli.command import main

__all__ = ["main"]
