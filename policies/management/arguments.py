"""What the commands take on their command line."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.core.management import CommandError


def day(text: str) -> date:
    """A day as 2026-03-02."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"write the day as 2026-03-02, not {text}") from error


def bytes_of(path: Path, *, most: int) -> bytes:
    """The bytes of a file, one more than `most` of a longer one: enough to refuse it."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}.") from error
