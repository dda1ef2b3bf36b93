"""Preview of an admin form: save it, render what readers would see, and roll back."""

from typing import TypeVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

M = TypeVar("M", bound=models.Model)


class FormPreviewMixin(admin.ModelAdmin[M]):
    """Gives the page of an object, and that of a new one, a preview of its form.

    `templates/admin/results/change_form.html` shows it in a frame, and posts the form to the
    preview's address as it is changed. Without scripts a button opens it in another tab.
    """

    def preview_document(self, request: HttpRequest, obj: M, form: forms.ModelForm[M]) -> str:
        """The HTML document of what readers would see of `obj`, which is saved for the moment."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        name = f"results_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview_view)
        own = [
            path("add/preview/", view, name=f"{name}_of_new"),
            path("<int:pk>/preview/", view, name=name),
        ]
        return [*own, *super().get_urls()]

    def preview_address(self, request: HttpRequest, obj: M | None) -> str:
        """The address of the preview; empty for somebody who may not save the form."""
        name = f"admin:results_{self.opts.model_name}_preview"
        if obj is None:
            return reverse(f"{name}_of_new") if self.has_add_permission(request) else ""
        return reverse(name, args=[obj.pk]) if self.has_change_permission(request, obj) else ""

    def preview_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Answer a form with the document, or with 422 and what is wrong in it."""
        obj = get_object_or_404(self.model, pk=pk) if pk else None
        if not self.preview_address(request, obj):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        form_class = self.get_form(request, obj, change=obj is not None)
        form = form_class(request.POST, instance=obj)
        if not form.is_valid():
            return HttpResponse(_errors_document(form), status=422)
        with transaction.atomic():
            document = self.preview_document(request, form.save(), form)
            transaction.set_rollback(True)
        return HttpResponse(document)


def _errors_document(form: forms.BaseForm) -> str:
    """A document that lists the form's errors by field."""
    errors = [
        (form.fields[name].label if name in form.fields else "", " ".join(map(str, texts)))
        for name, texts in form.errors.items()
    ]
    title = _("There is no preview of this yet")
    context = {"errors": errors, "title": title, "language": "en"}
    return render_to_string("editor/form_preview_errors.html", context)
