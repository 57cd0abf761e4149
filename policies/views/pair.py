"""What the bulletins say of a code beside a diagnosis, as the code page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.look_up import ICD_10_CM, Hit
from policies.look_up_pairs import PolicyAnswer, look_up_pair
from policies.models import Code
from policies.reading import codes
from policies.resolver import Occasion

FEW_NEAR_MISSES = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """The question as it was asked, with what the code sets know of its diagnoses."""

    on: date
    diagnoses: tuple[tuple[str, str], ...]  # display, and what it means
    answers: tuple["Said", ...]

    @property
    def span_ids(self) -> list[int]:
        """Of the code's rows on which the first answer rests."""
        return [hit.facts.span_id for hit in self.answers[0].code_hits] if self.answers else []


@dataclass(frozen=True, slots=True)
class Said:
    """One bulletin's answer."""

    answer: PolicyAnswer
    stances: tuple[str, ...]  # of the rows that name the code; more than one: they disagree
    near: tuple[str, ...]
    unnamed: tuple[str, ...]  # diagnoses that the version does not name

    @property
    def code_hits(self) -> tuple[Hit, ...]:
        return self.answer.code_hits

    @property
    def is_contradictory(self) -> bool:
        """Whether the diagnosis stands under a stance that the code does not have."""
        return any(hit.group.stance not in self.stances for hit in self.answer.diagnosis_hits)

    @property
    def has_open_list(self) -> bool:
        hits = self.answer.code_hits + self.answer.diagnosis_hits
        return any(hit.group.is_open_list for hit in hits)


def ask_pair(display: str, system: str, asked: dict[str, Any], today: date) -> Pair:
    """Ask for a valid form's data. On a diagnosis page the code of the page is the diagnosis."""
    service, diagnoses = display, asked.get("diagnosis", [])
    if system == ICD_10_CM:
        service, diagnoses = asked["service"], [display]
    on = asked["on"] or today
    occasion = Occasion(
        line_of_business=asked["line_of_business"],
        jurisdiction=asked["state"],
        service_on=on,
        received_on=today,
        processed_on=today,
    )
    answers = look_up_pair(code=service, diagnoses=diagnoses, occasion=occasion)
    return Pair(
        on=on,
        diagnoses=_meanings(diagnoses),
        answers=tuple(_said(answer, diagnoses) for answer in answers),
    )


def _said(answer: PolicyAnswer, diagnoses: Sequence[str]) -> Said:
    named = {codes.normalise(hit.asked) for hit in answer.diagnosis_hits}
    misses = answer.governing.untold_misses[:FEW_NEAR_MISSES]
    return Said(
        answer=answer,
        stances=tuple(dict.fromkeys(hit.group.stance for hit in answer.code_hits)),
        near=tuple(_opened(miss.sentence) for miss in misses),
        unnamed=tuple(one for one in diagnoses if codes.normalise(one) not in named),
    )


def _opened(sentence: str) -> str:
    """With its capital: the resolver's sentences also stand inside others."""
    return sentence[:1].upper() + sentence[1:]


def _meanings(diagnoses: Sequence[str]) -> tuple[tuple[str, str], ...]:
    keys = [codes.normalise(one) for one in diagnoses]
    known = Code.objects.filter(system=ICD_10_CM, key__in=keys).order_by("valid_from")
    said = {
        code.key: str(newest)
        for code in known.prefetch_related("descriptors__release")
        if (newest := next(iter(code.descriptors.all()), None))
    }
    return tuple((one, said.get(codes.normalise(one), "")) for one in diagnoses)
