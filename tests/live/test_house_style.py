"""The publisher's style, read once for each of its versions."""

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from results.live.house_style import house_style
from results.models import HouseStyle


@pytest.mark.django_db
def test_a_style_is_read_once_until_it_is_stored_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    HouseStyle(pk=HouseStyle.ONLY, name="The Herald").save()
    before = HouseStyle.load().version
    assert house_style(before).name == "The Herald"
    with django_assert_num_queries(0):
        assert house_style(before).name == "The Herald"
    HouseStyle(pk=HouseStyle.ONLY, name="The Echo").save()
    # A page whose version was read before: what is read now is not kept as that version's.
    with django_assert_num_queries(1):
        assert house_style("of before").name == "The Echo"
    after = HouseStyle.load().version
    with django_assert_num_queries(0):
        assert house_style(after).name == "The Echo"
    with django_assert_num_queries(1):
        assert house_style(before).name == "The Echo"
