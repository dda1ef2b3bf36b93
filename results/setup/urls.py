"""Addresses of setting up, below the admin's."""

from django.urls import path, re_path

from results.setup import previews, views

urlpatterns = [
    path("", views.start, name="set_up"),
    path("<int:election_pk>/", views.election_page, name="set_up_election"),
    path("<int:election_pk>/load/<slug:what>/", views.upload, name="set_up_upload"),
    re_path(
        r"^(?P<election_pk>\d+)/preview/(?P<rest>.*)$", previews.preview_page, name="set_up_preview"
    ),
    path("loads/<int:load_pk>/", views.load_page, name="set_up_load"),
    path("loads/<int:load_pk>/undo/", views.undo_load, name="set_up_undo"),
]
