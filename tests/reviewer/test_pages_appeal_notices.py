"""The notice of an appeal's decision on the site: owed, read, recorded, kept."""

import pytest
from django.urls import reverse

from reviewer.models import Notice
from tests import factories
from tests.reviewer.pages import post, queries_of

pytestmark = pytest.mark.django_db
TO_TELL = "/to-tell"


@pytest.fixture
def decision(cast):
    return factories.make_upheld(cast)


def page_of(decision, name="appeal_notice_send"):
    return reverse(f"reviewer:{name}", args=[decision.appeal.number])


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_both_letters_are_read_before_they_go(cast, sign_in, decision):
    page = text(sign_in(cast.nurse).get(page_of(decision)))

    assert page.count('<pre class="letter">') == 2
    assert "WHAT YOU MAY DO NOW" in page
    assert "cannot be sent yet" not in page


def test_a_notice_is_kept_as_it_went(cast, sign_in, decision):
    client = sign_in(cast.appeals_coordinator)

    response = post(client, page_of(decision), recipient="member", channel="mail")

    notice = Notice.objects.get()
    where = reverse("reviewer:appeal_notice_detail", args=[decision.appeal.number, notice.pk])
    assert response.headers["Location"] == where
    page = text(sign_in(cast.auditor).get(where))
    assert "Verified: its hash agrees." in page
    assert notice.sha256 in page


def test_what_is_missing_is_named_before_sending(cast, sign_in, decision):
    coverage = decision.appeal.request.coverage
    coverage.plan = ""
    coverage.save()

    page = text(sign_in(cast.nurse).get(page_of(decision)))

    assert "The notice cannot be sent yet." in page
    assert "The coverage names no plan that it could come from." in page
    assert "Record the notice as sent" not in page


def test_an_appeal_that_is_not_decided_says_so_instead_of_a_letter(cast, sign_in):
    appeal = factories.make_assigned_appeal(cast)
    client = sign_in(cast.nurse)

    for name in ("appeal_notice_send", "appeal_told_by_phone"):
        page = text(client.get(reverse(f"reviewer:{name}", args=[appeal.number])))
        assert "is not decided yet" in page
        assert "data-once" not in page


def test_a_refusal_comes_back_on_the_page(cast, sign_in, decision):
    factories.make_appeal_notice(cast, decision.appeal)

    typed = {"recipient": "member", "channel": "fax"}
    page = text(post(sign_in(cast.nurse), page_of(decision), **typed))

    assert "was told in writing of the decision of appeal" in page
    assert Notice.objects.count() == 1


def test_a_second_click_tells_nobody_twice(cast, sign_in, decision):
    client = sign_in(cast.nurse)
    typed = {
        "recipient": "member",
        "channel": "mail",
        "intent": "7d9c5c2e-3a69-4d1c-a9f0-0c1f6a0e4d11",
    }

    first = post(client, page_of(decision), **typed)
    again = post(client, page_of(decision), **typed)

    assert again.headers["Location"] == first.headers["Location"]
    assert Notice.objects.count() == 1


def test_the_appeal_says_who_is_not_told_and_links_what_went(cast, sign_in, decision):
    client, at = sign_in(cast.nurse), decision.appeal.get_absolute_url()
    page = text(client.get(at))
    assert "Not told yet: the member and the provider." in page
    assert page_of(decision) in page

    notice = factories.make_appeal_notice(cast, decision.appeal)
    page = text(client.get(at))
    assert "Not told yet: the provider." in page
    assert (
        reverse("reviewer:appeal_notice_detail", args=[decision.appeal.number, notice.pk]) in page
    )
    assert f"Appeal {decision.appeal}: the member was told by mail." in page  # the timeline


def test_a_call_is_recorded_and_confirmed_by_the_letter(cast, sign_in, decision):
    client = sign_in(cast.nurse)
    said = {"recipient": "member", "told": "Ada Winter was told that the denial stands."}

    response = post(client, page_of(decision, "appeal_told_by_phone"), **said)

    assert response.headers["Location"] == decision.appeal.get_absolute_url()
    page = text(client.get(decision.appeal.get_absolute_url()))
    assert "To the member, by phone" in page
    assert "Not told yet: the member and the provider." in page
    assert "we told you this decision by telephone" in text(client.get(page_of(decision)))


def test_what_is_owed_is_on_the_list_until_both_are_told(cast, sign_in, decision):
    client = sign_in(cast.nurse)

    rows = {one.appeal: one for one in client.get(TO_TELL).context["rows"]}
    assert rows[decision.appeal].whom == "Member and provider"
    assert rows[decision.appeal].due_at is not None
    assert page_of(decision) in text(client.get(TO_TELL))

    factories.make_appeal_notice(cast, decision.appeal)
    rows = {one.appeal: one for one in client.get(TO_TELL).context["rows"]}
    assert rows[decision.appeal].whom == "Provider"

    factories.make_appeal_notice(cast, decision.appeal, recipient="provider")
    assert decision.appeal not in {one.appeal for one in client.get(TO_TELL).context["rows"]}


def test_a_dismissed_appeal_is_owed_without_a_limit(cast, sign_in):
    decision = factories.make_upheld(cast, outcome="dismissed")

    rows = {one.appeal: one for one in sign_in(cast.nurse).get(TO_TELL).context["rows"]}

    assert rows[decision.appeal].due_at is None


def test_an_overturned_appeal_is_owed_once_with_its_determination(cast, sign_in):
    decision = factories.make_appeal_decision(cast)

    (row,) = sign_in(cast.nurse).get(TO_TELL).context["rows"]

    assert (row.appeal, row.determination) == (decision.appeal, decision.left_in_force)
    factories.make_appeal_notice(cast, decision.appeal)
    (row,) = sign_in(cast.nurse).get(TO_TELL).context["rows"]
    assert row.whom == "Provider"


def test_who_decided_sees_it_among_ones_own(cast, sign_in, decision):
    own = sign_in(cast.other_physician).get(f"{TO_TELL}?signed=me")
    assert [one.appeal for one in own.context["rows"]] == [decision.appeal]
    assert "1 decision</a> that you signed" in text(sign_in(cast.other_physician).get("/"))

    assert sign_in(cast.nurse).get(f"{TO_TELL}?signed=me").context["rows"] == []


def test_the_list_takes_as_many_queries_for_two_appeals_as_for_one(cast, sign_in, decision):
    client = sign_in(cast.nurse)
    few = queries_of(client, TO_TELL)

    denied = factories.make_denied(cast, decision.determination.version)
    factories.make_upheld(cast, factories.make_assigned_appeal(cast, denied))

    assert queries_of(client, TO_TELL) == few


def test_an_overturned_determination_leads_to_the_notice_of_its_appeal(cast, sign_in):
    decision = factories.make_appeal_decision(cast)
    made, client = decision.left_in_force, sign_in(cast.nurse)
    words = [made.request.number, made.pk]

    sent = client.get(reverse("reviewer:notice_send", args=words))
    called = client.get(reverse("reviewer:determination_told_by_phone", args=words))

    assert sent.headers["Location"] == page_of(decision)
    assert called.headers["Location"] == page_of(decision, "appeal_told_by_phone")


def test_who_sees_no_appeals_sees_no_notice_of_one(cast, sign_in, decision):
    notice = factories.make_appeal_notice(cast, decision.appeal)
    denied, client = decision.determination, sign_in(cast.intake)

    assert "of appeal" not in text(client.get(denied.get_absolute_url()))
    for address in (
        reverse("reviewer:notice_detail", args=[denied.request.number, denied.pk, notice.pk]),
        reverse("reviewer:letter_detail", args=[denied.request.number, notice.pk]),
    ):
        assert client.get(address).status_code == 404
    detail = reverse("reviewer:appeal_notice_detail", args=[decision.appeal.number, notice.pk])
    assert client.get(detail).status_code == 403


def test_a_notice_of_another_appeal_is_not_found(cast, sign_in, decision):
    version = decision.determination.version
    denied = factories.make_denied(cast, version)
    other = factories.make_upheld(cast, factories.make_assigned_appeal(cast, denied))
    notice = factories.make_appeal_notice(cast, other.appeal)
    client = sign_in(cast.nurse)

    for number, status in ((other.appeal.number, 200), (decision.appeal.number, 404)):
        address = reverse("reviewer:appeal_notice_detail", args=[number, notice.pk])
        assert client.get(address).status_code == status


def test_no_title_names_the_member(cast, sign_in, decision):
    notice = factories.make_appeal_notice(cast, decision.appeal)
    detail = reverse("reviewer:appeal_notice_detail", args=[decision.appeal.number, notice.pk])
    client = sign_in(cast.nurse)

    for address in (page_of(decision), page_of(decision, "appeal_told_by_phone"), detail):
        title = text(client.get(address)).partition("<title>")[2].partition("</title>")[0]
        assert decision.appeal.number in title
        assert "Winter" not in title
