"""A collection: the directory that holds everything, and the root object for all who use it.

Opening one finishes a change of many files that was interrupted (`archive.changeover`), and repairs what else a crash
left (`archive.warc.recover`), unless the directory cannot be written or somebody has the collection to himself; readers
then read the ``.open`` files as they are. Whoever writes holds the collection shared for as long as his writer lives.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path

from archive import changeover
from archive.config import CONFIG_NAME, CollectionConfig, read_config, write_config
from archive.dedup import DedupScope
from archive.digest import Algorithm
from archive.disk import Disk, refused
from archive.errors import DamagedRecord, Locked, NoCollection, NotFound
from archive.index.files import OPEN_SUFFIX
from archive.index.lookup import Index
from archive.index.merge import merge
from archive.locks import hold
from archive.model import Capture, Discovery
from archive.readable import Readable
from archive.recorder import Recorder
from archive.storage.address import Address, configured
from archive.storage.manifest import MANIFEST, copies, read_lines
from archive.storage.ranges import Copy
from archive.version import __version__
from archive.warc.appender import Fsync, Rolling
from archive.warc.fields import discovery_of, load
from archive.warc.files import OPEN, ClosedFile, Shelf, closed_files
from archive.warc.reader import Record, read_at
from archive.warc.records import Warcinfo
from archive.warc.recover import Recovery, recover
from archive.warc.writer import WarcWriter

__all__ = ["Collection"]

# What may be there before the first crawl: what a user puts down or brings along, and what a fresh disk has …
_BEFOREHAND = {
    "sources.toml",
    "recipes",
    "state.sqlite",
    "state.sqlite-wal",
    "state.sqlite-shm",
    "cookies.txt",
    "lost+found",
}
# … and, where what is to be crawled is said already, cookies by other names and the daemon's log.
_BESIDE_SOURCES = ("*cookies*.txt", "*.log", "*.log.*", "log", "logs")


class Collection:
    """Paths, locks, writers and records of one collection."""

    def __init__(self, path: Path, config: CollectionConfig, disk: Disk) -> None:
        self.path = path
        self.config = config
        self.archive_dir = path / "archive"
        self.text_dir = path / "text"
        self.indexes_dir = path / "indexes"
        self.crawls_dir = path / "crawls"
        self.catalogue_path = path / "catalogue.sqlite"
        self.files_path = path / "files.jsonl"
        self.shipped_path = path / MANIFEST
        self.recovered: tuple[Recovery, ...] = ()
        self._copies: tuple[object, dict[str, Copy]] = (None, {})
        self._disk = disk
        self._alone = False

    @classmethod
    def open(cls, path: Path | str, *, disk: Disk | None = None) -> Collection:
        """The collection at `path`; NoCollection when it is none, ConfigError when its format is not ours."""
        path = Path(path)
        config = read_config(path)
        collection = cls(path, config, disk or Disk())
        if os.access(path, os.W_OK):
            collection._recover()
        return collection

    @classmethod
    def create(
        cls, path: Path | str, *, name: str | None = None, operator: str | None = None, disk: Disk | None = None
    ) -> Collection:
        """The collection at `path`, made when there is none; StorageError when that cannot be."""
        path = Path(path)
        disk = disk or Disk()
        if not (path / CONFIG_NAME).exists():
            _check_free(path)
            try:
                disk.make_directory(path)
                write_config(disk, path, CollectionConfig(name=name or path.resolve().name, operator=operator))
            except OSError as error:
                raise refused(error, path) from error
        collection = cls.open(path, disk=disk)
        collection._make_folders()
        return collection

    @property
    def name(self) -> str:
        return self.config.name

    @contextmanager
    def shared(self, who: str) -> Iterator[None]:
        """A writer's hold, many at once; Locked, naming the holder, while somebody has the collection to himself.

        Within `exclusive` of the same object it holds nothing of its own.
        """
        if self._alone:
            yield
            return
        while True:
            with hold(self._disk, self.path, who, shared=True):
                if not changeover.is_unfinished(self.path):
                    yield
                    return
            with self.exclusive("recovery"):  # whoever was changing it was killed since this object was opened
                pass

    @contextmanager
    def only_one(self, who: str) -> Iterator[None]:
        """One process of a kind at a time, beside any others: `who` is the kind; Locked when there is one."""
        with hold(self._disk, self.path, who, shared=False, what=who):
            yield

    @contextmanager
    def exclusive(self, who: str) -> Iterator[None]:
        """The collection to oneself, for what rewrites it; Locked, naming the holders, while anybody writes."""
        with hold(self._disk, self.path, who, shared=False):
            try:
                changeover.complete(self._disk, self.path)
            except OSError as error:
                raise refused(error, self.path) from error
            self._alone = True
            try:
                yield
            finally:
                self._alone = False

    def recorder(
        self,
        *,
        crawl_id: str,
        user_agent: str,
        robots: str = "obey",
        http_from: str | None = None,
        dedup: DedupScope = "url",
        digest: Algorithm = "sha1",
        fsync: Fsync | None = None,
        rolling: Rolling | None = None,
        redaction: str | None = None,
        who: str = "crawl",
    ) -> Recorder:
        """Writes captures to ``archive/`` until it is closed; Locked, or StorageError when nothing can be written.

        `redaction` says in words what is left out of request records.
        """
        held = self._held(who)
        values = self._warcinfo(
            crawl_id, user_agent=user_agent, robots=robots, http_from=http_from, redaction=redaction
        )
        return Recorder(
            self.archive_shelf,
            prefix=self.name,
            values=values,
            dedup=dedup,
            digest=digest,
            fsync=fsync,
            rolling=rolling,
            on_close=held.close,
        )

    def text_writer(
        self,
        *,
        crawl_id: str | None = None,
        fsync: Fsync | None = None,
        rolling: Rolling | None = None,
        who: str = "ingest",
    ) -> WarcWriter:
        """Writes readings to ``text/`` until it is closed."""
        held = self._held(who)
        return WarcWriter(
            self.text_shelf,
            prefix=f"{self.name}-text",
            values=self._warcinfo(crawl_id),
            fsync=fsync,
            rolling=rolling,
            on_close=held.close,
        )

    @property
    def archive_shelf(self) -> Shelf:
        return Shelf(directory=self.archive_dir, indexes=self.indexes_dir, listing=self.files_path, disk=self._disk)

    @property
    def text_shelf(self) -> Shelf:
        return Shelf(directory=self.text_dir, indexes=None, listing=self.files_path, disk=self._disk)

    def index(self) -> Index:
        """The index of all captures; close it after use, and use it in one thread."""
        return Index(self.indexes_dir)

    def closed_files(self) -> dict[str, ClosedFile]:
        """What ``files.jsonl`` says of each closed file, by name."""
        return closed_files(self.files_path)

    def copies(self) -> dict[str, Copy]:
        """Of which files a checked copy lies elsewhere, by name, whether they are here too or not."""
        state = _stamp(self.shipped_path)
        if state is None:
            return {}
        stamp = state, _stamp(self.files_path)
        known, found = self._copies
        if stamp != known:
            found = copies(read_lines(self.shipped_path).values(), self.closed_files(), self.store)
            self._copies = stamp, found
        return found

    def texts_elsewhere(self) -> dict[str, Copy]:
        """Files of ``text/`` that are only elsewhere, by name."""
        shipped = {name: copy for name, copy in self.copies().items() if copy.folder == self.text_dir.name}
        here = {path.name.removesuffix(OPEN) for path in self.text_dir.glob("[!.]*")} if shipped else set()
        return {name: copy for name, copy in shipped.items() if name not in here}

    @property
    def store(self) -> Address | None:
        """Where files are shipped by ``collection.toml``; ConfigError when that is no place."""
        return configured(self.config.ship, self.path)

    def is_here(self, file: str) -> bool:
        """Whether the WARC file of this final name lies on this disk."""
        return self._here(file) is not None

    def locate(self, file: str) -> Path:
        """Where the WARC file of this final name lies on this disk now; NotFound when it does not."""
        here = self._here(file)
        if here is None:
            raise NotFound(f"{self.path} has no file {file}")
        return here

    def readable(self, file: str) -> Readable:
        """The WARC file of this final name, here or else where it was shipped; NotFound when it is nowhere."""
        found = self._here(file) or self.copies().get(file)
        if found is None:
            raise NotFound(f"{self.path} has no file {file}")
        return found

    def read(self, file: str, offset: int, length: int | None = None) -> Record:
        """The record at a place; NotFound when the file is gone, DamagedRecord when the record is.

        Of a file that is only elsewhere: StoreError when that does not answer.
        """
        for _ in range(2):
            with suppress(FileNotFoundError):  # renamed or removed between the look and the read: closed, or shipped
                return read_at(self.readable(file), offset, length)
        raise NotFound(f"{self.path} has no file {file}")

    def discovery(self, capture: Capture) -> Discovery:
        """How the capture's URL was found, from the metadata record that follows it; empty when there is none."""
        record = self.beside(capture, "metadata")
        if record is None:
            return Discovery()
        assert isinstance(record.block, bytes)
        return discovery_of(load(record.block))

    def beside(self, capture: Capture, kind: str) -> Record | None:
        """The request or metadata record of the capture's own event, when it is one of the two that follow it."""
        offset = capture.offset + capture.length
        with suppress(DamagedRecord):  # the capture is the last of its file
            for _ in range(2):
                record = self.read(capture.file, offset)
                if f"<{capture.id}>" not in record.all("WARC-Concurrent-To"):
                    break
                if record.type == kind:
                    return record
                offset += record.length
        return None

    def _here(self, file: str) -> Path | None:
        for suffix in ("", OPEN, ""):  # the final name twice: a file may be closed while we look
            for folder in (self.archive_dir, self.text_dir):
                path = folder / (file + suffix)
                if path.exists():
                    return path
        return None

    def _held(self, who: str) -> ExitStack:
        """A writer's hold, the folders made and the index in order."""
        with ExitStack() as held:
            held.enter_context(self.shared(who))
            self._make_folders()
            try:
                merge(self._disk, self.indexes_dir, self.archive_dir, shipped=self.copies())
            except OSError as error:
                raise refused(error, self.indexes_dir) from error
            return held.pop_all()

    def _make_folders(self) -> None:
        try:
            for folder in (self.archive_dir, self.text_dir, self.indexes_dir, self.crawls_dir):
                self._disk.make_directory(folder)
        except OSError as error:
            raise refused(error, self.path) from error

    def _recover(self) -> None:
        if changeover.is_unfinished(self.path):
            with suppress(Locked), self.exclusive("recovery"):
                pass
        left = [*self.archive_dir.glob(f"*{OPEN}"), *self.text_dir.glob(f"*{OPEN}")]
        if not left and not any(self.indexes_dir.glob(f"*{OPEN_SUFFIX}")):
            return
        with suppress(Locked), self.shared("recovery"):
            self.recovered = tuple(recover(self.archive_shelf) + recover(self.text_shelf))

    def _warcinfo(
        self,
        crawl_id: str | None,
        *,
        user_agent: str | None = None,
        robots: str | None = None,
        http_from: str | None = None,
        redaction: str | None = None,
    ) -> Warcinfo:
        return Warcinfo(
            software=f"wirecopy/{__version__}",
            operator=self.config.operator,
            robots=robots,
            hostname=socket.gethostname(),
            ip=_own_address(),
            user_agent=user_agent,
            http_from=http_from,
            part_of=crawl_id,
            description=f"collection {self.name}",
            redaction=redaction,
        )


def _check_free(path: Path) -> None:
    """Refuses to scatter a collection's folders over a directory that holds something else."""
    try:
        others = [entry.name for entry in path.iterdir() if not entry.name.startswith(".")]
    except FileNotFoundError:
        return
    except OSError as error:
        if path.is_file():
            raise NoCollection(path, "is a file, not a directory") from None
        raise refused(error, path) from error
    beside = _BESIDE_SOURCES if "sources.toml" in others else ()
    foreign = [name for name in others if name not in _BEFOREHAND and not any(fnmatch(name, one) for one in beside)]
    if foreign:
        raise NoCollection(path, f"holds other things ({min(foreign)} …) and is not a wirecopy collection")


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns


def _own_address() -> str | None:
    """The address this machine would send from; a UDP socket is connected without a packet."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return None
