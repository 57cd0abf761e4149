"""The library of the demonstration: what `policies/demo` holds."""

import csv
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction

from policies import publishing
from policies.drafting.criteria import confirm_all, confirm_criterion
from policies.drafting.stances import confirm_stances
from policies.imports.authorization import store_list
from policies.imports.bulletins import Imported, import_bulletin
from policies.imports.code_files.own_list import read_codes
from policies.imports.code_sets import load_codes
from policies.models import (
    AuthorizationList,
    Bulletin,
    Release,
    SynonymSet,
    System,
    Version,
)
from policies.synonyms import taken_terms

DEMO = Path(__file__).resolve().parent.parent / "demo"
CODES_VALID_FROM = date(2023, 1, 1)
CODES_RELEASE = "Demonstration"
AUTHORIZATION_LIST = "Demonstration authorization list"
NOT_CONFIRMED = {"1246", "1312"}  # so that the marks of what only software has read are seen


@transaction.atomic
def load_library(
    *, on: date, at: datetime, author: User | None = None, approver: User | None = None
) -> list[Version]:
    """Load and publish it; dates count from `on`. Returns the versions that are new.

    With an author and an approver the versions go through both hands, else they are imported as
    already in force. What is there stays as it is, so a second run changes nothing.
    """
    _load_code_sets(at)
    _load_synonyms()
    _load_authorization_list(at)
    made = []
    with (DEMO / "bulletins.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            imported = _imported(row, at, author if approver else None)
            if imported.is_new:
                _publish(imported.version, row, on=on, at=at, author=author, approver=approver)
                made.append(imported.version)
    return made


def _load_synonyms() -> None:
    """The sets whose words stand in none yet."""
    with (DEMO / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            terms = row["terms"].split("|")
            if not taken_terms(terms, but=None):
                SynonymSet.objects.create(terms=terms, note=row["note"])


def _load_authorization_list(at: datetime) -> None:
    if not AuthorizationList.objects.filter(name=AUTHORIZATION_LIST).exists():
        path = DEMO / "authorization.csv"
        store_list(path.read_bytes(), name=AUTHORIZATION_LIST, file_name=path.name, by=None, at=at)


def _load_code_sets(at: datetime) -> None:
    data = (DEMO / "codes.csv").read_bytes()
    sha256_of_data = sha256(data).hexdigest()
    known = set(Release.objects.filter(sha256=sha256_of_data).values_list("system", flat=True))
    lines = list(read_codes(data))
    for system in sorted({line.system for line in lines} - known):
        load_codes(
            lines,
            system=System(system),
            release_name=CODES_RELEASE,
            valid_from=CODES_VALID_FROM,
            source="policies/demo/codes.csv",
            sha256=sha256_of_data,
            at=at,
            is_own_wording=True,
        )


def _imported(row: dict[str, str], at: datetime, author: User | None) -> Imported:
    return import_bulletin(
        (DEMO / "bulletins" / row["file"]).read_bytes(),
        name=row["file"],
        at=at,
        author=author,
        origin=Version.Origin.LIBRARY if author else Version.Origin.IMPORT,
        category=row["category"],
        effective_basis=row["effective_basis"],
        lines_of_business=[one for one in row["lines_of_business"].split("|") if one],
        change_note=row["change_note"],
    )


def _publish(
    version: Version,
    row: dict[str, str],
    *,
    on: date,
    at: datetime,
    author: User | None,
    approver: User | None,
) -> None:
    next_review = _day(row["next_review"], row["next_review_days"], on)
    if next_review:
        version.next_review = next_review
        version.save(update_fields=["next_review"])
    if author and approver:
        Bulletin.objects.filter(pk=version.bulletin_id).update(owner=author)
        if version.bulletin.number not in NOT_CONFIRMED:
            _confirm(version, by=author, at=at)
        publishing.submit(version=version, by=author, at=at)
        publishing.approve(version=version, by=approver, at=at)
    effective = _day(row["effective"], row["effective_days"], on) or version.effective_stated
    publishing.publish(version=version, effective_from=effective, by=approver, at=at)
    version.refresh_from_db()


def _confirm(version: Version, *, by: User, at: datetime) -> None:
    """As an editor who has read it all: first what is clear, then each criterion with a doubt."""
    confirm_all(version=version, by=by, at=at)
    for anchor in version.criteria.filter(confirmed_at=None).values_list("anchor", flat=True):
        confirm_criterion(version=version, anchor=anchor, by=by, at=at)
    stated = version.passages.exclude(stance_type="").values_list("anchor", "stance_type")
    confirm_stances(version=version, types=dict(stated), by=by, at=at)


def _day(stated: str, days: str, on: date) -> date | None:
    if days:
        return on + timedelta(days=int(days))
    return date.fromisoformat(stated) if stated else None
