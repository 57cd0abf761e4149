"""Every change of state of a version: submit, approve, publish, retire, return to draft.

What must always hold stands in the database (migrations 0002, 0010 and 0012); the checks here say
the same in sentences. A sign-off is for the very text that was submitted: any edit of a version
that waits for approval or publication makes it a draft again. Changes by a person are noted in the
admin's history of the version.
"""

from policies.publishing.verbs import (
    approve,
    end_in_words,
    publish,
    publish_as_stored,
    retire,
    return_to_draft,
    submit,
)
from policies.refusals import Refused

__all__ = [
    "Refused",
    "approve",
    "end_in_words",
    "publish",
    "publish_as_stored",
    "retire",
    "return_to_draft",
    "submit",
]
