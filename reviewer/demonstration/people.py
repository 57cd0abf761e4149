"""The people who work here: everybody is invented."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from policies.models import LineOfBusiness
from reviewer.demonstration import PASSWORD
from reviewer.models import Credential, Reviewer, Role
from reviewer.permissions import assign_role

COMMERCIAL = (
    LineOfBusiness.COMMERCIAL_INSURED,
    LineOfBusiness.COMMERCIAL_SELF_FUNDED,
    LineOfBusiness.MARKETPLACE,
)
GOVERNMENT = (
    LineOfBusiness.MEDICARE_ADVANTAGE,
    LineOfBusiness.INTEGRATED_DSNP,
    LineOfBusiness.MEDICAID,
)
EVERY_LINE = (*COMMERCIAL, *GOVERNMENT)


@dataclass(frozen=True)
class License:
    """A credential; `days_left` counts from the day of loading, less than none: it has ended."""

    kind: Credential.Kind
    title: str
    specialty: str = ""
    days_left: int = 700


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    role: Role
    lines: tuple[LineOfBusiness, ...] = EVERY_LINE
    license: License | None = None
    reports_to: str = ""


def nurse(days_left: int = 700) -> License:
    return License(Credential.Kind.NURSE, "RN", days_left=days_left)


def doctor(specialty: str, title: str = "MD", days_left: int = 700) -> License:
    return License(Credential.Kind.PHYSICIAN, title, specialty, days_left)


PHARMACIST = License(Credential.Kind.PHARMACIST, "PharmD")

# A superior stands above the people who report to them.
STAFF = (
    Person("gmoreno", "Grace Moreno", Role.SUPERVISOR),
    Person("ipardo", "Ines Pardo", Role.INTAKE_COORDINATOR, reports_to="gmoreno"),
    Person("dkowal", "Dana Kowal", Role.INTAKE_COORDINATOR, reports_to="gmoreno"),
    Person("rokafor", "Rosa Okafor", Role.NURSE_REVIEWER, EVERY_LINE, nurse(), "gmoreno"),
    Person("jsantos", "Joy Santos", Role.NURSE_REVIEWER, COMMERCIAL, nurse(), "gmoreno"),
    Person("tbrandt", "Theo Brandt", Role.NURSE_REVIEWER, GOVERNMENT, nurse(18), "gmoreno"),
    Person("eweston", "Eli Weston", Role.NURSE_REVIEWER, EVERY_LINE, PHARMACIST, "gmoreno"),
    Person(
        "mlindqvist",
        "Maya Lindqvist",
        Role.PHYSICIAN_REVIEWER,
        EVERY_LINE,
        doctor("Physical medicine and rehabilitation"),
    ),
    Person(
        "sadeyemi",
        "Samuel Adeyemi",
        Role.PHYSICIAN_REVIEWER,
        EVERY_LINE,
        doctor("Orthopedic surgery"),
    ),
    Person(
        "nwhitfield",
        "Nora Whitfield",
        Role.PHYSICIAN_REVIEWER,
        COMMERCIAL,
        doctor("Family medicine"),
        "mlindqvist",
    ),
    Person(
        "praman",
        "Priya Raman",
        Role.PHYSICIAN_REVIEWER,
        EVERY_LINE,
        doctor("Pediatrics"),
        "mlindqvist",
    ),
    Person(
        "cbeaumont",
        "Claire Beaumont",
        Role.PHYSICIAN_REVIEWER,
        GOVERNMENT,
        doctor("Internal medicine"),
        "sadeyemi",
    ),
    Person(
        "vhale",
        "Victor Hale",
        Role.PHYSICIAN_REVIEWER,
        EVERY_LINE,
        doctor("Neurology", "DO", days_left=-41),
    ),
    Person("lfisk", "Lena Fisk", Role.APPEALS_COORDINATOR, reports_to="gmoreno"),
    Person("postrom", "Paul Ostrom", Role.POLICY_EDITOR, ()),
    Person("hsato", "Hana Sato", Role.POLICY_APPROVER, ()),
    Person("ivolk", "Irene Volk", Role.AUDITOR),
    Person("aquist", "Abe Quist", Role.ADMINISTRATOR, ()),
)


def enter_people(on: date) -> dict[str, Reviewer]:
    """Write the staff with accounts, roles and licenses; all have the demonstration's password."""
    password = make_password(PASSWORD)  # hashed once: hashing is slow on purpose
    entered: dict[str, Reviewer] = {}
    for number, person in enumerate(STAFF, start=1):
        entered[person.username] = enter_person(person, entered, password=password)
        if person.license:
            enter_license(entered[person.username], person.license, number=number, on=on)
    return entered


def enter_person(person: Person, entered: dict[str, Reviewer], *, password: str) -> Reviewer:
    first, last = person.name.split(" ", 1)
    user = User.objects.create(
        username=person.username, first_name=first, last_name=last, password=password
    )
    reviewer = Reviewer.objects.create(
        user=user,
        role=person.role,
        reports_to=entered.get(person.reports_to),
        lines_of_business=list(person.lines),
    )
    assign_role(reviewer=reviewer, role=person.role)
    return reviewer


def enter_license(reviewer: Reviewer, held: License, *, number: int, on: date) -> Credential:
    ends = on + timedelta(days=held.days_left)
    return Credential.objects.create(
        reviewer=reviewer,
        kind=held.kind,
        title=held.title,
        specialty=held.specialty,
        license_number=f"{held.title}{48_100 + 37 * number}",
        state=("NY", "PA", "OH")[number % 3],
        valid_from=ends - timedelta(days=3 * 365),
        valid_to=ends,
    )
