"""The reporter's addresses. Every page takes its own forms."""

from django.urls import path

from results.reporter import counting, sign_in

urlpatterns = [
    path("", counting.my_counts, name="my_counts"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("<slug:election_slug>/<slug:contest_slug>/", counting.count, name="count"),
    path(
        "<slug:election_slug>/<slug:contest_slug>/published/<int:sequence>/",
        counting.published,
        name="published",
    ),
]
