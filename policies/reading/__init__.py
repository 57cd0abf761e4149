"""Reading bulletins: bytes in, a `Document` out. Pure Python; knows nothing of Django.

`read` is the door. A form of input is a module (`text.py`; HTML is to be `html.py`) that
hands paragraphs, lists and code rows to the same model in `document.py`.
"""

from policies.reading.document import Document
from policies.reading.lines import MAX_BYTES, NotABulletin, decode, split
from policies.reading.text import read_lines

__all__ = ["MAX_BYTES", "Document", "NotABulletin", "read"]


def read(data: bytes, *, name: str = "") -> Document:
    """Read one bulletin. `name` is the file's, where there is one.

    Raises NotABulletin with one sentence that says what is wrong and what to do.
    """
    if name.casefold().endswith((".doc", ".docx", ".rtf", ".odt")):
        raise NotABulletin(
            "This is a word processor's file: open it, save it as plain text in UTF-8, read that."
        )
    return read_lines(split(decode(data)))
