"""What the engine refuses, each with a sentence that says what is missing."""


class ClockError(ValueError):
    """Something about a deadline that cannot be computed."""


class NoRule(ClockError):
    """No row of the rule table fits what is asked."""


class SeveralRules(ClockError):
    """More than one row fits: what is asked is not precise enough."""


class NotStarted(ClockError):
    """The event that starts the clock is not recorded."""


class NotADeadline(ClockError):
    """The row states a fact; nothing is due by it."""


class WrongRow(ClockError):
    """A row of a table that cannot be read: which one, in which column, and what is allowed."""

    def __init__(self, table: str, key: str, column: str, why: str, text: str = "") -> None:
        said = f" says “{text}”:" if text else ":"
        super().__init__(f"Table {table}, row {key or '(no key)'}, {column}{said} {why}.")
        self.table, self.key, self.column = table, key, column
