"""The clock of the record is the database's; days are those of the plan's time zone."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection


def now() -> datetime:
    """The moment by the database's clock, aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def local_day(at: datetime) -> date:
    """The day of a moment in the plan's time zone."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def midnight(day: date) -> datetime:
    """The first moment of a day in the plan's time zone."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))
