"""Readers' addresses. They are promises: they never change, and none needs a cookie."""

from django.urls import path

from results.reader import views

urlpatterns = [
    path("", views.home_page, name="home_page"),
    path("<slug:election_slug>/", views.live_page, name="live_page"),
    path("<slug:election_slug>/corrections/", views.corrections_page, name="corrections_page"),
    path("<slug:election_slug>/updates/<int:sequence>/", views.updates, name="updates"),
    path("<slug:election_slug>/parties-<slug:mark>.css", views.party_styles, name="party_styles"),
    path("<slug:election_slug>/<slug:contest_slug>/", views.seat_page, name="seat_page"),
]
