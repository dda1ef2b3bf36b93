"""The admin with the desk's own way in."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    default_site = "results.editor.site.DeskSite"
