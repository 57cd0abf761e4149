"""How long a session lasts: a quarter of an hour idle, ten hours in all.

Both are kept in the session, in seconds of the epoch. What is seen is written at most once a
minute, so a session that lies idle ends in its fifteenth minute, never after it.
"""

import time
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

ABSOLUTE_SECONDS: Final = 10 * 3600
BEGAN, SEEN = "session_began", "session_seen"
WRITTEN_SECONDS: Final = 60
POLL: Final = "X-Benchbook-Poll"  # a page that asks by itself says so, and keeps nothing alive


@receiver(user_logged_in, dispatch_uid="reviewer.sessions.begin")
def begin(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is not None:
        request.session[BEGAN] = request.session[SEEN] = int(time.time())


def is_over(request: HttpRequest) -> bool:
    """Whether a session has ended. One that goes on counts this minute, if a person asked."""
    now = int(time.time())
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is None or seen is None:
        return True
    if now - began >= ABSOLUTE_SECONDS or now - seen >= settings.SESSION_COOKIE_AGE:
        return True
    if POLL not in request.headers and now - seen >= WRITTEN_SECONDS:
        request.session[SEEN] = now
    return False
