"""A backup as one file: a ZIP archive with a manifest that has the checksum of everything else."""

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

FORMAT = 1
"""A new number if archives of this version could not be read by the one before."""

MANIFEST, CHECKSUM = "manifest.json", "manifest.sha256"
CHUNK = 2**20

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What Python raises where a byte of an archive is another one."""

Report = Callable[[str], None]


class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why and what to do."""


class Content(NamedTuple):
    """What the manifest says of one table or file."""

    name: str
    size: int
    """The number of rows, or of bytes."""
    sha256: str
    columns: list[str]
    highest_key: int

    @property
    def member(self) -> str:
        """Its name in the archive."""
        return f"tables/{self.name}.jsonl" if self.columns else f"documents/{self.name}"


class Manifest(NamedTuple):
    """What an archive says of itself."""

    made_at: str
    database: str
    migrations: list[list[str]]
    """Those that were applied: the app and the name."""
    key: str
    """A hash of the secret key, to say after a restore whether it is the same."""
    tables: list[Content]
    documents: list[Content]
    missing: list[str]
    """Documents that records name and that were not there."""

    @property
    def rows(self) -> int:
        return sum(table.size for table in self.tables)

    def summary(self) -> str:
        return (
            f"{self.rows} row(s) of {len(self.tables)} tables and {len(self.documents)} file(s),"
            f" made at {self.made_at}"
        )


# --- writing ----------------------------------------------------------------------------


class Writer:
    """Writes an archive, member by member."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._zip.close()  # nothing is left to do if it was ended

    def add_table(
        self, name: str, columns: list[str], lines: Iterable[str], highest_key: int
    ) -> Content:
        content = Content(name, 0, "", columns, highest_key)
        seen, count = hashlib.sha256(), 0
        with self._zip.open(content.member, "w", force_zip64=True) as member:
            for line in lines:
                written = line.encode() + b"\n"
                seen.update(written)
                member.write(written)
                count += 1
        return content._replace(size=count, sha256=seen.hexdigest())

    def add_document(self, name: str, source: Any) -> Content:
        content = Content(name, 0, "", [], 0)
        seen, size = hashlib.sha256(), 0
        member = zipfile.ZipInfo(content.member)  # not compressed: scans and pictures are already
        with self._zip.open(member, "w", force_zip64=True) as target:
            while some := source.read(CHUNK):
                seen.update(some)
                target.write(some)
                size += len(some)
        return content._replace(size=size, sha256=seen.hexdigest())

    def end(self, manifest: Manifest) -> None:
        """End the archive with what it says of itself."""
        text = json.dumps(_as_dict(manifest), ensure_ascii=False, indent=1)
        self._zip.writestr(MANIFEST, text)
        self._zip.writestr(CHECKSUM, hashlib.sha256(text.encode()).hexdigest() + "\n")
        self._zip.close()


def _as_dict(manifest: Manifest) -> dict[str, Any]:
    contents = {
        name: [content._asdict() for content in getattr(manifest, name)]
        for name in ("tables", "documents")
    }
    return {"format": FORMAT, **manifest._asdict(), **contents}


# --- reading ----------------------------------------------------------------------------


class Archive:
    """An archive that is read; its manifest is right, the rest is so after `verify`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            text = self._zip.read(MANIFEST)
            is_right = (
                self._zip.read(CHECKSUM).decode().strip() == hashlib.sha256(text).hexdigest()
            )
        except FileNotFoundError:
            raise BackupError(f"There is no file {path}.") from None
        except OSError as error:
            raise BackupError(f"{path} cannot be read ({error.strerror}).") from None
        except _DAMAGE:
            raise BackupError(f"{path} is no backup of the site, or it is damaged.") from None
        if not is_right:
            raise self._damaged(MANIFEST)
        self.manifest = _read(json.loads(text))

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Compare every checksum. Raise `BackupError` for the first that differs."""
        for content in [*self.manifest.tables, *self.manifest.documents]:
            seen = hashlib.sha256()
            with self._member(content) as member:
                while some := member.read(CHUNK):
                    seen.update(some)
            if seen.hexdigest() != content.sha256:
                raise self._damaged(content.member)

    def lines(self, table: Content) -> Generator[str, None, None]:
        """Yield the rows of a table."""
        with self._member(table) as member:
            for line in io.TextIOWrapper(member, "utf-8", newline="\n"):
                yield line.removesuffix("\n")

    @contextmanager
    def document(self, document: Content) -> Iterator[IO[bytes]]:
        with self._member(document) as member:
            yield member

    @contextmanager
    def _member(self, content: Content) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(content.member) as member:
                yield member
        except _DAMAGE:
            raise self._damaged(content.member) from None

    def _damaged(self, member: str) -> BackupError:
        return BackupError(
            f"{self.path} is damaged: {member} is not what was backed up. Use another backup."
        )


def _read(said: dict[str, Any]) -> Manifest:
    if said["format"] > FORMAT:
        raise BackupError(
            "This backup was made by a newer version of the site, in a form that this version"
            " cannot read. Install that version or a newer one, then try again."
        )
    contents = {
        name: [Content(**content) for content in said[name]] for name in ("tables", "documents")
    }
    return Manifest(**{name: said[name] for name in Manifest._fields} | contents)
