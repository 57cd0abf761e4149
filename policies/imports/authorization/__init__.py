"""Authorization lists from CSV files: read, compared with what is there, and stored."""

from policies.imports.authorization.columns import MAX_BYTES
from policies.imports.authorization.difference import Difference, Ending
from policies.imports.authorization.reading import read_list
from policies.imports.authorization.rows import Fault, Listed, NotAList
from policies.imports.authorization.storing import preview_list, store_list

__all__ = [
    "MAX_BYTES",
    "Difference",
    "Ending",
    "Fault",
    "Listed",
    "NotAList",
    "preview_list",
    "read_list",
    "store_list",
]
