"""Letters on paper: the folder's keys, and a blankett's headings."""

from pathlib import Path

import pytest

import config
from tests.config.conftest import problems


def test_without_keys_no_folder_is_watched_and_documents_are_read(environ):
    paper = config.load("osby", environ).paper
    assert (paper.drop_folder, paper.done_folder, paper.tesseract, paper.split_on_blank) == ("", "", True, True)
    assert (paper.max_pages, paper.max_seconds) == (30, 120)


def test_folders_are_counted_from_the_file_and_may_be_away(tree, write, environ):
    tree["paper"] = {"drop_folder": "in", "done_folder": "/srv/klart"}
    path = write(tree)
    paper = config.load(path, environ).paper
    assert (paper.drop_folder, paper.done_folder) == (path.parent / "in", Path("/srv/klart"))


@pytest.mark.parametrize("done", ["", "in"])
def test_a_drop_folder_needs_another_folder_to_move_to(tree, write, environ, done):
    tree["paper"] = {"drop_folder": "in", "done_folder": done}
    (fault,) = problems(write(tree), environ)
    assert fault.key == "paper.done_folder"


def test_a_blankett_has_its_headings_by_field(tree, write, environ):
    tree["blanketter"] = [
        {"id": "synpunkt", "marks": ["Synpunkt på vår verksamhet"], "name": ["Namn", "För- och efternamn"]}
    ]
    (form,) = config.load(write(tree), environ).blanketter
    assert (form.id, form.name, form.text) == ("synpunkt", ("Namn", "För- och efternamn"), ())


def test_a_heading_stands_for_one_field(tree, write, environ):
    tree["blanketter"] = [{"id": "synpunkt", "marks": ["Synpunkt"], "name": ["Namn"], "text": ["namn"]}]
    (fault,) = problems(write(tree), environ)
    assert fault.key == "blanketter[synpunkt].text"


def test_a_blankett_needs_something_to_be_known_by(tree, write, environ):
    tree["blanketter"] = [{"id": "synpunkt", "marks": []}]
    (fault,) = problems(write(tree), environ)
    assert fault.key.startswith("blanketter")
    assert fault.key.endswith("marks")
