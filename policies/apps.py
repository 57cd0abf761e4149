from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "Policy library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from policies.imports.loaded import when_add_ons_loaded, when_loaded
        from policies.release_board import findings_of, findings_of_add_ons

        when_loaded(findings_of)
        when_add_ons_loaded(findings_of_add_ons)
