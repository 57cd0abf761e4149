"""Letters that move clocks, composed from the record in plain text."""

import re
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from policies.models import LineOfBusiness
from reviewer.models import Clock
from reviewer.workflow.clocks.scopes import Subject, appeal_of, request_of
from reviewer.workflow.notices import RIGHTS

# Who may complain about an extension or a refusal to expedite, and how fast that is answered.
GRIEVANCES: Final = {
    LineOfBusiness.MEDICARE_ADVANTAGE: "medicare_advantage",
    LineOfBusiness.INTEGRATED_DSNP: "medicare_advantage",
    LineOfBusiness.MEDICAID: "medicaid",
}


def compose(name: str, of: Subject, clock: Clock | None, *, at: datetime, **facts: Any) -> str:
    """A letter of `templates/letters/`. The same record gives the same letter."""
    request = request_of(of)
    line = LineOfBusiness(request.line_of_business)
    context = {
        "request": request,
        "appeal": appeal_of(of),
        "lines": list(request.lines.all()),
        "member": request.member,
        "clock": clock,
        "written_on": at.astimezone(ZoneInfo(clock.zone)).date() if clock else at,
        "grievance": f"letters/grievances/{GRIEVANCES[line]}.txt" if line in GRIEVANCES else "",
        "rights": f"letters/rights/{RIGHTS[line]}.txt",
        **facts,
    }
    letter = render_to_string(f"letters/{name}.txt", context).strip() + "\n"
    return re.sub(r"\n{3,}", "\n\n", letter)
