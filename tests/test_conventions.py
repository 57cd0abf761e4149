"""What holds of the code as a whole: who may import whom, who may come in, what is written once."""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, get_resolver
from django.utils.regex_helper import normalize

from policies.models import WrittenOnce

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# A module, or a package with all that no longer name below covers, imports only from those above
# it. Inside one entry there is no circle.
ORDER = {
    "policies": [
        "policies.reading",
        "policies.kept",
        "policies.prepared",
        "policies.models",
        "policies.states",
        "policies.refusals",
        "policies.wording",
        "policies.code_chapters",
        "policies.code_slips",
        "policies.code_standing",
        "policies.code_help",
        "policies.code_family",
        "policies.code_history",
        "policies.code_add_ons",
        "policies.code_facts",
        "policies.effective_bases",
        "policies.resolver",
        "policies.spelling",
        "policies.synonyms",
        "policies.authorization",
        "policies.hits",
        "policies.look_up",
        "policies.look_up_pairs",
        "policies.code_resolver",
        "policies.answers",
        "policies.search",
        "policies.type_ahead",
        "policies.drafting.edits",
        "policies.records",
        "policies.exports",
        "policies.imports.spans",
        "policies.imports.stance_types",
        "policies.imports.flat",
        "policies.imports.content",
        "policies.publishing",
        "policies.comparison.words",
        "policies.comparison.editions",
        "policies.comparison.pairing",
        "policies.comparison.lineage",
        "policies.imports",
        "policies.comparison",
        "policies.readers",
        "policies.stages",
        "policies.release_board",
        "policies.apps",
        "policies.catalog",
        "policies.catalog_counts",
        "policies.reviews",
        "policies.whats_new",
        "policies.drafting",
        "policies.imports.demonstration",
        "policies.impact",
        "policies.usage",
        "policies.coverage",
        "policies.forms",
        "policies.look_up_form",
        "policies.templatetags",
        "policies.views",
        "policies.admin",
        "policies.management",
        "policies.urls",
    ],
    "reviewer": [
        "reviewer.postgres_keeper",
        "reviewer.local_postgres",
        "reviewer.settings",
        "reviewer.wsgi",
        "reviewer.sign_in",
        "reviewer.outages",
        "reviewer.logs",
        "reviewer.sessions",
        "reviewer.clocks",
        "reviewer.documents",
        "reviewer.intake_csv",
        "reviewer.models",
        "reviewer.database",
        "reviewer.seals",
        "reviewer.permissions",
        "reviewer.time",
        "reviewer.impact_requests",
        "reviewer.impact",
        "reviewer.usage",
        "reviewer.workflow.rule_book",
        "reviewer.apps",
        "reviewer.form_pages",
        "reviewer.access",
        "reviewer.workflow",
        "reviewer.middleware",
        "reviewer.decorators",
        "reviewer.demonstration",
        "reviewer.forms",
        "reviewer.intake_runs",
        "reviewer.views",
        "reviewer.templatetags",
        "reviewer.admin",
        "reviewer.management",
        "reviewer.gunicorn_conf",
        "reviewer.urls",
    ],
}

OPEN_TO_VISITORS = {"account_inactive", "account_login", "account_signup"}

WRITTEN_ONCE = {
    "AccessEntry",
    "Acknowledgment",
    "AppealDecision",
    "Attention",
    "Citation",
    "ClockEvent",
    "Determination",
    "Document",
    "DocumentContent",
    "DocumentPage",
    "DocumentSetAside",
    "Edit",
    "Event",
    "IntakeRow",
    "Involvement",
    "Mend",
    "Notice",
    "OutsideDecision",
    "PeerToPeerStep",
    "PolicyChoice",
    "Reclassification",
    "Referral",
    "ReferralReturn",
    "RuleRow",
    "Seal",
}

# Views that carry something out and lead elsewhere, and those that fill the page of another.
WITHOUT_TEMPLATE = {
    "determination_capsule",
    "request_document_page",
    "request_document_file",
    "draft_discard",
    "request_claim",
    "absence_cancel",
    "work_next",
    "request_release",
    "request_close",
    "request_clock_start",
    "appeal_clock_start",
    "request_criteria_open",
    "request_criteria_take_over",
    "request_criterion",
    "request_criterion_evidence",
    "request_criterion_evidence_remove",
    "appeal_criteria_open",
    "appeal_criteria_take_over",
    "appeal_criterion",
    "appeal_criterion_evidence",
    "appeal_criterion_evidence_remove",
    "correction_approve",
    "correction_decline",
    "information_integrity_csv",
    "intake_file_enter",
    "intake_file_go_on",
    "intake_file_template",
    "intake_file_to_mend",
    "compare_choose",
    "look_up_csv",
    "look_up_json",
    "coverage_table",
    "version_acknowledge",
    "passage_json",
    "version_json",
    "version_print",
    "version_source",
    "library_lines",
    "library_table",
    "version_table",
}
SHARED_TEMPLATES = {
    "change_reclassify": "policies/version_compare.html",
    "bulletin_detail": "policies/version_detail.html",
    "determination_correct": "reviewer/determination_sign.html",
    "appeal_event_new": "reviewer/request_event_new.html",
    "appeal_expedite_refuse": "reviewer/request_extend.html",
    "appeal_extend": "reviewer/request_extend.html",
    "appeal_extension_withdraw": "reviewer/request_extend.html",
    "appeal_letter_refusal": "reviewer/letter_send.html",
    "appeal_more_time": "reviewer/request_extend.html",
    "appeal_receipt": "reviewer/request_receipt.html",
    "appeal_urgency": "reviewer/request_extend.html",
    "appeal_what_if": "reviewer/clock_what_if.html",
    "request_expedite_refuse": "reviewer/request_extend.html",
    "request_extension_withdraw": "reviewer/request_extend.html",
    "request_letter_not_decided": "reviewer/letter_send.html",
    "request_letter_refusal": "reviewer/letter_send.html",
    "request_missing_information": "reviewer/request_extend.html",
    "request_more_time": "reviewer/request_extend.html",
    "request_urgency": "reviewer/request_extend.html",
    "request_document_set_aside": "reviewer/request_verb.html",
    "request_assign": "reviewer/request_verb.html",
    "request_dismiss": "reviewer/request_verb.html",
    "request_no_authorization_required": "reviewer/request_verb.html",
    "request_refer": "reviewer/request_verb.html",
    "request_reopen": "reviewer/request_verb.html",
    "request_return": "reviewer/request_verb.html",
    "request_withdraw": "reviewer/request_verb.html",
}

POST_FORM = re.compile(r"<form\b[^>]*\bmethod=[\"']?post\b.*?</form>", re.I | re.S)
INLINE = re.compile(
    r"<style\b|\sstyle=|<script\b(?![^>]*\ssrc=)|<[^>]*\son[a-z]+=|hx-on\b|javascript:", re.I
)
TITLE = re.compile(r"{% block (?:head_)?title %}(.*?){% endblock", re.S)
MEMBER_DATA = re.compile(
    r"member|coverage|patient|born|family_name|given_name|summary|diagnos|provider", re.I
)


@cache
def modules(app):
    """The app's modules by dotted name; migrations are left out."""
    found = {}
    for path in sorted((ROOT / app).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imported(path):
    """Every dotted name that a module imports, also within functions; not those for types only."""
    tree = ast.parse(path.read_text())
    for_types = [
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    ]
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(name, app):
    """The app's module that a dotted name is, or is taken from."""
    names = modules(app)
    if name in names:
        return name
    parent = name.rpartition(".")[0]
    return parent if parent in names else None


def graph(app):
    """The modules that each module of the app imports from the app."""
    return {
        name: {found for one in imported(path) if (found := module_of(one, app))} - {name}
        for name, path in modules(app).items()
    }


def entry_of(module, order):
    """The longest entry of the order that covers a module."""
    covering = [one for one in order if f"{module}.".startswith(f"{one}.")]
    return max(covering, key=len, default=None)


def test_the_library_knows_nothing_of_the_reviewing():
    found = {
        name: one
        for name, path in modules("policies").items()
        for one in imported(path)
        if one.split(".")[0] == "reviewer"
    }

    assert found == {}


@pytest.mark.parametrize(
    "package", ["policies.reading", "reviewer.clocks", "reviewer.documents", "reviewer.intake_csv"]
)
def test_pure_packages_know_nothing_of_django(package):
    app = package.split(".")[0]
    found = {
        name: one
        for name, path in modules(app).items()
        if f"{name}.".startswith(f"{package}.")
        for one in imported(path)
        if one.split(".")[0] == "django" or (one.startswith(app) and not one.startswith(package))
    }

    assert found == {}


@pytest.mark.parametrize("app", ORDER)
def test_modules_import_only_from_those_above_them(app):
    order = ORDER[app]
    rank = {name: place for place, name in enumerate(order)}
    wrong = []
    for module, used in graph(app).items():
        mine = entry_of(module, order)
        if mine is None:
            assert module == app, f"{module} has no place in the order"
            continue
        wrong += [
            f"{module} imports {one}"
            for one in used
            if one != app and rank[entry_of(one, order)] > rank[mine]
        ]

    assert wrong == []
    assert {entry_of(module, order) for module in modules(app)} - {None} == set(order)


@pytest.mark.parametrize("app", ORDER)
def test_no_modules_import_each_other_in_a_circle(app):
    assert list(TopologicalSorter(graph(app)).static_order())


def patterns(resolver=None, namespaces=(), before=""):
    """Every address: its full name, an example of its path, its view."""
    for one in (resolver or get_resolver()).url_patterns:
        path = before + example(one.pattern.regex.pattern)
        if isinstance(one, URLPattern):
            yield ":".join((*namespaces, one.name or "")), f"/{path}", one.callback
        else:
            inner = (*namespaces, one.namespace) if one.namespace else namespaces
            yield from patterns(one, inner, path)


def example(pattern):
    """A text that the pattern matches, with 1 for every part that is free."""
    text, names = normalize(pattern)[0]
    return text % dict.fromkeys(names, "1")


def test_the_walk_meets_every_namespace():
    met = {name.split(":")[0] for name, _, _ in patterns() if ":" in name}

    assert {"reviewer", "policies", "admin"} <= met


@pytest.mark.django_db
def test_visitors_are_led_to_the_sign_in_everywhere_else(client):
    entered = {name for name, path, _ in patterns() if not is_led_to_sign_in(client.get(path))}

    assert entered == OPEN_TO_VISITORS


def is_led_to_sign_in(response):
    return response.status_code == 302 and response["Location"].startswith(
        ("/accounts/login/", "/admin/login/")  # the second leads on to the first
    )


def written_once(model=WrittenOnce):
    """The tables by the names of their models."""
    return {one.__name__: one._meta.db_table for one in apps.get_models() if issubclass(one, model)}


def test_models_written_once_are_these():
    assert set(written_once()) == WRITTEN_ONCE


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(WRITTEN_ONCE))
def test_what_is_written_once_has_its_triggers_and_no_other_grant(name):
    table = written_once()[name]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'",
            [table],
        )
        triggers = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT privilege_type FROM information_schema.table_privileges"
            " WHERE table_name = %s AND grantee IN (current_user, 'PUBLIC')",
            [table],
        )
        privileges = {row[0] for row in cursor.fetchall()}

    assert {"evidence_is_written_once", "evidence_is_never_emptied"} <= triggers
    assert privileges == {"SELECT", "INSERT"}


OURS = [one for one in patterns() if one[0].startswith(("reviewer:", "policies:"))]


@pytest.mark.parametrize(
    ("name", "view"), [pytest.param(name, view, id=name) for name, _, view in OURS]
)
def test_view_address_and_template_have_one_name(name, view):
    namespace, short = name.split(":")

    assert view.__name__ == short
    own = ROOT / "templates" / namespace / f"{short}.html"
    assert own.exists() != (short in WITHOUT_TEMPLATE or short in SHARED_TEMPLATES)


def test_exceptions_to_it_are_still_needed():
    assert {name.split(":")[1] for name, _, _ in OURS} >= WITHOUT_TEMPLATE | set(SHARED_TEMPLATES)
    for name in SHARED_TEMPLATES.values():
        assert (ROOT / "templates" / name).exists()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_keeps_the_rules(path):
    text = path.read_text()
    unguarded = [form[:80] for form in POST_FORM.findall(text) if "csrf_token" not in form]

    assert unguarded == []
    assert INLINE.findall(text) == []
    assert [title for title in TITLE.findall(text) if MEMBER_DATA.search(title)] == []


def test_rules_of_templates_find_what_they_look_for():
    assert POST_FORM.findall('<form class="a" method="post"><input></form>')
    for wrong in [
        '<p style="x">',
        "<style>",
        "<script>alert()</script>",
        '<a onclick="x()">',
        "hx-on:click",
        '<a href="javascript:x">',
    ]:
        assert INLINE.search(wrong)
    assert not INLINE.search('<script src="x.js" defer></script>')
    title = TITLE.search("{% block title %}{{ request.member }}{% endblock title %}")
    assert MEMBER_DATA.search(title[1])


def test_entries_of_the_order_are_named_once():
    for order in ORDER.values():
        assert all(first != second for first, second in pairwise(sorted(order)))
