"""Admin of Django's groups: the desk's roles are among them, and stay."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from results.editor.audited_admin import AuditedAdminMixin
from results.editor.deletion import DeletionMixin
from results.editor.roles import ROLES

admin.site.unregister(Group)


@admin.register(Group)
class RoleGroupAdmin(DeletionMixin[Group], AuditedAdminMixin[Group], GroupAdmin):
    """Records what is changed. Without its role's group, nobody who has the role can work."""

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.name in ROLES)
