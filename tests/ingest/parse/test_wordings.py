"""Wordings of clients and responders that were once read wrongly, and letters that only look like them."""

import pytest

from cases.inbound.messages import MessageKind
from ingest.parse import parse

TEXT = "Nu är lampan trasig igen."


def _mail(body: str, fields: str = "", subject: str = "Lampa") -> bytes:
    head = (
        f"From: Anna Lind <anna@lind.example>\nSubject: {subject}\n{fields}Content-Type: text/plain; charset=utf-8\n\n"
    )
    return f"{head}{body}\n".encode()


@pytest.mark.parametrize(
    "line",
    [
        *("Terv. Anna", "Kram Anna", "Kramar\nAnna", "Skickas från min iPad", "Hämta e-postappen Spark"),
        *("مرسل من هاتفي", "ارسال\u200cشده از iPhone من", "نشر من Yahoo Mail على Android", "發自我的 iPhone"),
        *("Waxaa laga soo diray iPhone-kayga", "Đã gửi từ iPhone của tôi", "Skickat från Canary"),
        *("Ursäkta korthuggenheten, skickat från mobilen", "Skickat med Tuta, en säker brevlåda: https://tuta.example"),
        *("/ Anna Lind\nStorgatan 3", '–\n"Var dag är en gåva."', "–\n”Carpe diem.” – Horatius"),
        "Questo messaggio e i suoi allegati sono riservati. Se ricevuto per errore, cancellatelo.",
        "Ai sensi del Regolamento UE le informazioni contenute in questa comunicazione sono riservate.",
        "De informatie verzonden met dit e-mailbericht is uitsluitend bestemd voor de geadresseerde.",
        "Wichtiger Hinweis: Diese Nachricht kann vertrauliche Informationen enthalten.",
        "Tato zpráva a její přílohy jsou důvěrné a určené výhradně adresátovi.",
        "Bu e-posta mesajı ve ekleri gizlidir ve yalnızca alıcısına yöneliktir.",
        "Это сообщение и вложения могут содержать конфиденциальную информацию.",
        "Avant d'imprimer, pensez à l'environnement.",
        *("–\nAnna Lind\nLivet är en fest.", "-----\nTänk på miljön – skriv inte ut i onödan."),
    ],
)
def test_these_lines_are_no_part_of_the_message(line):
    assert parse(_mail(f"{TEXT}\n\n{line}")).message == TEXT


@pytest.mark.parametrize(
    "line",
    [
        *("Kram snö låg på vägen.", "Brevet skickas från kommunen i morgon.", "Hämta e-postappen kan jag inte."),
        *("–\nBänken också!", "—\n”Vi lagar den” sa ni.", "/ Anna Lind\nJag är arg.", "–\nAnna Lind\nJag är arg."),
        "Tänk på miljön när ni skriver planen.",
        "Este mensaje es confidencial, no publiquen mi nombre.",
        "Tato zpráva je důvěrná, nezveřejňujte mé jméno.",
        "Bu mesaj gizli kalsın.",
        "Avant d'imprimer, la bibliothèque demande une carte.",
    ],
)
def test_prose_with_the_same_words_stays(line):
    assert parse(_mail(f"{TEXT}\n\n{line}")).message == f"{TEXT}\n\n{line}"


@pytest.mark.parametrize("subject", ["Automatsvar: Lampa", "Automatsko odgovaranje: Lampa"])
def test_a_subject_only_programs_write(subject):
    assert parse(_mail("Hej.", subject=subject)).kind is MessageKind.AUTO_REPLY


def test_a_field_only_programs_write():
    assert parse(_mail("Hej.", "Preference: auto_reply\n")).kind is MessageKind.AUTO_REPLY


def test_a_bare_absence_needs_a_mail_it_answers():
    assert parse(_mail("Hej.", subject="Odsotnost: x")).kind is MessageKind.CITIZEN
    assert parse(_mail("Hej.", "In-Reply-To: <a@b.example>\n", "Odsotnost: x")).kind is MessageKind.AUTO_REPLY
