"""Words on the terminal, Chinese or English as the terminal's language is, before and without Django."""

import os
import sys


class Trouble(Exception):
    """Something a person at the terminal can mend: one line that says what is wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(choose(zh, en))


def choose(zh: str, en: str) -> str:
    """The line in the terminal's language: Chinese where LC_ALL, LC_MESSAGES or LANG says so, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return zh if value.startswith("zh") else en
    return en


def say(zh: str, en: str) -> None:
    """Print a line to the person who started the command (standard error: standard output is for results)."""
    print(choose(zh, en), file=sys.stderr, flush=True)
