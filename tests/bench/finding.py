"""Finding the rows that name a code: as fast as can be asked, and equal to brute force."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

import psycopg

from policies.look_up import look_up
from policies.models import CodeSpan
from policies.reading import codes, document
from policies.reading.codes import Membership
from tests.bench.code_sets import MARKED, SYSTEMS, keys
from tests.bench.library import AT
from tests.bench.measuring import Times, in_turns
from tests.bench.report import Row, against
from tests.bench.scratch import plain

BRUTE_FORCE_SECONDS = 20  # at 10,000 bulletins one code takes seconds


def keys_to_try(count: int, *, seed: int = 1) -> list[str]:
    """Bounds of stored spans and what lies around them, headers, real codes and unknown ones."""
    random = Random(f"keys to try of {seed}")
    spans = list(CodeSpan.objects.order_by("pk").values_list("low", "high"))
    known = [key for system in SYSTEMS for key in keys(system)]
    tried = [MARKED]
    while len(tried) < count:
        low, high = map(codes.normalise, random.choice(spans))
        around = (low, high, high + "1", low[:-1], low[:3], low[:4], low[:-1] + "A")
        tried += (random.choice(around), random.choice(known))
    return [key for key in dict.fromkeys(tried) if codes.systems_of(key)][:count]


class BruteForce:
    """Every span of the library, compared with a key one by one."""

    def __init__(self) -> None:
        self.ids: dict[str, dict[document.CodeSpan, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        columns = ("pk", "system", "low", "high", "is_add_on", "has_seventh_character")
        for pk, system, *printed in CodeSpan.objects.values_list(*columns):
            self.ids[system][document.CodeSpan(*printed)].append(pk)

    def holding(self, key: str) -> dict[int, Membership]:
        return {
            pk: standing
            for system in codes.systems_of(key)
            for span, ids in self.ids[system].items()
            if (standing := codes.membership(key, span)) is not Membership.OUTSIDE
            for pk in ids
        }


def found(key: str) -> dict[int, Membership]:
    """What the model's own query finds, told apart as its caller does."""
    spans = CodeSpan.objects.naming(key).order_by()
    standings = ((one.pk, codes.membership(key, printed(one))) for one in spans)
    return {pk: standing for pk, standing in standings if standing is not Membership.OUTSIDE}


def looked_up(key: str) -> dict[int, Membership]:
    """The same through the door that pages use; every generated version is in effect by then."""
    systems = codes.systems_of(key)
    answers = [look_up(key, on=AT.date(), system=system) for system in systems]
    return {hit.span.pk: hit.membership for answer in answers for hit in answer.hits}


def printed(span: CodeSpan) -> document.CodeSpan:
    return document.CodeSpan(span.low, span.high, span.is_add_on, span.has_seventh_character)


def disagreements(tried: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each key with whether query, look-up and brute force agree, until the time is up."""
    brute_force = BruteForce()
    until = time.monotonic() + BRUTE_FORCE_SECONDS
    for key in tried:
        if time.monotonic() > until:
            return
        expected = brute_force.holding(key)
        yield key, found(key) == expected == looked_up(key)


def finding_rows(tried: Sequence[str]) -> list[Row]:
    """The query for the rows that name a code, against `SELECT 1`."""
    checked = list(disagreements(tried))
    wrong = [key for key, agrees in checked if not agrees]
    floor, naming, hits = naming_times(tried)
    pages = in_turns({"look-up": lambda: look_up(MARKED, on=AT.date())}, rounds=30)["look-up"]
    spread = f"hits of a code: median {hits[len(hits) // 2]}, p95 {hits[len(hits) * 95 // 100]}"
    return [
        against(floor, "SELECT 1, prepared, raw psycopg", floor),
        against(floor, "rows naming a code", naming, 15, note=spread),
        against(floor, "  all that a page needs of 66 rows", pages, note="policies.look_up"),
        Row(
            "  equal to brute force",
            value=f"{len(checked) - len(wrong)} of {len(checked)}",
            bar="every code",
            is_met=not wrong,
            note=f"not: {', '.join(wrong[:5])}" if wrong else "rows and how each matches",
        ),
    ]


def naming_times(tried: Sequence[str]) -> tuple[Times, Times, list[int]]:
    """`SELECT 1` and the query of each key, in turns on one connection, and the hits in order.

    A key counts with its quickest call: codes are compared here, not moments of the machine.
    """
    floor, naming, hits = [], [], []
    with plain("default") as connection:
        cursor = connection.cursor()
        for key in tried:
            query = CodeSpan.objects.naming(key).order_by().values_list("pk").query
            ask, ask_nothing = asking(cursor, *query.sql_with_params()), asking(cursor, "SELECT 1")
            hits.append(len(ask()))
            taken = in_turns({"floor": ask_nothing, "naming": ask}, rounds=7)
            floor.append(min(taken["floor"].seconds))
            naming.append(min(taken["naming"].seconds))
    return Times(tuple(floor)), Times(tuple(naming)), sorted(hits)


def asking(
    cursor: psycopg.Cursor, sql: str, parameters: Sequence[object] = ()
) -> Callable[[], list[tuple[object, ...]]]:
    """As the site asks: the database plans a query for its values, one without values once."""
    return lambda: cursor.execute(sql, parameters, prepare=not parameters).fetchall()
