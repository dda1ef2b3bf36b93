"""Expected times and venues of all contests, pasted or from a file."""

import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from results.desk.visibility import withdraw_election
from results.editor.timetable import read_timetable, timetable_text
from results.models import AuditEntry, Bulletin, Contest, Election, Night
from results.models.contest_lookup import MOST_SUGGESTED
from tests import nights
from tests.editor.conftest import address, messages_of, text_of
from tests.responses import Response

NAMES = {
    "Aford": "E14000001",
    "Ayr, Carrick and Cumnock": "S14000001",
    "Brighton Kemptown & Peacehaven": "E14000002",
    "Ynys Môn": "W07000041",
}


@pytest.fixture
def house(db: None) -> Election:
    """Four contests; polls close on 12 December 2019 at 22:00 in London."""
    night = nights.election()
    for name, code in NAMES.items():
        nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")], code=code)
    return night


def times(night: Election) -> list[str]:
    return [
        contest.expected_at.astimezone(night.zone).strftime("%d %H:%M")
        if contest.expected_at
        else ""
        for contest in Contest.objects.filter(election=night).order_by("sort_key")
    ]


def changes(night: Election, text: str) -> list[tuple[str, str, str]]:
    return [
        (
            each.contest.name.split(",")[0].split()[0],
            each.expected_at.astimezone(night.zone).strftime("%d %H:%M")
            if each.expected_at
            else "",
            each.venue,
        )
        for each in read_timetable(night, text).changes
    ]


class TestReading:
    @pytest.mark.parametrize(
        "text",
        [
            "Aford\t01:30\tTown Hall\nynys mon\t23:15",
            "Seat\tExpected\tCount venue\nAFORD\t1.30am\tTown Hall\nYnys Môn\t23:15\t",
            "Aford, 01:30, Town Hall\nYnys Mon, 23:15",
            "E14000001;01:30;Town Hall\nW07000041;23:15;",
            "time,venue,code\n01:30,Town Hall,E14000001\n23:15,,W07000041",
            '"Aford","13 December 01:30","Town Hall"\n"Ynys Mon","12/12/2019 23:15",""',
            "seat,Date,Time,Venue\nAford,13/12/2019,01:30,Town Hall\nYnys Mon,12 December,23:15,",
        ],
    )
    def test_finds_columns_by_heading_or_by_what_is_in_them(
        self, house: Election, text: str
    ) -> None:
        assert changes(house, text) == [
            ("Aford", "13 01:30", "Town Hall"),
            ("Ynys", "12 23:15", ""),
        ]

    def test_names_with_commas_and_ampersands_need_no_quotation_marks(
        self, house: Election
    ) -> None:
        text = (
            "Ayr, Carrick and Cumnock, 02:00, Hall 2, Prestwick\n"
            "Brighton Kemptown and Peacehaven 03:00\n"
        )
        assert changes(house, text) == [
            ("Ayr", "13 02:00", "Hall 2, Prestwick"),
            ("Brighton", "13 03:00", ""),
        ]

    def test_column_of_times_alone_goes_by_the_order_of_the_list(self, house: Election) -> None:
        assert changes(house, "01:00\n\n02:00\n–") == [
            ("Aford", "13 01:00", ""),
            ("Brighton", "13 02:00", ""),
        ]
        (invalid,) = read_timetable(house, "01:00\n02:00").invalid_rows
        assert "each of the 4 contests" in invalid.reason

    def test_says_of_each_line_what_would_make_it_right(self, house: Election) -> None:
        text = "Aford\t01:30\nAfrod\t02:00\nBarchester\t02:00\nYnys Môn\tlate\nAford\t02:30"
        table = read_timetable(house, text)
        assert [(row.line, row.reason) for row in table.invalid_rows] == [
            (2, "no contest is called “Afrod”. Is it “Aford”? Write that."),
            (3, "no contest is called “Barchester”: write its name or its code."),
            (4, "“late” is not a time: write it as 01:30, or with its day as 5 July 14:00."),
            (5, "line 1 says something else of Aford: keep one."),
        ]
        assert table.left_out.splitlines()[0] == "Afrod\t02:00"

    def test_suggests_names_for_the_first_unknown_ones_only(self, house: Election) -> None:
        """A table of another election has none that is known, and each search takes a while."""
        text = "\n".join(f"Brighton Kemptown & Peacehavn{n}\t02:00" for n in range(1000))
        reasons = [row.reason for row in read_timetable(house, text).invalid_rows]
        assert len(reasons) == 1000
        assert "Is it “Brighton Kemptown & Peacehaven”?" in reasons[0]
        assert sum("Is it" in reason for reason in reasons) == MOST_SUGGESTED

    def test_can_paste_again_what_is_stored(self, house: Election) -> None:
        Contest.objects.filter(name="Aford").update(
            expected_at=datetime(2019, 12, 13, 1, 30, tzinfo=UTC), venue="Hall; 2"
        )
        contests = list(Contest.objects.filter(election=house).order_by("sort_key"))
        table = read_timetable(house, timetable_text(house, contests))
        assert (table.changes, table.invalid_rows, table.unchanged) == ([], [], 4)


def post(admin: Client, night: Election, **sent: object) -> Response:
    return admin.post(address("election_times", night.pk), {"key": nights.key()} | sent)


def publish(admin: Client, night: Election, text: str, **sent: object) -> Response:
    """Look at what a table would change, and publish it."""
    shown = post(admin, night, text=text)
    form = {"seen": shown.context["form"]["seen"].value(), "step": "publish"}
    return post(admin, night, text=text, **form, **sent)


class TestPage:
    def test_previews_then_changes_all_at_once(self, admin: Client, house: Election) -> None:
        text = "Aford\t01:30\tTown Hall\nYnys Môn\t23:15"
        shown = text_of(post(admin, house, text=text))
        assert "2 contests would change" in shown
        assert "Fri 13 Dec, 01:30" in shown
        assert times(house) == ["", "", "", ""]
        done = publish(admin, house, text)
        assert "2 contests are changed." in messages_of(done)
        assert times(house) == ["13 01:30", "", "", "12 23:15"]
        entry = AuditEntry.objects.get(what="expected times")
        assert entry.after == "Aford: 01:30, Town Hall; Ynys Môn: 23:15"
        assert entry.before == "Aford: –; Ynys Môn: –"

    def test_readers_get_one_bulletin(self, admin: Client, house: Election) -> None:
        aford = Contest.objects.get(name="Aford")
        nights.declare(aford, 100, 200)
        done = publish(admin, house, "Ynys Môn\t04:15\tTown Hall")
        assert "bulletin 2" in messages_of(done)
        bulletin = Bulletin.objects.get(sequence=2)
        assert "04:15" in bulletin.fragments["expected"]
        assert "Town Hall" in bulletin.fragments["seat-ynys-mon"]
        entry = AuditEntry.objects.get(about__startswith="2:")
        assert entry.before == "Ynys Môn: –"

    def test_does_not_say_that_readers_see_a_withdrawn_election(
        self, admin: Client, house: Election
    ) -> None:
        nights.declare(Contest.objects.get(name="Aford"), 100, 200)
        withdraw_election(house, by=nights.user("editor"), reason="A mistake.")
        shown = text_of(post(admin, house, text="Ynys Môn\t04:15"))
        assert "Readers do not see this election." in shown
        assert "Readers see it" not in shown
        done = publish(admin, house, "Ynys Môn\t04:15")
        assert "Readers see it" not in messages_of(done)
        assert "1 contest is changed." in messages_of(done)
        assert times(house)[3] == "13 04:15"

    def test_many_contests_take_one_bulletin_and_open_pages_load_again(
        self, admin: Client, house: Election, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("results.desk.expected_times.MOST_IN_BULLETIN", 1)
        nights.declare(Contest.objects.get(name="Aford"), 100, 200)
        epoch = Night.objects.get().epoch
        publish(admin, house, "Ynys Môn\t04:15\nAyr, Carrick and Cumnock\t04:20")
        night = Night.objects.get()
        assert night.sequence == 2
        assert night.epoch != epoch
        assert "seat-ynys-mon" not in Bulletin.objects.get(sequence=2).fragments

    def test_asks_before_it_leaves_lines_out_and_keeps_them(
        self, admin: Client, house: Election
    ) -> None:
        text = "Aford\t01:30\nBarchester\t02:00"
        refused = publish(admin, house, text)
        assert "tick that they are left out" in text_of(refused)
        assert "Barchester" in refused.context["form"]["text"].value()
        assert times(house) == ["", "", "", ""]
        done = publish(admin, house, text, leave_out="on")
        assert times(house)[0] == "13 01:30"
        assert done.context["form"]["text"].value() == "Barchester\t02:00\n"

    def test_publishes_only_what_was_looked_at(self, admin: Client, house: Election) -> None:
        answer = post(admin, house, text="Aford\t01:30", step="publish", seen="something else")
        assert "This is not what you looked at" in text_of(answer)
        assert times(house) == ["", "", "", ""]

    def test_can_be_put_back(self, admin: Client, house: Election) -> None:
        done = publish(admin, house, "Aford\t01:30\tTown Hall")
        publish(admin, house, done.context["before"])
        assert times(house) == ["", "", "", ""]
        assert Contest.objects.get(name="Aford").venue == ""

    def test_takes_a_workbook(self, admin: Client, house: Election) -> None:
        book, raw = Workbook(), io.BytesIO()
        sheet = book.active
        assert sheet is not None
        sheet.append(["Seat", "Declaration time", "Venue"])
        sheet.append(["Aford", datetime(2019, 12, 13, 1, 30), "Town Hall"])  # noqa: DTZ001
        book.save(raw)
        file = SimpleUploadedFile("times.xlsx", raw.getvalue())
        shown = post(admin, house, text="", file=file)
        assert "1 contest would change" in text_of(shown)
        assert "Aford\t2019-12-13 01:30:00\tTown Hall" in shown.context["form"]["text"].value()

    def test_file_that_is_no_table_says_what_to_do(self, admin: Client, house: Election) -> None:
        file = SimpleUploadedFile("times.doc", b"\x81\x00\xd0\xcf\x11")
        shown = post(admin, house, text="Aford\t01:30", file=file)
        assert "save it as CSV" in text_of(shown)
        assert shown.context["form"]["text"].value() == "Aford\t01:30"
