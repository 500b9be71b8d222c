"""What ticket systems, digital mailboxes and servers tell by themselves, and people who say nearly the same."""

import pytest

from cases.inbound.messages import MessageKind
from ingest.parse import parse

ANSWERS = "In-Reply-To: <s1@alvsby.example>\n"
NOBODY = "Kivra <no-reply@kivra.example>"
BO = "Bo Ek <bo@firma.example>"


def kind_of(subject: str, body: str, sender: str = BO, fields: str = "") -> MessageKind:
    head = f"From: {sender}\nSubject: {subject}\n{fields}Content-Type: text/plain; charset=utf-8\n\n"
    return parse(f"{head}{body}\n".encode()).kind


@pytest.mark.parametrize(
    "body",
    [
        "Tack för ditt mejl.\n\nDitt mejl har fått ärendenummer 4711. Vi svarar inom två arbetsdagar.",
        "Vi har registrerat ditt ärende med nummer 12345 och återkommer.\n\nDu kan inte svara på detta mejl.",
        "Your request (12345) has been received and is being reviewed by our support staff.",
        "We have received your request and a ticket has been created with Ticket ID - 123.",
        "Vi har fått ditt mejl. Observera att det här är ett automatiskt meddelande som inte går att svara på.",
        "Tack för ditt mejl. Vi läser mejl vardagar 8-16 och besvarar ditt mejl så snart vi kan.",
        "Ditt mejl till Bo har inte levererats ännu. Klicka på länken för att bekräfta att du är avsändaren.",
        "Abbiamo ricevuto la sua richiesta. Il numero di ticket è 4711. Questa è una risposta automatica.",
        "Nous avons bien reçu votre message et vous répondrons dans les plus brefs délais.",
        "Hemos recibido su mensaje. Le responderemos lo antes posible.",
        "Dziękujemy. Państwa zgłoszenie zostało przyjęte pod numerem 4711. Prosimy na nią nie odpowiadać.",
        "Min e-postadress har ändrats till bo@ny.example. Detta är ett automatiskt svar.",
        "Your message was waitlisted. Click here to have it delivered.",
        "I'm protecting myself from junk mail. Please click the link below so I can receive your emails.",
        "The message you sent requires that you verify that you are a real live human being.",
        "Para que sua mensagem seja encaminhada, por favor, clique aqui.",
        "This mailbox is not monitored. Please use our web form.",
        "Thanks for reaching out! We typically reply within one business day.",
        "Your email has been received. A member of our team will get back to you shortly.",
        "Your message is being held because your address is new. Click to have it delivered: https://x.example/1",
    ],
)
def test_what_a_ticket_system_answers_is_automatic(body):
    assert kind_of("Re: Lampan", body, fields=ANSWERS) is MessageKind.AUTO_REPLY


@pytest.mark.parametrize(
    "body",
    [
        "Svara inte på detta mejl, ring mig på 070-123 45 67.",
        "Tack för ditt mejl. Jag återkommer så snart jag kan.",
        "Tack för ert mejl. Vi har fått er fråga men förstår den inte. Vi återkommer.",
        "Tack för ert mejl. Jag är på semester till måndag och lampan är trasig.",
        "Jag är bortrest till den 30 november.",
        "Tack för ert svar. Jag är på semester till söndag.",
        "Kiitos viestistänne. Olen lomalla, mutta voitte soittaa.",
        "Det går inte att svara på det här mejlet från min telefon.",
        "Jag har fått ert brev. Ärendet har fått nummer 12 hos er, men lampan är trasig.",
        "Tack för ditt mejl. Skadan har fått ärendenummer 4711 hos försäkringsbolaget.",
        "Your form wants me to verify that I am a real human, and the pictures do not show.",
        "Den här adressen används inte längre, ta bort mig ur registret.",
        "I have left Sjöby. Please send all letters to bo@firma.example.",
        "Je suis en congé. Merci de contacter mon mari, bo@firma.example.",
        "Vi har julstängt men snön ligger kvar utanför butiken.",
        "Your email has been received, thank you. But the lamp is still out.",
        "Jag är ledig på fredag och kan möta er vid hålet då.",
        "Hemos recibido su mensaje. Le responderemos mañana con las fotos del hoyo.",
        "Abbiamo ricevuto la sua lettera. La lampada è ancora spenta.",
        "Sie haben auf diese E-Mail nicht geantwortet.",
        "Merci de ne pas répondre à ce message par téléphone, je suis sourd.",
        "The office is closed every time I come. Please contact my mother at eva@firma.example.",
        "休暇中に街灯が壊れました。直してください。",
    ],
)
def test_what_a_person_answers_is_a_letter(body):
    assert kind_of("Re: Lampan", body, fields=ANSWERS) is MessageKind.CITIZEN


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Autosvar från Vägverket", "Tack för ditt mejl. Ditt ärende har nummer V 2026/123."),
        ("Jawaab otomaatig ah: Lampan", "Waan maqanahay."),
        ("ኣውቶማቲክ መልሲ: Lampan", "Hej"),
        ("Bo Ek ist außer Haus", "Ich bin bis 10.08.2026 abwesend.\n\nHinweis: Dies ist eine automatische Antwort."),
        ("Vidarebefordrad: Lampan", "Leverans till dessa mottagare eller grupper har slutförts:\n\nbo@firma.example"),
        ("Relayed: Lampan", "Delivery to these recipients or groups is complete, but no notification was sent:\n\nbo"),
    ],
)
def test_a_subject_and_the_words_below_it_tell_a_program(subject, body):
    assert kind_of(subject, body) is MessageKind.AUTO_REPLY


def test_a_question_about_our_automatic_answers_is_a_letter():
    assert kind_of("Autosvar från kommunen på finska", "Tack för ert autosvar. Varför är det på finska?") is (
        MessageKind.CITIZEN
    )
    assert kind_of("Autosvar", "Ert automatiska svar har fel telefonnummer.") is MessageKind.CITIZEN
    assert kind_of("Automatic reply", "Your automatic reply says that you are closed.") is MessageKind.CITIZEN


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Nytt brev i Kivra", "Du har fått ett brev från Bolaget.\nLogga in på kivra.example för att läsa det."),
        ("SDK", "Ett nytt SDK-meddelande har kommit till Synpunkter. Logga in i klienten för att läsa det."),
        ("1177", "Du har ett nytt meddelande på 1177. För att läsa det måste du logga in."),
        ("Brev", "Du har fått ett nytt brev. Logga in för att läsa det. Har du frågor? Läs mer i appen."),
        ("Ny post", "Kommunen har nya meddelanden i Min myndighetspost. Logga in för att läsa."),
        ("You have 3 messages in quarantine", "Review these messages by 3 December."),
    ],
)
def test_what_only_says_that_something_lies_elsewhere_is_no_letter(subject, body):
    assert kind_of(subject, body, NOBODY) is MessageKind.AUTO_REPLY
    assert kind_of(subject, body, BO) is MessageKind.CITIZEN


@pytest.mark.parametrize(
    "body",
    [
        "Ett nytt ärende har kommit in. Vad gäller det: lampan på Storgatan lyser inte.",
        "Du har fått ett meddelande genom formuläret: Lampan lyser inte.",
        "Logga in för att se ärendet. Beskrivning: lampan på Storgatan lyser inte.",
        "Anna har skickat ett säkert meddelande: Vi vill ha skolskjuts. Logga in för att svara.",
        "Hej Bo,\nJag godkänner planen.\n\nDetta är ett säkert meddelande. Logga in för att läsa hela tråden.",
    ],
)
def test_what_an_e_service_tells_of_the_matter_is_a_letter(body):
    assert kind_of("Ny felanmälan", body, NOBODY) is MessageKind.CITIZEN
