import csv
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


class ReviewerConfig(AppConfig):
    name = "reviewer"
    verbose_name = "Reviewing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from policies import impact, usage
        from reviewer import outages, sessions  # noqa: F401 (they listen for signals)
        from reviewer.impact import touched
        from reviewer.usage import used

        impact.register("reviewing", touched)
        usage.register("reviewing", used)
        post_migrate.connect(write_what_the_site_needs, dispatch_uid="reviewer.site_needs")


def write_what_the_site_needs(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """After a migration: privileges, roles, reasons and rules. Once, after the last app, for
    only then every permission exists."""
    from reviewer.database import grant_to_site, write_plan_zone
    from reviewer.permissions import write_roles
    from reviewer.workflow.rule_book import ship_rules

    if sender != list(apps.get_app_configs())[-1] or not is_whole(using):
        return
    if using == "owner":
        grant_to_site(using)
        write_plan_zone(using)
    write_roles(using)
    write_reasons(using)
    ship_rules(using)


def is_whole(using: str) -> bool:
    """Whether every table is there: a migration may also have gone back."""
    tables = set(connections[using].introspection.table_names())
    return all(model._meta.db_table in tables for model in apps.get_models() if model._meta.managed)


def write_reasons(using: str) -> None:
    """Add the reasons that the list lacks; what the staff changed stays."""
    from reviewer.models import ReasonCode

    with Path(__file__).with_name("reasons.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            row["is_adverse"] = row["is_adverse"] == "1"
            ReasonCode.objects.using(using).get_or_create(code=row.pop("code"), defaults=row)
