"""Raw accounts for engineers, to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from panro.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

    ReadOnlyBase = admin.ModelAdmin[User]
else:
    ReadOnlyBase = admin.ModelAdmin  # takes no parameter when the program runs


@admin.register(User)
class UserAdmin(ReadOnlyBase):
    """Read-only: accounts are changed where their owner sees it."""

    list_display = ["email", "name", "is_staff", "is_active", "date_joined"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name"]
    exclude = ["password"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody."""
        del request, obj
        return False
