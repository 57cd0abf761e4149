"""Who is out, until when, and who stands in."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reviewer.forms.fields import Form, choice, day, offer
from reviewer.models import Absence, Reviewer

NOBODY_COVERS = "Nobody covers"


class ChangeAbsenceForm(Form):
    """Another last day, another cover."""

    ends_on = day("Last day out", help_text="Yesterday, for who is back today.")
    cover = choice(
        "Who covers",
        (),
        empty=NOBODY_COVERS,
        required=False,
        help_text="Someone of the role, the lines of business and the license that the work asks"
        " for.",
    )

    def __init__(
        self, *args: Any, people: Iterable[Reviewer], out: Mapping[int, Absence], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        self.listed = [(key, named(one, out)) for key, one in self.people.items()]
        offer(self.fields["cover"], self.listed)

    def facts(self) -> dict[str, Any]:
        """What was said, in the words of the verb."""
        cover = self.people.get(self.cleaned_data["cover"])
        return {"ends_on": self.cleaned_data["ends_on"], "cover": cover}


class AbsenceForm(ChangeAbsenceForm):
    """A person is out: oneself, or anyone for who assigns."""

    reviewer = choice("Who is out", ())
    starts_on = day("First day out")
    ends_on = day("Last day out", help_text="Both days are included.")

    field_order = ("reviewer", "starts_on", "ends_on", "cover")

    def __init__(self, *args: Any, own: Reviewer | None, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        self.fields["starts_on"].initial = on
        if own:
            del self.fields["reviewer"]
        else:
            offer(self.fields["reviewer"], self.listed)

    def facts(self) -> dict[str, Any]:
        reviewer = self.own or self.people[self.cleaned_data["reviewer"]]
        return {
            **super().facts(),
            "reviewer": reviewer,
            "starts_on": self.cleaned_data["starts_on"],
        }


def named(one: Reviewer, out: Mapping[int, Absence]) -> str:
    """A person to choose, with who stands in while they are out."""
    absence = out.get(one.pk)
    role = one.get_role_display()
    return f"{one}, {role}; {absence.sentence}" if absence else f"{one}, {role}"
