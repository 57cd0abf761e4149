"""A form as it was opened: whose it is, where it stands, and what its page knew.

It goes with the form as a signed value, so that a page that comes back late, from another tab or
after the session has ended, is still told from every other, and from a forgery.
"""

from dataclasses import asdict, dataclass
from typing import Final

from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest

from reviewer.sessions import ABSOLUTE_SECONDS

FIELD: Final = "draft"
SALT: Final = "reviewer.form_pages"


@dataclass(frozen=True, slots=True)
class FormPage:
    """`place` is its address with what tells its form from others; `revision` that of the draft
    it showed, and `event` the last of its request that it knew. 0: none."""

    user: int
    place: str
    revision: int = 0
    event: int = 0


def sign(page: FormPage) -> str:
    return signing.dumps(asdict(page), salt=SALT)


def read(signed: str) -> FormPage | None:
    """None for a value that the site did not write, or wrote before any session could go on."""
    try:
        return FormPage(**signing.loads(signed, salt=SALT, max_age=ABSOLUTE_SECONDS))
    except signing.BadSignature:
        return None


def page_of(http_request: HttpRequest) -> FormPage | None:
    """The page that a form was sent from, if it was opened by the person who is signed in."""
    if http_request.method != "POST":
        return None
    page = read(http_request.POST.get(FIELD, ""))
    user = http_request.user
    return page if page and isinstance(user, User) and page.user == user.pk else None
