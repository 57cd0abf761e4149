"""Rows that are evidence: inserted, never altered, never deleted."""

from typing import Any, NoReturn

from django.db import models


class WrittenOnce(models.Model):
    """Rows that may be inserted and never altered or deleted. The database refuses it too: the
    site's role lacks the grants, and triggers stand behind them."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise TypeError(f"A {self._meta.verbose_name} is written once")
