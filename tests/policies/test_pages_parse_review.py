"""The parse review: every line beside what it became, marked, filtered, and mended in place."""

import re
from html import unescape

import pytest
from django.urls import reverse

from policies import publishing
from policies.drafting.mends import mend_line, set_aside_line
from policies.models import CodeSpan, Mend, Version
from policies.reading.mutation import as_page
from tests.policies.library import AT, CODES, draft, lamps, person, published
from tests.policies.pages import queries_of

pytestmark = pytest.mark.django_db

STRAY = f"{CODES}\nCPT codes about lamps:\n\n97120 Lamp talk\n\nA stray word\n"


@pytest.fixture
def stray():
    return draft(lamps(codes=STRAY))


def address(version, query=""):
    page = reverse("admin:policies_version_parse_review", args=[version.pk])
    return f"{page}?{query}" if query else page


def shown(response):
    """The words of a page, with single blanks."""
    body = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(body).split())


def row(response, key):
    """The words of one line of the table, source and counterpart."""
    page = response.content.decode()
    found = re.search(rf'<tr id="l{re.escape(key)}".*?</tr>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else None


def line_of(version, words):
    lines = bytes(version.source_bytes).decode().split("\n")
    (number,) = (at for at, one in enumerate(lines, start=1) if words in one)
    return number


def send(client, version, words, act, **typed):
    line = line_of(version, words)
    data = {"act": act, "line": line, "seen": 0, "after": "", "reason": "A slip."} | typed
    return client.post(address(version), data, follow=True)


# What is shown


def test_it_has_the_address_that_others_link_to(stray):
    assert address(stray) == f"/admin/policies/version/{stray.pk}/reading/"


def test_every_line_with_words_has_its_row(editor, stray):
    page = editor.get(address(stray, "open=all"))

    for number, line in enumerate(bytes(stray.source_bytes).decode().split("\n"), start=1):
        words = " ".join(line.split())
        assert (row(page, str(number)) is not None) == bool(words)
        if words:
            assert f"{number} {words}" in row(page, str(number))


def test_a_code_row_shows_its_codes_description_and_stance(editor, stray):
    page = editor.get(address(stray))
    line = str(line_of(stray, "Lamp walks"))

    assert row(page, line).endswith("97112 – 97116 Lamp walks Covered if criteria met")


def test_a_heading_a_statement_and_a_paragraph_show_their_place(editor, stray):
    page = editor.get(address(stray))

    assert "I Medical Necessity Medical necessity #medical-necessity" in row(page, "11")
    assert row(page, "13").endswith("Criterion all of these #medical-necessity-1")
    assert "A The room is dark; and Criterion #criteria-I-A" in row(page, "15")


def test_the_count_says_how_many_lines_met_which_fate(editor, stray):
    total = sum(1 for one in bytes(stray.source_bytes).decode().split("\n") if one.strip())

    text = shown(editor.get(address(stray)))

    assert f"{total} lines: {total - 2} placed," in text
    assert "1 placed with a doubt" in text
    assert "1 not understood" in text


def test_a_line_that_goes_on_names_the_line_that_began_its_place(editor):
    codes = "CPT codes covered:\n\n97110, 97112\n97116\nLamp walks\n"
    version = draft(lamps(codes=codes))
    first = line_of(version, "97110, 97112")

    page = editor.get(address(version))

    assert row(page, str(first)).endswith("97110, 97112, 97116 Lamp walks Covered")
    assert row(page, str(first + 1)).endswith(f"goes on from line {first}")
    assert row(page, str(first + 2)).endswith(f"goes on from line {first}")


def test_a_date_of_the_text_shows_the_day_that_was_read(editor):
    version = draft(lamps(history="\nPolicy History\n\nEffective: 04/01/2026\n"))

    page = editor.get(address(version))

    line = str(line_of(version, "Effective:"))
    assert "effective 2026-04-01" in row(page, line)


def test_what_was_not_understood_is_marked_in_words_with_its_reason(editor, stray):
    line = str(line_of(stray, "A stray word"))
    text = row(editor.get(address(stray)), line)

    assert "Not understood: it has no code and is not a heading" in text
    assert "Mend or set aside" in text


def test_a_doubtful_line_shows_its_place_and_its_reason(editor, stray):
    line = str(line_of(stray, "CPT codes about lamps"))
    text = row(editor.get(address(stray)), line)

    assert "Placed with a doubt: the heading does not say whether its codes are covered" in text
    assert "Group of codes CPT, 1 row Not stated" in text


def test_lines_to_look_at_link_to_one_another(editor, stray):
    first, second = line_of(stray, "CPT codes about lamps"), line_of(stray, "A stray word")
    page = editor.get(address(stray)).content.decode()

    assert f'<a class="jump" href="#l{first}">' in page
    assert f'<a href="#l{second}">next, line {second}</a>' in page
    assert f'<a href="#l{first}">previous, line {first}</a>' in page


@pytest.mark.parametrize(
    ("only", "words"),
    [
        ("look", ["CPT codes about lamps", "A stray word"]),
        ("mended", ["This is about lamps."]),
        ("aside", ["Golden lamps"]),
        ("page", []),
    ],
)
def test_a_filter_shows_only_its_lines(editor, stray, only, words):
    ann = person("ann")
    about = line_of(stray, "This is about lamps.")
    mend_line(version=stray, line=about, after="All lamps.", reason="Short.", by=ann, at=AT)
    golden = line_of(stray, "Golden lamps")
    set_aside_line(version=stray, line=golden, reason="Not gold.", by=ann, at=AT)

    page = editor.get(address(stray, f"only={only}"))

    keys = re.findall(r'<tr id="l(\d+)"', page.content.decode())
    assert keys == [str(line_of(stray, one)) for one in words]
    assert ("No line is like that." in shown(page)) == (not words)


def test_a_filter_that_does_not_exist_shows_all(editor, stray):
    assert row(editor.get(address(stray, "only=nonsense")), "1") is not None


def test_a_mended_line_shows_before_and_after_by_whom_and_why(editor, cast, stray):
    number = line_of(stray, "A stray word")
    mend_line(
        version=stray, line=number, after="97130 Lamp songs", reason="The code was lost.",
        by=cast.policy_editor.user, at=AT,
    )  # fmt: skip

    page = editor.get(address(stray))

    text = row(page, str(number))
    assert "A stray word 97130 Lamp songs" in text
    assert "97130 Lamp songs Not stated" in text
    name = cast.policy_editor.user.get_full_name()
    assert f"Mended by {name}, 2026-03-02 : The code was lost." in text
    assert "1 mended" in shown(page)


def test_long_runs_of_background_are_folded_and_open_by_a_link(editor):
    paragraphs = "\n\n".join(f"Lamp number {one} was warm." for one in range(40))
    version = draft(lamps(background=paragraphs))

    page = editor.get(address(version)).content.decode()

    assert "Lamp number 20 was" not in page
    (link,) = re.findall(r'<a href="\?(open=[\d-]+)#l\d+"', page)
    opened = editor.get(address(version, link)).content.decode()
    assert opened.count("Lamp number 20 was") == 2


def test_a_line_to_look_at_is_never_folded(editor):
    rows = "\n".join(f"9{one:04} Lamp" for one in range(100))
    codes = f"CPT codes covered:\n\n{rows}\n\nA stray word\n\n" + "\n".join(
        f"8{one:04} Lamp" for one in range(100)
    )
    version = draft(lamps(codes=codes))

    page = editor.get(address(version))

    assert "Not understood" in row(page, str(line_of(version, "A stray word")))
    assert "lines of codes, every one placed. Show them" in shown(page)


def test_the_blocks_of_one_line_of_markup_have_rows_of_their_own(editor):
    version = draft(as_page(lamps()).replace(b"\n", b" "), name="lamps.html")

    page = editor.get(address(version, "open=all"))

    assert "Lamps" in row(page, "1")
    assert row(page, "1.2").startswith("1 Number: 0907")


def test_the_strict_policy_holds_and_nothing_is_inline(editor, stray):
    response = editor.get(address(stray, f"line={line_of(stray, 'A stray word')}"))

    page = response.content.decode()
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


def test_words_of_the_source_are_never_markup(editor):
    version = draft(lamps(background="A <b>bold</b> lamp & a <script>alert(1)</script>."))

    page = editor.get(address(version)).content.decode()

    assert "<script>alert" not in page
    assert "A &lt;b&gt;bold&lt;/b&gt; lamp &amp; a &lt;script&gt;" in page


def test_the_page_takes_as_many_queries_for_many_lines_as_for_few(editor):
    few = draft(lamps())
    many = draft(lamps(background="\n\n".join(f"Lamp {one}." for one in range(300))))

    assert queries_of(editor, address(few)) == queries_of(editor, address(many))


# Mending


def test_a_form_opens_for_one_line_with_its_words(editor, stray):
    number = line_of(stray, "The member reads.")

    page = editor.get(address(stray, f"line={number}")).content.decode()

    assert page.count("<textarea") == 1
    assert "      2. The member reads.</textarea>" in page
    assert f"Mend line {number}" in page


def test_no_form_is_there_until_one_is_asked_for(editor, stray):
    assert "<textarea" not in editor.get(address(stray)).content.decode()


def test_a_line_is_mended_and_the_source_read_again(editor, cast, stray):
    response = send(editor, stray, "A stray word", "mend", after="97130 Lamp songs")

    number = line_of(stray, "A stray word")
    assert response.redirect_chain[-1][0].endswith(f"#l{number}")
    assert f"Line {number} is mended; the source was read again." in shown(response)
    made = Mend.objects.get()
    assert (made.by, made.after, made.reason) == (
        cast.policy_editor.user, "97130 Lamp songs", "A slip.",
    )  # fmt: skip
    assert CodeSpan.objects.filter(version=stray, low="97130").exists()


def test_line_breaks_that_a_browser_sends_make_lines(editor, stray):
    send(editor, stray, "A stray word", "mend", after="97130 Lamp songs\r\n97131 Lamp tunes\r\n")

    assert Mend.objects.get().after == "97130 Lamp songs\n97131 Lamp tunes"
    assert CodeSpan.objects.filter(version=stray, low__in=["97130", "97131"]).count() == 2


def test_a_line_is_set_aside_with_a_reason(editor, stray):
    response = send(editor, stray, "A stray word", "aside", reason="An ad.")

    number = line_of(stray, "A stray word")
    assert "Set aside by" in row(response, str(number))
    assert "An ad." in row(response, str(number))


def test_a_mend_is_taken_back_and_stays_in_the_history(editor, stray):
    send(editor, stray, "A stray word", "mend", after="97130 Lamp songs")
    seen = Mend.objects.get().pk

    send(editor, stray, "A stray word", "back", seen=seen, reason="")

    number = line_of(stray, "A stray word")
    page = editor.get(address(stray, f"line={number}"))
    assert "Not understood" in row(page, str(number))
    assert "97130 Lamp songs (A slip.)" in shown(page)
    assert "read as it came (Taken back.)" in shown(page)


def test_the_source_is_read_again_on_demand(editor, stray):
    response = editor.post(address(stray), {"act": "again"}, follow=True)

    assert "The source was read again." in shown(response)
    assert stray.edits.get().what == "Read the source again."


@pytest.mark.parametrize(
    ("act", "typed", "words"),
    [
        ("mend", {"after": "Kept words", "reason": ""}, "Say why: the reason is kept"),
        ("aside", {"after": "Kept words", "reason": " "}, "Say why: the reason is kept"),
        ("mend", {"after": "  ", "reason": "Kept words"}, "set it aside, with a reason"),
        ("mend", {"after": "A stray word", "reason": "Kept words"}, "reads so already"),
        ("mend", {"after": "Kept words", "reason": "r" * 301}, "at most 300 characters"),
        ("mend", {"after": "Kept words\x00"}, "Null characters are not allowed"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(editor, stray, act, typed, words):
    response = send(editor, stray, "A stray word", act, **typed)

    assert words in shown(response)
    assert "Kept words" in response.content.decode()
    assert not Mend.objects.exists()


def test_a_mend_that_makes_another_bulletin_is_refused_with_what_was_typed(editor, stray):
    response = send(editor, stray, "Number: 0907", "mend", after="Number: 0911")

    assert "So the source would be bulletin 0911" in shown(response)
    assert "Number: 0911</textarea>" in response.content.decode()
    assert not Mend.objects.exists()
    assert Version.objects.get().status == "draft"


def test_of_two_editors_one_wins_and_the_other_keeps_the_typed_text(editor, stray):
    number = line_of(stray, "A stray word")
    ann = person("ann")
    mend_line(version=stray, line=number, after="97130 Songs", reason="Lost.", by=ann, at=AT)

    response = send(editor, stray, "A stray word", "mend", after="97131 Tunes", seen=0)

    text = shown(response)
    assert "While you wrote, ann mended it to “97130 Songs” (Lost)." in text
    assert "97131 Tunes</textarea>" in response.content.decode()
    assert Mend.objects.count() == 1

    (seen,) = re.findall(r'name="seen" value="(\d+)"', response.content.decode())
    send(editor, stray, "A stray word", "mend", after="97131 Tunes", seen=seen)
    assert Mend.objects.order_by("-id").first().after == "97131 Tunes"


def test_a_line_that_is_not_there_is_refused_in_words(editor, stray):
    data = {"act": "mend", "line": "9999", "seen": 0, "after": "x", "reason": "y"}

    response = editor.post(address(stray), data)

    assert response.status_code == 200
    assert "The source has no line 9999" in shown(response)


def test_what_is_the_page_s_own_is_no_work_for_the_step(editor):
    version = draft(b"Home | Search\n\n" + lamps())

    text = shown(editor.get(address(version)))

    assert "1 the page's own" in text
    assert "Every line is placed" in text


# Doors


def test_an_approver_reads_and_does_not_mend(approver, stray):
    page = approver.get(address(stray, f"line={line_of(stray, 'A stray word')}"))

    assert "Not understood" in shown(page)
    assert "Policy editors mend a reading" in shown(page)
    assert "<textarea" not in page.content.decode()
    assert "?line=" not in page.content.decode()
    assert send(approver, stray, "A stray word", "mend", after="x").status_code == 403
    assert not Mend.objects.exists()


def test_a_published_version_is_read_only(editor):
    version = published(lamps(codes=STRAY))

    page = editor.get(address(version, f"line={line_of(version, 'A stray word')}"))

    assert "its reading never changes" in shown(page)
    assert "<textarea" not in page.content.decode()
    assert send(editor, version, "A stray word", "mend", after="x").status_code == 403


def test_a_submitted_version_says_before_that_a_mend_withdraws_it(editor, cast, stray):
    publishing.submit(version=stray, by=cast.policy_editor.user, at=AT)

    page = editor.get(address(stray))
    assert "Any mend makes it a draft again, and its sign-off is withdrawn." in shown(page)

    send(editor, stray, "A stray word", "mend", after="97130 Lamp songs")
    assert Version.objects.get().status == "draft"


@pytest.mark.parametrize("role", ["nurse", "auditor", "administrator"])
def test_others_do_not_come_in(role, cast, client, stray):
    client.force_login(getattr(cast, role).user)

    assert client.get(address(stray)).status_code in (302, 403)


def test_a_version_that_is_not_there_is_not_found(editor):
    assert editor.get("/admin/policies/version/999999/reading/").status_code == 404


# Lines that are right for all their doubt


def accept(editor, version, reason="Our heading says so.", seen=0):
    data = {"line": line_of(version, DOUBTED), "seen": seen, "after": "", "reason": reason}
    return editor.post(address(version), data | {"act": "accept"}, follow=True)


DOUBTED = "CPT codes about lamps:"


def test_a_doubtful_line_is_accepted_with_a_reason_and_stays_reported(editor, stray, cast):
    before = Version.objects.get(pk=stray.pk)

    response = accept(editor, stray)

    words = row(response, str(line_of(stray, DOUBTED)))
    assert "Placed with a doubt: the heading does not say" in words
    assert "Accepted as it is read by" in words
    assert "Our heading says so." in words
    after = Version.objects.get(pk=stray.pk)
    assert (after.content_hash, after.not_understood) == (
        before.content_hash, before.not_understood,
    )  # fmt: skip
    assert Mend.objects.get().by == cast.policy_editor.user


def test_an_accepted_line_is_no_longer_one_to_look_at(editor, stray):
    assert "CPT codes about lamps" in shown(editor.get(address(stray, "only=look")))

    accept(editor, stray)

    assert "CPT codes about lamps" not in shown(editor.get(address(stray, "only=look")))
    assert "CPT codes about lamps" in shown(editor.get(address(stray, "only=accepted")))


def test_accepting_completes_the_step_of_reading(editor):
    version = draft(lamps(codes=STRAY.replace("\nA stray word\n", "")))
    page = reverse("admin:policies_version_change", args=[version.pk])
    assert "1 line to look at" in shown(editor.get(page))

    accept(editor, version)

    assert "every line is placed, 1 accepted with a doubt" in shown(editor.get(page)).replace(
        "Every", "every"
    )


def test_accepting_needs_a_reason_and_is_taken_back(editor, stray):
    assert "Say why" in shown(accept(editor, stray, reason=""))
    assert not Mend.objects.exists()

    accept(editor, stray)
    seen = Mend.objects.get().pk
    data = {"line": line_of(stray, DOUBTED), "seen": seen, "after": "", "reason": ""}
    editor.post(address(stray), data | {"act": "back"}, follow=True)

    assert "CPT codes about lamps" in shown(editor.get(address(stray, "only=look")))


def test_a_line_that_is_not_understood_cannot_be_accepted(editor, stray):
    line = line_of(stray, "A stray word")
    data = {"line": line, "seen": 0, "after": "", "reason": "Fine.", "act": "accept"}

    response = editor.post(address(stray), data, follow=True)

    assert f"Line {line} is not placed: mend it, or set it aside." in shown(response)
    assert not Mend.objects.exists()
