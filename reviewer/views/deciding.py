"""A decision in the making: its forms, the versions to choose from and the passages to tick."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from policies.look_up_pairs import PolicyAnswer
from policies.models import Passage, Version
from reviewer.access import get_reviewer
from reviewer.forms.determinations import (
    GROUND_HINTS,
    NO_BULLETIN,
    DeterminationForm,
    VersionChoice,
)
from reviewer.forms.signing import SigningForm
from reviewer.forms.verbs import ReasonForm
from reviewer.models import Appeal, Determination, PolicyChoice, Request, ServiceLine
from reviewer.time import local_day
from reviewer.views.bench import AnswerView, answers_for
from reviewer.views.passages import spoken_by
from reviewer.views.signer import signer_on
from reviewer.views.time_left import decision_left
from reviewer.workflow.attention import never_opened
from reviewer.workflow.criteria import blind_for
from reviewer.workflow.criteria.result import Verdict
from reviewer.workflow.criteria.reviews import result_of, review_of
from reviewer.workflow.policy_choices import chosen_policies


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
        appeal: Appeal | None = None,
    ) -> None:
        self.http_request, self.line, self.at, self.corrects = http_request, line, at, corrects
        self.appeal = appeal
        self.reviewer = get_reviewer(http_request)
        self.signer = signer_on(self.reviewer, local_day(at))
        self.may_deny = http_request.user.has_perm("reviewer.deny_request")
        self.answers = answers_for(line.request, line, at=at)
        self.choice = chosen_policies([line]).get(line.pk)
        self.versions = with_choice(version_choices(self.answers), self.choice)
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
            "standing": self._standing(),
            "unread": never_opened(self.line.request, self.reviewer),
        }

    def _standing(self) -> list["Standing"]:
        """What the answers come to that it is signed on: of an appeal, its own."""
        if self.appeal is None and blind_for(self.line.request, self.reviewer):
            return []
        return standing_of(self.line.request, self.versions, self.appeal)

    def _passages(self) -> Any:
        said = [one for parts in self.spoken.values() for part in parts for one in part.said]
        wanted = Passage.objects.filter(pk__in=[one.passage.pk for one in said])
        return wanted.select_related("section").defer("search", "section__search")

    def _initial(self) -> dict[str, Any]:
        governing = [one for one in self.versions if one.governs]
        chosen = str(governing[0].version.pk) if governing else None
        if self.choice:
            chosen = str(self.choice.version_id or NO_BULLETIN)
        return {
            "ground": "",
            "outcome": "" if self.may_deny else "approved",
            "units_granted": self.line.units,
            "starts_on": self.line.starts_on,
            "ends_on": self.line.ends_on,
            "version": chosen,
            "version_note": self.choice.reason if self.choice else "",
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """What the answers to a version's criteria come to so far."""

    version: Version
    verdict: Verdict
    open: int  # statements that nobody has answered


def standing_of(
    request: Request, versions: Sequence[VersionChoice], appeal: Appeal | None
) -> list[Standing]:
    """Of each version that a criteria review has begun for."""
    found = []
    for one in versions:
        if review := review_of(request, one.version, appeal):
            result = result_of(review)
            found.append(Standing(one.version, result.verdict, len(result.open)))
    return found


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


def with_choice(versions: list[VersionChoice], choice: PolicyChoice | None) -> list[VersionChoice]:
    """The versions with the one that a person chose, where the resolver does not offer it."""
    if choice is None or choice.version is None:
        return versions
    if any(one.version.pk == choice.version_id for one in versions):
        return versions
    sentence = f"{choice.version} does not name the code; {choice.chosen_by} chose it."
    return [*versions, VersionChoice(choice.version, sentence, governs=False)]
