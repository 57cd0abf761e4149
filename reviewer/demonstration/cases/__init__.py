"""What is asked and what becomes of it, a module a kind of service; oldest first."""

from reviewer.demonstration.cases import (
    equipment,
    limits,
    medicine,
    rehabilitation,
    surgery,
    testing,
)
from reviewer.demonstration.steps import Case

EVERY: tuple[Case, ...] = tuple(
    sorted(
        (
            *rehabilitation.CASES,
            *equipment.CASES,
            *medicine.CASES,
            *limits.CASES,
            *surgery.CASES,
            *testing.CASES,
        ),
        key=lambda case: -case.ago,
    )
)
