"""The cast: a person of every role, physicians above, beside and below each other, a member.

Everybody is invented. `Cast` says who they are; `enter_cast` writes them to the database.
"""

from dataclasses import dataclass, fields
from datetime import date

from django.contrib.auth.models import User

from policies.models import LineOfBusiness
from reviewer.models import Coverage, Credential, Member, Provider, Reviewer, Role
from reviewer.permissions import assign_role

COMMERCIAL = [LineOfBusiness.COMMERCIAL_INSURED, LineOfBusiness.COMMERCIAL_SELF_FUNDED]
EVERY_LINE = list(LineOfBusiness)
FAR = date(2199, 12, 31)


@dataclass
class Cast:
    """The people that tests name."""

    intake: Reviewer  # Ines Pardo
    nurse: Reviewer  # Rosa Okafor, RN
    other_nurse: Reviewer  # Theo Brandt, RN; sees Medicaid only
    physician: Reviewer  # Maya Lindqvist, MD, physical medicine
    other_physician: Reviewer  # Samuel Adeyemi, MD, orthopedics; nobody's subordinate
    subordinate: Reviewer  # Nora Whitfield, MD; reports to Maya Lindqvist
    expired_physician: Reviewer  # Victor Hale, MD; the license ended in 2020
    medicaid_physician: Reviewer  # Priya Raman, MD; sees Medicaid only
    appeals_coordinator: Reviewer  # Lena Fisk
    supervisor: Reviewer  # Grace Moreno
    policy_editor: Reviewer  # Paul Ostrom
    policy_approver: Reviewer  # Hana Sato
    auditor: Reviewer  # Irene Volk
    administrator: Reviewer  # Abe Quist
    member: Member
    coverage: Coverage  # Commercial, insured; New York
    medicaid_coverage: Coverage
    clinic: Provider
    therapist: Provider

    def everyone(self) -> list[Reviewer]:
        """Every person who signs in."""
        found = (getattr(self, field.name) for field in fields(self))
        return [one for one in found if isinstance(one, Reviewer)]


def enter_cast() -> Cast:
    """Write the cast to the database. Nobody has a password: tests sign in by force."""
    physician = enter_physician("mlindqvist", "Maya Lindqvist", "Physical medicine")
    member = Member.objects.create(
        number="M100200301", given_name="Ada", family_name="Winter", born_on=date(1979, 5, 4)
    )
    return Cast(
        intake=enter("ipardo", "Ines Pardo", Role.INTAKE_COORDINATOR),
        nurse=enter_nurse("rokafor", "Rosa Okafor"),
        other_nurse=enter_nurse("tbrandt", "Theo Brandt", lines=[LineOfBusiness.MEDICAID]),
        physician=physician,
        other_physician=enter_physician("sadeyemi", "Samuel Adeyemi", "Orthopedic surgery"),
        subordinate=enter_physician(
            "nwhitfield", "Nora Whitfield", "Physical medicine", reports_to=physician
        ),
        expired_physician=enter_physician(
            "vhale", "Victor Hale", "Neurology", valid_to=date(2020, 6, 30)
        ),
        medicaid_physician=enter_physician(
            "praman", "Priya Raman", "Pediatrics", lines=[LineOfBusiness.MEDICAID]
        ),
        appeals_coordinator=enter("lfisk", "Lena Fisk", Role.APPEALS_COORDINATOR),
        supervisor=enter("gmoreno", "Grace Moreno", Role.SUPERVISOR),
        policy_editor=enter("postrom", "Paul Ostrom", Role.POLICY_EDITOR),
        policy_approver=enter("hsato", "Hana Sato", Role.POLICY_APPROVER),
        auditor=enter("ivolk", "Irene Volk", Role.AUDITOR),
        administrator=enter("aquist", "Abe Quist", Role.ADMINISTRATOR),
        member=member,
        coverage=enter_coverage(member, LineOfBusiness.COMMERCIAL_INSURED, "Harbor PPO"),
        medicaid_coverage=enter_coverage(member, LineOfBusiness.MEDICAID, "Harbor Community"),
        clinic=Provider.objects.create(
            npi="1234567893", name="Lakeside Clinic", specialty="Family medicine"
        ),
        therapist=Provider.objects.create(
            npi="1245319599", name="Bridge Street Therapy", specialty="Physical therapy"
        ),
    )


def enter(
    username: str,
    name: str,
    role: Role,
    *,
    lines: list[str] = EVERY_LINE,
    reports_to: Reviewer | None = None,
) -> Reviewer:
    """A person of a role, with its rights; without a license."""
    first, last = name.split(" ", 1)
    user = User(username=username, first_name=first, last_name=last)
    user.set_unusable_password()
    user.save()
    reviewer = Reviewer.objects.create(
        user=user, role=role, lines_of_business=lines, reports_to=reports_to
    )
    assign_role(reviewer=reviewer, role=role)
    return reviewer


def enter_nurse(username: str, name: str, *, lines: list[str] = EVERY_LINE) -> Reviewer:
    nurse = enter(username, name, Role.NURSE_REVIEWER, lines=lines)
    license_reviewer(nurse, kind=Credential.Kind.NURSE, title="RN")
    return nurse


def enter_physician(
    username: str,
    name: str,
    specialty: str,
    *,
    lines: list[str] = EVERY_LINE,
    reports_to: Reviewer | None = None,
    valid_to: date = FAR,
) -> Reviewer:
    doctor = enter(username, name, Role.PHYSICIAN_REVIEWER, lines=lines, reports_to=reports_to)
    license_reviewer(
        doctor,
        kind=Credential.Kind.PHYSICIAN,
        title="MD",
        specialty=specialty,
        valid_to=valid_to,
    )
    return doctor


def license_reviewer(
    reviewer: Reviewer, *, kind: str, title: str, specialty: str = "", valid_to: date = FAR
) -> Credential:
    return Credential.objects.create(
        reviewer=reviewer,
        kind=kind,
        title=title,
        specialty=specialty,
        license_number=f"{title}-{reviewer.pk:06}",
        state="NY",
        valid_from=date(2010, 7, 1),
        valid_to=valid_to,
    )


def enter_coverage(member: Member, line_of_business: str, plan: str) -> Coverage:
    return Coverage.objects.create(
        member=member,
        line_of_business=line_of_business,
        plan=plan,
        jurisdiction="NY",
        starts_on=date(2020, 1, 1),
    )
