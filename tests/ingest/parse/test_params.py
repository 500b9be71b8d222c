"""Names of files and charsets in headers whose writers forgot a semicolon or a quote."""

import pytest

from ingest.reading.attachments import clean_name
from ingest.reading.encoding.params import split_value
from ingest.reading.notes import Notes

VALUES = {
    "attachment; filename=a.pdf": ("attachment", {"filename": "a.pdf"}),
    "attachment filename=a.pdf": ("attachment", {"filename": "a.pdf"}),
    "filename=a.pdf": ("", {"filename": "a.pdf"}),
    "text/plain charset=iso-8859-1; format=flowed": ("text/plain", {"charset": "iso-8859-1", "format": "flowed"}),
    "attachment; filename*=utf-8''%C3%84ppel.pdf": ("attachment", {"filename": "Äppel.pdf"}),
    "attachment; filename*=utf-8'%C3%84ppel.pdf": ("attachment", {"filename": "Äppel.pdf"}),
    "attachment; filename*=Anna's.pdf": ("attachment", {"filename": "Anna's.pdf"}),
    "attachment filename*=utf-8''%C3%84ppel.pdf": ("attachment", {"filename": "Äppel.pdf"}),
    'attachment; filename="%C3%84ppel.pdf"': ("attachment", {"filename": "Äppel.pdf"}),
    "attachment; filename=utf-8''%C3%84ppel.pdf": ("attachment", {"filename": "Äppel.pdf"}),
    'attachment; filename="%C3%A4%FF.pdf"': ("attachment", {"filename": "%C3%A4%FF.pdf"}),
    "text/plain; charset": ("text/plain", {}),
}


@pytest.mark.parametrize("value", VALUES)
def test_a_value_and_its_parameters(value):
    assert split_value(value.encode(), Notes()) == VALUES[value]


def test_single_quotes_around_a_name_are_no_part_of_it():
    assert clean_name("'a.pdf'") == "a.pdf"
    assert clean_name("Anna's.pdf") == "Anna's.pdf"


def test_a_value_met_before_is_read_the_same_and_each_mail_notes_its_own_tolerances():
    for raw in (b'text/plain; charset="utf-8"', "attachment; filename=Ängel.pdf".encode()):
        first, second = Notes(), Notes()
        met = split_value(raw, first)
        met[1]["filename"] = "changed by whoever asked"
        assert split_value(raw, second) == split_value(raw + b" " * 90, Notes()) != met
        assert first.defects == second.defects
    assert second.defects == ["raw eight-bit header"]
