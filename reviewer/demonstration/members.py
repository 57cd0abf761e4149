"""Members, their coverage, and the providers who ask: everybody is invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from policies.models import LineOfBusiness
from reviewer.models import Coverage, Member, Provider

INSURED = LineOfBusiness.COMMERCIAL_INSURED
SELF_FUNDED = LineOfBusiness.COMMERCIAL_SELF_FUNDED
MARKETPLACE = LineOfBusiness.MARKETPLACE
MEDICARE = LineOfBusiness.MEDICARE_ADVANTAGE
DUAL = LineOfBusiness.INTEGRATED_DSNP
MEDICAID = LineOfBusiness.MEDICAID

PLANS = {
    INSURED: "Harborlight PPO 1500",
    SELF_FUNDED: "Corrigan Freight employee health plan",
    MARKETPLACE: "Harborlight Silver 70",
    MEDICARE: "Harborlight Advantage HMO",
    DUAL: "Harborlight Complete Care D-SNP",
    MEDICAID: "Harborlight Community",
}

# name, birth year, line of business, state
MEMBERS = (
    ("Ada Winter", 1979, INSURED, "NY"),
    ("Bruno Castellan", 1966, INSURED, "NY"),
    ("Ivy Dunmore", 2017, INSURED, "PA"),
    ("Otis Farrow", 1988, INSURED, "OH"),
    ("Lucia Ambrose", 1971, INSURED, "NY"),
    ("Nell Galway", 1972, SELF_FUNDED, "PA"),
    ("Cyrus Hartigan", 1991, SELF_FUNDED, "OH"),
    ("Tessa Ivers", 1962, SELF_FUNDED, "PA"),
    ("Rafe Kimball", 1985, SELF_FUNDED, "OH"),
    ("Milo Jessop", 1984, MARKETPLACE, "PA"),
    ("Runa Keating", 1995, MARKETPLACE, "NY"),
    ("Petra Lomax", 1963, MARKETPLACE, "OH"),
    ("Walter Merrow", 1948, MEDICARE, "NY"),
    ("Odile Nash", 1951, MEDICARE, "PA"),
    ("Harriet Oakes", 1939, MEDICARE, "NY"),
    ("Leon Pruitt", 1955, MEDICARE, "OH"),
    ("Simon Rook", 1960, DUAL, "NY"),
    ("Bettina Sayre", 1945, DUAL, "NY"),
    ("Amos Teller", 1970, DUAL, "NY"),
    ("Lila Umber", 2014, MEDICAID, "NY"),
    ("Jonah Vance", 2019, MEDICAID, "OH"),
    ("Carmen Wilder", 1993, MEDICAID, "NY"),
    ("Dex Yarrow", 2001, MEDICAID, "PA"),
    ("Fay Zeller", 1983, MEDICAID, "OH"),
)

# key, name, specialty
PROVIDERS = (
    ("lakeside", "Lakeside Family Practice", "Family medicine"),
    ("bridge", "Bridge Street Therapy", "Physical therapy"),
    ("worklink", "Worklink Return to Work Center", "Occupational rehabilitation"),
    ("ortho", "Harbor Orthopedics", "Orthopedic surgery"),
    ("imaging", "North Pier Imaging", "Radiology"),
    ("sleep", "Fenwick Sleep Center", "Sleep medicine"),
    ("equipment", "Alder Home Equipment", "Medical equipment"),
    ("endocrine", "Cedar Endocrine Clinic", "Endocrinology"),
    ("digestive", "Quarry Digestive Associates", "Gastroenterology"),
    ("rheumatology", "Elm Court Rheumatology", "Rheumatology"),
    ("infusion", "Copper Beech Infusion", "Infusion"),
    ("spine", "Ridgeline Pain and Spine", "Pain medicine"),
    ("laboratory", "Meridian Reference Laboratory", "Clinical laboratory"),
    ("genetics", "Tamarack Cancer Genetics", "Medical genetics"),
    ("behavior", "Open Door Behavior Services", "Behavior analysis"),
    ("pediatrics", "Millrace Pediatrics", "Pediatrics"),
    ("surgery", "Saint Brannoc Hospital, Surgery", "General surgery"),
    ("eyes", "Vista Eye Surgeons", "Ophthalmology"),
    ("homecare", "Kestrel Home Health", "Home health"),
    ("wounds", "Saint Brannoc Wound Center", "Wound care"),
    ("acupuncture", "Stillwater Acupuncture", "Acupuncture"),
    ("rehabilitation", "Graymoor Rehabilitation Hospital", "Inpatient rehabilitation"),
    ("hospital", "Saint Brannoc Hospital", "Hospital medicine"),
    ("mobility", "Ashgrove Mobility Clinic", "Physical medicine"),
)


@dataclass(frozen=True)
class Parties:
    """Members by family name in small letters, and providers by key."""

    coverages: dict[str, Coverage]
    providers: dict[str, Provider]


def enter_parties(on: date) -> Parties:
    entered = (enter_member(number, on) for number in range(len(MEMBERS)))
    providers = {
        key: Provider.objects.create(npi=npi(100_000_000 + 137 * n), name=name, specialty=specialty)
        for n, (key, name, specialty) in enumerate(PROVIDERS, start=1)
    }
    return Parties({one.member.family_name.lower(): one for one in entered}, providers)


def enter_member(number: int, on: date) -> Coverage:
    """A member with coverage that has run for two to four years."""
    name, year, line_of_business, state = MEMBERS[number]
    given, family = name.split(" ", 1)
    member = Member.objects.create(
        number=f"HL{70_310_000 + 4_127 * number}",
        given_name=given,
        family_name=family,
        born_on=date(year, 1 + number * 5 % 12, 1 + number * 11 % 28),
    )
    return Coverage.objects.create(
        member=member,
        line_of_business=line_of_business,
        plan=PLANS[line_of_business],
        jurisdiction=state,
        starts_on=date((on - timedelta(days=365 * (2 + number % 3))).year, 1, 1),
    )


def npi(stem: int) -> str:
    """Ten digits: the nine given and the check digit (Luhn over 80840 and the stem)."""
    return f"{stem}{-sum(luhn_values(f'80840{stem}')) % 10}"


def luhn_values(digits: str) -> Iterator[int]:
    """What each digit adds, counted from the right; the rightmost is doubled."""
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if place % 2 else 2)
        yield value - 9 if value > 9 else value
