"""Where an export goes: a file that is whole or absent, or a stream.

The file is written beside its place under another name, fsynced and renamed. When anything interrupts that, what was
there before is there still, and the other name is gone (after ``kill -9``: a file ``.NAME.PID`` is left). A place that
is no regular file, such as a pipe or a device, is written to as it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archive.disk import Disk, refused

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: Path | None) -> Iterator[BinaryIO]:
    """To write to; None for standard output. StorageError when the disk refuses."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as out:
                yield out
            return
        path = path.resolve()  # a link keeps pointing to what it names
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with beside.open("wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            beside.replace(path)
            Disk().sync_directory(path.parent)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        error.filename = str(path)  # the other name means nothing to who gave this one
        raise refused(error, path) from error
