"""Many files: a second process reads on while the first stores what was read before.

Whatever the second cannot do the first does itself, so that a file comes to the same end.
"""

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

from policies.imports.files import FileRead, read_bulletin
from policies.imports.reading_process import Answer
from policies.reading import NotABulletin

FEWEST = 20  # files that are read sooner than a process has started
ROOM = 1024 * 1024  # bytes of answers that may wait, about eight bulletins
_ROOT = Path(__file__).parents[2]
logger = logging.getLogger(__name__)


class ReadAhead:
    """Reads files for one who asks for each of them once, in their order."""

    def __init__(self, paths: Sequence[Path]) -> None:
        is_worth_it = len(paths) >= FEWEST and cores() > 1
        self.process = _started(paths) if is_worth_it else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, path: Path) -> FileRead:
        """Raises NotABulletin with one sentence."""
        answer = self._answer()
        if isinstance(answer, str):
            raise NotABulletin(answer)
        return answer or read_bulletin(path)

    def _answer(self) -> Answer:
        if self.process is None or self.process.stdout is None:
            return None
        try:
            answer: Answer = pickle.load(self.process.stdout)  # noqa: S301 (our own process)
        except (EOFError, pickle.UnpicklingError):
            logger.warning("The process that reads ahead has ended early; reading goes on without.")
            self._end()
            return None
        return answer

    def _end(self) -> None:
        if self.process is not None:
            with self.process as process:
                process.kill()
            self.process = None


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _started(paths: Sequence[Path]) -> "subprocess.Popen[bytes] | None":
    with TemporaryFile() as named:
        pickle.dump([str(path.absolute()) for path in paths], named)
        named.seek(0)
        try:
            return subprocess.Popen(
                [sys.executable, "-m", "policies.imports.reading_process"],
                cwd=_ROOT,
                stdin=named,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pipesize=ROOM,
            )
        except OSError:
            return None
