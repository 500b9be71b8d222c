"""The small print that organisations, virus scanners and mailing lists add below a letter."""

import re

from ingest.reading.patterns import alternatives

# Of small letters, for lines made small: to ignore case takes twice the time. The same holds for all of these.
_PLAIN_WORDS = alternatives(r"""
    (?:this|the) (?:e-?mail|message|communication|transmission)(?: message)?,?\
     (?:and|including|together with|with) (?:any|all|its)
    any (?:views|opinions) (?:expressed|or opinions)
    internet e-?mail is not|communications? via|e-?mail is not a secure
    if you are not the (?:intended|named)
    (?:important |legal |privacy )?confidential(?:ity)?[ :]{1,3}(?:notice|note|warning|information)
    (?:important|legal)[ :]{1,3}(?:notice|disclaimer)|(?:legal )?disclaimer[\s:*]{0,5}$
    no virus found|virus-?fri\w{0,2}\.|checked by avg|outgoing mail is certified|registered in (?:england|scotland)
    denne (?:e-post\w{0,6}|e-?mail\w{0,2}|mail\w{0,2}) (?:og|med) eventuelle
    (?:detta|denna|det här) (?:e-?post\w{0,12}|meddelande\w{0,2}|mail|mejl|e-?mail)\w{0,3}\
     (?:och|med|inklusive) eventuella
    (?:läs (?:mer )?om )?(?:så|hur)(?: här)? (?:kan du läsa hur )?\
    (?:vi )?(?:behandlar|hanterar) [^\n]{0,40}dina personuppgifter
    to unsubscribe[ ,] ?(?:from|send|click|or|please|visit|and)|(?:för att )?avregistrera dig (?:här|från|genom)
    prenumerationen kan avslutas
""")
# So does a citizen begin, too: "Om du inte är rätt mottagare, skicka vidare". It takes what only small print says.
_OFTEN_WORDS = alternatives(r"""
    if you (?:have )?receiv(?:e|ed) this|(?:the )?(?:views|opinions) expressed (?:in|are)
    privileged\W|scanned (?:by|for)
    (?:är du inte|om du inte är) (?:den )?(?:rätt|avsedd)[ae]? (?:mottagare|adressat)
    du (?:får|har fått) (?:detta|det här) (?:mejl|mail|utskick|meddelande|brev)\w{0,2} (?:eftersom|för att) du
    you (?:received|are receiving|have received|got|are getting) this (?:e-?mail|message)?\s?because
    registered (?:office|address)|company (?:registration|reg\.?|no\.?|number)
""")
_TELLS = re.compile(
    r"rader|förstör|kopier|sprid|ta bort|delet|destroy|\bcop(?:y|ies)|disclos|notif|inform the|meddela|otillåt|förbjud"
    r"|konfident|confid|sekretess|in error|mistake|av misstag|felaktigt|prenum|registrera|anmäl"
    r"|avregistr|nyhetsbrev|utskick|är medlem"
    r"|subscri|signed up|\blist\b|member|account|mention|author|assign|participat|thread|opted|those of|not necessarily"
    r"|represent|sender|virus|spam|scanner|avast|intended|england|wales|scotland|\d{5}"
)
# What begins so is small print only if it also says what small print says.
_MAIL = (
    r"(?:e-?post\w{0,12}|e-?mail\w{0,2}|mail\w{0,2}|mejl\w{0,2}|meddelande\w{0,2}|message|communication|transmission"
    r"|comunicazione|comunicación|comunicação|e-?mailbericht|zpráv\w|správ\w|e-?posta\w{0,6}|ileti\w{0,3}|mesaj\w{0,3}"
    r"|nachricht|courriel|mensaje|correo|mensagem|messaggio|bericht|viesti|sähköposti\w{0,6}|wiadomość\w{0,4}|wiadomości"
    r"|сообщени[ея]|письм[оа]|повідомлення|melding\w{0,2}|meddelelse\w{0,2})"
)
_THIS = (
    r"(?:this|detta|denna|det här|denne|dette|diese[rs]?|cet?|est[ea]|quest[oa]|dit|deze|tämän?|tej|ta|niniejsz\w{1,3}"
    r"|это(?:го|м)?|це|t[ae]nto|tato|táto|této|bu)"
)
_IS = (
    r"(?:innehåller|kan|är|omfattas|har|och|is|are|may|might|contains?|has|was|and|including|enthält|ist|wurde|est|peut"
    r"|contient|et|contiene|puede|es|y|pode|contém|é|è|può|e|kann|können|kan|bevat|en|sisältää|on|ja|ovat|voi|jest|może|zawiera|i"
    r"|является|может|могут|и|є|a|je|může|obsahuje|ve|gizli|inneholder|indeholder|er|og|för|for)"
)
_ABOUT = re.compile(
    r"[\s*_\-=>]{0,6}(?:\w{3,20}(?: \w{3,20})?: )?(?:"
    rf"{_THIS} (?:\w{{1,12}} )?{_MAIL}(?: \S{{1,20}})?,? {_IS}\b"
    r"|(?:\w{1,10} )?(?:informat\w{1,8}|innehåll\w{0,3}|contents?|material|inhalt|información|informaç\w{1,4}"
    rf"|informazioni|treść|uppgifterna) [^\n.]{{0,30}}\b{_THIS} (?:\w{{1,12}} )?{_MAIL}"
    r"|the information (?:transmitted|contained)|om du (?:har )?(?:fått|mottagit) (?:detta|denna|det här)"
    r"|(?:important )?notice:|disclaimer:|confidential:|när du (?:kontaktar|skickar|mejlar|e-?postar)"
    r"|l'absence de virus|ai sensi dell?\b"
    r")"
)
_SAYS = re.compile(
    r"confid|vertrau|vertrouw|fortrol|riservat|luottamuks|poufn|конфиден|конфіден|privileg|tystnadsplikt"
    r"|konfidensiel|konfidenti\w{0,6} (?:och|information|eller)|sekretess\w{0,8} (?:information|uppgift)"
    r"|intend|addressee|recipient|mottagare|adressat|adressera|(?:endast|enbart|bara) (?:\w{1,10} )?avse[dt]t?"
    r"|avse(?:dd|tt) (?:endast|enbart|bara)|destinat|empfänger|modtager|bestem[dt]|geadresseerde|důvěrn|dôvern|adresát"
    r"|gizlidir|gizli bilgi|per errore|in error|mistake|av misstag"
    r"|virus|вирус|вірус|scanned|genomsök|sökts igenom|monitored|disclos|obehörig|solely|legally"
    r"|sole use|personuppgifter|автоматич|copyright|proprietary|liability|views|upphovsrätt|vastaanottaja"
    r"|konfidentiell\w{0,4}[^\n]{0,60}(?:avse|mottag)|är (?:\w{1,8} )?konfidentiell.{0,4}$"
)
# A citizen speaks of himself: "Det här mejlet är konfidentiellt, så sprid inte mitt namn."
_OWN = re.compile(
    r"\b(?:jag|mig|min|mitt|mina|i'm|i (?:am|have|was|will|do|can|could|know|think|would)|my|me|ich"
    r"|mein\w{0,2}|je|mon|ma|moi|jeg|meg|yo|mis?|minha|meu|eu|mi[ao]|ik|mijn|minun|nimeä?ni|mé|můj|moje\w?|mój|mnie"
    r"|мо[йяеёю]\w{0,2}|меня|мне|adım\w{0,3}|benim)\b"
)
_SCANNER = re.compile(
    r"(?:avast|\bavg\b|bitdefender|kaspersky|norton|mcafee|\beset\b|f-secure|mailscanner|messagelabs|mimecast|symantec"
    r"|sophos|avira|barracuda|trend micro).{0,80}(?:virus|scan|check|clean|protect)|(?:virus|scan|check).{0,120}"
    r"(?:avast|\bavg\b|bitdefender|kaspersky|norton|mcafee|\beset\b|f-secure|mailscanner|messagelabs|mimecast|symantec"
    r"|sophos|avira|barracuda|trend micro)"
)
_LETTER = re.compile(_MAIL + r"|\bfile|bilag|outgoing|incoming|www\.|//")
_CLEAN = re.compile(
    r"[\s*]{0,4}(?:virus-?fr\w{1,3}|virenfrei|virusvrij|garanti sans virus|libre de virus|senza virus|livre de vírus"
    r"|wolny od wirusów|без вирусов|virukseton)\.?\s?(?:<?https?://|www\.|$)"
)
_PRINTED = re.compile(
    r"[\s*]{0,4}(?:p )?(?:please |think |consider |before |do you )[^\n]{0,70}"
    r"(?:before (?:you )?print\w{0,3}\b|print(?:ing)? (?:out )?(?:this|it|e-?mail))|[\s*]{0,4}before printing\b"
    r"|[\s*]{0,4}(?:p )?(?:(?:tänk |måste du |behöver du )[^\n]{0,60}skriv\w{0,2}|skriv inte) ut"
    r" (?:detta|denna|det här|mejlet|mailet|e-posten|meddelandet)"
    r"|[\s*]{0,4}(?:avant d['’]imprimer|antes de imprimir|prima di stampare)\b[^\n]{0,60}"
    r"(?:environ|ambient|natur|mail|courriel|mess?a[gj])"
    r"|[\s*]{0,4}tänk på miljön\s?[-–—.,!:]{1,2}\s?skriv (?:inte|ej|bara) ut\b"
)
_PRINTING = ("print", "skriv", "impri", "stampare")
_DATA = re.compile(r"personuppgift[^\n]{0,200}(?:läs mer|mer information|integritetspolicy)")
_LEAVING = re.compile(
    r"[\s*]{0,4}(?:unsubscribe|avregistrera dig|avprenumerera|avsluta prenumeration\w{0,2}|abmelden|se désabonner"
    r"|avmeld\w{0,4})(?: här| here| from this list)?[\s:<]{0,4}(?:https?://|www\.)"
)
# Mailman's, below a line of its own: "Nabo mailing list -- nabo@lists.example".
_LIST = re.compile(r"[\s*_]{0,80}[\w.'&-]{1,60}(?: [\w.'&-]{1,40}){0,5} mailing list[\s:-]{1,5}[^\s@]{1,100}@")
_PLAIN = re.compile(rf"[\s*_\-=>]{{0,6}}(?:{_PLAIN_WORDS})")
_OFTEN = re.compile(rf"[\s*_\-=>]{{0,6}}(?:{_OFTEN_WORDS})")
_MAX_CHARS = 600


def is_small_print(text: str) -> bool:
    """Whether a line, or a paragraph, is small print by its first words and, where those are not enough, its others."""
    small = text[:_MAX_CHARS].lower()
    if _PLAIN.match(small) or _CLEAN.match(small) or (_OFTEN.match(small) and _TELLS.search(small)):
        return True
    if ("www." in small or "//" in small) and _LEAVING.match(small):
        return True
    if "mailing list" in small and _LIST.match(small):
        return True
    printed = any(sign in small for sign in _PRINTING) and _PRINTED.match(small)
    about = _ABOUT.match(small) and _SAYS.search(small)
    scanned = ("virus" in small or "scan" in small or "check" in small) and _SCANNER.search(small)
    scanned = scanned and _LETTER.search(small)
    data = "personuppgift" in small and _DATA.search(small)
    return bool(printed or about or scanned or data) and not _OWN.search(small)
