"""Small bulletins about lamps, and verbs that bring them into the library."""

from datetime import UTC, date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from policies import publishing
from policies.imports.bulletins import import_bulletin
from policies.models import Version

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CODES = """CPT codes covered if selection criteria are met:

97110 Lamp exercises
97112 - 97116 Lamp walks

ICD-10 codes not covered for indications listed in the CPB (not all-inclusive):

S00.00X+ - T88.9XX+ Injuries by lamps
Z98.870 - Z98.89 States after a lamp
"""
CRITERIA = """1. The room is dark; and
      2. The member reads."""


def lamps(
    number="0907", title="Lamps", codes=CODES, criteria=CRITERIA, background="Lamps are warm.",
    limitation="Colored lamps are not covered.", history="",
):  # fmt: skip
    """A bulletin as text, with one section of each sort."""
    return f"""{title}

Number: {number}

Policy

Scope of Policy

This is about lamps.

  1. Medical Necessity

    A lamp is medically necessary when all of the following criteria are met:

      {criteria}

  2. Policy Limitations and Exclusions

    {limitation}

  3. Experimental, Investigational, or Unproven

    Flickering lamps are unproven.

  4. Cosmetic

    Golden lamps are cosmetic.

  5. Related Policies

    0908 Candles

Table:

CPT Codes / HCPCS Codes / ICD-10 Codes

Code Code Description

{codes}
Background

{background}

References

  1. Warm A. Lamps. 2020.
{history}""".encode()


def draft(data=None, **options):
    """A draft version, from `lamps` unless bytes are given."""
    options = {"name": "lamps.txt", "at": AT, "change_note": "Lamps."} | options
    return import_bulletin(data or lamps(), **options).version


def published(data=None, effective_from=date(2026, 1, 1), **options):
    """A version that is in force by import."""
    version = draft(data, origin=Version.Origin.IMPORT, **options)
    publishing.publish(version=version, effective_from=effective_from, by=None, at=AT)
    version.refresh_from_db()
    return version


def person(name):
    return User.objects.create_user(name)


def refusal(error):
    """The constraint that refused, or the state of the error where it was a privilege."""
    diagnosis = error.value.__cause__.diag
    return diagnosis.constraint_name or diagnosis.sqlstate


def attempt(cursor, statement, parameters=()):
    """Run a statement in a savepoint, with the checks that would wait for the commit."""
    with transaction.atomic():
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
