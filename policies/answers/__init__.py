"""The answer for a request: what the library says of its lines beside its diagnoses.

Three answers for each line, none of which follows from another: coverage, authorization,
documentation. Each names the version, the place and the hash it rests on.
"""

from policies.answers.as_json import as_json
from policies.answers.asking import answer_for
from policies.answers.model import Answer, Follows, LineAnswer, Said, Value
from policies.answers.pasted import MOST, Pasted, read_pasted

__all__ = [
    "MOST",
    "Answer",
    "Follows",
    "LineAnswer",
    "Pasted",
    "Said",
    "Value",
    "answer_for",
    "as_json",
    "read_pasted",
]
