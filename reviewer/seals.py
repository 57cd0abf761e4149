"""Sealing the record: a chain of hashes over what is written once, so that any change shows.

A seal covers the rows of every table of evidence that were written since the one before. Each row
is hashed over the columns that its table had then, the rows in the order of their ids, and the seal
over all of that and the seal before. Whoever changes a row would have to write every later seal
anew: keep the last hash somewhere else, and compare (`verify_seals --last`).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Now

from policies.models import WrittenOnce
from reviewer.models import Seal

LOWEST: Final = -(2**63)  # of an id: nothing can be slipped in below the first seal
BATCH: Final = 50_000  # rows of a table in one seal; more get further seals
WAIT: Final = "5s"  # for writers that are at work


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table, `first` to `last` by id; `columns` as the table had them."""

    first: int
    last: int
    rows: int
    columns: list[str]
    sha256: str


def sealed_models() -> list[type[models.Model]]:
    """The tables of evidence, in the order of their names."""
    found = [one for one in apps.get_models() if issubclass(one, WrittenOnce) and one is not Seal]
    return sorted(found, key=lambda one: one._meta.db_table)


def seal_record() -> list[Seal]:
    """Seal what was written since the last seal; nothing new makes no seal.

    For the owner's connection: writers wait for the moment in which the ends are read, so that no
    row below them can still come. Raises OperationalError where a writer takes longer than `WAIT`.
    """
    ends = read_ends()
    made = []
    while seal := seal_next(ends):
        made.append(seal)
    return made


@transaction.atomic
def read_ends() -> dict[str, int]:
    """The highest id of every table, once everything below it is committed."""
    tables = [one._meta.db_table for one in sealed_models()]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        cursor.execute(f"LOCK TABLE {', '.join(map(quoted, tables))} IN SHARE MODE")
        return {table: highest(cursor, table) for table in tables}


def highest(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {quoted(table)}")  # noqa: S608
    return int(cursor.fetchone()[0])


@transaction.atomic
def seal_next(ends: Mapping[str, int]) -> Seal | None:
    """The next seal up to the ends, or None when all is sealed."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {quoted(Seal._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")
    previous = Seal.objects.last()
    begun = begins()
    batches = {}
    for model in sealed_models():
        table = model._meta.db_table
        first = begun[table] + 1 if table in begun else LOWEST
        last = min(ends[table], end_of_batch(table, first))
        if last >= first:
            columns = sorted(str(one.column) for one in model._meta.local_concrete_fields)
            batches[table] = batch_of(table, first, last, columns)
    if not batches:
        return None
    tables = {table: asdict(batch) for table, batch in batches.items()}
    digest = hash_of(previous.sha256 if previous else "", tables)
    return Seal.objects.create(previous=previous, tables=tables, sha256=digest, sealed_at=Now())


def begins() -> dict[str, int]:
    """Up to which id each table is sealed."""
    ends: dict[str, int] = {}
    for tables in Seal.objects.order_by("id").values_list("tables", flat=True):
        for table, batch in tables.items():
            ends[table] = batch["last"]
    return ends


def end_of_batch(table: str, first: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(id), %s) FROM (SELECT id FROM"  # noqa: S608
            f" {quoted(table)} WHERE id >= %s ORDER BY id LIMIT %s) AS batch",
            [LOWEST, first, BATCH],
        )
        return int(cursor.fetchone()[0])


def batch_of(table: str, first: int, last: int, columns: Sequence[str]) -> Batch:
    """The rows as they are now. Raises ProgrammingError where a column is gone."""
    bytes_of = binary_columns(table)
    values = ", ".join(
        f"encode(sha256({quoted(name)}), 'hex')" if name in bytes_of else quoted(name)
        for name in columns
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(
            "SELECT count(*), encode(sha256(coalesce(string_agg(digest, ''::bytea ORDER BY id),"  # noqa: S608
            " ''::bytea)), 'hex') FROM (SELECT id,"
            f" sha256(convert_to(jsonb_build_array({values})::text, 'UTF8')) AS digest"
            f" FROM {quoted(table)} WHERE id BETWEEN %s AND %s) AS hashed",
            [first, last],
        )
        rows, digest = cursor.fetchone()
    return Batch(first, last, rows, list(columns), digest)


def binary_columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND atttypid = 'bytea'::regtype",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def hash_of(previous: str, tables: Mapping[str, Any]) -> str:
    """Over the seal before and the batches, as canonical JSON."""
    facts = {"previous": previous, "tables": tables}
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults_of(seals: Iterable[Seal], *, last: str = "") -> Iterator[str]:
    """What does not agree with the seals, oldest first; nothing is well.

    `last` is the hash of a seal that was kept elsewhere: it has to be in the chain.
    """
    seen, before = set(), None
    for seal in seals:
        seen.add(seal.sha256)
        if seal.previous_id != (before and before.pk):
            yield f"{seal} does not follow {before or 'nothing'}."
        if hash_of(before.sha256 if before else "", seal.tables) != seal.sha256:
            yield f"{seal} is not what its hash says."
        for table, said in sorted(seal.tables.items()):
            yield from faults_of_batch(seal, table, said)
        before = seal
    if last and last not in seen:
        yield f"The seal {last} is not in the chain: seals were taken away or written anew."


@transaction.atomic
def faults_of_batch(seal: Seal, table: str, said: Mapping[str, Any]) -> list[str]:
    rows = f"rows of {table} up to {said['last']}"
    found = batch_of(table, said["first"], said["last"], said["columns"])
    if found.rows != said["rows"]:
        return [f"{seal}: {rows} are {found.rows} now, and {said['rows']} were sealed."]
    if found.sha256 != said["sha256"]:
        return [f"{seal}: {rows} are not what was sealed."]
    return []
