"""A page of the look-up takes no more queries for sixty hits than for two."""

import pytest

from policies.hits import hits_of, rows_naming, spans_of
from policies.look_up import look_up
from policies.models import Version
from tests.policies.library import DAY, lamps, published
from tests.policies.pages import load, queries_of

pytestmark = pytest.mark.django_db
HEADING = "CPT codes covered if selection criteria are met:"
DIAGNOSES = "ICD-10 codes covered if selection criteria are met:"
PAGES = [
    "/codes/cpt/97110/",
    "/codes/cpt/97110/?diagnosis=S33.5XXA&line_of_business=medicaid&state=NY",
    "/codes/icd-10-cm/S33.5XXA/",
    "/look-up?on=2026-03-02&codes=97110&diagnoses=S33.5XXA",
    "/look-up.json?on=2026-03-02&codes=97110&diagnoses=S33.5XXA",
    "/search?q=97110+lamps",
    "/search?q=lamps",
    "/search/suggest?q=9711",
    "/search/suggest?q=lam",
    "/policies/",
]


@pytest.fixture
def reader(cast, sign_in):
    return sign_in(cast.nurse)


def naming(number, rows):
    services = "\n".join(f"97110 Lamp exercises {one}" for one in range(rows))
    injuries = "\n".join(f"S33.5XXA Sprain by a lamp {one}" for one in range(rows))
    table = f"{HEADING}\n\n{services}\n\n{DIAGNOSES}\n\n{injuries}\n"
    return published(lamps(number=number, codes=table))


@pytest.mark.parametrize("address", PAGES)
def test_sixty_hits_take_no_more_queries_than_two(reader, address):
    load("CPT", "97110", "97112")
    load("ICD-10-CM", "S33.5XXA")
    for number in ("0921", "0922"):
        naming(number, rows=1)
    assert len(look_up("97110", on=DAY).hits) == 2
    few = queries_of(reader, address)

    for number in ("0923", "0924"):
        naming(number, rows=29)

    assert len(look_up("97110", on=DAY).hits) == 60
    assert queries_of(reader, address) <= few


@pytest.mark.parametrize("keys", [["97110"], ["S335XXA"], ["97110", "S33"], ["S33", "S335"]])
def test_the_query_that_is_written_once_finds_what_the_query_set_finds(keys):
    naming("0921", rows=2)
    published(lamps(number="0922"))
    systems = ["CPT", "ICD-10-CM"]
    some = Version.objects.filter(bulletin__number="0922").values_list("pk", flat=True)

    found = rows_naming(keys, systems)

    assert found == list(spans_of(keys, systems))
    assert any(hits_of(key, found) for key in keys)
    among = rows_naming(keys, systems, versions=some)
    assert among == list(spans_of(keys, systems).filter(version__in=some))
