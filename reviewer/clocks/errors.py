"""What the engine refuses, each with a sentence that says what is missing."""

from collections.abc import Iterable


class ClockError(ValueError):
    """Something about a deadline that cannot be computed.

    `about` names what would mend it where it were said otherwise: columns of the scope, attributes
    of events, types of events; nothing where only another table would.
    """

    def __init__(self, sentence: str, *, about: Iterable[str] = ()) -> None:
        super().__init__(sentence)
        self.about = tuple(about)


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
