"""A question as conditions in SQL: one text-search query for the index, and exact checks beside it.

The pieces are format strings of fixed text; whatever was typed travels as named parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from policies.models.words import parted
from policies.search.typed import Term, exact_pattern
from policies.synonyms import Meant

Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Terms of which one is asked for. `query` is a tsquery, `exact` what it cannot tell."""

    terms: tuple[Term, ...]
    synonyms: tuple[str, ...]
    query: str
    exact: str  # on {text} and {search}; empty where the query tells all

    def holds(self) -> str:
        """The whole condition on {search} and {text}."""
        parts = [f"{{search}} @@ {self.query}"] if self.query else []
        return f"({' AND '.join([*parts, *([self.exact] if self.exact else [])])})"


@dataclass(slots=True)
class Wanted:
    """All groups are asked for, and none of what is excluded."""

    groups: list[Group] = field(default_factory=list)
    excluded: list[Group] = field(default_factory=list)
    parameters: Parameters = field(default_factory=dict)

    @property
    def marked(self) -> str:
        """A tsquery for whatever is marked in a text besides exact phrases; it may be empty."""
        words = [
            self._query(term.text)
            for group in self.groups
            for term in group.terms
            if not term.is_phrase
        ]
        others = [self._query(one) for group in self.groups for one in group.synonyms]
        return " || ".join(words + others)

    @property
    def phrases(self) -> list[Term]:
        return [term for group in self.groups for term in group.terms if term.is_phrase]

    def every(self) -> str:
        """The condition that a text holds every group: one question to the index."""
        queries = [group.query for group in self.groups if group.query]
        parts = [f"{{search}} @@ ({' && '.join(queries)})"] if queries else []
        return " AND ".join(parts + [group.exact for group in self.groups if group.exact])

    def some(self) -> str:
        """The condition that a text holds one of the groups."""
        queries = [group.query for group in self.groups if group.query]
        holding = " OR ".join(group.holds() for group in self.groups)
        return f"{{search}} @@ ({' || '.join(queries)}) AND ({holding})" if queries else holding

    def mask(self) -> str:
        """A number with a bit for every group that a text holds."""
        return " | ".join(
            f"(CASE WHEN {group.holds()} THEN {1 << at} ELSE 0 END)"
            for at, group in enumerate(self.groups)
        )

    def without(self) -> str:
        """The condition that a text holds nothing of what is excluded; begins with AND."""
        return "".join(f" AND NOT {group.holds()}" for group in self.excluded)

    def takes(self, terms: Sequence[Term], synonyms: Sequence[str] = ()) -> Group:
        """A group whose parameters are among those of this question from now on."""
        queries = [self._query(one.text, exact=one.is_phrase) for one in terms]
        queries += [self._query(one) for one in synonyms]
        query = f"({' || '.join(one for one in queries if one)})"
        if not any(one.is_phrase for one in terms):
            return Group(tuple(terms), tuple(synonyms), query, "")
        if len(terms) == 1 and not synonyms:
            return Group(tuple(terms), (), queries[0], self._exact(terms[0]))
        ways = [
            f"({{search}} @@ {query} AND {self._exact(one)})"
            if one.is_phrase
            else f"{{search}} @@ {query}"
            for one, query in zip(terms, queries, strict=False)
        ]
        ways += [f"{{search}} @@ {one}" for one in queries[len(terms) :]]
        return Group(tuple(terms), tuple(synonyms), query, f"({' OR '.join(ways)})")

    def _query(self, words: str, *, exact: bool = False) -> str:
        """A tsquery for words in a row; empty for a phrase that no index can find."""
        if exact and Term(words).is_everywhere:
            return ""
        return f"phraseto_tsquery('english', {self._parameter(parted(words))})"

    def _exact(self, term: Term) -> str:
        return f"{{text}} ~* {self._parameter(exact_pattern(term))}"

    def _parameter(self, value: str) -> str:
        for name, known in self.parameters.items():
            if known == value:
                return f"%({name})s"
        name = f"asked_{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"


def wanted_of(
    groups: Sequence[tuple[Term, ...]], excluded: Sequence[Term], meant: Sequence[Meant]
) -> Wanted:
    """`meant` counts in groups: words that have synonyms together become one group."""
    wanted = Wanted()
    at = 0
    by_start = {one.start: one for one in meant}
    while at < len(groups):
        if found := by_start.get(at):
            together = " ".join(group[0].text for group in groups[at : found.end])
            wanted.groups.append(_with_synonyms(wanted, together, groups[at : found.end], found))
            at = found.end
        else:
            wanted.groups.append(wanted.takes(groups[at]))
            at += 1
    wanted.excluded = [wanted.takes([one]) for one in excluded]
    return wanted


def _with_synonyms(
    wanted: Wanted, together: str, groups: Sequence[tuple[Term, ...]], meant: Meant
) -> Group:
    """The words as typed (anywhere, in any order) or one of the terms that mean the same."""
    others = [one for one in meant.others if not Term(one).is_everywhere]
    typed = " && ".join(wanted.takes(group).query for group in groups)
    same = [wanted.takes([Term(one)]).query for one in others]
    query = f"({' || '.join([f'({typed})', *same])})"
    return Group((Term(together),), tuple(others), query, "")
