"""Entry point of Django's admin discovery: importing each module registers its admins."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from results.editor import (
    api_tokens,
    audit,
    contests,
    declarations,
    elections,
    external_figures,
    groups,
    headlines,
    house_style,
    last_results,
    locked,
    log,
    messages,
    parties,
    passes,
    people,
    photos,
    posts,
    quotes,
    reporters,
    review_items,
    role_groups,
    webhooks,
)

__all__ = [
    "api_tokens",
    "audit",
    "contests",
    "declarations",
    "elections",
    "external_figures",
    "groups",
    "headlines",
    "house_style",
    "last_results",
    "locked",
    "log",
    "messages",
    "parties",
    "passes",
    "people",
    "photos",
    "posts",
    "quotes",
    "reporters",
    "review_items",
    "role_groups",
    "webhooks",
]

# Tracebacks and arguments are for whoever reads the log; what a task is for has pages of its own.
admin.site.unregister(DBTaskResult)
