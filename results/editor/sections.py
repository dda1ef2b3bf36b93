"""The tables on the admin's first page and at the side of the others, by what they are for.

Django lists them by the alphabet of an application, and nearly all of ours belong to one.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

#: Each section's heading, its key and its tables, as `application.Model`.
SECTIONS = (
    (
        _("Counts"),
        "counts",
        ("results.ReviewItem", "results.Contest", "results.Declaration", "results.ExternalFigures"),
    ),
    (
        _("Words and pictures"),
        "words",
        (
            *("results.Headline", "results.Post", "results.Quote"),
            *("results.Photo", "results.Notice"),
        ),
    ),
    (
        _("Reporters and editors"),
        "people",
        (
            *("auth.User", "results.ReporterPass", "results.Assignment", "results.Message"),
            *("auth.Group", "results.SignInThrottle"),
        ),
    ),
    (
        _("Setting up"),
        "set-up",
        (
            *("results.Election", "results.Group", "results.Party", "results.Person"),
            *("results.LastResult", "results.HouseStyle"),
        ),
    ),
    (
        _("The record"),
        "record",
        ("results.Bulletin", "results.ElectionCorrection", "results.AuditEntry"),
    ),
    (
        _("Other systems"),
        "systems",
        ("results.ApiToken", "results.Webhook", "results.WebhookDelivery"),
    ),
)


def in_sections(applications: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's list of applications as a list of sections of the same form.

    It has the tables that Django's has, which are those that this person may see. A section of
    which they may see none is left out, and a table of no section stays with its application.
    """
    listed = {
        model["model"]._meta.label: model
        for application in applications
        for model in application["models"]
    }
    sections = [
        {"name": name, "app_label": key, "app_url": "", "has_module_perms": True, "models": models}
        for name, key, labels in SECTIONS
        if (models := [listed.pop(label) for label in labels if label in listed])
    ]
    for application in applications:
        if left := [each for each in application["models"] if each["model"]._meta.label in listed]:
            sections.append({**application, "models": left})
    return sections
