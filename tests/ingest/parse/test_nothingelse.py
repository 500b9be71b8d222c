"""Answers that are made of nothing but the words of being away or of taking in a letter: a program's."""

from cases.inbound.messages import MessageKind
from ingest.parse import parse
from ingest.reading.automatic.nothingelse import says_nothing_else

AWAY = """
    Hej! Jag har inte tillgång till min e-post förrän torsdag den 12 november. Kontakta annars info@post.example.
    Jag är för närvarande sjukskriven. Era ärenden hanteras av Anna Lind, anna.lind@post.example, tfn 0123-456 01.
    Hej! Jag vabbar idag och kommer inte att läsa mejl. Hör av dig till receptionen vid akuta behov.
    Tack för ditt mejl! Jag är i utbildning hela veckan och svarar så snart jag kan. Har du frågor? Ring växeln.
    Jag har avslutat min anställning på Post AB. Vänligen skicka ditt mejl till info@post.example i stället.
    Hej, jag är på tjänsteresa t.o.m. 12/11. Svar kan därför dröja. Vänligen, Bo
    HEJ! JAG ÄR PÅ SEMESTER TILL DEN 16 NOVEMBER. VID BRÅDSKANDE ÄRENDEN KONTAKTA VÄXELN.
    Thank you for your email. I am travelling this week and may be slow to respond. If urgent, call +46 123 456 00.
    Bo Ek no longer works at Post AB. Please update your records and contact info@post.example.
    Please note that I do not work on Fridays. I will reply on the next working day.
    Hei, jeg er på ferie og er tilbake mandag 16. november. Ved spørsmål, kontakt Anna Lind på anna@post.example.
    Hej, jeg holder ferie til og med den 16. november. Din mail bliver ikke videresendt. Kontakt evt. Anna Lind.
    Kiitos viestistäsi! Olen koulutuksessa enkä pääse lukemaan sähköpostiani. Palaan asiaan ensi viikolla.
    Danke für Ihre Nachricht. Ich bin am 16.11. wieder im Büro und werde Ihre Mail dann beantworten.
    Bonjour, je suis actuellement en déplacement avec un accès limité à ma messagerie. Je répondrai dès mon retour.
    Hej! Jag är tillbaka på kontoret tisdag den 17 november. Är det brådskande så kontakta Lars på lars@post.example.
    Kontoret håller stängt på grund av planeringsdag. Vi svarar på ditt mejl nästa vecka.
    We are closed for Thanksgiving and will be back on Monday, November 30.
    Ich befinde mich bis zum 20. November auf Dienstreise und kann Ihre E-Mail nur verzögert beantworten.
    Dobrý den, do 15. listopadu čerpám dovolenou. V naléhavých případech kontaktujte Annu Lind, anna@post.example.
"""
CAME = """
    Hej, ditt ärende är registrerat hos oss med referens INC0012345. Du kan följa det på vår portal.
    Vi bekräftar härmed att vi har mottagit din förfrågan. Den behandlas i turordning. https://post.example/a?id=7
    Vielen Dank für Ihre Anfrage! Wir haben Ihre Nachricht erhalten und werden sie schnellstmöglich bearbeiten.
    Takk for at du kontakter oss. Saken din er registrert med nummer 445566. Vi svarer vanligvis innen 24 timer.
    This is a confirmation that your request has been logged. Your reference is REQ-8812.
    Wij hebben uw bericht in goede orde ontvangen en reageren binnen 2 werkdagen.
    Jag använder ett filter mot skräppost. Klicka på länken nedan så att ditt mejl kommer fram: https://f.example/c/1
    Your message is pending. To deliver it, please confirm that you are a real person: https://f.example/c?id=9
"""
WRITTEN = """
    Hej! Jag har inte tillgång till en dator så kan ni ringa mig i stället? 070-174 06 28
    Tack för ditt mejl. Kontakta min kollega Anna Lind om ni vill komma in på gården.
    Jag är på semester till den 16 november men lampan är fortfarande trasig.
    Jag är på semester i Sjöby vecka 46 och hittade en trasig brygga. Kontakta badvakten.
    LAMPAN ÄR TRASIG. JAG ÄR LEDIG, KONTAKTA ANNA LIND.
    Jag är ledig onsdag, kontakta mig då på 070-174 06 28.
    Jag är tillbaka på måndag och svarar då.
    Svara när ni har tagit emot mitt mejl. Jag är ledig på fredag.
    Vänligen bekräfta mottagandet av mitt mejl inom två dagar.
    Jag har inte tagit emot svar på ärende 445566.
    Ert kontor är stängt och ingen svarar på mejl. Kontakta oss.
    Receptionen är stängd hela dagen och ingen svarar på telefon eller mejl.
    You have not answered my email. I am on leave, contact Anna.
    Jag har mottagit ert mejl och svarar så snart jag kan.
    I am on holiday, I will be back on Monday.
    Vår väg är stängd. Kontakta Lars Holm på lars@post.example.
    Vägen är stängd. Vi öppnar den själva nästa vecka.
    Jag vabbar idag. Hur anmäler jag frånvaro?
    Ich bin im Urlaub in Sjöby und die Dusche am Strand ist kaputt. Kontakt: anna@post.example
    Please confirm that you are going to repair the lamp. Click the link below to see my pictures.
    Vi öppnar åter måndag och då måste snön vara bortplogad utanför vår butik.
"""


def rows(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


def test_an_answer_of_the_words_of_being_away_alone_is_a_programs_and_one_with_another_word_is_a_letter():
    for words in rows(AWAY):
        assert says_nothing_else(words, answers=True), words
        assert not says_nothing_else(words, answers=False), words
        assert not says_nothing_else(f"{words} Lampan är trasig.", answers=True), words
    for words in rows(CAME):
        assert says_nothing_else(words, answers=False), words
        assert not says_nothing_else(f"{words} Hålet är kvar.", answers=True), words
    for words in rows(WRITTEN):
        assert not says_nothing_else(words, answers=True), words


def test_a_notice_may_name_our_letter_in_its_references_alone():
    words, written = rows(AWAY)[1], rows(WRITTEN)[-1]
    for field in ("References", "In-Reply-To"):
        head = f"From: bo@post.example\nSubject: Re: Lampan\n{field}: <s1@alvsby.example>\nContent-Type: text/plain;"
        kinds = [parse(f"{head} charset=utf-8\n\n{one}\n".encode()).kind for one in (words, written)]
        assert kinds == [MessageKind.AUTO_REPLY, MessageKind.CITIZEN]
    assert parse(f"From: bo@post.example\nSubject: Hej\n\n{words}\n".encode()).kind is MessageKind.CITIZEN
