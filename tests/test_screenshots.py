"""Pictures of the pages of a failed test are files in one folder, whatever the test's id."""

from tests.chromium import SCREENSHOTS, screenshot_path


def test_id_with_a_slash_is_a_file_of_the_folder() -> None:
    path = screenshot_path("test_page[/cy]", 1)
    assert (path.parent, path.name) == (SCREENSHOTS, "test_page[-cy]-1.png")
    assert screenshot_path("test_page[en]", 2).name == "test_page[en]-2.png"
