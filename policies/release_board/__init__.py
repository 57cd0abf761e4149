"""What a release of codes does to the bulletins that name them: found when it is loaded, then a
task of each bulletin's owner until it is settled."""

from policies.release_board.finding import findings_of, findings_of_add_ons
from policies.release_board.settling import settle

__all__ = ["findings_of", "findings_of_add_ons", "settle"]
