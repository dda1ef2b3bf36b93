"""The benchmark of the night dashboard makes requests that the dashboard answers."""

import pytest

from bench import night_dashboard

pytestmark = pytest.mark.django_db


def test_each_request_of_the_benchmark_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night_dashboard, "ROUNDS", 1)
    costs = night_dashboard.costs((40,))
    assert {"an update", "approve a result", "publish two quotes"} <= costs.keys()
    assert all(each.queries for by_size in costs.values() for each in by_size.values())
