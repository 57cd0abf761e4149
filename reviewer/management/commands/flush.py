"""Django's `flush`, as the role that owns the tables: only a test database lets itself be emptied
(see `policies/migrations/0002_frozen_versions.py`)."""

from typing import Any

import psycopg
from django.core.management.commands import flush
from django.core.management.sql import emit_post_migrate_signal, sql_flush
from django.db import connections
from psycopg.sql import SQL

from reviewer.database import as_owner


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        if options["interactive"]:
            super().handle(**options | {"database": "owner"})
            return
        statements = sql_flush(
            self.style, connections["default"], reset_sequences=False, allow_cascade=True
        )
        parameters = connections["owner"].get_connection_params()
        parameters.pop("cursor_factory")
        with psycopg.connect(**parameters) as owner:
            for statement in statements:
                owner.execute(SQL(statement))
        if not options.get("inhibit_post_migrate"):
            with as_owner():  # who alone writes the shipped rules
                emit_post_migrate_signal(options["verbosity"], False, options["database"])
