"""Expressions for constraints, in core Postgres."""

from django.db import models
from django.db.models import F, Func, Value


def hex_sha256(field: str) -> Func:
    """The SHA-256 of a text in UTF-8, as `hashlib` prints it."""
    octets = Func(F(field), Value("UTF8"), function="convert_to")
    return Func(Func(octets, function="sha256"), Value("hex"), function="encode")


def hex_sha256_of_bytes(field: str) -> Func:
    """The SHA-256 of bytes, as `hashlib` prints it."""
    return Func(Func(F(field), function="sha256"), Value("hex"), function="encode")


def local_day(zone: str, at: str) -> Func:
    """The day of a moment in a time zone; both are names of fields."""
    return Func(
        F(zone),
        F(at),
        function="timezone",
        template="(%(function)s(%(expressions)s))::date",
        output_field=models.DateField(),
    )
