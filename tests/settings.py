"""Settings for tests: the real ones on a data folder of their own, and quicker where that hides nothing."""

import os
import tempfile
from pathlib import Path

if "HOTLINE_TEST_DATA_DIR" not in os.environ:
    folder = Path(tempfile.mkdtemp(prefix="hotline-tests-"))
    folder.chmod(0o755)  # the database's unprivileged user must walk through it
    os.environ["HOTLINE_TEST_DATA_DIR"] = str(folder)
# Tests that run side by side have a folder and a server each; what they start themselves inherits it.
if os.environ.get("PYTEST_XDIST_WORKER", "") not in ("", Path(os.environ["HOTLINE_TEST_DATA_DIR"]).name):
    folder = Path(os.environ["HOTLINE_TEST_DATA_DIR"]) / os.environ["PYTEST_XDIST_WORKER"]
    folder.mkdir(mode=0o755, exist_ok=True)
    os.environ["HOTLINE_TEST_DATA_DIR"] = str(folder)
os.environ["HOTLINE_DATA_DIR"] = os.environ["HOTLINE_TEST_DATA_DIR"]
os.environ["HOTLINE_POOL_SIZE"] = "0"  # a test's connection is closed with the test

from hotline.config.settings import *  # noqa: F403
from hotline.config.settings import TEMPLATES


class UnknownVariable(str):
    """Makes a template fail on a variable that it was not given, instead of showing nothing."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"template variable {variable!s} is unknown")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable("%s")  # type: ignore[index]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # does not read every static file at the start
