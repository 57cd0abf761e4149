"""The differences of the code tables: rows that came or went, stances, brackets and ranges."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from policies.comparison import effects
from policies.comparison.code_pairing import (
    Listed,
    Match,
    Spans,
    heading_words,
    is_same_list,
    listed,
    matched,
)
from policies.comparison.effects import Change, Effect
from policies.comparison.words import Redline, redline, words_of
from policies.reading.document import CodeGroup, Document


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of the page's table: the codes of a row before and after. Empty where not listed."""

    fate: str  # kept | edited | added | removed | changed
    heading: str
    scope: str
    system: str
    before: str
    after: str
    stances: tuple[str, str]
    description: Redline
    notes: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def was_described(self) -> bool:
        """Whether the older description has words of its own."""
        return any(run.is_changed for run in self.description.before)


def compare_tables(before: Document, after: Document) -> tuple[list[CodeLine], list[Change]]:
    """The lines in the order of the newer table, and what changed in the headings of groups."""
    old, new = list(listed(before)), list(listed(after))
    matches = matched(old, new)
    headings = _Headings(before, after, matches)
    olds, news = Spans(enumerate(old)), Spans(enumerate(new))
    lines = [_line(match, olds, news, headings) for match in sorted(matches, key=_place)]
    return _merged(lines), headings.changes


class _Headings:
    """Which headings of groups were reworded, said once and not for each of their codes."""

    def __init__(self, before: Document, after: Document, matches: Sequence[Match]) -> None:
        self._old = {heading_words(group) for group in before.code_groups}
        self._new = {heading_words(group) for group in after.code_groups}
        self.changes: list[Change] = []
        self._judge(matches)

    def is_other_list(self, old: CodeGroup, new: CodeGroup) -> bool:
        """Whether a code went to a list that was there, and its own list still is."""
        is_other = heading_words(old) != heading_words(new)
        return is_other and heading_words(new) in self._old and heading_words(old) in self._new

    def _judge(self, matches: Sequence[Match]) -> None:
        seen: set[tuple[str, str, bool, bool]] = set()
        for olds, news in matches:
            if not olds or not news:
                continue
            old, new = olds[0].group, news[0].group
            key = (old.heading, new.heading, old.open_list, new.open_list)
            if key in seen or old.stance != new.stance or self.is_other_list(old, new):
                continue
            seen.add(key)
            self._compare(old, new)

    def _compare(self, old: CodeGroup, new: CodeGroup) -> None:
        names = f"“{_title(old)}” became “{_title(new)}”"
        if heading_words(old) != heading_words(new):
            self.changes.append(Change(Effect.READ, f"the heading {names}"))
        elif old.heading != new.heading:
            words = "only white space or punctuation of a heading changed"
            self.changes.append(Change(Effect.EDITORIAL, words))
        if old.open_list != new.open_list:
            is_ = "is now an open list" if new.open_list else "is no longer an open list"
            self.changes.append(Change(Effect.READ, f"“{_title(new)}” {is_}"))


def _line(match: Match, old: Spans, new: Spans, headings: _Headings) -> CodeLine:
    olds, news = match
    shown = (news or olds)[0]
    notes: list[str] = []
    if not olds or not news:
        changes, notes = _come_or_gone(shown, is_added=not olds, others=old if news else new)
        fate = "added" if news else "removed"
    else:
        changes, notes = _changes(olds, news, headings)
        is_editorial = all(one.effect == Effect.EDITORIAL for one in changes)
        fate = "kept" if not changes else "edited" if is_editorial else "changed"
    return CodeLine(
        fate=fate,
        heading=_title(shown.group),
        scope=shown.scope,
        system=shown.group.system,
        before=", ".join(one.printed for one in olds),
        after=", ".join(one.printed for one in news),
        stances=(olds[0].group.stance if olds else "", news[0].group.stance if news else ""),
        description=redline(_descriptions(olds), _descriptions(news)),
        notes=tuple(notes),
        changes=tuple(changes),
    )


def _come_or_gone(one: Listed, *, is_added: bool, others: Spans) -> tuple[list[Change], list[str]]:
    """A code that the other version does not list so; it may have a range that holds it."""
    holding = [it for _, it in others.meeting(one) if it.holds(one)]
    verb = "it stood" if is_added else "it still stands"
    notes = [
        f"{verb} in {it.printed}, {effects.stance_in_words(it.group.stance)}" for it in holding
    ]
    same = [it for it in holding if is_same_list(it, one)]
    if same and not any(it.entry.brackets for it in (*same, one)):
        words = "the same range holds it in both versions"
        return [Change(Effect.EDITORIAL, words)], notes
    if same:
        return [Change(Effect.READ, "listed apart from a range that holds it")], notes
    stance = one.group.stance
    change = effects.of_code(None, stance) if is_added else effects.of_code(stance, None)
    changes = [change]
    if one.entry.brackets:
        notes_in = "; ".join(f"[{it}]" for it in one.entry.brackets)
        changes.append(Change(Effect.READ, f"its brackets may narrow that: {notes_in}"))
    return changes, notes


def _changes(
    olds: Sequence[Listed], news: Sequence[Listed], headings: _Headings
) -> tuple[list[Change], list[str]]:
    old, new = olds[0], news[0]
    changes: list[Change] = []
    notes: list[str] = []
    if old.group.stance != new.group.stance:
        changes.append(effects.of_code(old.group.stance, new.group.stance))
    elif headings.is_other_list(old.group, new.group):
        words = f"moved from “{_title(old.group)}” to “{_title(new.group)}”"
        changes.append(Change(Effect.READ, words))
    if old.scope != new.scope:
        words = f"its subject was “{old.scope or 'none'}” and is “{new.scope or 'none'}”"
        changes.append(Change(Effect.SCOPE, words))
    if [one.printed for one in olds] != [one.printed for one in news]:
        has_more = any(not any(it.holds(one) for it in olds) for one in news)
        has_less = any(not any(it.holds(one) for it in news) for one in olds)
        changes.append(effects.of_range(new.group.stance, has_more=has_more, has_less=has_less))
        notes.append(f"{_printed(olds)} became {_printed(news)}")
    changes += _bracket_changes(olds, news)
    was, is_ = words_of(_plain(olds)), words_of(_plain(news))
    if was != is_:
        changes.append(Change(Effect.READ, "described in other words"))
    elif _plain(olds).split() != _plain(news).split():
        words = "only white space or punctuation of the description changed"
        changes.append(Change(Effect.EDITORIAL, words))
    return changes, notes


def _bracket_changes(olds: Sequence[Listed], news: Sequence[Listed]) -> list[Change]:
    was = list(dict.fromkeys(it for one in olds for it in one.entry.brackets))
    is_ = list(dict.fromkeys(it for one in news for it in one.entry.brackets))
    if was == is_:
        return []
    if [words_of(it) for it in was] == [words_of(it) for it in is_]:
        return [Change(Effect.EDITORIAL, "only white space or punctuation in brackets changed")]
    verb = "were added" if not was else "are gone" if not is_ else "changed"
    return [Change(Effect.READ, f"its brackets {verb}")]


def _descriptions(some: Sequence[Listed]) -> str:
    return "\n".join(dict.fromkeys(one.entry.full_description for one in some))


def _plain(some: Sequence[Listed]) -> str:
    """The descriptions without their brackets, which are judged by themselves."""
    text = _descriptions(some)
    for note in (it for one in some for it in one.entry.brackets):
        text = text.replace(f"[{note}]", " ")
    return text


def _printed(some: Sequence[Listed]) -> str:
    return ", ".join(one.printed for one in some)


def _title(group: CodeGroup) -> str:
    return group.heading.rstrip(" :")


def _place(match: Match) -> tuple[int, int]:
    """In the order of the newer rows; what is gone stands where its row was."""
    olds, news = match
    return (news[0].row, 1) if news else (olds[0].row, 0)


def _merged(lines: Sequence[CodeLine]) -> list[CodeLine]:
    """Lines that say the same of the codes of one row become one."""

    def said(line: CodeLine) -> Hashable:
        is_range = line.fate in ("changed", "edited") and line.before != line.after
        codes_of = (line.before, line.after) if is_range else None
        return replace(line, before="", after=""), codes_of

    made = []
    for _, group in groupby(lines, key=said):
        some = list(group)
        before = ", ".join(it.before for it in some if it.before)
        after = ", ".join(it.after for it in some if it.after)
        made.append(replace(some[0], before=before, after=after))
    return made
