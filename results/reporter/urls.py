"""URLs of the reporters' pages."""

from django.urls import path

from results.reporter import interrupted, languages, messages, passes, phone, sign_in, views, worker

urlpatterns = [
    path("", views.my_counts, name="my_counts"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/<str:token>/", passes.sign_in_by_link, name="sign_in_by_link"),
    path("token/", phone.token, name="token"),
    path("phone/", phone.report_unsent, name="report_unsent"),
    path("worker.js", worker.script, name="worker"),
    path("messages/<int:pk>/", messages.answer, name="answer_message"),
    path("app.webmanifest", worker.manifest, name="manifest"),
    path("language/", languages.choose_language, name="choose_language"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("go-on/", interrupted.go_on, name="go_on"),
    path("<slug:election_slug>/<slug:contest_slug>/", views.count, name="count"),
    path(
        "<slug:election_slug>/<slug:contest_slug>/offered/<int:pk>/",
        views.review_item,
        name="review_item",
    ),
    path(
        "<slug:election_slug>/<slug:contest_slug>/published/<int:sequence>/",
        views.published,
        name="published",
    ),
]
