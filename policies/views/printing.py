"""The foot of every printed page of a version: a style sheet of its own, for print alone."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from policies.catalog import readable_versions
from policies.views.citations import in_effect
from policies.views.unknown import unknown

FOOT = """@page {{
  @bottom-left {{ content: {left}; text-align: left; {set} }}
  @bottom-right {{ content: {right} counter(page) " of " counter(pages); text-align: right; {set} }}
}}
"""
SET = 'white-space: pre; font: 7.5pt/1.35 "Source Sans 3", sans-serif;'


@require_safe
@permission_required("policies.view_bulletin", raise_exception=True)
@cache_control(private=True, max_age=300)
def version_print(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """Title, version, days, address; on the right the hash and the number of the page."""
    asked = readable_versions(request.user).filter(bulletin__number=number, ordinal=ordinal)
    version = asked.select_related("bulletin", "publication").defer("content", "source_bytes")
    found = version.first()
    if found is None:
        return unknown(request, number, ordinal=ordinal)
    address = request.build_absolute_uri(found.get_absolute_url())
    name = f"{found.bulletin.number} {found.title}"
    left = f"{_short(name)}, version {ordinal}, {in_effect(found)}\n{address}"
    right = f"SHA-256 {found.content_hash[:12]} ... {found.content_hash[-8:]}\nPage "
    sheet = FOOT.format(left=_string(left), right=_string(right), set=SET)
    return HttpResponse(sheet, content_type="text/css")


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:57].rstrip()} ..."


def _string(text: str) -> str:
    """A string of CSS: whatever is not a plain character is written as its number."""
    plain = (one if one.isalnum() or one in " .,:/()#-" else f"\\{ord(one):x} " for one in text)
    return f'"{"".join(plain)}"'
