"""What the commands take on their command line."""

from argparse import ArgumentTypeError
from datetime import date


def day(text: str) -> date:
    """A day as 2026-03-02."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"write the day as 2026-03-02, not {text}") from error
