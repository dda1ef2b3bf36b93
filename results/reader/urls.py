"""The public URLs. They are permanent: other sites and programs link to them."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, include, path, register_converter

from results.reader import (
    bodies,
    cards,
    embeds,
    exports,
    following,
    home,
    house_style,
    icons,
    listings,
    maps,
    nights,
    oembed,
    photos,
    recap,
    search_page,
    updates,
    views,
    wall,
)
from results.reader.seats_first import seats_first

register_converter(nights.DayConverter, "day")


def with_card(folder: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """Routes of the present card and of each version of it."""
    return [
        path(f"{folder}card.png", view, name=name),
        path(f"{folder}card-<slug:version>.png", view, name=f"{name}_at"),
    ]


election = [
    path("", views.live_page, name="live_page"),
    path("feed/", listings.feed_page, name="feed_page"),
    path("bulletins/<int:sequence>/", listings.bulletin_page, name="bulletin_page"),
    path("regions/", listings.regions_page, name="regions_page"),
    path("regions/<slug:region_slug>/", listings.region_page, name="region_page"),
    path("groups/<slug:group_slug>/", listings.group_page, name="group_page"),
    path("bodies/", bodies.bodies_page, name="bodies_page"),
    path("bodies/<slug:body_slug>/", bodies.body_page, name="body_page"),
    *with_card("bodies/<slug:body_slug>/", cards.body_card, "body_card"),
    path("bodies/<slug:body_slug>/wall/", wall.body_wall, name="body_wall"),
    path("wall/", wall.wall_page, name="wall_page"),
    path(
        "wall/<slug:theme>-<slug:digest>.css",
        wall.wall_styles,
        name="wall_styles",
    ),
    path("parties/", listings.parties_page, name="parties_page"),
    path("parties/<slug:label>/", listings.party_page, name="party_page"),
    path("changes/", listings.changes_page, name="changes_page"),
    path("records/", listings.records_page, name="records_page"),
    path("recap/", recap.recap, name="recap"),
    path("seats/", views.seats_page, name="seats_page"),
    path("following/", following.following_page, name="following_page"),
    path(
        "following/<uuid:epoch>/<int:since>-<int:sequence>/",
        following.alerts,
        name="following_alerts",
    ),
    path("find/", search_page.find_page, name="find_page"),
    path("find/postcode/", search_page.find_posted, name="find_posted"),
    path("find/names.json", search_page.find_names, name="find_names"),
    path("map.json", maps.map_modes, name="map_modes"),
    path("results.json", exports.results_json, name="results_json"),
    path("results.csv", exports.results_csv, name="results_csv"),
    path("bodies.csv", exports.bodies_csv, name="bodies_csv"),
    path("log.json", exports.log_json, name="log_json"),
    path("verify_log.py", exports.verify_log, name="verify_log"),
    path("feed.atom", exports.feed_atom, name="feed_atom"),
    path("corrections/", views.corrections_page, name="corrections_page"),
    path("now/", updates.now, name="now"),
    path("updates/<int:sequence>/", updates.updates, name="updates"),
    path("updates/<uuid:epoch>/<int:since>-<int:sequence>/", updates.between, name="between"),
    path("parties-<slug:digest>.css", views.party_styles, name="party_styles"),
    path("photos/<slug:name>-<int:width>.jpg", photos.photo, name="photo"),
    *with_card("regions/<slug:region_slug>/", cards.region_card, "region_card"),
    *with_card("groups/<slug:group_slug>/", cards.group_card, "group_card"),
    *with_card("parties/<slug:label>/", cards.party_card_view, "party_card"),
    *with_card("", cards.election_card, "election_card"),
    *with_card("<slug:contest_slug>/", cards.seat_card_view, "seat_card"),
    path("<slug:contest_slug>/brief.html", maps.seat_brief, name="seat_brief"),
    path("<slug:contest_slug>/results.csv", exports.seat_csv, name="seat_csv"),
    path("<slug:contest_slug>/", views.seat_page, name="seat_page"),
]
election = seats_first(election, views.seat_page, "seat_page")

embedded = [
    path("", embeds.embed_page, name="embed_page"),
    path("scoreboard/", embeds.scoreboard, name="embed_scoreboard"),
    path("map/", embeds.map_of_seats, name="embed_map"),
    path("feed/", embeds.feed, name="embed_feed"),
    path("bodies/<slug:body_slug>/", bodies.embedded_body, name="embed_body"),
    path("<slug:contest_slug>/", embeds.seat, name="embed_seat"),
]
embedded = seats_first(embedded, embeds.seat, "embed_seat")

urlpatterns = [
    path("", home.home_page, name="home_page"),
    path("masthead/<slug:digest>.css", house_style.house_styles, name="house_styles"),
    path("masthead/<slug:digest>.png", house_style.house_logo, name="house_logo"),
    path("favicon.ico", icons.icon, name="icon"),
    path("apple-touch-icon.png", icons.icon, name="icon"),
    path("apple-touch-icon-precomposed.png", icons.icon, name="icon"),
    path("robots.txt", exports.robots, name="robots"),
    path("sitemap.xml", exports.sitemap, name="sitemap"),
    path("api/oembed", oembed.oembed, name="oembed"),
    path("schema/results-<int:version>.json", exports.results_schema, name="results_schema"),
    path("embed/<slug:election_slug>/", include(embedded)),
    path("nights/", home.elections_page, name="elections_page"),
    path("nights/<day:day>/", nights.night_page, name="night_page"),
    path("<slug:election_slug>/", include(election)),
]
