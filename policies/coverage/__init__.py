"""Where the library leaves gaps, for policy staff: bulletins that say opposite things, codes that
none names, bulletins that nobody cites, and authorization that is nearly always granted."""

from policies.coverage.gaps import easy_rules, uncited, unnamed
from policies.coverage.oppositions import oppositions
from policies.coverage.picture import picture

__all__ = ["easy_rules", "oppositions", "picture", "uncited", "unnamed"]
