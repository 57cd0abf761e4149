"""Intake: for whom, and under which coverage. A known member is found by number."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from policies.models import LineOfBusiness
from reviewer.forms.fields import SOMETIMES, Part, choice, day, fork, sent
from reviewer.models import Coverage, Member

NEW = "new"
NEW_COVERAGE = (NEW, "Another coverage")
OUT_OF_SCOPE = (
    "This member is covered by a line of business outside your scope. "
    "Hand the request to a colleague who has it, or ask your supervisor."
)


class MemberForm(Part):
    """A member by number: a known one with a coverage, or a new one with names and birth date."""

    number = forms.CharField(label="Member number", max_length=30)
    given_name = forms.CharField(label="Given name", max_length=80, **SOMETIMES)
    family_name = forms.CharField(label="Family name", max_length=80, **SOMETIMES)
    born_on = day("Date of birth", **SOMETIMES)
    coverage = fork(
        "Coverage",
        [NEW_COVERAGE],
        error_messages={"required": "Choose under which coverage the request is made."},
    )
    line_of_business = choice("Line of business", LineOfBusiness, **SOMETIMES)
    plan = forms.CharField(label="Plan", max_length=120, **SOMETIMES)
    jurisdiction = forms.CharField(
        label="State",
        max_length=2,
        **SOMETIMES,
        help_text="Two letters.",
        validators=[RegexValidator(r"^[A-Za-z]{2}$", "Write the state's two letters, as NY.")],
    )
    covered_from = day("First day of coverage", **SOMETIMES)

    found: Member | None = None
    is_out_of_scope = False

    def __init__(self, *args: Any, scope: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(value, label) for value, label in LineOfBusiness.choices if value in scope]
        self.fields["line_of_business"].choices = [("", ""), *lines]  # type: ignore[attr-defined]
        if self.is_bound:
            self._find(scope)
        if not self.found:
            del self.fields["coverage"]  # only a known member has coverages to choose from

    def _find(self, scope: list[str]) -> None:
        number = sent(self, "number") or ""
        found = Member.objects.prefetch_related("coverages").filter(number=number).first()
        if found is None:
            return
        coverages = list(found.coverages.all())
        mine = [one for one in coverages if one.line_of_business in scope]
        self.is_out_of_scope = bool(coverages) and not mine
        if self.is_out_of_scope:
            return
        self.found = found
        self._choose_the_only_one(mine)
        listed = [(str(one.pk), coverage_words(one)) for one in mine]
        self.fields["coverage"].choices = [*listed, NEW_COVERAGE]  # type: ignore[attr-defined]

    def _choose_the_only_one(self, mine: list[Coverage]) -> None:
        name = self.add_prefix("coverage")
        if len(mine) == 1 and not self.data.get(name):
            self.data = {**{key: self.data.get(key) for key in self.data}, name: str(mine[0].pk)}

    @property
    def key(self) -> str:
        if self.found:
            return self.found.number
        is_new = self.is_bound and not self.is_out_of_scope and sent(self, "number")
        return "new" if is_new else ""

    def clean_number(self) -> str:
        if self.is_out_of_scope:
            raise forms.ValidationError(OUT_OF_SCOPE)
        return str(self.cleaned_data["number"])

    def clean_jurisdiction(self) -> str:
        return str(self.cleaned_data["jurisdiction"]).upper()

    def clean_born_on(self) -> date | None:
        born_on: date | None = self.cleaned_data["born_on"]
        if born_on and born_on > timezone.localdate():
            raise forms.ValidationError("Nobody is born in the future: write the day of birth.")
        return born_on

    def clean(self) -> None:
        if not self.cleaned_data.get("number"):
            return
        if not self.found:
            self._require(("given_name", "family_name", "born_on"), "No member has this number yet")
        if self._is_new_coverage:
            self._require(
                ("line_of_business", "plan", "jurisdiction", "covered_from"), "A new coverage"
            )

    @property
    def _is_new_coverage(self) -> bool:
        return not self.found or self.cleaned_data.get("coverage") == NEW

    def _require(self, names: tuple[str, ...], what: str) -> None:
        for name in names:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, f"{what}: enter the {self[name].label.lower()}.")

    def sent_coverage(self) -> Coverage | None:
        """The coverage that was chosen or typed so far; one that is new is not saved."""
        chosen = sent(self, "coverage") if self.found else NEW
        if self.found and chosen and chosen != NEW:
            return next(one for one in self.found.coverages.all() if str(one.pk) == chosen)
        line, state = sent(self, "line_of_business"), sent(self, "jurisdiction")
        if chosen != NEW or not line or not state:
            return None
        plan = sent(self, "plan") or ""
        return Coverage(line_of_business=line, jurisdiction=str(state).upper(), plan=plan)

    def save(self) -> tuple[Member, Coverage]:
        """The member and the coverage, written where they are new."""
        typed = self.cleaned_data
        member = self.found or Member.objects.create(
            number=typed["number"],
            given_name=typed["given_name"],
            family_name=typed["family_name"],
            born_on=typed["born_on"],
        )
        if not self._is_new_coverage:
            return member, member.coverages.get(pk=typed["coverage"])
        coverage = member.coverages.create(
            line_of_business=typed["line_of_business"],
            plan=typed["plan"],
            jurisdiction=typed["jurisdiction"],
            starts_on=typed["covered_from"],
        )
        return member, coverage


def coverage_words(coverage: Coverage) -> str:
    ends = f" to {coverage.ends_on}" if coverage.ends_on else ""
    return f"{coverage}, {coverage.jurisdiction}; from {coverage.starts_on}{ends}"
