"""`python -m policies.imports.reading_process`: reads bulletins for `policies.imports.ahead`.

In: a pickled list of paths. Out, for each in turn, a pickled answer: the bytes with the document,
the sentence of a refusal, or None where reading failed in any other way.
"""

import pickle
import sys

from policies.imports.files import FileRead, read_bulletin
from policies.reading import NotABulletin

Answer = FileRead | str | None


def main() -> None:
    for path in pickle.load(sys.stdin.buffer):  # noqa: S301 (from the process that started this)
        sys.stdout.buffer.write(pickle.dumps(_answer(path), pickle.HIGHEST_PROTOCOL))
        sys.stdout.buffer.flush()


def _answer(path: str) -> Answer:
    try:
        return read_bulletin(path)
    except NotABulletin as error:
        return str(error)
    except Exception:
        return None  # who asked reads it too, and tells


if __name__ == "__main__":
    main()
