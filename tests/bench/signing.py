"""Signing a determination: its SQL against a one-row insert, the whole against the bare view."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from reviewer.models import ReasonCode, Request, Reviewer, ServiceLine
from reviewer.workflow.determinations import Decision, sign_determination
from tests.bench.floors import ROOT_URLCONF
from tests.bench.measuring import Times
from tests.bench.report import Row
from tests.bench.scratch import plain

INSERT = "INSERT INTO bench_floor (said) VALUES ('x')"


@dataclass(slots=True)
class Asked:
    """What the queries of an act took, its commit among them."""

    seconds: float = 0.0
    queries: int = 0
    began: float = field(default_factory=time.perf_counter)

    def __call__(self, run: Callable[..., Any], *call: Any) -> Any:
        began = time.perf_counter()
        try:
            return run(*call)
        finally:
            self.seconds += time.perf_counter() - began
            self.queries += 1


@contextmanager
def timed() -> Iterator[Asked]:
    asked = Asked()
    commit = connection._commit

    def timed_commit() -> Any:
        return asked(commit)

    connection._commit = timed_commit
    try:
        with connection.execute_wrapper(asked):
            yield asked
    finally:
        del connection._commit


def signing_rows(nurse: Reviewer, *, rounds: int) -> list[Row]:
    """Each round signs one line by the verb and one through the site, and asks the two floors."""
    lines = iter(to_sign(nurse, 2 * rounds))
    reason = ReasonCode.objects.filter(is_active=True, is_adverse=False).order_by("code").first()
    host = settings.ALLOWED_HOSTS[0]
    client, passer_by = Client(SERVER_NAME=host), Client(SERVER_NAME=host)
    client.force_login(nurse.user)
    insert, sql, bare, site = [], [], [], []
    queries = 0
    with plain("owner", autocommit=True) as owner:
        owner.execute(
            "CREATE TABLE IF NOT EXISTS bench_floor (id bigserial PRIMARY KEY, said text)"
        )
        for _ in range(rounds):
            insert.append(
                seconds(lambda: owner.execute("INSERT INTO bench_floor (said) VALUES ('x')"))
            )
            with timed() as asked:
                sign(next(lines), reason, nurse)
            sql.append(asked.seconds)
            queries = asked.queries
            # A client keeps the middleware of its first request.
            with override_settings(ROOT_URLCONF=ROOT_URLCONF, MIDDLEWARE=[]):
                bare.append(seconds(partial(passer_by.get, "/bench/bare")))
            site.append(seconds(partial(post, client, next(lines), reason)))
        owner.execute("DROP TABLE bench_floor")
    taken = (Times(tuple(one)) for one in (insert, sql, bare, site))
    return rows_of(*taken, queries)


def rows_of(insert: Times, sql: Times, bare: Times, site: Times, queries: int) -> list[Row]:
    by_sql, by_site = insert.p50 / sql.p50, bare.p50 / site.p50
    return [
        Row("floor: an insert of one row, committed", insert),
        Row("signing a determination, its SQL", sql, ratio=by_sql, queries=queries,
            bar=">= 0.25 x", is_met=by_sql >= 0.25, note="of the floor's rate; all its queries"),
        Row("floor: bare view by the test client", bare),
        Row("signing a determination through the site", site, ratio=by_site, bar=">= 0.15 x",
            is_met=by_site >= 0.15, note="of the bare view's rate, in this process"),
    ]  # fmt: skip


def to_sign(nurse: Reviewer, count: int) -> list[ServiceLine]:
    """Lines of open requests, as if the nurse had taken them and reviews them."""
    found = list(Request.objects.open().order_by("pk").values_list("pk", flat=True)[:count])
    Request.objects.filter(pk__in=found).update(state=Request.State.IN_REVIEW, assigned_to=nurse)
    lines = ServiceLine.objects.filter(request__in=found, position=1)
    return list(lines.select_related("request").order_by("pk"))


def sign(line: ServiceLine, reason: ReasonCode, nurse: Reviewer) -> None:
    decision = Decision(
        outcome="approved",
        reason=reason,
        units_granted=line.units,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        rationale_clinical="Every criterion is met.",
        rationale_plain="Your plan pays for this.",
        no_bulletin_reason="No bulletin decides this.",
    )
    with transaction.atomic():
        sign_determination(line=line, decision=decision, by=nurse, at=timezone.now())


def post(client: Client, line: ServiceLine, reason: ReasonCode) -> None:
    address = reverse("reviewer:determination_sign", args=[line.request.number, line.position])
    answer = client.post(
        address,
        {
            "intent": str(uuid4()),
            "outcome": "approved",
            "reason": str(reason.pk),
            "units_granted": str(line.units),
            "starts_on": line.starts_on.isoformat(),
            "ends_on": line.ends_on.isoformat(),
            "version": "none",
            "version_note": "No bulletin decides this.",
            "rationale_clinical": "Every criterion is met.",
            "rationale_plain": "Your plan pays for this.",
        },
    )
    if answer.status_code != 302:
        raise LookupError(f"{address} answers {answer.status_code}")


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
