"""Telling machines' mail from people's, in both directions: a citizen taken for a robot is never answered."""

import textwrap

import pytest

from cases.inbound.messages import MessageKind
from ingest.parse import parse
from tests.ingest.parse.mails import MAILS

AUTOMATIC = (MAILS / "robots/subjects-automatic.txt").read_text(encoding="utf-8").splitlines()
WRITTEN = (MAILS / "robots/subjects-written.txt").read_text(encoding="utf-8").splitlines()


ANSWERS = "In-Reply-To: <s1@alvsby.example>"


def kind_of(*headers: str, body: str = "Jag är åter på måndag.") -> MessageKind:
    given = "\n".join(headers)
    base = (
        "From: Anna Lind <anna@medborgare.example>\nTo: synpunkter@alvsby.example\nMessage-ID: <a@medborgare.example>"
    )
    return parse(f"{base}\n{given}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n".encode()).kind


@pytest.mark.parametrize("subject", AUTOMATIC)
def test_an_absence_notice_is_known_by_its_subject(subject):
    assert kind_of(f"Subject: {subject}") is MessageKind.AUTO_REPLY


def test_an_absence_that_answers_our_letter_is_a_notice():
    head = ("Subject: Frånvaro: Anna Lind", "In-Reply-To: <s1@alvsby.example>")
    assert kind_of(*head, body="Hej!") is MessageKind.AUTO_REPLY


def test_an_answer_to_an_automatic_answer_is_a_letter():
    head = ("Subject: SV: Automatiskt svar: Lampan", "In-Reply-To: <s1@alvsby.example>")
    quote = "> Detta är ett automatiskt svar. Jag är åter på måndag."
    assert kind_of(*head, body=f"Hej! Lampan är trasig fortfarande.\n\n{quote}") is MessageKind.CITIZEN
    assert kind_of(*head, body="Jag är åter på måndag.") is MessageKind.AUTO_REPLY
    passed_on = (
        "Ska jag vänta till maj?\n\nFrån: Bo\nSkickat: den 3 november 2026 08:00\nTill: Eva\nÄmne: Autosvar\n\nHej"
    )
    assert kind_of("Subject: VB: Autosvar: Lampan", body=passed_on) is MessageKind.CITIZEN


@pytest.mark.parametrize(
    "subject",
    [
        "Jawapan automatik: Lampan",
        "Автоматски одговор: Lampan",
        "Autosvar på ditt mejl",
        "Autosvar Lampan",
        "Auto: Lampan",
    ],
)
def test_an_answer_that_calls_itself_automatic_in_whatever_language_is_a_notice(subject):
    assert kind_of(f"Subject: {subject}", ANSWERS, body="Hej!") is MessageKind.AUTO_REPLY
    assert kind_of(f"Subject: SV: {subject}", ANSWERS, body="Lampan lyser inte.") is MessageKind.CITIZEN


def test_an_automatic_door_is_no_notice():
    words = "Dörren går inte upp."
    assert kind_of("Subject: Automatisk dörr: trasig", body=words) is MessageKind.CITIZEN
    assert kind_of("Subject: SV: Automatisk dörr: trasig", ANSWERS, body=words) is MessageKind.CITIZEN
    assert kind_of("Subject: SV: Autosvar: Lampan", body=words) is MessageKind.CITIZEN


def test_a_receipt_quoted_below_a_letter_does_not_make_it_automatic():
    quote = "> Detta är ett automatiskt svar från kommunen."
    assert kind_of("Subject: SV: Lampan", body=f"Tack!\n\n{quote}") is MessageKind.CITIZEN


@pytest.mark.parametrize("subject", WRITTEN)
def test_a_letter_about_absence_is_a_letter(subject):
    assert kind_of(f"Subject: {subject}", body="Hej! Kan ni hjälpa mig med detta?") is MessageKind.CITIZEN


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied (vacation)",
        'Auto-Submitted: (vacation) Auto-Replied; owner-email="anna@medborgare.example"',
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: auto-notified",
        "X-Autoreply: yes",
        "X-Autorespond: out",
        "X-Auto-Response: yes",
        "X-Zimbra-Auto-Reply: true",
        "X-Auto-Reply-Type: ooo",
        "X-Kopano-Vacation: autorespond",
        "X-POST-MessageClass: 9; Autoresponder",
        "X-Precedence: auto_reply",
        "Delivered-To: Autoresponder",
        "Precedence: auto_reply",
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="x"',
    ],
)
def test_headers_of_machines(header):
    assert kind_of("Subject: Lampan", header) is MessageKind.AUTO_REPLY


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        'Auto-Submitted: (a person) "No"',
        "X-Autoreply: no",
        "X-Auto-Response-Suppress: DR, RN, NRN, OOF",
        "Auto-Submitted: auto-generated\nReply-To: Anna Lind <anna.lind@annan.example>",
        "X-Spam-Status: No, score=-2",
        "X-DSPAM-Result: Innocent\nX-Bogosity: Ham, tests=bogofilter\nX-Barracuda-Spam-Flag: NO",
        "X-Proofpoint-Spam-Details: rule=notspam score=0\nX-MailScanner-SpamCheck: not spam, score=1",
        "X-MS-Exchange-Organization-SCL: 1",
        "X-Priority: 1",
        # A colleague's rule passes on what citizens write to him.
        "X-MS-Exchange-Inbox-Rules-Loop: anna@alvsby.example",
    ],
)
def test_headers_of_people(header):
    assert kind_of("Subject: Lampan", header, body="Lampan är trasig.") is MessageKind.CITIZEN


@pytest.mark.parametrize(
    "header", ["List-Id: Nytt <nytt.lista.example>", "Precedence: bulk", "List-Post: <mailto:nytt@lista.example>"]
)
def test_headers_of_lists(header):
    assert kind_of("Subject: Lampan", header) is MessageKind.LIST


def test_a_mass_mailing_is_one_by_the_way_out_it_offers_in_its_headers_and_its_words():
    out, offer = (
        "List-Unsubscribe: <https://nytt.example/ut>",
        "Veckans nytt.\n\nAvregistrera dig här: https://nytt.example",
    )
    assert kind_of("Subject: Nytt", out, body=offer) is MessageKind.LIST
    # A service that sends a web form's answers sets the field as well; a citizen may ask to be left alone.
    assert kind_of("Subject: Lampan", out, body="Lampan är trasig.") is MessageKind.CITIZEN
    assert kind_of("Subject: Lampan", body=offer) is MessageKind.CITIZEN
    assert kind_of("Subject: SV: Lampan", out, ANSWERS, body=offer) is MessageKind.CITIZEN
    named = "Reply-To: Bo Ek <bo@medborgare.example>"
    assert kind_of("Subject: Felanmälan", out, named, body=offer) is MessageKind.CITIZEN


@pytest.mark.parametrize(
    "header",
    [
        *("X-Spam-Flag: YES", "X-Spam-Status: Yes, score=22", "X-MS-Exchange-Organization-SCL: 6"),
        *("Subject: [SPAM] Vinn", "Subject: [***** SPAM 12.3 *****] Vinn", "X-Barracuda-Spam-Flag: YES"),
        *(
            "X-DSPAM-Result: Spam",
            "X-Bogosity: Spam, tests=bogofilter",
            "X-Proofpoint-Spam-Details: rule=spam score=99",
        ),
        "X-Alvsby-MailScanner-SpamCheck: spam, SpamAssassin (score=12)",
    ],
)
def test_headers_of_the_own_spam_filter(header):
    assert kind_of(header) is MessageKind.SPAM


def test_a_subject_alone_is_a_letter_when_it_says_something():
    assert kind_of("Subject: Lampan trasig på Storgatan 5", body="") is MessageKind.CITIZEN
    assert kind_of("Subject: test", body="") is MessageKind.EMPTY
    assert kind_of("Subject: SV: VB:", body="\n\n") is MessageKind.EMPTY
    assert kind_of("Subject: SV:", body="\n-- \n") is MessageKind.EMPTY


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Frånvaro - Leo 4B", "Hej, Leo är sjuk och är tillbaka på måndag."),
        ("Absence: Leo 4B", "Leo is sick today. He will be back on Monday."),
        ("Föräldraledig - avgift", "Jag är föräldraledig till mars. Vilken avgift ska jag betala?"),
        ("Semester - stängda badplatser", "Vi har semester och är tillbaka den 5. Varför är badet stängt?"),
        ("Automatiskt svar", "Hej, varför får jag ett automatiskt svar om att ni har stängt?"),
        ("Klagomål", "Jag skrev till er och fick: detta är ett automatiskt svar. Jag vill tala med en människa."),
        ("Meeting", "The road is dark every evening. I am out of the office by then, and walk home."),
        ("Autosvar", "Jag fick ert autosvar. Det stämmer inte att vägen är lagad."),
        ("Felanmälan", "Detta är ett automatiskt meddelande från formuläret. Vi har fått din adress fel."),
        ("Semester", "Jag är på semester här och undrar över badet. Kan ni städa det?"),
        ("Away", "I will be away in July. Please stop the home care. I am back on the 30th."),
        ("Frånvaro 3B", "Elsa kommer inte i dag. Hon är tillbaka på onsdag."),
        ("Read: the plan", "I read the plan. It was read on the bus by all of us."),
        ("Läst: er översiktsplan", "Hej! Jag har läst er plan och tycker att vägen ska flyttas."),
        ("Semester", "Jag är på semester hos er till 8 augusti och badet är smutsigt."),
        ("Borta", "Vi har semester i stugan, men vägen dit är full av hål."),
        ("On holiday", "I am on holiday until Friday and the beach is full of glass."),
        ("Ferie", "Vi er på ferie til 3. august. Stranden er full av glass."),
        ("Lomalla", "Olen lomalla ja uimaranta on likainen."),
        ("Frånvaro", "Olle kommer inte i dag, vi är tillbaka på onsdag."),
        ("Felanmälan", "Det här är ett automatiskt meddelande från formuläret. Namn: Bo. Lampan lyser inte."),
    ],
)
def test_a_letter_with_a_robot_s_words_is_a_letter(subject, body):
    assert kind_of(f"Subject: {subject}", body=body) is MessageKind.CITIZEN


def test_a_letter_that_answers_ours_is_a_letter_whatever_it_says_of_being_away():
    words = "Vid brådskande ärenden kontakta växeln, står det. Jag gjorde det. Jag är tillbaka på måndag."
    assert kind_of("Subject: SV: Lampan", ANSWERS, body=words) is MessageKind.CITIZEN
    words = "Vi är bortresta till söndag. I akuta fall, ring växeln på vår grannes jobb eller vår granne Bo."
    assert kind_of("Subject: SV: Lampan", ANSWERS, body=words) is MessageKind.CITIZEN
    words = "Jag är tillbaka på måndag och då vill jag att hålet är lagat. Ring växeln på mitt jobb om det är något."
    assert kind_of("Subject: SV: Lampan", ANSWERS, body=words) is MessageKind.CITIZEN
    words = "Jag är bortrest till fredag. Vänligen kontakta mig på bo@post.example eller Eva på eva@post.example."
    assert kind_of("Subject: SV: Lampan", ANSWERS, body=words) is MessageKind.CITIZEN
    for words in (
        "Jag arbetar deltid och är hemma på fredagar. Ring då.",
        "Kontoret är stängt när jag kommer efter jobbet. Öppna på kvällarna.",
        "Jag har tagit emot ert brev och tycker att det är fel. Det har nummer 4711.",
        "Jag slutar mitt jobb klockan fyra. Kontakta mig på bo@post.example.",
        "Jag kan inte svara på mejl från er, länken är trasig.",
    ):
        assert kind_of("Subject: SV: Lampan", ANSWERS, body=words) is MessageKind.CITIZEN
    words = "Svara inte på det här numret utan ring min mobil."
    assert kind_of("Subject: SV: Lampan", ANSWERS, body=words) is MessageKind.CITIZEN


def test_a_parent_who_answers_our_answer_is_no_robot():
    assert kind_of("Subject: SV: Frånvaro", ANSWERS, body="Ja, han är tillbaka på måndag.") is MessageKind.CITIZEN


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Lampan", "Jag har semester till 14 augusti. Vid brådskande ärenden kontakta växeln på 0123-456 00."),
        ("Ärende 4711", "Detta är ett automatiskt genererat meddelande. Ditt ärende har fått nummer 4711."),
        ("Mottaget", "Det här är ett automatiskt meddelande. Vi har tagit emot ditt mejl."),
        ("Tack!", "Hej! Detta mail är ett autosvar, vi återkommer så snart vi kan."),
        ("Re: Lampan", "Dies ist eine automatisch erstellte E-Mail. Wir haben Ihre Nachricht erhalten."),
        ("Re: Lampan", "Olen lomalla. Kiireellisissä asioissa soita vaihteeseen."),
        ("Re: Lampan", "Jag är föräldraledig och åter i mars. Ditt mejl vidarebefordras inte."),
        ("Re: Lampan", "Jeg har ferie frem til 3. august. Ved hastesaker ring 12 34 56 78."),
        ("Re: Lampan", "Ich bin vom 1. bis 15. August nicht im Büro. In dringenden Fällen rufen Sie an."),
        ("Re: Lampan", "Je suis absent. En cas d’urgence, contactez Bo."),
        ("Re: Lampan", "Olen vuosilomalla. Viestiäsi ei välitetä edelleen."),
        ("Re: Lampan", "Mejlet är mottaget. Detta meddelande går inte att svara på."),
        ("Re: Lampan", "Jag är på kurs idag och svarar i morgon. Vid akuta frågor, ring receptionen."),
        ("Re: Lampan", "Jag har gått i pension! Kontakta i stället bo@firma.example."),
        ("Re: Lampan", "Jag är numera inte anställd på Firma AB. Kontakta vår växel 0123-456 00."),
        ("Re: Lampan", "Vi har julstängt 23 december-6 januari. Ditt mejl besvaras när vi är tillbaka."),
        ("Re: Lampan", "Jeg har ferie. Ved hastesaker kan du kontakte Bo Ek."),
        ("Re: Lampan", "Я у відпустці до 15 серпня. З термінових питань звертайтеся до Bo."),
        ("Re: Lampan", "Izinliyim. Acil durumlarda Bo ile iletişime geçin."),
        ("Re: Lampan", "Hej! Jag är på semester till den 3 augusti. Är det fara för liv, ring 112."),
        ("Re: Lampan", "Jag är tjänstledig till den 31 mars. Vänligen kontakta Bo Ek, bo@firma.example."),
        ("Re: Lampan", "Jag är föräldraledig under våren. Kontakta Bo Ek i mitt ställe."),
        ("Re: Lampan", "Tack för ditt mejl. Jag är inte i tjänst just nu. Kontakta växeln."),
        ("Re: Lampan", "Jag vabbar i dag. Akuta ärenden hänvisas till Bo."),
        ("Semester", "Jag har semester v 28-31. Åter måndag 3 augusti. Vänd er till Bo Ek på 0123-456 78."),
        ("Re: Lampan", "Tack för ditt mejl! Jag är på semester och läser inte mejlen förrän 10 augusti."),
        ("Re: Lampan", "Jag arbetar deltid. Vid brådskande ärende ring växeln 0123-456 00."),
        ("Re: Lampan", "Jag är sjukskriven och kan inte svara på mejl just nu."),
        ("Re: Lampan", "Jag slutar min anställning den 1 december. Kontakta info@firma.example."),
        ("Re: Lampan", "Den här brevlådan läses inte. Skriv till info@firma.example."),
        ("Re: Lampan", "Kontoret är stängt för helgerna. Vi öppnar igen den 7 januari."),
        ("Re: Lampan", "Jag är i möte hela dagen och har begränsad tillgång till mejl."),
        ("Re: Lampan", "Jeg er på ferie til 10. august og har begrenset tilgang til e-post."),
        ("Re: Lampan", "I'm on parental leave until August. Please reach out to bo@firma.example instead."),
        ("Re: Lampan", "I am on vacation with no access to email until 4 January."),
        ("AW: Lampan", "Ich befinde mich bis 4.1. im Urlaub und habe keinen Zugriff auf meine E-Mails."),
        ("VS: Lampan", "Olen poissa toimistosta 4.1. asti enkä lue sähköpostiani."),
        ("RE: Lampan", "Estaré fuera de la oficina hasta el 4 de enero con acceso limitado al correo."),
        ("Odp: Lampan", "Przebywam na urlopie do 4 stycznia. W pilnych sprawach proszę o kontakt z Anną."),
        ("Re: Lampan", "I am on parental leave until May. Please contact Eva Ek (eva@firma.example) instead."),
        ("Re: Lampan", "Do 4. 1. mám dovolenou. V naléhavých případech pište na eva@firma.example."),
        ("Re: Lampan", "Sunt în concediu până luni. Pentru urgențe contactați eva@firma.example."),
        ("Re: Lampan", "Θα απουσιάζω έως τις 4. Για επείγοντα θέματα: eva@firma.example."),
        ("Re: Lampan", "1月4日まで休暇をいただいております。緊急の場合は eva@firma.example まで。"),
        ("Re: Lampan", "我正在休假，1月4日回来。如有急事请联系 eva@firma.example。"),
        ("Re: Lampan", "אני בחופשה עד 4 בינואר. בנושאים דחופים אנא פנו אל eva@firma.example."),
        ("Re: Lampan [automated response]", "Hello"),
        ("SV: Lampan", "Jag är ledig till den 4 januari och svarar på mejl när jag är tillbaka."),
        ("SV: Lampan", "Tack för ditt mejl! Vi har julstängt och öppnar igen den 7 januari."),
        ("SV: Lampan", "Jag har gått i pension. För frågor om gator kontakta eva@firma.example."),
        ("SV: Lampan", "Jag är mammaledig till hösten. Min ersättare är Eva Ek."),
        ("Re: Lampan", "Hello, I have left Post AB. Please direct your emails to info@firma.example."),
        ("Re: Lampan", "I am attending a conference this week, with intermittent access to email."),
        ("Re: Lampan", "Hei! Jeg har sluttet i Post AS. Kontakt post@firma.example."),
        ("VS: Lampan", "Olen poissa toimistolta. Sähköpostiani ei lueta."),
        ("AW: Lampan", "Ich bin krankheitsbedingt abwesend. Bitte wenden Sie sich an eva@firma.example."),
        ("AW: Lampan", "Unser Büro ist vom 24.12. bis 6.1. geschlossen. In dringenden Fällen: 0123-45600."),
        ("RE: Lampan", "Bonjour, je suis en congé jusqu'en mai. Merci de contacter eva@firma.example."),
        ("Re: Lampan", "Ik ben maandag weer aanwezig. Bij spoed kunt u bellen met 0123-45600."),
        ("Re: Lampan", "Ik ben met vakantie tot 4 januari en lees mijn e-mail niet."),
        ("Re: Lampan", "Je suis en congé jusqu'au 4 janvier avec un accès limité à mes mails."),
        ("SV: Lampan", "Jeg er på ferie og leser ikke e-post før 4. januar."),
        ("Re: Lampan", "Jeg er på barsel. Kontakt venligst Bo Ek."),
        ("Re: Lampan", "I left the company. Please contact info@firma.example"),
        ("Re: Lampan", "Vi har tagit emot ditt ärende och det har fått nummer 4711."),
        ("Re: Lampan", "We have received your request. You will hear from us within 24 hours."),
        ("Re: Lampan", "Jag arbetar inte fredagar. Jag läser ditt meddelande på måndag."),
        ("Lampan", "Jag är för närvarande föräldraledig. Kontakta Bo Ek, bo@firma.example, för det som rör vägar."),
        ("Stängt för helgen", "Vi har stängt t.o.m. 30 november. Ditt mejl besvaras därefter."),
        ("Re: Lampan", "Min nya adress är bo@ny.example. Detta meddelande skickas automatiskt."),
        ("Bekräftelse", "Vi har tagit emot ditt ärende. Ditt ärendenummer är 4711."),
        ("Re: Lampan", "Vi har fått ditt mejl och hör av oss inom 2 arbetsdagar."),
        ("Received", "We have received your request (#4711). Please do not reply to this email."),
        ("Ticket #4711 received", "Your ticket has been created."),
        ("Fraværende: Lampan", "Jeg er ikke på kontoret før den 30. november."),
        ("Vacation response: Lampan", "Gone fishing."),
        ("I am out of office Re: Lampan", "Back on Monday."),
        ("Re: Lampan", "Thanks for your email. I'm on annual leave and will be back on 30 November."),
        ("Re: Lampan", "Tak for din mail. Jeg er på ferie og vender tilbage mandag den 30."),
        ("Re: Lampan", "Спасибо за письмо. Меня нет в офисе до 30 ноября."),
        ("Re: Lampan", "Tjänstledig t.o.m. 2027-06-30. Kontakta Eva Ek, eva@firma.example"),
        ("Re: Lampan", "Jag är på semester. Mejl läses ej."),
        ("Re: Lampan", "I no longer work here. Please contact info@firma.example."),
        ("Re: Lampan", "Tack för att du kontaktar oss. Vi har mottagit din förfrågan och återkommer inom kort."),
        ("Re: Lampan", "Din e-post har tagits emot och kommer att besvaras så snart som möjligt."),
        ("Re: Lampan", "Thank you for contacting support. Your ticket number is 4711."),
        ("Läskvitto (visat) - Lampan", "Detta är ett läskvitto för brevet du skickade till eva@firma.example."),
        ("Return Receipt (displayed) - x", "This is a Return Receipt for the mail that you sent to eva@firma.example."),
        ("Fraværsmeddelelse", "Jeg holder ferie til og med den 3. august."),
        ("Läst: Lampan", "Ditt meddelande\n\n   Till: Anna\n   Ämne: Lampan\n\n lästes den 3 november 2026."),
        ("Not read: Lampan", "Your message\n\n  To: Anna\n\n was deleted without being read on Monday."),
    ],
)
def test_an_answer_is_automatic_by_its_words(subject, body):
    assert kind_of(f"Subject: {subject}", ANSWERS, body=body) is MessageKind.AUTO_REPLY


@pytest.mark.parametrize("header", ["Return-Path: <>", f"Precedence: bulk\n{ANSWERS}"])
def test_words_of_absence_from_a_program_s_envelope_are_automatic(header):
    assert kind_of("Subject: Re: Lampan", header, body="I am on vacation until Monday.") is MessageKind.AUTO_REPLY


@pytest.mark.parametrize(
    "words",
    [
        "Denna adress används inte längre. Skriv till info@firma.example.",
        "Jag har slutat på Firma AB.",
        "Mottagningen är stängd till den 7 januari.",
        "Anna no longer works here.",
    ],
)
def test_a_program_that_says_that_nobody_reads_is_no_citizen(words):
    assert kind_of("Subject: SV: Lampan", ANSWERS, "Return-Path: <>", body=words) is MessageKind.AUTO_REPLY
    assert kind_of("Subject: SV: Lampan", ANSWERS, body=words) is MessageKind.CITIZEN


def test_a_notice_that_says_whom_you_can_turn_to_is_a_notice():
    words = "Jag är på semester till den 7. Vid brådskande ärenden kan du kontakta växeln."
    assert kind_of("Subject: Semester", body=words) is MessageKind.AUTO_REPLY


def test_what_a_list_s_program_tells_of_commands_is_no_letter():
    fields = "Subject: Majordomo results: Lampan\nFrom: "
    told = b"\n\n>>>> Hej\n**** Command 'hej' not recognized.\n"
    assert parse(f"{fields}Majordomo@lists.example".encode() + told).kind is MessageKind.AUTO_REPLY
    assert parse(f"{fields}Bo <bo.majordomo@lists.example>".encode() + told).kind is MessageKind.CITIZEN


def test_reports_on_a_domain_are_no_letters():
    subject = "Subject: Report domain: alvsby.example Submitter: mail.example Report-ID: <1>"
    assert kind_of(subject, body="") is MessageKind.AUTO_REPLY
    assert kind_of("Subject: Report domain names that are wrong", body="Hej") is MessageKind.CITIZEN
    head = b"From: a@x.example\nSubject: x\nContent-Type: multipart/report; report-type=tlsrpt; boundary=b\n\n"
    assert parse(head + b"--b\n\nThis is a report.\n--b--").kind is MessageKind.AUTO_REPLY


CALENDAR = "BEGIN:VCALENDAR\nMETHOD:{}\nBEGIN:VEVENT\nSUMMARY:Möte\nEND:VEVENT\nEND:VCALENDAR\n"
INVITED = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("method", "words", "kind"),
    [
        ("REPLY", "", MessageKind.AUTO_REPLY),
        ("REPLY", "Jag kommer, men först klockan nio.", MessageKind.CITIZEN),
        ("REQUEST", "", MessageKind.CITIZEN),
    ],
)
def test_a_calendar_s_answer_to_an_invitation_is_a_program_s_until_somebody_says_something(method, words, kind):
    part = "--b\nContent-Type: text/calendar; charset=utf-8"
    mail = f"From: a@x.example\nSubject: Ja\n{INVITED}\n\n{words}\n{part}\n\n{CALENDAR.format(method)}\n--b--"
    message = parse(mail.encode())
    assert message.kind is kind
    assert message.text == (words or {"REPLY": "Svar på inbjudan: Möte", "REQUEST": "Inbjudan: Möte"}[method])


@pytest.mark.parametrize(
    ("subject", "words", "kind"),
    [
        ("Recall: Lampan", 'Anna Lind would like to recall the message, "Lampan".', MessageKind.AUTO_REPLY),
        (
            "Återkalla: Lampan på Storgatan",
            "Anna Lind vill återkalla meddelandet, Lampan på Storgatan.",
            MessageKind.AUTO_REPLY,
        ),
        ("Återkalla: Lampan", "Jag vill återkalla meddelandet om lampan: den lyser igen.", MessageKind.CITIZEN),
        ("Lampan", "Anna Lind vill återkalla meddelandet, Lampan.", MessageKind.CITIZEN),
    ],
)
def test_outlook_s_wish_to_have_a_mail_back_is_a_program_s_and_a_reason_is_a_letter(subject, words, kind):
    assert kind_of(f"Subject: {subject}", body=words) is kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Anna Lind reacted to your message:", MessageKind.AUTO_REPLY),
        ("👍 Anna Lind har reagerat på ditt meddelande:", MessageKind.AUTO_REPLY),
        ("Anna Lind reacted to your message:\n\nOch lampan är fortfarande trasig!", MessageKind.CITIZEN),
        ("Jag reagerade på ditt meddelande", MessageKind.CITIZEN),
        ("👍", MessageKind.CITIZEN),
    ],
)
def test_a_sign_chosen_below_our_letter_is_a_program_s_and_a_word_with_it_is_a_letter(words, kind):
    quote = "Från: Älvsby kommun <info@alvsby.example>\nSkickat: den 3 november 2026 08:00\nÄmne: Lampan\n\nTack!"
    assert kind_of("Subject: SV: Lampan", ANSWERS, body=f"{words}\n\n{'_' * 32}\n{quote}") is kind


def test_gmail_s_sign_below_a_letter_is_a_program_s_in_whatever_language():
    head = b"From: a@x.example\nSubject: Re: x\nContent-Type: multipart/alternative; boundary=b\n\n"
    words = "--b\nContent-Type: text/plain; charset=utf-8\n\n👍\n\nAnna reagoi Gmailin kautta\n"
    sign = '--b\nContent-Type: text/vnd.google.email-reaction+json\n\n{"emoji": "👍", "version": 1}\n'
    assert parse(head + f"{words}{sign}--b--".encode()).kind is MessageKind.AUTO_REPLY
    assert parse(head + f"{words}--b--".encode()).kind is MessageKind.CITIZEN


@pytest.mark.parametrize("width", [45, 60, 72])
@pytest.mark.parametrize(
    "words",
    [
        "Tack för ditt mejl! Jag är föräldraledig till augusti 2027. Kontakta Anna Ek i mitt ställe, anna@x.example.",
        "Thanks for your email! I'm on parental leave until August. Please reach out to anna@x.example instead.",
        "Vielen Dank für Ihre Nachricht. Ich bin bis zum 4. Januar im Urlaub. In dringenden Fällen rufen Sie an.",
    ],
)
def test_a_notice_that_was_wrapped_is_one(words, width):
    assert kind_of("Subject: Re: Lampan", ANSWERS, body=textwrap.fill(words, width)) is MessageKind.AUTO_REPLY


def test_an_answer_to_an_invitation_without_its_calendar_is_a_program_s_until_somebody_says_something():
    for subject, words in (
        ("Accepted: Möte @ Thu Nov 12, 2026", "Bo Ek has accepted this invitation."),
        ("Avböjt: Möte", "Bo Ek har tackat nej till denna inbjudan."),
        ("Avböjt: Möte", "Bo Ek har tackat nej."),
        ("Tentative: Möte", 'Bo Ek has replied "Maybe" to this invitation.'),
    ):
        assert kind_of(f"Subject: {subject}", body=words) is MessageKind.AUTO_REPLY, subject
        assert kind_of(f"Subject: {subject}", body=f"{words} Men först klockan nio.") is MessageKind.CITIZEN, subject
    assert kind_of("Subject: Accepterat: plats", body="Vi accepterar platsen på förskolan.") is MessageKind.CITIZEN


# What a person says, and below it without a sign what a program had written to him.
PASTED = (
    ("Usel service!", "***Detta är ett autosvar*** Jag är tjänstledig t.o.m. 31 december."),
    ("Hej igen, ni svarar bara så här. Soporna luktar.\n/Anders", "Hej!\nVi har fått ditt mejl. Det har fått nr 77."),
    ("Så här svarar er handläggare varje gång:", "Jag är på semester till den 3 maj. Ring vår växel i akuta fall."),
    ("Vår gata är inte plogad. Mvh Bo", "Tack för ditt mejl! Vi har tagit emot ditt ärende och återkommer."),
    ("The hole is bigger today.", "I am on annual leave until 3 May. For urgent requests call the switchboard."),
    ("Who can help me then?", "This is an automatic reply. Do not reply to this message."),
    ("Katuvalo Koulutiellä on yhä rikki.", "Tämä on automaattinen vastaus. Olen lomalla 3.5. saakka."),
    ("Die Straße ist immer noch glatt.", "Dies ist eine automatische Antwort. Ich bin bis zum 3. Mai im Urlaub."),
    ("Veien er ikke brøytet.", "Dette er et automatisk svar. Jeg er på ferie til 3. mai."),
    ("ändra adressen tack", "Hej! Tack för ditt mejl. Detta är ett automatiskt svar. Jag är åter den 3 maj."),
    ("Call me, please!", "This is an automatic reply. I am on annual leave until 3 May."),
    ("Фонарь у школы не работает.", "Это автоматический ответ. Я в отпуске до 3 мая."),
)
# What programs say before they say what they are.
COURTESIES = (
    "Hej Anna!\n\nVad roligt att du skriver! Vi läser allt.",
    "Sjöby Bostäder – nära dig\n\nJust nu har vi många ärenden. Har du frågor om hyran? Titta på vår webbplats.",
    "Sehr geehrte Damen und Herren,\n\nwir freuen uns über Ihr Interesse.",
    "Hallå!\n\nTack för ditt mejl. Skriv aldrig personnummer i mejl. Jobbar du hos oss? Läs mer på intranätet.",
    "Bonjour,\n\nLe bureau est fermé jusqu'au 3 mai.",
    "Hej! Anna här.\n\nJulen nærmer sig og butikken holder lukket. God jul!",
    "Dear customer,\n\nOur opening hours are 9-16. We cannot answer every message.",
    "Hej!\n\nEtt stort tack! Skicka till info@firma.example i stället, tack.",
)


def test_a_robots_words_pasted_below_a_persons_leave_it_a_letter():
    for own, robots in PASTED:
        for subject in ("SV: Lampan", "SV: Autosvar: Lampan", "Lampan"):
            got = kind_of(f"Subject: {subject}", ANSWERS, body=f"{own}\n\n{robots}")
            assert got is MessageKind.CITIZEN, (subject, own)
        assert kind_of("Subject: Re: Lampan", ANSWERS, body=robots) is MessageKind.AUTO_REPLY, robots
    below = "Detta är ett automatiskt svar. Jag är ledig till den 3 maj.\n\nDet här fick jag av er. Vem hjälper mig?"
    assert kind_of("Subject: Re: Lampan", body=below) is MessageKind.CITIZEN
    for courtesy in COURTESIES:
        body = f"{courtesy}\n\nDetta är ett automatiskt svar."
        assert kind_of("Subject: Re: Lampan", ANSWERS, body=body) is MessageKind.AUTO_REPLY, courtesy


def test_a_delivery_report_pasted_below_a_persons_words_leaves_it_a_letter():
    report = "Ditt meddelande kunde inte levereras till bygg@alvsby.example. 550 5.1.1 User unknown"
    head = "Subject: Mejlet kom inte fram"
    assert (
        kind_of(head, body=f"Försökte mejla biblioteket om en bok. Hälsningar Eva\n\n{report}") is MessageKind.CITIZEN
    )
    assert kind_of(head, body=report) is MessageKind.BOUNCE
