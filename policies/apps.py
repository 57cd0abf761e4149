from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "Policy library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from policies.imports.loaded import when_loaded
        from policies.release_board import findings_of

        when_loaded(findings_of)
