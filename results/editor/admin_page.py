"""Respond with a page of the admin that Django's `ModelAdmin` does not render by itself."""

from typing import Any

from django.contrib import admin
from django.db.models.options import Options
from django.http import HttpRequest
from django.template.response import TemplateResponse

from results.editor.annotations import Context


def admin_page(
    request: HttpRequest,
    template: str,
    context: Context,
    *,
    opts: "Options[Any] | None" = None,
    status: int = 200,
) -> TemplateResponse:
    """Render the template in the admin's own context; `opts` are those of the page’s model.

    It is rendered at once, since callers set a time zone or a language for it.
    """
    shared = admin.site.each_context(request) | {"opts": opts}
    response = TemplateResponse(request, template, shared | context, status=status)
    response.render()
    return response


def secret_page(
    request: HttpRequest, template: str, context: Context, *, opts: "Options[Any] | None" = None
) -> TemplateResponse:
    """The same for a page that shows a secret once: no browser or proxy stores it."""
    response = admin_page(request, template, context, opts=opts)
    response.headers["Cache-Control"] = "no-store"
    return response
