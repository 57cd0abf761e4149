"""A decision in the making: its forms, the versions to choose from and the passages to tick."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from policies.look_up import PolicyAnswer
from policies.models import Passage
from reviewer.access import get_reviewer
from reviewer.forms.determinations import GROUND_HINTS, DeterminationForm, VersionChoice
from reviewer.forms.signing import SigningForm
from reviewer.forms.verbs import ReasonForm
from reviewer.models import Determination, ServiceLine
from reviewer.time import local_day
from reviewer.views.bench import AnswerView, answers_for
from reviewer.views.passages import spoken_by
from reviewer.views.signer import signer_on
from reviewer.views.time_left import decision_left


class Deciding:
    """Everything that the page of a decision holds. `prefix` keeps it apart from other forms."""

    def __init__(
        self,
        http_request: HttpRequest,
        line: ServiceLine,
        *,
        at: datetime,
        corrects: Determination | None = None,
        prefix: str | None = None,
    ) -> None:
        self.http_request, self.line, self.at, self.corrects = http_request, line, at, corrects
        self.reviewer = get_reviewer(http_request)
        self.signer = signer_on(self.reviewer, local_day(at))
        self.may_deny = http_request.user.has_perm("reviewer.deny_request")
        self.answers = answers_for(line.request, line, at=at)
        self.versions = version_choices(self.answers)
        self.shown = [
            AnswerView(one.governing, list(one.code_hits), list(one.diagnosis_hits))
            for one in self.answers
        ]
        self.spoken = spoken_by(
            [one.version for one in self.versions],
            aside=[
                one.pk
                for one in (choice.version for choice in self.versions)
                if not any(answer.speaks and answer.version == one for answer in self.shown)
            ],
        )
        data = http_request.POST if http_request.method == "POST" else None
        self.form = DeterminationForm(
            data,
            line=line,
            may_deny=self.may_deny,
            versions=self.versions,
            passages=self._passages(),
            initial=self._initial(),
            prefix=prefix,
        )
        self.signing = SigningForm(data, http_request=http_request)
        self.correction = ReasonForm(data, prefix="correction") if corrects else None

    def is_valid(self) -> bool:
        """Whether it may be signed."""
        content = [self.form, self.correction] if self.correction else [self.form]
        sound = [one.is_valid() for one in content]
        return self.is_proved() and all(sound)

    @property
    def correction_reason(self) -> str:
        return str(self.correction.cleaned_data["reason"]) if self.correction else ""

    def is_proved(self) -> bool:
        """Whether the password is right. Once it is, the page does not ask for it again."""
        if not self.signing.is_valid():
            return False
        self.signing = SigningForm(None, http_request=self.http_request)
        return True

    def context(self) -> dict[str, Any]:
        return {
            "case": self.line.request,
            "line": self.line,
            "form": self.form,
            "signing": self.signing,
            "correction": self.correction,
            "corrects": self.corrects,
            "may_deny": self.may_deny,
            "signer": self.signer,
            "ground_hints": list(GROUND_HINTS.items()),
            "answers": self.shown,
            "versions": self.versions,
            "spoken": [part for one in self.versions for part in self.spoken[one.version.pk]],
            "ticked": [str(one) for one in self.form["passages"].value() or ()],
            "left": decision_left(self.line.request, at=self.at),
        }

    def _passages(self) -> Any:
        said = [one for parts in self.spoken.values() for part in parts for one in part.said]
        wanted = Passage.objects.filter(pk__in=[one.passage.pk for one in said])
        return wanted.select_related("section").defer("search", "section__search")

    def _initial(self) -> dict[str, Any]:
        governing = [one for one in self.versions if one.governs]
        return {
            "ground": "",
            "outcome": "" if self.may_deny else "approved",
            "units_granted": self.line.units,
            "starts_on": self.line.starts_on,
            "ends_on": self.line.ends_on,
            "version": str(governing[0].version.pk) if governing else None,
        }


def version_choices(answers: Sequence[PolicyAnswer]) -> list[VersionChoice]:
    """The versions that govern, the strongest first, then the near misses."""
    governing = [
        VersionChoice(one.governing.version, one.governing.sentence, governs=True)
        for one in answers
        if one.governing.version
    ]
    near = [
        VersionChoice(
            miss.version,
            f"{one.governing.bulletin.number}: {miss.sentence}",
            governs=False,
            is_possible=miss.is_possible,
        )
        for one in answers
        for miss in one.governing.near_misses
    ]
    return governing + near
