"""The logic of policy statements: how the items of a list combine.

The introducing words say it ("any of the following"), or the connectors at the items' ends do
("; or"). Where the two disagree nothing is decided: the rule is a plain list, and the reason is
reported.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policies.reading.lists import Item, ItemList, Paragraph

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = rf"(?P<number>{'|'.join(_WORDS[1:])}|\d{{1,2}})(?: \(\d{{1,2}}\))?"
# "follow" and its kin cover misspelt forms: "any of the follow criteria", "all of the follwing".
_FOLLOWING = r"fol+o?w(?:i?ng?s?|in)?\b(?![- ]+up\b)"
_NOUN = (
    r"(?:criteri(?:a|on)|conditions?|requirements?|indications?|circumstances?|situations?"
    r"|combinations?|items?|features?|symptoms?|signs?|findings?|factors?|elements?|options?"
    r"|characteristics?|reasons?|statements?|scenarios?|settings?)"
)
# What may stand between a quantifier and its list: "of", a count, a noun. Not "weeks", "adults".
_TARGET = (
    rf"(?: (?:{'|'.join(_WORDS[2:6])}|\d)\b)?(?: \(\d{{1,2}}\))?(?: \w+ (?:and|or) \w+(?= below))?"
    rf"(?:(?: \w+)? {_NOUN})?(?: (?:of|from|in|among))?(?: any| all)?(?: of)?"
    rf"(?: the (?:\w+ ){{0,2}}?{_FOLLOWING}| {_FOLLOWING}| these\b"
    rf"|(?: the| these)?(?:(?: \w+)? {_NOUN})?(?: (?:listed|shown|described|outlined|stated))?"
    r" below\b"
    rf"|(?: the)? below {_NOUN})"
)
_END_TARGET = (
    r"(?: of)?(?: (?:the )?(?:\w+ ){0,2}?(?:criteria|conditions|requirements)"
    r"(?: (?:is|are|must|should|have|be|been|met|satisfied|fulfilled|present|apply|listed))*)?:$"
)
_HAVING = r"not (?:have|had|having|meet|show|exhibit|present with)(?: \w+){0,3}?"
# "No contraindication to any of", but not "no longer necessary when any of".
_NO = r"no(?! longer)(?: (?!when\b|if\b|for\b|unless\b)\w+){1,4}?"
_ANY = r"(?:any(?: one)?(?: or more)?|either)"
_LIMIT = "limit"  # words that no rule expresses: "no more than two of the following"
_QUANTIFIERS = (
    ("none", r"\b(?:none|neither)(?= of)TARGET"),
    ("none", rf"\b(?:without|absence of|free (?:of|from)|{_HAVING}|{_NO}) {_ANY}\bTARGET"),
    (_LIMIT, r"\b(?:without|absence of|free (?:of|from)|not) (?:all|both|each)\bTARGET"),
    (
        _LIMIT,
        (r"\b(?:(?:no|not) more than|at most|up to|(?:a )?maximum of|fewer than|less than|exactly"
         rf"|only) (?:any )?{_NUMBER}(?= of\b)TARGET"),
    ),
    (_LIMIT, rf"\b{_NUMBER} or (?:fewer|less)TARGET"),
    (
        "at_least",
        (r"(?:\bat least|\b(?:a )?minimum of|[\u2265\u2a7e]|>=|(?P<over>\bmore than)) ?"
         rf"{_NUMBER}(?: or more)?TARGET"),
    ),
    ("at_least", rf"\b(?:any )?{_NUMBER}(?: or more)?(?= of\b)TARGET"),
    ("at_least", rf"\b{_NUMBER} or moreTARGET"),
    ("any", r"\b(?:any one|any|either(?: one)?|one or more|one or both)TARGET"),
    ("all", r"\b(?:all|each|both|every)(?: one)?TARGET"),
)  # fmt: skip
_ALL_MET = (
    rf"\b(?:{_FOLLOWING}|these)(?: \w+){{0,5}}? (?:all|both|each)(?: been| be| are)?"
    r" (?:met|satisfied|present|fulfilled|documented|apply)\b"
)
_ONE = r"\(?(?:\d|[a-z])\)?"  # an item by its mark
_BY_MARKS = (
    ("any", rf"\beither (?:of )?(?:criteri\w+ |items? )?{_ONE},? or {_ONE}(?!\w)"),
    ("all", rf"\bboth (?:of )?(?:criteri\w+ |items? )?{_ONE},? and {_ONE}(?!\w)"),
)
_ANYWHERE = (
    *((rule, re.compile(words, re.IGNORECASE)) for rule, words in _BY_MARKS),
    *(
        (rule, re.compile(words.replace("TARGET", _TARGET), re.IGNORECASE))
        for rule, words in _QUANTIFIERS
    ),
    ("all", re.compile(_ALL_MET, re.IGNORECASE)),
)
# Without "the following", a quantifier introduces a list only where a colon ends the words.
_AT_END = tuple(
    (rule, re.compile(words.replace("TARGET", _END_TARGET), re.IGNORECASE))
    for rule, words in _QUANTIFIERS
)
_SENTENCE = re.compile(r"(?<=[a-z)\]]{3}[.!?]) +(?=[A-Z])")
_CONNECTOR = re.compile(r"(?:^|[\s;,.])\W*(and/or|and|or)[^\w:]*$", re.IGNORECASE)
_NEAR = 1500  # characters before the list in which its introduction is looked for


@dataclass(frozen=True, slots=True)
class Rule:
    """all | any | at_least (with its number) | none | list, and what speaks against it."""

    name: str
    at_least: int | None = None
    doubt: str = ""

    @property
    def is_logical(self) -> bool:
        return self.name != "list"


PLAIN_LIST = Rule("list")


def quantifier(text: str) -> Rule:
    """The rule that introducing words state; the words nearest to the list decide."""
    near = text[-_NEAR:].rstrip()
    if near.endswith(":"):  # an earlier sentence speaks of something else
        near = _SENTENCE.split(near)[-1]
    found = _last_match(_ANYWHERE, near)
    if found is PLAIN_LIST and near.endswith(":"):
        return _last_match(_AT_END, re.split(r"[.;:] ", near)[-1])
    return found


def connector(text: str) -> str:
    """The `and`, `or` or `and/or` that ends a statement, else an empty text."""
    found = _CONNECTOR.search(text[-24:])
    return found[1].casefold() if found else ""


def connector_of(item: Item) -> str:
    """The connector to an item's next sibling; after a nested list it stands on the last child."""
    for part in reversed(item.content):
        joins = (
            connector(part.text) if isinstance(part, Paragraph) else connector_of(part.items[-1])
        )
        if joins:
            return joins
    return ""


def rule_of(introduction: str, items: Sequence[Item]) -> Rule:
    """How the items combine, from the introducing words and the connectors between them."""
    stated = quantifier(introduction)
    if stated.doubt:
        return stated
    joins = {connector_of(item) for item in items[:-1]} - {""}
    joins = {"or" if one == "and/or" else one for one in joins}
    if not joins:
        return stated
    if len(joins) > 1:
        return Rule("list", doubt="some items are joined by “and”, others by “or”")
    joined = joins.pop()
    if not stated.is_logical:
        return Rule("any" if joined == "or" else "all")
    agrees = {"all": {"and"}, "any": {"or"}, "at_least": {"or"}, "none": {"and", "or"}}
    if joined in agrees[stated.name]:
        return stated
    return Rule(
        "list",
        doubt=f"the introduction says “{_in_words(stated)}”, but “{joined}” joins the items",
    )


def introduction_at(paragraphs: Sequence[Paragraph]) -> int:
    """Which paragraph introduces the list below them, from the end: -1 unless only notes or
    remarks stand between the list and words that announce it. 0 paragraphs give -1 too."""
    if not paragraphs or (_speaks(paragraphs[-1].text) and not _is_remark(paragraphs[-1].text)):
        return -1
    for position in range(2, min(len(paragraphs), 4) + 1):
        text = paragraphs[-position].text
        if text.endswith(":") and quantifier(text).is_logical:
            return -position
    return -1


def _speaks(text: str) -> bool:
    return quantifier(text) != PLAIN_LIST


def _is_remark(text: str) -> bool:
    """A note that introduces nothing, though it may name a number of the following."""
    return is_note(text) and not text.endswith(":")


def is_note(text: str) -> bool:
    """Whether a paragraph is a `Note:`."""
    return re.match(r"(please )?notes?\b\s*\d*\s*[:.]", text, re.IGNORECASE) is not None


def items_of(lists: Sequence[ItemList]) -> list[Item]:
    """The items of a list that text has interrupted."""
    return [item for one in lists for item in one.items]


def _last_match(patterns: Sequence[tuple[str, re.Pattern[str]]], text: str) -> Rule:
    best, rule = (-1, 0), PLAIN_LIST
    for name, words in patterns:
        for found in words.finditer(text):
            # The later quantifier decides; of two at one place the longer says more.
            place = (found.end(), -found.start())
            if place > best:
                best, rule = place, _rule(name, found)
    return rule


def _rule(name: str, found: re.Match[str]) -> Rule:
    if name == _LIMIT:
        return Rule("list", doubt=f"the introduction says “{found[0]}”, which is none of the rules")
    if name != "at_least":
        return Rule(name)
    word = found["number"].casefold()
    number = int(word) if word.isdigit() else _WORDS.index(word)
    number += "over" in found.re.groupindex and found["over"] is not None
    return Rule("any") if number == 1 else Rule("at_least", number)


def _in_words(rule: Rule) -> str:
    return f"at least {rule.at_least}" if rule.at_least else rule.name
