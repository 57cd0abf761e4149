#!/usr/bin/env python
"""Django's command line, with the embedded database started first when no other is named."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewer.settings")
    from reviewer import local_postgres

    try:
        if local_postgres.is_needed(sys.argv):
            local_postgres.start()
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except local_postgres.LocalPostgresError as error:
        sys.exit(f"benchbook: {error}")
    except Exception as error:
        if type(error.__cause__).__name__ != "UndefinedTable":
            raise
        sys.exit(
            "benchbook: the database has no tables yet: run ./benchbook migrate, or ./benchbook"
            " serve, which loads the demonstration too"
        )
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
