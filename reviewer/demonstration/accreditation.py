"""That a plan is accredited: entered into the rules by two people, as policy staff do."""

from datetime import datetime
from typing import Final

from django.contrib.auth.models import User

from reviewer.demonstration.members import MEDICARE, PLANS
from reviewer.workflow.rules import approve_rule_change, propose_rule_change

ROW: Final = {
    "id": "harborlight_advantage_urac",
    "line_of_business": str(MEDICARE),
    "jurisdiction": "any",
    "plan": PLANS[MEDICARE],
    "regime": "urac",
    "role": "target",
    "applies_from": "",
    "applies_to": "",
    "citation": "URAC Health UM",
    "confidence": "G",
    "note": "The plan is accredited: a target beside the law, and the limit for talks.",
}


def enter_accreditation(*, editor: User, approver: User, at: datetime) -> None:
    change = propose_rule_change(
        table="regimes",
        key=ROW["id"],
        row=ROW,
        reason="The plan was accredited for utilization management.",
        by=editor,
        at=at,
    )
    approve_rule_change(change=change, by=approver, at=at)
