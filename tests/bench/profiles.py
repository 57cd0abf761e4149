"""Where a page's time goes: its queries, and the rendering of its outermost template."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.template.base import Template

from tests.bench.report import duration

REPEATS = 9


@dataclass(slots=True)
class Profile:
    """One request: seconds in all, in SQL and in templates, the queries, the size in bytes."""

    whole: float = 0.0
    templates: float = 0.0
    queries: list[tuple[float, str]] = field(default_factory=list)
    size: int = 0
    depth: int = 0

    @property
    def sql(self) -> float:
        return sum(seconds for seconds, _ in self.queries)

    def cells(self) -> tuple[str, ...]:
        slowest = max(self.queries, default=(0.0, ""))
        return (
            duration(self.whole),
            duration(self.sql),
            duration(self.templates),
            str(len(self.queries)),
            f"{self.size / 1e3:.0f} KB",
            f"{duration(slowest[0])}: {' '.join(slowest[1].split())[:90]}" if self.queries else "",
        )


def profile(call: Callable[[], bytes]) -> Profile:
    """The middle one of some requests, by its time."""
    made = sorted((once(call) for _ in range(REPEATS)), key=lambda one: one.whole)
    return made[REPEATS // 2]


def once(call: Callable[[], bytes]) -> Profile:
    found = Profile()
    with connection.execute_wrapper(timer_of(found)), timed_templates(found):
        began = time.perf_counter()
        body = call()
        found.whole = time.perf_counter() - began
    found.size = len(body)
    return found


def timer_of(found: Profile) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        began = time.perf_counter()
        try:
            return run(sql, *rest)
        finally:
            found.queries.append((time.perf_counter() - began, sql))

    return execute


@contextmanager
def timed_templates(found: Profile) -> Iterator[None]:
    """Only the outermost template counts: those that it includes are inside."""
    render = Template.render

    def timed(template: Template, *rest: Any) -> Any:
        found.depth += 1
        began = time.perf_counter()
        try:
            return render(template, *rest)
        finally:
            found.depth -= 1
            if found.depth == 0:
                found.templates += time.perf_counter() - began

    with patch.object(Template, "render", timed):
        yield
