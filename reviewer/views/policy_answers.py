"""The address of the policy answer for a request: its codes and days, for whom; nobody's name."""

from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from policies.reading import codes
from reviewer.models import Request
from reviewer.time import local_day
from reviewer.views.bench import Bench


def policy_answers(request: Request, bench: Bench) -> list[tuple[date, str]]:
    """An address for each day on which lines begin, for the day decides which version governs."""
    days = sorted({view.line.starts_on for view in bench.lines})
    return [(day, _address(request, bench, day)) for day in days]


def _address(request: Request, bench: Bench, day: date) -> str:
    asked = {
        "codes": " ".join(one.line.code for one in bench.lines if one.line.starts_on == day),
        "diagnoses": " ".join(codes.dotted(key) for key, _ in bench.diagnoses),
        "on": day.isoformat(),
        "received": local_day(request.received_at).isoformat(),
        "line_of_business": request.line_of_business,
        "state": request.jurisdiction,
    }
    return f"{reverse('policies:look_up_page')}?{urlencode(asked)}"
