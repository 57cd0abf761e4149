"""Generated bulletins in the published text form, with what a reading must find in them."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

NOUNS = ("lamp", "pad", "brace", "cup", "blanket", "basin", "mat", "splint", "kettle", "bench")
PLACES = ("knee", "hip", "wrist", "ankle", "shoulder", "elbow", "back", "hand")
WHO = ("an adult", "a child", "a member", "a runner", "a sailor")
VERBS = ("warms", "cools", "steadies", "rests", "tires")

noun, place, who = st.sampled_from(NOUNS), st.sampled_from(PLACES), st.sampled_from(WHO)
verb = st.sampled_from(VERBS)
sentence = st.builds(
    lambda n, v, p, w, tail: f"The {n} {v} the {p} of {w}{tail}.",
    noun, verb, place, who,
    st.sampled_from(("", " (see Section I.A.)", " after 12 weeks", ", as of 2021", "; often")),
)  # fmt: skip
heading = st.builds(
    lambda n, p, tail: f"{n.capitalize()} for the {p.capitalize()}{tail}",
    noun, place, st.sampled_from(("", " and Others", " (Second Part)")),
)  # fmt: skip
note = sentence.map(lambda text: f"Note: {text}")
RULES = (
    ("all of the following are met:", "all", None),
    ("any of the following:", "any", None),
    ("any of the follow criteria:", "any", None),
    ("either of the following:", "any", None),
    ("one of the following:", "any", None),
    ("at least two of the following:", "at_least", 2),
    ("none of the following:", "none", None),
    ("the following:", "list", None),
    ("all of the follwing:", "all", None),
    ("each of the criteria listed below:", "all", None),
    ("what must be met, and the following criteria must all be met:", "all", None),
    ("one or both of the following:", "any", None),
    ("one (1) or more of the following:", "any", None),
    ("more than one of the following:", "at_least", 2),
    ("2 of the following 3 criteria:", "at_least", 2),
    ("no signs of either of the following:", "none", None),
    ("at least 6 weeks of the following:", "list", None),
    ("any person who has the following:", "list", None),
)


@dataclass
class Statement:
    """A planned criterion: its paragraphs, how its children combine, and the children."""

    text: str
    rule: str = "list"
    at_least: int | None = None
    notes: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    children: list["Statement"] = field(default_factory=list)
    bullets: bool = False

    def lines(self, indent, mark):
        lines = [f"{' ' * indent}{mark} {self.text}", ""]
        for one in self.notes:
            lines += [f"{' ' * (indent + 2)}{one}", ""]
        for number, child in enumerate(self.children, start=1):
            lines += child.lines(indent + 2, "*" if self.bullets else f"{number}.")
        for one in self.after:
            lines += [f"{' ' * (indent + 2)}{one}", ""]
        return lines

    def join(self, connector):
        """Put a connector at the very end, on the last child where there are children."""
        if self.children and not self.after:
            self.children[-1].join(connector)
        elif self.after:
            self.after[-1] = self.after[-1].rstrip(".;") + connector
        elif self.notes:
            self.notes[-1] = self.notes[-1].rstrip(".;") + connector
        else:
            self.text = self.text.rstrip(".;") + connector

    def found(self):
        """What a reading has to give: paragraphs, rule, number, children."""
        paragraphs = "\n".join([self.text, *self.notes, *self.after])
        rule = (self.rule, self.at_least) if self.children else ("list", None)
        return (paragraphs, *rule, [one.found() for one in self.children])


@st.composite
def statements(draw, depth):
    """A statement with at most `depth` levels below it."""
    text = draw(sentence)
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return Statement(text.replace(".", draw(st.sampled_from((".", ";", "")))))
    words, rule, number = draw(st.sampled_from(RULES))
    made = Statement(
        f"{text[:-1]} with {words}", rule, number,
        notes=draw(st.lists(note, max_size=1)),
        after=draw(st.lists(note, max_size=1)),
        children=draw(st.lists(statements(depth - 1), min_size=1, max_size=3)),
        bullets=draw(st.booleans()),
    )  # fmt: skip
    connector = {"all": "; and", "any": "; or"}.get(rule, "")
    if connector and draw(st.booleans()):
        for child in made.children[:-1]:
            child.join(connector)
    return made


CPT = st.integers(10000, 99999).map(str) | st.builds("{:04d}T".format, st.integers(1, 999))
HCPCS = st.builds("{}{:04d}".format, st.sampled_from("AEGJQS"), st.integers(1, 9999))
ICD = st.builds(
    "{}{:02d}.{}".format,
    st.sampled_from("ABCEGMRZ"),
    st.integers(0, 99),
    st.sampled_from(("0", "10", "9", "A10", "X9", "89")),
)
CDT = st.integers(100, 9999).map("D{:04d}".format)
PCS = st.builds(
    "0{}{}".format, st.sampled_from(("SG0", "RG1", "HB2")), st.sampled_from(("0A0", "0ZJ", "47Z"))
)
REVENUE = st.integers(100, 999).map("{:04d}".format)
BY_SYSTEM = {
    "CPT": CPT, "HCPCS": HCPCS, "ICD-10": ICD, "CDT": CDT, "ICD-10-PCS": PCS, "Revenue": REVENUE,
    "CPT/HCPCS": CPT | HCPCS,
}  # fmt: skip
PLUSES = ("CPT", "HCPCS")
NO_CODE = (
    "{} -hyphen no specific code", "{}, no specific code", "{} (no specific code)",
    "No specific code\t{}", "{} - there is no specific code:", "There is no specific code for {}",
)  # fmt: skip


@st.composite
def cells(draw, system):
    """Codes and ranges of one cell, as (low, high) pairs, with the cell as printed."""
    pairs = []
    for one in draw(st.lists(BY_SYSTEM[system], min_size=1, max_size=4, unique=True)):
        other = draw(BY_SYSTEM[system])
        low, high = sorted((one, other), key=lambda code: code.replace(".", ""))
        pairs.append((low, high) if draw(st.booleans()) and _is_range(low, high) else (one, one))
    dash = draw(st.sampled_from((" - ", "-", " – ", "–")))
    after = "+" if system == "ICD-10" and draw(st.booleans()) else ""
    printed = [
        f"{low}{after}" if low == high else f"{low}{after}{dash}{high}{after}"
        for low, high in pairs
    ]
    if system in PLUSES and draw(st.booleans()):
        printed[0] = draw(st.sampled_from(("+ ", "+"))) + printed[0]
    comma = draw(st.sampled_from((", ", ",", ",\n", "\n")))
    return pairs, comma.join(printed)


def _is_range(low, high):
    return low != high and low[0].isdigit() == high[0].isdigit()


DESCRIPTION = st.builds(
    "{} fitting for the {}{}".format,
    noun.map(str.capitalize),
    place,
    st.sampled_from(("", " (eg, 99901 - 99905)", " [not for cats]", " [one [or two]] [adults]",
                     ", each hour", " in 2021")),
)  # fmt: skip
STANCES = (
    ("{} codes covered if selection criteria are met", "covered_if_criteria_met", False),
    ("{} codes covered for indications listed in the CPB", "covered", False),
    ("{} codes not covered for indications listed in the CPB", "not_covered", False),
    ("{} codes not covered for indications listed in the CPB (not all-inclusive)",
     "not_covered", True),
    ("{} codes covered if selection criteria are met [not covered for cats]",
     "covered_if_criteria_met", False),
    ("{} codes not covered if selection criteria are not met", "not_covered", False),
    ("{} codes contraindicated for this CPB (not-all-inclusive)", "not_covered", True),
    ("Other {} codes related to the CPB", "related", False),
    ("Other {} codes related to the CPB (examples of aches)", "related", True),
)  # fmt: skip
LEGENDS = (
    "Information in the [brackets] below was added by the plan.",
    'Codes requiring a 7th character are represented by "+":',
)


@st.composite
def tables(draw):
    """Lines of a code table, and its groups: heading, stance, open, scope, rows."""
    lines, groups = [], []
    scope = None
    for legend in draw(st.lists(st.sampled_from(LEGENDS), max_size=2, unique=True)):
        lines += [legend, ""]
    kinds = st.tuples(st.sampled_from(sorted(BY_SYSTEM)), st.sampled_from(STANCES))
    for system, (words, stance, is_open) in draw(
        st.lists(kinds, min_size=1, max_size=4, unique=True)
    ):
        if draw(st.integers(0, 3)) == 0:
            scope = draw(heading)
            lines += [f"{scope}{draw(st.sampled_from((':', ' :')))}", ""]
        title = words.format(system)
        lines += [f"{title}{draw(st.sampled_from((':', ' :')))}", ""]
        rows = []
        base = ""
        for pairs, printed in draw(st.lists(cells(system), min_size=1, max_size=4)):
            border = draw(st.sampled_from((" ", "\t", "\n")))
            description = draw(DESCRIPTION)
            full = description
            if base and border != "\n" and draw(st.booleans()):
                full = f"{base} {description}"
                description_ = f"\u00a0\u00a0 \u00a0 {description}"
            else:
                if draw(st.booleans()):
                    description = full = f"{description.split(' [')[0]}; first"
                    base = f"{description.split(';')[0]};"
                else:
                    base = ""
                description_ = description
            lines += [f"{printed}{border}{description_}"]
            rows.append((pairs, description, full))
            if draw(st.integers(0, 4)) == 0:
                service = draw(DESCRIPTION)
                lines += [draw(st.sampled_from(NO_CODE)).format(service)]
                rows.append(([], service, service))
        lines += [""]
        groups.append((title, stance, is_open, scope, rows))
    return lines, groups


@dataclass
class Plan:
    """A bulletin's text, and the criteria and groups that stand in it."""

    text: str
    criteria: list
    groups: list
    headings: list[str]


@st.composite
def bulletins(draw, depth=5):
    """Whole bulletins; statements nest up to six levels below the numbered heading."""
    title = draw(heading)
    planned = draw(st.lists(statements(depth), max_size=3))
    table_lines, groups = draw(tables())
    paragraphs = draw(st.lists(sentence, min_size=1, max_size=3))
    subheading = draw(st.lists(heading, max_size=1))
    appendix = draw(st.booleans())
    entries = ["Policy", "Applicable CPT / HCPCS / ICD-10 Codes", "Background", "References"]
    number = f"{draw(st.integers(1, 9999)):04d}"
    brand = draw(st.booleans())
    lines = [title, "", f"Number:\u00a0{number}", "", "Table Of Contents", ""]
    headings = ["Table Of Contents"]
    if brand:  # may precede the policy
        entries.insert(0, "Brand Selection")
        headings.append("Brand Selection")
    lines += [*entries, "", ""]
    lines += ["Brand Selection", "", draw(sentence), ""] if brand else []
    lines += ["Policy", "", "Scope of Policy", "", draw(sentence), ""]
    headings += ["Policy", "Scope of Policy"]
    numbered = [("Policy Limitations and Exclusions", [draw(sentence)])]
    if planned:
        numbered.insert(0, ("Medical Necessity", []))
    if draw(st.booleans()):
        numbered.append(("Related Policies", []))
    for number, (name, texts) in enumerate(numbered, start=1):
        lines += [f"  {number}. {name}", ""]
        lines += [part for text in texts for part in (f"    {text}", "")]
        headings.append(name)
        for ordinal, one in enumerate(planned if name == "Medical Necessity" else [], start=1):
            lines += one.lines(4, f"{ordinal}.")
    if draw(st.booleans()):
        lines += [
            "Experimental, Investigational, or Unproven",
            "",
            "The following are unproven:",
            "",
        ]
        unproven = draw(st.lists(sentence, min_size=1, max_size=3))
        lines += [part for text in unproven for part in (f"  * {text}", "")]
        planned = [*planned, *(Statement(text) for text in unproven)]
        headings.append("Experimental, Investigational, or Unproven")
    lines += ["Table:", "", "CPT Codes / HCPCS Codes / ICD-10 Codes", "",
              "Code Code Description", "", *table_lines, "Background", ""]  # fmt: skip
    headings += ["CPT Codes / HCPCS Codes / ICD-10 Codes", "Background"]
    lines += [part for text in paragraphs for part in (text, "")]
    for one in subheading:
        lines += [one, "", draw(sentence), ""]
        headings.append(one)
    if appendix:
        lines += ["Appendix", "", draw(sentence), ""]
        headings.append("Appendix")
    lines += ["References", "", "The above policy is based on the following references:", ""]
    headings.append("References")
    for number in range(1, draw(st.integers(2, 5))):
        lines += [f"  {number}. Warm A. {draw(heading)}. J Heat. 2020;{number}(1):S1-S9."]
    return Plan("\n".join(lines) + "\n", [one.found() for one in planned], groups, headings)
