"""Reading bulletins: bytes in, a `Document` out. Pure Python; knows nothing of Django.

`read` is the door. A form of input becomes lines (`lines.py` for text, `html.py` for a page's
markup; `printed_pages.py`, `wrapping.py` and `lost_*.py` mend what printing did), and one
reader finds the parts of a bulletin in them (`text.py`); lists, criteria and code tables have
modules of their own.
"""

from policies.reading import html, lost_breaks, lost_indents, printed_pages, wrapping
from policies.reading.document import Document
from policies.reading.html_source import is_html
from policies.reading.lines import MAX_BYTES, NotABulletin, decode, split
from policies.reading.text import read_lines

__all__ = ["MAX_BYTES", "Document", "NotABulletin", "read"]


def read(data: bytes, *, name: str = "") -> Document:
    """Read one bulletin, as text or as HTML. `name` is the file's, where there is one.

    Raises NotABulletin with one sentence that says what is wrong and what to do.
    """
    if name.casefold().endswith((".doc", ".docx", ".rtf", ".odt")):
        raise NotABulletin(
            "This is a word processor's file: open it, save it as plain text in UTF-8, read that."
        )
    return _read(decode(data))


def _read(text: str) -> Document:
    if is_html(text):
        page = html.lines_of(text)
        return read_lines(page.lines, stated=page.stated)
    printed = split(text)
    lines, marks = printed_pages.without_page_marks(printed)
    if wrapping.is_dense(printed):
        lines = wrapping.rejoined(lines)
    lines, restored = lost_breaks.restored(lines)
    return read_lines(lost_indents.restored(lines), doubts=marks + restored)
