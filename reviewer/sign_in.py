"""Who may sign in, where they land, and what they hold: the seams that django-allauth leaves."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db.models import Model
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "The username and the password do not belong together.",
        "too_many_login_attempts": "Too many sign-ins failed. Wait a few minutes and try again.",
        "enter_current_password": "Type your current password.",
        "incorrect_password": "This is not your current password.",
        "incorrect_code": "This code is wrong or too old. Type the one that is shown now.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Two queries a page: the account with its reviewer, and all that its roles permit."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("reviewer").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        """Asked once for this very object: what is taken away is gone with the next request."""
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        if "held_permissions" not in user_obj.__dict__:
            user_obj.__dict__["held_permissions"] = held_permissions(user_obj)
        held: set[str] = user_obj.__dict__["held_permissions"]
        return held


def held_permissions(user: User) -> set[str]:
    """The names of a person's permissions, their own and those of their groups."""
    held = Permission.objects.all()
    if not user.is_superuser:
        of_groups = Group.permissions.through.objects.filter(group__user=user)
        own = User.user_permissions.through.objects.filter(user=user)
        held = held.filter(pk__in=of_groups.values("permission").union(own.values("permission")))
    named = held.order_by().values_list("content_type__app_label", "codename")
    return {f"{app}.{name}" for app, name in named}
