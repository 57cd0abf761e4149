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
