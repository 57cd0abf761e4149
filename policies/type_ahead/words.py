"""The words typed so far. The last may be the beginning of one."""

import re
from dataclasses import dataclass

from policies.models import System
from policies.spelling import read_code

EVERY_SYSTEM = tuple(System.values)
_WORD = re.compile(r"[^\W_]+")
_KEY = re.compile(r"(?=.*\d)[0-9A-Z]{2,7}")


@dataclass(frozen=True, slots=True)
class Words:
    """What was asked, on one line, and its words in small letters; of which systems codes are."""

    asked: str
    all: tuple[str, ...]
    systems: tuple[str, ...] = EVERY_SYSTEM

    @property
    def is_for_everything(self) -> bool:
        return self.systems == EVERY_SYSTEM

    @property
    def last(self) -> str:
        return self.all[-1]

    @property
    def key(self) -> str:
        """The key of a code, where it may be one or the beginning of one; else empty."""
        key = "" if " " in self.asked else read_code(self.asked).key
        return key if _KEY.fullmatch(key) else ""

    @property
    def query(self) -> str:
        """All of the words in any order, for `to_tsquery`; only letters and digits are in them."""
        return " & ".join(f"'{one}'" for one in self.all) + ":*"


def read_words(asked: str, systems: tuple[str, ...] = ()) -> Words:
    return Words(asked, tuple(_WORD.findall(asked.lower())), systems or EVERY_SYSTEM)
