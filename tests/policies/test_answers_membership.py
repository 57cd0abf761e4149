"""Every element of the demonstration library, and of a bulletin with all kinds of elements, asked
for by exact code, inside, at its bounds and just outside, above and below, and typed in many ways.

What is expected comes from the printed text by `printed_codes`, which shares nothing with the site.
"""

import pytest

from policies.answers import answer_for
from policies.imports.demonstration import DEMO
from policies.models import CodeSpan
from policies.reading import codes
from policies.resolver import Occasion
from tests.policies.library import DAY, lamps, published
from tests.policies.printed_codes import elements, holds, points, system_of, typings

NOT_COVERED = "not covered for indications listed in the CPB"
KINDS = f"""CPT codes {NOT_COVERED}:

97537 Reading by a lamp
97545 Lamp work; the first two hours
+ 97546     each hour after them
97032 - 97035 Lamps of all sizes
0446T Lamp under the skin

HCPCS codes {NOT_COVERED}:

S9117 Lamp school
K0800 - K0802, K0806 Lamp wagons

ICD-10 codes {NOT_COVERED} (not all-inclusive):

S00.00X+ - T88.9XX+ All that a lamp can do
S13.4XX+ A stiff neck
Z51.89 Aftercare of another sort [lamp training]
Z85.00 - Z85.9
Z86.19, Z86.59
States of long ago
Z87.81 - Z87.828, Z91.410 - Z91.414
Z92.3, Z98.870 - Z98.89
States after a lamp
C7A.010 - C7A.8, G35.A - G35.D, D47.Z1
Letters in odd places
C83.30 - C83.3A Letters at an end
M80.00X+ - M81.8 Bones
D66 A short one
F70 - F79 Short bounds
M01.X9 A placeholder in the middle
"""


def every_asked(found):
    """Each key of each element, in every way to type it, without the ones that no system has."""
    asked = {}
    for one in found:
        is_diagnosis = one.system == "ICD-10-CM"
        for key in points(one):
            fitting = codes.systems_of(key)
            if ("ICD-10-CM" in fitting) if is_diagnosis else (set(fitting) - {"ICD-10-CM"}):
                for typed in typings(key, is_diagnosis=is_diagnosis):
                    asked[typed, is_diagnosis] = key
    return asked


def expected(key, found, *, is_diagnosis):
    system = system_of(key, is_diagnosis=is_diagnosis)
    held = ((one.low, one.high, holds(one, key)) for one in found if one.system == system)
    return sorted(one for one in held if one[2])


def answered(asked):
    """By how it was typed, what the site finds: bounds and membership."""
    found = {}
    for is_diagnosis in (True, False):
        typed = [one for one, kind in asked if kind == is_diagnosis]
        for start in range(0, len(typed), 200):
            some = typed[start : start + 200]
            services, diagnoses = ([], some) if is_diagnosis else (some, [])
            occasion = Occasion("commercial_insured", "NY", DAY, DAY, DAY)
            answer = answer_for(services, diagnoses, occasion, on=DAY)
            for one, line in zip(some, answer.lines, strict=True):
                hits = [hit for bulletin in line.bulletins for hit in bulletin.hits]
                found[one, is_diagnosis] = sorted(
                    (
                        codes.normalise(hit.span.low),
                        codes.normalise(hit.span.high),
                        str(hit.membership),
                    )
                    for hit in hits
                )
    return found


def differences(found):
    asked = every_asked(found)
    site = answered(asked)
    wrong = {
        typed: (site[typed, is_diagnosis], told)
        for (typed, is_diagnosis), key in asked.items()
        if site[typed, is_diagnosis] != (told := expected(key, found, is_diagnosis=is_diagnosis))
    }
    return len(asked), wrong


@pytest.mark.django_db
def test_every_kind_of_element_holds_what_its_text_says():
    text = lamps(codes=KINDS)
    published(text)
    found = list(elements(text.decode()))

    total, wrong = differences(found)

    assert len(found) == CodeSpan.objects.count() == 26
    assert total > 500
    assert wrong == {}


def test_every_element_of_the_demonstration_is_read(march_library, django_db_blocker):
    with django_db_blocker.unblock():
        for path in sorted((DEMO / "bulletins").glob("*.txt")):
            printed = [(one.system, one.low, one.high) for one in elements(path.read_text())]
            spans = CodeSpan.objects.filter(version__source_name=path.name).order_by("position")
            read = [
                (one.system, codes.normalise(one.low), codes.normalise(one.high)) for one in spans
            ]

            assert read == printed


def test_every_element_of_the_demonstration_holds_what_its_text_says(
    march_library, django_db_blocker
):
    """Of the versions that are in effect, and of the one that states no day."""
    names = [
        path.name
        for path in sorted((DEMO / "bulletins").glob("*.txt"))
        if not path.name.startswith(("0298-v1", "0614-v2"))  # ended, and to come
    ]
    printed = [one for name in names for one in elements((DEMO / "bulletins" / name).read_text())]

    with django_db_blocker.unblock():
        total, wrong = differences(printed)

    assert total > 10_000
    assert wrong == {}
