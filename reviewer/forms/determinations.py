"""The decision on one line: ground, outcome, reason, amounts, rationales, version, passages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet

from policies.models import Passage, Version
from reviewer.forms.fields import SOMETIMES, Choice, Form, choice, day, words
from reviewer.models import Ground, Outcome, ReasonCode, ServiceLine
from reviewer.models.determinations import ADVERSE, GRANTING, UNSIGNED
from reviewer.workflow.determinations import CitationDraft, Decision

NO_GROUND: Choice = ("", "Nothing is refused")
NO_BULLETIN = "none"
GROUND_HINTS = {
    "": "The line is approved as it is asked for.",
    Ground.BENEFIT_EXCLUSION: "The plan does not include the service.",
    Ground.MEDICAL_NECESSITY: "A criterion of the policy is not met. A clinical judgment.",
    Ground.EXPERIMENTAL: "Not established for this condition. A clinical judgment.",
    Ground.COSMETIC: "No functional impairment is shown. A clinical judgment.",
    Ground.ADMINISTRATIVE: "Eligibility, or information that never came. No clinical judgment.",
}
SIGNED_OUTCOMES = [value for value in Outcome if value not in UNSIGNED]


@dataclass(frozen=True, slots=True)
class VersionChoice:
    """A version that a decision may pin. The sentence says why it governs, or why it does not."""

    version: Version
    sentence: str
    governs: bool
    is_possible: bool = False  # it may govern: something is not stated


class DeterminationForm(Form):
    """A decision on one line. Whoever may not deny is offered approval only."""

    ground = forms.ChoiceField(
        label="On what ground",
        choices=[NO_GROUND, *Ground.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    outcome = choice("Outcome", [(one.value, one.label) for one in SIGNED_OUTCOMES])
    reason = forms.ModelChoiceField(
        label="Reason", queryset=ReasonCode.objects.none(), empty_label=""
    )
    reason_text = forms.CharField(label="The reason in words", required=False)
    units_granted = forms.IntegerField(label="Units granted", min_value=0, **SOMETIMES)
    starts_on = day("From", **SOMETIMES)
    ends_on = day("To", **SOMETIMES)
    rationale_clinical = words("For the clinician", rows=7)
    rationale_plain = words("For the member, in plain language", rows=7)
    version = forms.ChoiceField(label="Which version", widget=forms.RadioSelect)
    version_note = words(
        "Why this version, or why none",
        rows=2,
        help_text="Needed unless the version that governs is chosen.",
        **SOMETIMES,
    )
    variance_reason = words(
        "Why it is approved all the same",
        rows=3,
        help_text="Needed where the criteria, as answered, are not met or not decided.",
        **SOMETIMES,
    )
    passages = forms.ModelMultipleChoiceField(
        label="Passages relied on", queryset=Passage.objects.none(), required=False
    )

    def __init__(
        self,
        *args: Any,
        line: ServiceLine,
        may_deny: bool,
        versions: Sequence[VersionChoice],
        passages: QuerySet[Passage],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.line, self.may_deny = line, may_deny
        self.versions = {str(one.version.pk): one for one in versions}
        names = [(key, str(one.version)) for key, one in self.versions.items()]
        self._list("version", [*names, (NO_BULLETIN, "No bulletin applies")])
        self.fields["passages"].queryset = passages  # type: ignore[attr-defined]
        reasons = ReasonCode.objects.filter(is_active=True).exclude(code__in=["W01", "D01"])
        if not may_deny:
            self._list("outcome", [(Outcome.APPROVED.value, Outcome.APPROVED.label)])
            del self.fields["ground"]
            reasons = reasons.filter(is_adverse=False)
        self.fields["reason"].queryset = reasons  # type: ignore[attr-defined]

    def _list(self, name: str, choices: list[Choice]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> None:
        outcome, ground = self.cleaned_data.get("outcome"), self.cleaned_data.get("ground", "")
        if outcome:
            self._clean_ground(outcome, ground)
            self._clean_reason(outcome, ground)
        if outcome in GRANTING:
            self._clean_amounts(outcome)
        self._clean_version()
        if outcome in ADVERSE and not self.cleaned_data.get("passages") and self._pins_a_version:
            self.add_error("passages", "Tick each passage that the decision relies on.")

    def _clean_ground(self, outcome: str, ground: str) -> None:
        if outcome in ADVERSE and not ground:
            self.add_error("ground", "Choose the ground first: it decides which rights apply.")
        if outcome == Outcome.APPROVED and ground:
            self.add_error("outcome", "An approval refuses nothing: choose no ground, or refuse.")

    def _clean_reason(self, outcome: str, ground: str) -> None:
        reason = self.cleaned_data.get("reason")
        if not reason:
            return
        if reason.is_adverse != (outcome in ADVERSE):
            kind = "refuses" if outcome in ADVERSE else "approves"
            self.add_error("reason", f"{reason} is not a reason for an outcome that {kind}.")
        elif reason.ground and reason.ground != ground:
            self.add_error("reason", f"{reason} belongs to another ground.")

    def _clean_amounts(self, outcome: str) -> None:
        typed, line = self.cleaned_data, self.line
        for name in ("units_granted", "starts_on", "ends_on"):
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, "Say how much is granted, and for which days.")
        if self.errors.keys() & {"units_granted", "starts_on", "ends_on"}:
            return
        units, starts, ends = typed["units_granted"], typed["starts_on"], typed["ends_on"]
        if ends < starts:
            self.add_error("ends_on", f"The last day is before the first, {starts}.")
        if units > line.units:
            self.add_error("units_granted", f"Grant {line.units} or fewer: no more were asked for.")
        is_less = units < line.units or starts > line.starts_on or ends < line.ends_on
        if outcome == Outcome.APPROVED and is_less:
            self.add_error("outcome", self._not_all_is_granted())

    def _not_all_is_granted(self) -> str:
        line = self.line
        asked = f"{line.units} units from {line.starts_on} to {line.ends_on}"
        if self.may_deny:
            return f"Approved means all that was asked for: {asked}. Choose partially approved."
        return (
            f"Approved means all that was asked for: {asked}. Less than that is an adverse "
            "determination, and a physician's: refer the request."
        )

    def _clean_version(self) -> None:
        chosen, note = self.cleaned_data.get("version"), self.cleaned_data.get("version_note")
        if not chosen:
            return
        if chosen == NO_BULLETIN and not note:
            self.add_error("version_note", "Say why no bulletin applies.")
        elif chosen != NO_BULLETIN and not self.versions[chosen].governs and not note:
            self.add_error("version_note", "This version does not govern. Say why it applies.")
        for passage in self.cleaned_data.get("passages") or ():
            if str(passage.version_id) != chosen:
                self.add_error("passages", "Tick passages of the chosen version only.")
                break

    @property
    def _pins_a_version(self) -> bool:
        return self.cleaned_data.get("version") in self.versions

    def decision(self) -> Decision:
        """What is to be signed; the form is valid."""
        typed = self.cleaned_data
        grants = typed["outcome"] in GRANTING
        chosen = self.versions.get(typed["version"])
        note = typed["version_note"]
        return Decision(
            outcome=typed["outcome"],
            reason=typed["reason"],
            reason_text=typed["reason_text"],
            ground=typed.get("ground", ""),
            rationale_clinical=typed["rationale_clinical"],
            rationale_plain=typed["rationale_plain"],
            units_granted=typed["units_granted"] if grants else 0,
            starts_on=typed["starts_on"] if grants else None,
            ends_on=typed["ends_on"] if grants else None,
            version=chosen.version if chosen else None,
            version_reason=" ".join(filter(None, [chosen.sentence, note])) if chosen else "",
            no_bulletin_reason="" if chosen else note,
            citations=tuple(CitationDraft(one, one.text) for one in typed["passages"]),
            variance_reason=typed["variance_reason"] if grants else "",
        )
