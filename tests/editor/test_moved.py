"""The admin addresses of renamed models redirect to their present ones."""

import pytest
from django.test import Client
from django.urls import resolve

from results.editor.moved import MOVED


@pytest.mark.parametrize(("before", "now"), MOVED.items())
@pytest.mark.parametrize("rest", ["", "5/change/", "add/", "?state=all&q=%26"])
def test_redirects_permanently_with_the_query(
    client: Client, before: str, now: str, rest: str
) -> None:
    response = client.get(f"/admin/results/{before}/{rest}")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/admin/results/{now}/{rest}"


def test_keeps_the_method_of_a_form_that_was_open(client: Client) -> None:
    response = client.post("/admin/results/offer/5/change/", {"step": "approve"})
    assert response.status_code == 308
    assert response.headers["Location"] == "/admin/results/reviewitem/5/change/"


@pytest.mark.parametrize(
    "page",
    [
        "auditentry/",
        "auditentry/export.csv",
        "externalfigures/add/",
        "reviewitem/5/change/",
    ],
)
def test_leads_to_pages_that_exist(page: str) -> None:
    assert str(resolve(f"/admin/results/{page}").url_name).startswith("results_")


@pytest.mark.parametrize("model", MOVED.values())
def test_every_model_that_is_redirected_to_has_a_list(model: str) -> None:
    assert resolve(f"/admin/results/{model}/").url_name == f"results_{model}_changelist"
