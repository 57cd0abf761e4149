"""What another limit would have meant for the duties that were done."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.access import note_shown
from reviewer.clocks import Rule
from reviewer.decorators import needs
from reviewer.forms.simulation import SimulationForm
from reviewer.models import Clock, Request
from reviewer.time import local_day, now
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book
from reviewer.workflow.rule_words import length_of
from reviewer.workflow.simulation import MOST, Simulation, simulate

SHOWN: Final = 100  # cases in the list
LEFT, WIDTH, GAP = 184, 480, 6  # of the drawing: where bars begin, the longest, to its number
TOP, PAIR = 34, 50  # where they begin, and from pair to pair


@dataclass(frozen=True, slots=True)
class Bar:
    """Two bars of one line of business: late as it is, late as it would be; in drawing units."""

    line: str
    y: int
    late: int
    would_be_late: int
    width: int
    would_be_width: int
    words: str

    @property
    def end(self) -> int:
        return LEFT + self.width + GAP

    @property
    def would_be_end(self) -> int:
        return LEFT + self.would_be_width + GAP


@require_safe
@needs("reviewer.assign_request")
def clock_simulation(http_request: HttpRequest) -> HttpResponse:
    """For supervisors: choose a rule and another limit; the past is computed, not changed."""
    seen = Request.objects.visible_to(http_request.user)
    rules, today = rules_in_use(), local_day(now())
    asked = bool(http_request.GET)
    form = SimulationForm(http_request.GET if asked else None, rules=rules, today=today)
    context: dict[str, Any] = {"form": form, "most": MOST, "has_rules": bool(rules)}
    if asked and form.is_valid():
        data = form.cleaned_data
        rule = book().rule(data["rule"])
        try:
            found = simulate(
                seen,
                rule_id=rule.rule_id,
                number=data["number"],
                unit=data["unit"],
                start=data["start"],
                end=data["end"],
            )
        except Refused as refusal:
            form.add_error("number", str(refusal))
        else:
            turned = found.turned[:SHOWN]
            note_shown(http_request, [one.clock.request.number for one in turned])
            unit = data["unit"].replace("_", " ")
            context |= {
                "found": found,
                "turned": turned,
                "bars": bars(found),
                "height": TOP + len(found.tallies) * PAIR,
                "rule": rule,
                "limit": length_of(rule),
                "other": f"{data['number']} {unit}",
            }
    return render(http_request, "reviewer/clock_simulation.html", context)


def rules_in_use() -> list[Rule]:
    """Rules of the book with a number that some clock of the record was selected by."""
    used = set(Clock.objects.order_by().values_list("rule_id", flat=True).distinct())
    used |= set(Clock.objects.order_by().values_list("applied_rule_id", flat=True).distinct())
    return [one for one in book().rules if one.rule_id in used and one.number is not None]


def bars(found: Simulation) -> list[Bar]:
    """A pair of bars for each line of business; the longest fills the width."""
    most = max([1, *(max(one.late, one.would_be_late) for one in found.tallies)])
    return [
        Bar(
            line=one.line,
            y=TOP + place * PAIR,
            late=one.late,
            would_be_late=one.would_be_late,
            width=WIDTH * one.late // most,
            would_be_width=WIDTH * one.would_be_late // most,
            words=f"{one.line}: {one.late} of {one.done} late, {one.would_be_late} would be",
        )
        for place, one in enumerate(found.tallies)
    ]
