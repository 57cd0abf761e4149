"""Django's Postgres backend, which does not wait for a server that is not there."""

from typing import Any, Final

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg import pq
from psycopg.conninfo import make_conninfo
from psycopg_pool import PoolTimeout

PATIENCE_SECONDS: Final = 0.5


class DatabaseWrapper(base.DatabaseWrapper):
    """Where the pool has no connection to give, ask the server before waiting on for one."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        pool = self.pool
        if pool is None:
            return super().get_new_connection(conn_params)
        pool.open()
        try:
            connection = pool.getconn(timeout=PATIENCE_SECONDS)
        except PoolTimeout:
            if not self.is_there():
                raise
            return super().get_new_connection(conn_params)
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return connection

    def is_there(self) -> bool:
        facts = self.settings_dict
        where = make_conninfo(
            host=facts["HOST"] or None,
            port=facts["PORT"] or None,
            dbname=facts["NAME"],
            connect_timeout=1,
        )
        return pq.PGconn.ping(where.encode()) == pq.Ping.OK
