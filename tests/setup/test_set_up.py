"""Setting up a night in the browser: draft, files, questions, preview, application, publishing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from results import desk
from results.arithmetic import ElectionKind
from results.models import (
    AuditEntry,
    Contest,
    Election,
    Load,
    LoadFile,
    PostcodeDistrict,
    Standing,
)
from results.setup import columns, reports
from results.setup.steps import STEPS, steps_of
from tests import nights
from tests.setup.conftest import act, give, page

pytestmark = pytest.mark.django_db

#: A poll that is postponed, one that is uncontested, one that may be, and one that is held.
LIST_OF_POLLS_NOT_HELD = """Ward\tCandidate\tParty\tSeats\tcancelled_poll
Elm\tSeth South\tGreen\t1\tt
Elm\tEve East\tLabour\t1\tt
Fir\tFay North\tLabour\t1\tt
Gorse\tGus West\tLabour\t1\t
Hill\tAnn Ash\tLabour\t1\t
Hill\tBob Bay\tGreen\t1\t
"""
LIST = """\
Ward\tSeats\tElectorate\tCandidate\tParty
Hill\t1\t4000\tAnn Ash\tLabour
Hill\t1\t4000\tBob Beech\tConservative
Mill\t2\t7100\tCat Cole\tLabour
Mill\t2\t7100\tDan Dell\tGreen
Mill\t2\t7100\tEve Elm\tConservative
"""
LAST_TIME = """\
ward,candidate,party,votes,elected
Hill,Fay Fir,Labour,900,yes
Hill,Gus Gale,Conservative,500,no
Mill,Hal Holt,Green,1100,yes
Mill,Ivy Ilex,Labour,1000,yes
Mill,Jo Juniper,Conservative,500,no
"""


def test_page_of_a_load_neither_writes_nor_reads_the_files(chief: Client, draft: Election) -> None:
    """On SQLite the worker holds the only lock for writing while it reads or applies files."""
    load = give(chief, draft, "candidates", rows=LIST)
    for state in (Load.State.READING, Load.State.APPLYING):
        Load.objects.filter(pk=load.pk).update(state=state, task_id="")
        with CaptureQueriesContext(connection) as seen:
            assert chief.get(reverse("set_up_load", args=[load.pk])).status_code == 200
        asked = [query["sql"] for query in seen.captured_queries]
        assert all(sql.startswith("SELECT") for sql in asked)
        assert not any('"results_loadfile"."content"' in sql for sql in asked)


def test_page_of_publishing_says_whether_polls_have_closed(chief: Client, draft: Election) -> None:
    publish = reverse("admin:results_election_publish", args=[draft.pk])
    assert "nothing can be declared before." in chief.get(publish).content.decode()
    Election.objects.update(polls_close=datetime(2019, 12, 12, 22, tzinfo=UTC))
    page = chief.get(publish).content.decode()
    assert "Polls closed on 12 December 2019, 22:00." in page
    assert "nothing can be declared before" not in page


def test_council_from_pasted_rows_to_publication(chief: Client, draft: Election) -> None:
    assert draft.is_draft
    assert draft.name == "Northshire Council election, 3 May 2029"
    assert draft.polls_close == datetime(2029, 5, 3, 21, tzinfo=UTC)
    load = give(chief, draft, "candidates", rows=LIST)
    assert load.state == "ready", load.report
    assert ["new", "candidates", 5] in [row[:3] for row in load.report["changes"]]
    assert not Contest.objects.exists()
    assert "Ann Ash" in page(chief, load)
    assert "a button undoes it" in page(chief, load)
    act(chief, load, "apply")
    assert (load.state, load.report["lines"]) == ("done", ["5 candidates in 2 contests"])
    assert not any(LoadFile.objects.values_list("content", flat=True))
    hill, mill = Contest.objects.order_by("name")
    assert (hill.electorate, mill.seats, mill.body.name) == (4000, 2, "Northshire Council")
    assert AuditEntry.objects.get(what="loaded files").about == "Candidates: pasted rows.csv"
    before = act(chief, give(chief, draft, "previous", rows=LAST_TIME), "apply")
    assert before.report["lines"] == ["last time’s figures for 2 contests"]
    assert chief.get(f"/{draft.slug}/").status_code == 404
    preview = reverse("set_up_preview", args=[draft.pk, f"{draft.slug}/hill/"])
    seen = chief.get(preview)
    assert "Ann Ash" in seen.content.decode()
    assert f'href="/admin/set-up/{draft.pk}/preview/{draft.slug}/' in seen.content.decode()
    assert "private, no-store" in seen.headers["Cache-Control"]
    chief.post(reverse("admin:results_election_publish", args=[draft.pk]), {"front": "on"})
    assert "Ann Ash" in chief.get(f"/{draft.slug}/hill/").content.decode()
    assert chief.get("/").headers["Location"] == f"/{draft.slug}/"


def test_asks_which_council_it_is_where_nothing_names_it(chief: Client) -> None:
    form = {"kind": "council", "date": "2029-05-03", "close": "22:00", "timezone": "Europe/London"}
    chief.post(reverse("set_up"), form)
    draft = Election.objects.get()
    load = give(chief, draft, "candidates", rows=LIST)
    assert load.state == "refused"
    (error,) = load.report["errors"]
    assert "write it below as “Council, where the file does not name it”" in error["error"]
    assert 'name="body"' in page(chief, load)
    act(chief, load, "read", body="Northshire Council")
    assert load.state == "ready", load.report
    act(chief, load, "apply")
    assert {contest.body.name for contest in Contest.objects.all()} == {"Northshire Council"}


def test_question_is_answered_in_the_form(chief: Client, draft: Election) -> None:
    load = give(chief, draft, "candidates", rows=LIST.replace("Party", "Standing for"))
    assert load.state == "questions"
    (question,) = load.report["questions"]
    assert question["guess"] == '--columns "party_name=Standing for"'
    assert "Standing for" in page(chief, load)
    act(chief, load, "read", **{"question-0": question["guess"]})
    assert load.state == "ready", load.report


def publishing(chief: Client, election: Election) -> str:
    page = chief.get(reverse("admin:results_election_publish", args=[election.pk]))
    return " ".join(page.content.decode().split())


def step_of(chief: Client, election: Election) -> str:
    """What is said of the files of candidates, above the form of the next ones."""
    page = chief.get(reverse("set_up_election", args=[election.pk])).content.decode()
    return " ".join(page.partition('class="state-of-step"')[2].partition("<details")[0].split())


def test_says_of_polls_that_are_not_held_whether_that_is_published(
    chief: Client, draft: Election
) -> None:
    """After each step it is what is so then, and not what was when the file was applied."""
    off = LIST_OF_POLLS_NOT_HELD
    load = act(chief, give(chief, draft, "candidates", rows=off), "apply")
    assert "Elm: postponed, 2 standing for 1 seat" in page(chief, load)
    # Of Gorse the file says it by its numbers only.
    assert "By the candidates’ file, these polls are not held. That is not published with the" in (
        " ".join(page(chief, load).split())
    )
    asked = publishing(chief, draft)
    assert "Elm: postponed, 2 standing for 1 seat" in asked
    assert "Fir: elected unopposed, 1 standing for 1 seat" in asked
    assert "Gorse: uncontested according to the numbers, 1 standing for 1 seat" in asked
    assert "Hill" not in asked
    chief.post(reverse("admin:results_election_publish", args=[draft.pk]), {"front": "on"})
    said = step_of(chief, draft)
    assert "Elm: postponed, 2 standing for 1 seat" in said
    assert (
        "By the candidates’ file, these polls are not held, and readers are not told yet." in said
    )
    assert "not published, since" not in said
    elm, fir, gorse = (Contest.objects.get(name=name) for name in ("Elm", "Fir", "Gorse"))
    user = nights.user()
    desk.report_status(elm, Standing.Status.POSTPONED, by=user, idempotency_key="elm")
    assert "Elm" not in step_of(chief, draft)
    assert "Elm" not in page(chief, load)
    assert "Fir: elected unopposed" in step_of(chief, draft)
    desk.publish_unopposed(fir, by=user, idempotency_key="fir", source="")
    desk.publish_unopposed(gorse, by=user, idempotency_key="gorse", source="")
    assert "not told yet" not in step_of(chief, draft)
    assert "6 candidates in 4 contests" in step_of(chief, draft)


def test_file_that_is_applied_later_says_whether_a_poll_is_held(
    chief: Client, draft: Election
) -> None:
    act(chief, give(chief, draft, "candidates", rows=LIST_OF_POLLS_NOT_HELD), "apply")
    held = LIST_OF_POLLS_NOT_HELD.replace("Green\t1\tt", "Green\t1\t")
    held = held.replace("East\tLabour\t1\tt", "East\tLabour\t1\t")
    act(chief, give(chief, draft, "candidates", rows=held), "apply")
    assert "Elm" not in publishing(chief, draft)
    assert "Fir: elected unopposed" in publishing(chief, draft)


def test_publishing_warns_of_a_draft_without_contests(chief: Client, draft: Election) -> None:
    publish = reverse("admin:results_election_publish", args=[draft.pk])
    warning = "no contests yet, so readers would see an empty page"
    assert warning in chief.get(publish).content.decode()
    act(chief, give(chief, draft, "candidates", rows=LIST), "apply")
    assert warning not in chief.get(publish).content.decode()


def test_columns_are_put_right_by_hand(chief: Client, draft: Election) -> None:
    rows = LIST.replace("Candidate\t", "Agent\t").replace("Electorate", "Nominee")
    rows = rows.replace("\t4000\t", "\tAnn Ash\t", 1)
    load = give(chief, draft, "candidates", rows=rows)
    table = load.report["tables"][0]
    names = [column["heading"] for column in table["columns"]]
    chosen = {f"column-0-{names.index('Agent')}": "person_name"}
    assert columns.chosen(chosen, [table]) == {"person_name": "Agent"}
    left = {f"column-0-{names.index('Seats')}": ""}
    assert columns.chosen(left, [table]) == {"seats": ""}
    act(chief, load, "read", **chosen)
    assert load.answers["columns"]["person_name"] == "Agent"
    assert load.state == "ready", load.report


def test_columns_without_known_headings_are_asked_for_and_loaded(
    chief: Client, draft: Election
) -> None:
    rows = "Place,Who,Colour\nHill,Ann Ash,Labour\nMill,Bob Beech,Labour\nMill,Cat Cole,Green\n"
    load = give(chief, draft, "candidates", rows=rows)
    assert load.state == "questions"
    assert "<td>Ann Ash</td>" in page(chief, load)
    chosen = {"column-0-0": "constituency_name", "column-0-1": "person_name"}
    load = act(chief, load, "read", **chosen, **{"column-0-2": "party_name"})
    assert load.state == "refused"
    words = page(chief, load)
    assert "or leave this and give both, the list and a second table with ward and seats" in words
    assert "or tick “Each area elects one” below" in words
    load = act(chief, load, "read", one_seat="on")
    assert load.state == "ready", load.report
    act(chief, load, "apply")
    assert [(each.name, each.seats) for each in Contest.objects.order_by("name")] == [
        ("Hill", 1),
        ("Mill", 1),
    ]


def test_says_once_how_a_file_was_read(chief: Client, draft: Election) -> None:
    """It is read for its columns, and again to load it."""
    file = SimpleUploadedFile("list.csv", LIST.encode("utf-16"))
    load = give(chief, draft, "candidates", file=file)
    assert load.state == "ready", load.report
    assert [note for note in load.report["notes"] if "read as" in note] == [
        "list.csv: read as utf-16"
    ]


def test_error_names_line_and_column_and_changes_nothing(chief: Client, draft: Election) -> None:
    broken = LIST.replace("Mill\t2\t7100\tDan", "Mill\ttwo\t7100\tDan")
    file = SimpleUploadedFile("wards.tsv", broken.encode())
    load = give(chief, draft, "candidates", file=file)
    (error,) = load.report["errors"]
    assert (error["file"], error["line"], error["column"]) == ("wards.tsv", 5, "Seats")
    text = page(chief, load)
    assert "“two” is not a whole number" in text
    assert "/tmp/" not in text
    act(chief, load, "apply")
    assert not Contest.objects.exists()
    chief.post(reverse("set_up_load", args=[load.pk]), {"action": "leave"})
    assert not Load.objects.exists()


@pytest.mark.parametrize(
    ("what", "asked"), [("candidates", "Choose a file, or paste rows."), ("map", "Choose a file.")]
)
def test_form_that_was_left_empty_asks_for_what_it_has_a_field_for(
    chief: Client, draft: Election, what: str, asked: str
) -> None:
    answer = chief.post(reverse("set_up_upload", args=[draft.pk, what]))
    assert f">{asked}<" in answer.content.decode()


def test_repeated_click_applies_once(chief: Client, draft: Election) -> None:
    load = act(chief, give(chief, draft, "candidates", rows=LIST), "apply")
    finished = load.finished_at
    act(chief, load, "apply")
    assert (load.state, load.finished_at) == ("done", finished)


def test_draft_is_deleted_by_a_superuser(chief: Client, draft: Election) -> None:
    act(chief, give(chief, draft, "candidates", rows=LIST), "apply")
    address = reverse("admin:results_election_delete_draft", args=[draft.pk])
    assert "5 candidates" in chief.get(address).content.decode()
    chief.post(address)
    assert Election.objects.exists()
    chief.post(address, {"confirm": "on"})
    assert not Election.objects.exists()
    assert not Contest.objects.exists()


@pytest.mark.parametrize("kind", ["uk-parliament", "uk-parliament-by-election", "mayor"])
def test_other_kinds_from_pasted_rows(chief: Client, kind: str) -> None:
    election = nights.election(kind=kind, visibility="draft")
    rows = "Area,Region,Candidate,Party\nAford,North,Ann Ash,Labour\nAford,North,Bo Bay,Green\n"
    load = act(chief, give(chief, election, "candidates", rows=rows), "apply")
    assert load.state == "done", load.report
    contest = Contest.objects.get()
    assert contest.candidates.count() == 2
    assert str(contest.region) == "North"


def test_council_is_given_its_map(chief: Client, draft: Election) -> None:
    act(chief, give(chief, draft, "candidates", rows=LIST), "apply")
    hexes = {"a": {"n": "Hill", "q": 0, "r": 0}, "b": {"n": "Mill", "q": 1, "r": 0}}
    document = json.dumps({"layout": "odd-r", "hexes": hexes}).encode()
    load = give(chief, draft, "map", file=SimpleUploadedFile("wards.hexjson", document))
    assert load.state == "ready", load.report
    act(chief, load, "apply")
    assert load.report["lines"] == ["2 of 2 seats are on the map"]
    assert list(Contest.objects.order_by("name").values_list("hex_q", flat=True)) == [0, 1]


@pytest.mark.parametrize("kind", ElectionKind)
def test_asks_for_a_map_where_seats_are_added_up(kind: ElectionKind) -> None:
    one_by_one = {
        ElectionKind.UK_PARLIAMENT_BY_ELECTION,
        ElectionKind.MAYOR,
        ElectionKind.COMMISSIONER,
        ElectionKind.REFERENDUM,
    }
    given = [step.what for step in steps_of(Election(kind=kind))]
    assert (Load.What.MAP in given) == (kind not in one_by_one)


def test_only_those_who_may_add_elections_set_up(client: Client) -> None:
    client.force_login(nights.user("reporter"))
    assert client.get(reverse("set_up")).status_code == 302
    client.logout()
    plain = nights.user("plain")
    plain.is_staff = True
    plain.save()
    client.force_login(plain)
    assert client.get(reverse("set_up")).status_code == 403


def test_words_of_commands_become_those_of_the_form(tmp_path: Any) -> None:
    text = f"{tmp_path}/.1/wards.csv:3: x: to load only those that are, add --seats own"
    assert reports.readable(text, tmp_path) == "wards.csv:3: x: tick “Skip areas …” below"


def test_every_field_of_a_step_has_a_label() -> None:
    fields = {field for step in STEPS.values() for field in step.fields}
    assert fields - columns.LABELS.keys() == set()


def test_postcodes_are_loaded_for_every_election(chief: Client, draft: Election) -> None:
    rows = b"postcode,code\nN1 2AB,E05000001\nN1 2AC,E05000001\n"
    table = SimpleUploadedFile("postcodes.csv", rows)
    load = give(chief, draft, "postcodes", file=table)
    assert (load.state, load.report["changes"]) == ("ready", [["kept", "postcodes", 2, []]])
    assert not PostcodeDistrict.objects.exists()
    load = act(chief, load, "apply")
    assert load.report["lines"] == [
        "2 postcodes, 0 of them not in use any more; 2 are new or changed"
    ]
    assert PostcodeDistrict.objects.get().postcodes == 2
    wrong = SimpleUploadedFile("postcodes.csv", b"postcode,code\nnowhere,E05000001\n")
    load = give(chief, draft, "postcodes", file=wrong)
    assert load.state == "refused"
    assert "is no postcode" in page(chief, load)
