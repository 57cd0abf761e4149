"""Tags of forms whose text is kept while it is typed."""

import json
from collections.abc import Mapping
from typing import Any, cast

from django import template
from django.contrib.auth.models import User
from django.forms import BaseForm
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reviewer.form_pages import FIELD, FormPage, page_of, sign
from reviewer.models import Request
from reviewer.views.drafts import drafts_here, readable
from reviewer.views.meanwhile import done_since, last_event, typed_in

register = template.Library()


@register.simple_tag(takes_context=True)
def draft(context: Context, part: str = "") -> SafeString:
    """Inside a form, beside `{% intent %}`: what is typed into it is kept, and stands in it when
    the page is opened again. `part` tells several forms of one page apart.
    """
    http_request: HttpRequest = context["request"]
    place = place_of(http_request, part)
    sent, first = page_of(http_request), drafts_here(http_request, place)[0]
    seen = sent or first  # a page that comes back has not seen what another kept since
    page = FormPage(
        user=cast(User, http_request.user).pk,
        place=place,
        revision=seen.revision if seen else 0,
        event=last_event(context.get("case")),
    )
    kept = json.dumps(first.fields) if first and http_request.method != "POST" else ""
    return format_html(
        '<input type="hidden" name="{}" value="{}" data-fields="{}" autocomplete="off">{}',
        FIELD,
        sign(page),
        kept,
        script(http_request),
    )


def script(http_request: HttpRequest) -> SafeString:
    """The file that keeps what is typed, for the first form of a page; a fragment's page has it."""
    if http_request.headers.get("HX-Request") == "true" or http_request.__dict__.get("keeps"):
        return SafeString()
    http_request.__dict__["keeps"] = True
    return format_html('<script src="{}" defer></script>', static("js/drafts.js"))


@register.inclusion_tag("reviewer/parts/draft_notes.html", takes_context=True)
def draft_notes(context: Context, *forms: BaseForm | None, part: str = "") -> Mapping[str, Any]:
    """Above a form: that what was typed came back, what another page of it holds, and, when it
    was refused, what others did meanwhile beside what was typed into `forms`.
    """
    http_request: HttpRequest = context["request"]
    case: Request | None = context.get("case")
    first, beside = drafts_here(http_request, place_of(http_request, part))
    sent, user = page_of(http_request), http_request.user
    return {
        "restored": first if http_request.method != "POST" else None,
        "beside": [(one, readable(one.fields)) for one in beside],
        "meanwhile": done_since(case, sent.event, seen_by=user) if case and sent else [],
        "typed": typed_in(forms),
        "csrf_token": context.get("csrf_token"),
        "case": case,
    }


def place_of(http_request: HttpRequest, part: str) -> str:
    return http_request.get_full_path() + (f"#{part}" if part else "")
