"""App config that installs `DeskSite`, the admin site with throttled sign-in and second factor."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    default_site = "results.editor.site.DeskSite"
