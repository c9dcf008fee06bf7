"""How tables are replaced on disk: one file at once, or several together, under a lock, whatever is killed when."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

STAGE, DONE = ".staged", "complete"


class Locked(Exception):
    """Someone else is writing to the folder."""


def replace(path: str, content: bytes) -> None:
    """Put ``content`` in place of the file at once: a reader or a kill finds the old or the new one, never a part."""
    folder, name = os.path.split(path)
    os.makedirs(folder, exist_ok=True)
    beside = os.path.join(folder, f".{name}.new")
    with suppress(FileNotFoundError):
        os.remove(beside)
    _write(beside, content)
    os.replace(beside, path)


def replace_all(folder: str, contents: Mapping[str, bytes]) -> None:
    """Put several files in place together: either all of them or, if killed before all were staged, none.

    The new files are written to a stage first and the stage is marked complete; only then are they moved. Whoever
    finds a complete stage moves what is left of it (``recover``), so a kill in between is healed by the next writer.
    """
    stage = os.path.join(folder, STAGE)
    recover(folder)
    os.makedirs(stage)
    for name, content in contents.items():
        _write(os.path.join(stage, name), content)
    _write(os.path.join(stage, DONE), b"")
    recover(folder)


def recover(folder: str) -> bool:
    """Finish or forget what a killed writer left behind; return whether there was anything to finish."""
    stage = os.path.join(folder, STAGE)
    if not os.path.lexists(stage):
        return False
    if os.path.islink(stage) or not os.path.isdir(stage):
        # What a stage holds is moved into the folder; this one could hold anything from anywhere.
        raise NotADirectoryError(f"{stage} is not the folder an intake leaves behind; delete it")
    complete = os.path.exists(os.path.join(stage, DONE))
    if complete:
        for name in sorted(os.listdir(stage)):
            if name != DONE:
                os.replace(os.path.join(stage, name), os.path.join(folder, name))
    shutil.rmtree(stage)
    return complete


def unfinished(folder: str) -> bool:
    """Whether a killed writer left a complete stage, so that the tables beside it may be half old, half new."""
    return os.path.exists(os.path.join(folder, STAGE, DONE))


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when the process ends, however it ends.

    Raises:
        Locked: another process holds it.
    """
    from filelock import FileLock, Timeout

    # Beside the tables the lock's file would be packed with them.
    name = hashlib.sha256(os.path.realpath(folder).encode()).hexdigest()[:16]
    try:
        with FileLock(os.path.join(tempfile.gettempdir(), f"india-japan-engagements-{name}.lock"), timeout=0):
            yield
    except Timeout:
        message = (
            f"another intake or build is writing to {folder}; wait for it to end, then run yours again: "
            "nothing was written"
        )
        raise Locked(message) from None


def _write(path: str, content: bytes) -> None:
    with open(path, "xb") as file:  # never through a link that stands there
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
