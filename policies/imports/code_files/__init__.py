"""Files of codes as their publishers lay them out: bytes in, lines out; no Django, no database."""

from policies.imports.code_files.formats import FORMATS, Format
from policies.imports.code_files.lines import (
    CodeFile,
    CodeLine,
    NotACodeFile,
    NotUnderstood,
)

__all__ = ["FORMATS", "CodeFile", "CodeLine", "Format", "NotACodeFile", "NotUnderstood"]
