"""URLs of Web Push. Not below /count/ or an election's: the worker's scope is the folder."""

from django.urls import path

from results.push import views

urlpatterns = [
    path("", views.subscription, name="push_subscription"),
    path("settings/", views.settings, name="push_settings"),
    path("phone/", views.phone, name="push_phone"),
    path("worker.js", views.worker, name="push_worker"),
]
