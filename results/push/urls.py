"""URLs of Web Push, in a folder of their own: it is the scope of the service worker."""

from django.urls import path

from results.push import views

urlpatterns = [
    path("", views.subscription, name="push_subscription"),
    path("settings/", views.push_settings, name="push_settings"),
    path("phone/", views.phone, name="push_phone"),
    path("worker.js", views.worker, name="push_worker"),
]
