"""The key that says "read"."""

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from policies.readers import NotToAcknowledge, acknowledge
from policies.views.bulletins import reads_library
from policies.views.unknown import unknown
from policies.views.versions import versions_of


@require_POST
@reads_library
def version_acknowledge(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The person has read the version. A second time it changes nothing."""
    versions = versions_of(number, request.user)
    version = next((one for one in versions if one.ordinal == ordinal), None)
    if version is None or not isinstance(request.user, User):
        return unknown(request, number, versions=versions, ordinal=ordinal)
    try:
        read = acknowledge(version=version, reader=request.user, at=timezone.now())
    except NotToAcknowledge as error:
        return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
    if request.headers.get("HX-Request") == "true":
        context = {"read": read, "version": version, "is_row": "row" in request.POST}
        return render(request, "policies/parts/acknowledged.html", context)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return HttpResponseRedirect(back if is_ours else version.get_absolute_url())
