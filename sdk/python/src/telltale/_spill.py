"""Batches on disk while the gateway cannot be reached: written as they would be sent, sent again oldest first."""

from __future__ import annotations

import os
import time
from typing import Optional

from ._queue import Losses

_SUFFIX = ".ndjson.gz"


class Spill:
    """A folder of batches, bounded in bytes. Each process writes files of its own, and sends what any has left."""

    def __init__(self, folder: str, max_bytes: int, losses: Losses) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self.losses = losses
        self._count = 0

    def write(self, batch: bytes, records: int) -> bool:
        """Stores one batch; the oldest are removed where there is no room. False: it could not be written."""
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            self._count += 1
            name = f"{time.time_ns():020d}-{os.getpid()}-{self._count}-{records}{_SUFFIX}"
            path = os.path.join(self.folder, name)
            descriptor = os.open(path + ".part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(batch)
            os.replace(path + ".part", path)
            self._make_room()
            return True
        except OSError:
            return False

    def _files(self) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self.folder) if name.endswith(_SUFFIX))
        except OSError:
            return []

    def _make_room(self) -> None:
        files = self._files()
        sizes = {name: self._size(name) for name in files}
        total = sum(sizes.values())
        for name in files:
            if total <= self.max_bytes:
                return
            total -= sizes[name]
            self.remove(name)
            self.losses.add("spill_full", records_in(name))

    def _size(self, name: str) -> int:
        try:
            return os.path.getsize(os.path.join(self.folder, name))
        except OSError:
            return 0

    def oldest(self) -> Optional[tuple[str, bytes]]:
        """Name and content of the batch to be sent next, taken by renaming, so that two processes do not send one."""
        for name in self._files():
            path = os.path.join(self.folder, name)
            try:
                os.replace(path, path + f".{os.getpid()}")
                with open(path + f".{os.getpid()}", "rb") as file:
                    return name, file.read()
            except OSError:
                continue
        return None

    def sent(self, name: str) -> None:
        self.remove(f"{name}.{os.getpid()}")

    def put_back(self, name: str) -> None:
        path = os.path.join(self.folder, name)
        try:
            os.replace(f"{path}.{os.getpid()}", path)
        except OSError:
            pass

    def remove(self, name: str) -> None:
        try:
            os.remove(os.path.join(self.folder, name))
        except OSError:
            pass

    def recover(self) -> None:
        """Gives back what a process that is gone had taken to send."""
        try:
            names = os.listdir(self.folder)
        except OSError:
            return
        for name in names:
            stem, dot, pid = name.rpartition(".")
            if dot and stem.endswith(_SUFFIX) and pid.isdigit() and not _lives(int(pid)):
                try:
                    os.replace(os.path.join(self.folder, name), os.path.join(self.folder, stem))
                except OSError:
                    pass


def records_in(name: str) -> int:
    try:
        return int(name[: -len(_SUFFIX)].rpartition("-")[2])
    except ValueError:
        return 1


def _lives(pid: int) -> bool:
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
