"""How a preview describes what a file changes."""

from results.exchange.preview import add_numbered


def test_things_of_one_name_are_told_by_number_however_many_there_are() -> None:
    state = {"last time Hill, IND": "1 votes"}
    add_numbered(state, [("last time Hill, IND", f"{votes} votes") for votes in range(2, 20_002)])
    assert state["last time Hill, IND"] == "1 votes"
    assert state["last time Hill, IND #2"] == "2 votes"
    assert state["last time Hill, IND #20001"] == "20001 votes"
