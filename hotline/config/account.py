"""The system account that runs the embedded database: the user's own, or an unprivileged one when started as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.config.places import SERVER_UID_NAME, Places
from hotline.config.telling import Trouble


@dataclass(frozen=True)
class Account:
    """A user and group number; `switch` says whether it is another than ours."""

    uid: int
    gid: int
    switch: bool

    def subprocess_arguments(self) -> dict[str, Any]:
        """What `subprocess.run` needs to run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def make_private_folder(self, path: Path) -> None:
        """Make a folder that only this account may enter, or check that an existing one is so. Raises Trouble."""
        try:
            path.mkdir(mode=0o700)
            if self.switch:
                os.chown(path, self.uid, self.gid)
        except FileExistsError:
            pass
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid or found.st_mode & 0o077:
            raise Trouble(
                f"{path} 不是本用户专用的目录（应为 0700）：请删除它或改正权限后再启动",
                f"{path} is not a private folder (mode 0700) of user {self.uid}: remove it or mend it, then start",
            )

    def write(self, path: Path, text: str) -> None:
        """Write a file that only this account may read."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            if self.switch:
                os.fchown(descriptor, self.uid, self.gid)
            file.write(text)


def server_account(places: Places) -> Account:
    """Who runs the server: ourselves; as root the owner of the existing cluster, or else the unprivileged user.

    PostgreSQL refuses to run as root.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    if places.cluster.exists() and (found := places.cluster.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid, switch=True)
    try:
        entry = pwd.getpwnam(SERVER_UID_NAME)
    except KeyError:
        return Account(65534, 65534, switch=True)
    return Account(entry.pw_uid, entry.pw_gid, switch=True)
