"""The demonstration: invented people, members and requests, acted out through `workflow/`.

`people` and `members` are who there is, `cases` what is asked and what became of it, `steps` how a
case is told, `loading` acts all of it out.
"""

from typing import Final

PASSWORD: Final = "quiet-harbor-bench"  # noqa: S105 (of invented people)
SIGN_INS: Final[tuple[tuple[str, str], ...]] = (
    ("ipardo", "intake coordinator"),
    ("rokafor", "nurse reviewer"),
    ("mlindqvist", "physician reviewer"),
    ("sadeyemi", "physician reviewer, who decides appeals"),
    ("lfisk", "appeals coordinator"),
    ("gmoreno", "supervisor"),
    ("postrom", "policy editor"),
    ("hsato", "policy approver"),
    ("ivolk", "auditor"),
    ("aquist", "administrator"),
)
