"""Page that offers to send a form again which the second factor interrupted."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from results.reporter.access import reporters_only
from results.reporter.resume import resume_page, stored_form


@reporters_only
def go_on(request: HttpRequest) -> HttpResponse:
    form = stored_form(request, request.GET.get("form", ""))
    if form is None:
        return HttpResponseRedirect(reverse("my_counts"))
    return resume_page(request, form["fields"], form["address"])
