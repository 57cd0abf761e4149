"""Files from a person's disk: never more is read than a file of its kind may have."""

from dataclasses import dataclass
from pathlib import Path

from policies.imports.code_files import NotACodeFile
from policies.imports.code_files.lines import MAX_BYTES as MOST_OF_CODES
from policies.imports.code_files.lines import check_size
from policies.imports.flat import Flat, flatten
from policies.reading import MAX_BYTES, NotABulletin, read
from policies.reading.lines import too_large


@dataclass(frozen=True, slots=True)
class FileRead:
    """The bytes of a bulletin's file, and what they say."""

    name: str
    data: bytes
    flat: Flat


def read_bulletin(path: str | Path) -> FileRead:
    """Raises NotABulletin with one sentence."""
    path = Path(path)
    data = read_file(path)
    return FileRead(path.name, data, flatten(read(data, name=path.name)))


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises NotABulletin with one sentence when they cannot be had."""
    try:
        size = path.stat().st_size  # asked first: a huge file is refused without reading it
        if size > MAX_BYTES:
            raise NotABulletin(too_large(size))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # devices say that they have no size
    except OSError as error:
        raise NotABulletin(f"It cannot be read: {error.strerror or error}.") from error
    if len(data) > MAX_BYTES:
        raise NotABulletin(too_large(len(data)))
    return data


def read_code_file(path: Path) -> bytes:
    """The bytes of a file of codes. Raises NotACodeFile when they cannot be had."""
    try:
        check_size(path.stat().st_size)
        with path.open("rb") as file:
            data = file.read(MOST_OF_CODES + 1)
    except OSError as error:
        raise NotACodeFile(f"It cannot be read: {error.strerror or error}.") from error
    check_size(len(data))
    return data
