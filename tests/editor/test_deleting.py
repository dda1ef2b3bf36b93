"""Deleting rows in the admin: what goes with them, and why some stay."""

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from results.editor.roles import ROLES, set_up_groups
from results.models import Candidate, Contest, Election, Party, Person
from tests import nights
from tests.editor.conftest import address, text_of


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(nights.user("administrator", staff=True))
    return client


def test_contest_without_a_result_goes_with_its_candidates(
    admin: Client, night: Election, seat: Contest
) -> None:
    page = address("contest_delete", seat.pk)
    text = text_of(admin.get(page))
    assert "permission" not in text
    assert "Jeremy Corbyn" in text
    assert admin.post(page, {"post": "yes"}).status_code == 302
    assert not Candidate.objects.filter(contest_id=seat.pk).exists()
    assert not night.contests.exists()


def test_party_that_stands_says_where_and_what_to_do(admin: Client, seat: Contest) -> None:
    party = seat.candidates.exclude(party=None)[0].party
    assert party is not None
    page = address("party_delete", party.pk)
    text = text_of(admin.get(page))
    assert "permission" not in text
    assert f"{party} cannot be deleted, since this refers to it:" in text
    assert "merge it into the other one" in text
    admin.post(page, {"post": "yes"})
    assert Party.objects.filter(pk=party.pk).exists()


def test_person_who_stands_stays(admin: Client, seat: Contest) -> None:
    person = Person.objects.filter(candidacies__contest=seat).first()
    assert person is not None
    text = text_of(admin.get(address("person_delete", person.pk)))
    assert "permission" not in text
    assert "Take this person from these ballot papers first" in text


def test_no_row_is_named_by_its_number(admin: Client, db: None) -> None:
    set_up_groups()
    user = nights.user("editor", staff=True)
    user.groups.add(Group.objects.get(name="Editors"))
    text = text_of(admin.get(reverse("admin:auth_user_delete", args=[user.pk])))
    assert " object (" not in text
    own = Group.objects.create(name="Of our own")
    own.user_set.add(user)
    text = text_of(admin.get(reverse("admin:auth_group_delete", args=[own.pk])))
    assert "Of our own" in text
    assert " object (" not in text


def test_groups_of_the_roles_stay(admin: Client, db: None) -> None:
    set_up_groups()
    for name in ROLES:
        group = Group.objects.get(name=name)
        page = reverse("admin:auth_group_delete", args=[group.pk])
        assert admin.post(page, {"post": "yes"}).status_code == 403
        assert Group.objects.filter(pk=group.pk).exists()


def test_nothing_offers_a_deletion_that_a_permission_forbids(
    admin: Client, declared: Contest
) -> None:
    """To an administrator, who has every permission."""
    request = admin.get("/admin/").wsgi_request
    request.user = User.objects.get(username="administrator")
    for model, model_admin in django_admin.site._registry.items():
        for row in model._default_manager.all()[:3]:
            if model_admin.has_delete_permission(request, row):
                needed = model_admin.get_deleted_objects([row], request)[2]
                assert not needed, (model, row)
