"""How a person signs, and whether they can today."""

from dataclasses import dataclass
from datetime import date

from reviewer.models import Credential, Reviewer


@dataclass(frozen=True, slots=True)
class Signer:
    """A person with the license that is valid that day, or the reason why there is none."""

    reviewer: Reviewer
    credential: Credential | None
    why_not: str = ""

    @property
    def name(self) -> str:
        """As on a button: "R. Okafor, RN"."""
        return signature(self.reviewer, self.credential)


def signer_on(reviewer: Reviewer, on: date) -> Signer:
    """Two queries at most."""
    credential = reviewer.credential(on)
    if credential:
        return Signer(reviewer, credential)
    last = reviewer.credentials.order_by("-valid_to").first()
    if last is None:
        why = "No license of yours is on record, so nothing can be signed."
    elif last.revoked_on and last.revoked_on <= on:
        why = f"Your license {last} was revoked on {last.revoked_on}."
    elif last.valid_to < on:
        why = f"Your license {last} ended on {last.valid_to}."
    else:
        why = f"Your license {last} begins on {last.valid_from}."
    return Signer(reviewer, None, f"{why} Your administrator enters the renewal.")


def signature(reviewer: Reviewer, credential: Credential | None) -> str:
    user = reviewer.user
    name = f"{user.first_name[:1]}. {user.last_name}" if user.last_name else user.get_username()
    return f"{name}, {credential.title}" if credential else name
