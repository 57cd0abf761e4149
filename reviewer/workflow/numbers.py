"""Numbers that people read out: the year in the plan's zone and a sequence of the database."""

from datetime import datetime

from django.db import connection

from reviewer.time import local_day


def request_number(received_at: datetime) -> str:
    """`R-26-00001`, by the year of receipt."""
    return f"R-{local_day(received_at):%y}-{next_of('request'):05}"


def appeal_number(received_at: datetime) -> str:
    """`A-26-00001`, by the year of receipt."""
    return f"A-{local_day(received_at):%y}-{next_of('appeal'):05}"


def authorization_number(signed_at: datetime) -> str:
    """`N-26-000001`, by the year of signing."""
    return f"N-{local_day(signed_at):%y}-{next_of('authorization'):06}"


def next_of(what: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [f"reviewer_{what}_numbers"])
        number: int = cursor.fetchone()[0]
    return number
