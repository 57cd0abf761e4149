"""A question with its misspelt words mended; exact phrases stay as they are."""

import re

from policies.search.typed import Typed
from policies.spelling import nearest

_WORD = re.compile(r"[^\W\d_]{4,}")


def retyped(typed: Typed) -> str | None:
    """The question as it was probably meant; None where every word is known or like no other."""
    words = [
        word
        for group in typed.groups
        for term in group
        if not term.is_phrase
        for word in _WORD.findall(term.text)
    ]
    mended = typed.asked
    for word, near in nearest(words).items():
        mended = re.sub(rf'(?<![\w"]){re.escape(word)}(?!\w)', near, mended)
    return mended if mended != typed.asked else None
