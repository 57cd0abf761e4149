"""The supervisor's board: numbers that agree with the lists they open, in the person's scope."""

import re
from datetime import timedelta

import pytest

from policies.models import LineOfBusiness
from reviewer.models import Request, Role, Urgency
from reviewer.views.board_counts import counts_of, decided_by_week
from reviewer.views.board_parts import AGE, TIME, WAITING, time_parts
from reviewer.workflow.requests import request_information
from tests import factories
from tests.cast import enter
from tests.reviewer.pages import queries_of

pytestmark = pytest.mark.django_db
BOARD = "/board"
LINK = re.compile(r'<a[^>]*href="(/board/[^"]+)"[^>]*>(?:<rect[^>]*>)?(?:<text[^>]*>)?(\d+)<')


def by_word(counted):
    return {one.part.word: one.count for one in counted}


def due(request, at):
    """Set the limit that is kept, as the engine would."""
    Request.objects.filter(pk=request.pk).update(decision_due_at=at, decision_tolled_until=None)


@pytest.fixture
def many(cast):
    """A standard request, an urgent one, an overdue one that the nurse holds, one that waits,
    one approved by a nurse, one denied after a referral."""
    at = factories.now()
    factories.make_request(cast)
    factories.make_request(cast, urgency=Urgency.EXPEDITED, urgency_attested_by="Dr. Roy Vance")
    factories.make_claimed(cast, received_at=at - timedelta(days=45))
    waiting = factories.make_claimed(cast, coverage=cast.medicaid_coverage)
    request_information(request=waiting, wanted="The plan of care.", by=cast.nurse, at=at)
    version = factories.make_version(cast)
    factories.make_approved(cast, version)
    factories.make_denied(cast, version)
    return waiting


def test_every_number_agrees_with_the_list_that_it_opens(cast, sign_in, many):
    client = sign_in(cast.supervisor)

    links = LINK.findall(client.get(BOARD).content.decode())

    assert len({address for address, _ in links}) > 40
    for address, number in set(links):
        context = client.get(address).context
        shown = context["list"].rows if "list" in context else context["rows"]
        assert (address, len(shown)) == (address, int(number))


def test_the_numbers_are_those_of_the_record(cast, many):
    seen, at = Request.objects.visible_to(cast.supervisor.user), factories.now()

    assert by_word(counts_of(TIME, seen, at=at))["overdue"] == 1
    assert by_word(counts_of(AGE, seen, at=at))["30"] == 1
    assert by_word(counts_of(WAITING, seen, at=at))["0"] == 1
    week = decided_by_week(seen, at=at)[-1]
    assert (week.decided, week.referred, week.rate) == (2, 1, "50 %")


@pytest.mark.parametrize("cut", [TIME, AGE, WAITING])
def test_the_parts_of_a_cut_hold_every_request_once(cast, many, cut):
    seen, at = Request.objects.visible_to(cast.supervisor.user), factories.now()
    rows = Request.objects.filter(state="incomplete") if cut == WAITING else Request.objects.open()

    assert sum(by_word(counts_of(cut, seen, at=at)).values()) == rows.count() > 0


@pytest.mark.parametrize(
    ("left", "word"),
    [
        (timedelta(microseconds=-1), "overdue"),
        (timedelta(), "8h"),
        (timedelta(hours=8, microseconds=-1), "8h"),
        (timedelta(hours=8), "24h"),
        (timedelta(hours=24), "3d"),
        (timedelta(days=3), "later"),
        (None, "none"),
    ],
)
def test_a_limit_falls_into_one_part_to_the_microsecond(cast, left, word):
    request, at = factories.make_request(cast), factories.now()
    due(request, None if left is None else at + left)

    found = [one.word for one in time_parts(at) if Request.objects.filter(one.condition).exists()]

    assert found == [word]


def test_what_the_law_stops_is_not_told_as_pressing(cast):
    request, at = factories.make_request(cast), factories.now()
    soon, later = at + timedelta(hours=1), at + timedelta(hours=2)
    Request.objects.filter(pk=request.pk).update(decision_due_at=later, decision_tolled_until=soon)

    found = [one.word for one in time_parts(at) if Request.objects.filter(one.condition).exists()]

    assert found == ["stopped"]


def test_a_board_counts_the_persons_lines_of_business_alone(cast, sign_in, many):
    medicaid = enter("mvega", "Mara Vega", Role.SUPERVISOR, lines=[LineOfBusiness.MEDICAID])
    client = sign_in(medicaid)

    charts = {one.key: one.total for one in client.get(BOARD).context["charts"]}
    rows = client.get("/board/waiting/0").context["list"].rows

    assert charts == {TIME: 1, AGE: 1, WAITING: 1}
    assert [row.request for row in rows] == [many]


def test_the_workload_names_who_holds_what_and_what_nobody_has_taken(cast, sign_in, many):
    loads = [one.load for one in sign_in(cast.supervisor).get(BOARD).context["loads"]]

    held = {str(one.reviewer): (one.open, one.overdue) for one in loads}
    assert held["Rosa Okafor"] == (2, 1)
    assert held["Theo Brandt"] == (0, 0)
    assert held["None"] == (2, 0)
    assert loads[0].reviewer == cast.nurse


def test_a_board_takes_as_many_queries_for_many_requests_as_for_none(cast, sign_in):
    client = sign_in(cast.supervisor)
    none = queries_of(client, BOARD)
    for _ in range(3):
        factories.make_claimed(cast)

    assert queries_of(client, BOARD) == none


@pytest.mark.parametrize("person", ["nurse", "physician", "intake", "auditor"])
@pytest.mark.parametrize("address", [BOARD, "/board/age/0", "/board/held/nobody-open"])
def test_the_board_is_the_supervisors(cast, sign_in, person, address):
    client = sign_in(getattr(cast, person))

    assert client.get(address).status_code == 403
    assert 'data-go="b"' not in client.get("/").content.decode()


def test_supervisors_find_the_board_in_the_navigation(cast, sign_in):
    assert f'href="{BOARD}" data-go="b"' in sign_in(cast.supervisor).get("/queue").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "time-left/nonsense",
        "nonsense/0",
        "held/12",
        "held/nobody-nonsense",
        "held/99999-open",
        "held/99999999999999999999-open",
        "decided/2001-01-01/all",
        "decided/today/all",
    ],
)
def test_a_number_that_the_board_does_not_have_is_not_found(cast, sign_in, address):
    assert sign_in(cast.supervisor).get(f"{BOARD}/{address}").status_code == 404
