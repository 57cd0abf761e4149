"""Bulletins spoilt at random, to ask the reader with: used by the `fuzz` command and the tests."""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from random import Random
from time import thread_time

from policies.reading import NotABulletin, read

SECONDS_PER_MEGABYTE = 5.0  # of the processor's time, beside the second that each file has
_SENTENCE = re.compile(r"[A-Z].{15,}\.", re.DOTALL)
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")

Mutation = Callable[[Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reading ended: refused with a sentence, or read; `fault` says what went wrong."""

    size: int
    seconds: float
    sentence: str = ""
    fault: str = ""


@dataclass(slots=True)
class Tally:
    """The counts of many readings."""

    files: int = 0
    bytes: int = 0
    read: int = 0
    refused: int = 0
    longest: float = 0.0
    sentences: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, name: str, one: Outcome) -> None:
        """Count one reading."""
        self.files += 1
        self.bytes += one.size
        self.longest = max(self.longest, one.seconds)
        if one.fault:
            self.faults.append(f"{name}: {one.fault}")
        elif one.sentence:
            self.refused += 1
            self.sentences[_NUMBERS.sub("N", one.sentence)] += 1
        else:
            self.read += 1


def outcome(data: bytes) -> Outcome:
    """Read a file and say how that ended; never raises."""
    began = thread_time()
    sentence = fault = ""
    try:
        document = read(data)
        printed = json.dumps(document.as_json(), ensure_ascii=False)
        if type(document).from_json(json.loads(printed)) != document:
            fault = "the document and its JSON differ"
        elif "\\u0000" in printed or printed.encode("utf-8", "replace").decode() != printed:
            fault = "the document holds what no database keeps"
    except NotABulletin as error:
        sentence = str(error)
        if not _SENTENCE.fullmatch(sentence) or "\n" in sentence:
            fault = f"no sentence: {sentence!r}"
    except Exception as error:  # whatever it is, it is the finding
        fault = f"{type(error).__name__}: {str(error)[:200]}"
    seconds = thread_time() - began
    most = 1 + SECONDS_PER_MEGABYTE * len(data) / 1_048_576
    if not fault and seconds > most:
        fault = f"it took {seconds:.1f} s of at most {most:.1f} s"
    return Outcome(len(data), seconds, sentence, fault)


def mutated(chance: Random, whole: Sequence[bytes]) -> tuple[str, bytes]:
    """A spoilt bulletin, and the names of what was done to it."""
    data = chance.choice(whole)
    names = []
    if chance.random() < 0.5:
        data = as_page(data)
        names.append("as_page")
    for _ in range(chance.randrange(1, 4)):
        name = chance.choice(sorted(MUTATIONS))
        data = MUTATIONS[name](chance, data)
        names.append(name)
    return ", ".join(names), data


def as_page(data: bytes) -> bytes:
    """A bulletin's text as rough HTML, so that what spoils markup meets markup."""
    blocks = []
    for line in data.decode("utf-8", "replace").split("\n"):
        words, depth = line.strip(), (len(line) - len(line.lstrip(" "))) // 2
        if not words:
            continue
        item = re.match(r"(?:\d+\.|\*) (.*)", words)
        inner = escape(item[1] if item else words).replace("\u00a0", "&nbsp;")
        if item:
            blocks.append("<ol>" * depth + f"<li>{inner}</li>" + "</ol>" * depth)
        elif re.match(r"\+? ?[A-Z0-9.]{3,8}\+?[ ,]", words) and depth == 0:
            code, _, rest = inner.partition(" ")
            blocks.append(f"<table><tr><td>{code}</td><td>{rest}</td></tr></table>")
        else:
            tag = "h2" if len(words) < 60 and words[-1].isalpha() else "p"
            blocks.append(f"<{tag}>{inner}</{tag}>")
    return ("<!DOCTYPE html><html><body>" + "\n".join(blocks) + "</body></html>").encode()


def _at(chance: Random, data: bytes) -> int:
    return chance.randrange(len(data) + 1)


def _inserted(chance: Random, data: bytes, what: bytes) -> bytes:
    at = _at(chance, data)
    return data[:at] + what + data[at:]


def _bit_flips(chance: Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.randrange(1, 30) if spoilt else 0):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _letters(chance: Random, data: bytes) -> bytes:
    """Signs that mean something to the reader, at places where they do not belong."""
    for _ in range(chance.randrange(1, 30)):
        data = _inserted(chance, data, chance.choice(_SIGNS))
    return data


def _truncation(chance: Random, data: bytes) -> bytes:
    return data[: _at(chance, data)]


def _loss(chance: Random, data: bytes) -> bytes:
    first, last = sorted((_at(chance, data), _at(chance, data)))
    return data[:first] + data[last:]


def _duplication(chance: Random, data: bytes) -> bytes:
    first = _at(chance, data)
    piece = data[first : first + chance.randrange(1, 3000)]
    return _inserted(chance, data, piece * chance.randrange(1, 40))


def _shuffle(chance: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    for _ in range(chance.randrange(1, 20)):
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _joined(chance: Random, data: bytes) -> bytes:
    """Some line breaks are lost, as in the text of a printed page."""
    share = chance.choice((0.1, 0.5, 1.0))
    parts = data.split(b"\n")
    return b"".join(part + (b" " if chance.random() < share else b"\n") for part in parts)


def _indents(chance: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join(b" " * chance.randrange(30) + line.lstrip() for line in lines)


def _nesting(chance: Random, data: bytes) -> bytes:
    times = chance.randrange(10, 3000)
    opening, closing = chance.choice(_NESTED)
    return _inserted(chance, data, opening * times + b"x" + closing * times)


def _steps(chance: Random, data: bytes) -> bytes:
    deep = b"".join(b" " * (2 * n) + b"1. Deeper, any of:\n" for n in range(chance.randrange(200)))
    return _inserted(chance, data, b"\n" + deep)


def _entities(chance: Random, data: bytes) -> bytes:
    names = [b"a%d" % number for number in range(12)]
    bomb = b"".join(
        b'<!ENTITY %s "%s">' % (name, b"&%s;" % before * 10) for before, name in pairwise(names)
    )
    outside = b'<!ENTITY a0 SYSTEM "file:///etc/passwd">'
    return b"<!DOCTYPE html [" + outside + bomb + b"]>" + data + b"&a0;&a11;"


def _long_line(chance: Random, data: bytes) -> bytes:
    piece = chance.choice(_REPEATED)
    return _inserted(chance, data, piece * (chance.randrange(1, 300_000) // len(piece)))


def _nul(chance: Random, data: bytes) -> bytes:
    return _inserted(chance, data, b"\x00" * chance.randrange(1, 9))


def _encoding(chance: Random, data: bytes) -> bytes:
    codec = chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "cp037", "utf-7", "cp437"))
    return data.decode("utf-8", "replace").encode(codec, "replace")


def _surrogates(chance: Random, data: bytes) -> bytes:
    junk = chance.choice(
        (
            b"\xed\xa0\x80",
            b"\xed\xb0\x80",
            b"\xf4\x90\x80\x80",
            b"\xc0\x80",
            b"\xff\xfe",
            b"\xef\xbf",
        )
    )
    return _inserted(chance, data, junk * chance.randrange(1, 9))


_SIGNS = tuple(
    sign.encode()
    for sign in (
        "[", "]", "(", ";", ":", "+", "-", "–", "\n", "\n\n", "\t", "\u00a0\u00a0", "\u2028",
        "\u200b", "\x85", "\r", "\f", " or ", "; and", "1. ", "* ", "a) ", "Policy\n",
        "References\n", "Number: 1\n", "99901 - ", "Z99.9+ ", "Page 1 of 2\n",
        "<", ">", "</td>", "<li>", "<ol>",
        "<table>", "<!--", "]]>", "<script>", "&nbsp;", "&#0;", "&#xD800;", "&#1114112;", "\ud7ff",
    )
)  # fmt: skip
_NESTED = (
    (b"<div>", b"</div>"), (b"<ol><li>", b"</li></ol>"), (b"<table><tr><td>", b""), (b"<b>", b""),
    (b"<span class='sr-only'>", b"</span>"), (b"[", b"]"), (b"(", b""), (b"<nav>", b""),
    (b"<a href='#'>", b""), (b"<h3>", b""), (b"<p>", b""), (b"<svg>", b"</svg>"),
)  # fmt: skip
_REPEATED = (
    b"x", b" ", b"any of the following ", b"99901, ", b"Z99.9 - ", b"[", b"\xc2\xa0", b"; or ",
    b"no specific code ", b"a. ", b"1. ", b"<b>", b"<p ", b"&amp;", b"\n", b"\n\n", b"- no ",
    b"Last Review 03/11/2025 ", b"CPT codes ", b"<p>x",
    b"<td rowspan=99>x", b"<p a1 a2=3 ", b"Page 1 of 2\n", b"-hyphen", b"Policy ", b"</",
)  # fmt: skip
MUTATIONS: dict[str, Mutation] = {
    function.__name__.strip("_"): function
    for function in (
        _bit_flips, _letters, _truncation, _loss, _duplication, _shuffle, _joined, _indents,
        _nesting, _steps, _entities, _long_line, _nul, _encoding, _surrogates,
    )
}  # fmt: skip
