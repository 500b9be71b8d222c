"""The small print that organisations, virus scanners and mailing lists add below a letter."""

import re

from ingest.reading.patterns import alternatives

# Of small letters, for lines made small: to ignore case takes twice the time. The same holds for all of these.
_PLAIN_WORDS = alternatives(r"""
    (?:this|the) (?:e-?mail|message|communication|transmission)(?: message)?,?\
     (?:and|including|together with|with) (?:any|all|its)
    any (?:views|opinions) (?:expressed|or opinions)|(?:the )?(?:views|opinions) expressed (?:in|are)
    internet e-?mail is not|communications? via|e-?mail is not a secure
    if you (?:are not the (?:intended|named)|(?:have )?receiv(?:e|ed) this)
    (?:important |legal |privacy )?confidential(?:ity)?[ :]{1,3}(?:notice|note|warning|information)|privileged\W
    (?:important|legal)[ :]{1,3}(?:notice|disclaimer)|(?:legal )?disclaimer[\s:*]{0,5}$
    scanned (?:by|for)|no virus found|virus-?fri\w{0,2}\.|checked by avg|outgoing mail is certified
    registered (?:office|in england|in scotland|address)|company (?:registration|reg\.?|no\.?|number)
    denne (?:e-post\w{0,6}|e-?mail\w{0,2}|mail\w{0,2}) (?:og|med) eventuelle
    (?:detta|denna|det här) (?:e-?post\w{0,12}|meddelande\w{0,2}|mail|mejl|e-?mail)\w{0,3}\
     (?:och|med|inklusive) eventuella
    är du inte (?:den )?(?:rätt|avsedd)e? (?:mottagare|adressat)
    om du inte är (?:rätt|den avsedda) (?:mottagare|adressat)
    (?:så|hur)(?: här)? (?:kan du läsa hur )?(?:vi )?(?:behandlar|hanterar) [^\n]{0,40}dina personuppgifter
    du (?:får|har fått) (?:detta|det här) (?:mejl|mail|utskick|meddelande|brev)\w{0,2} (?:eftersom|för att) du
    you (?:received|are receiving|have received|got|are getting) this (?:e-?mail|message)?\s?because
    to unsubscribe[ ,] ?(?:from|send|click|or|please|visit|and)|(?:för att )?avregistrera dig (?:här|från|genom)
    prenumerationen kan avslutas
""")
# What begins so is small print only if it also says what small print says.
_MAIL = (
    r"(?:e-?post\w{0,12}|e-?mail\w{0,2}|mail\w{0,2}|mejl\w{0,2}|meddelande\w{0,2}|message|communication|transmission"
    r"|nachricht|courriel|mensaje|correo|mensagem|messaggio|bericht|viesti|sähköposti\w{0,6}|wiadomość\w{0,4}|wiadomości"
    r"|сообщение|письмо|повідомлення|melding\w{0,2}|meddelelse\w{0,2})"
)
_ABOUT = re.compile(
    r"[\s*_\-=>]{0,6}(?:"
    r"(?:this|the|detta|denna|det här|denne|dette|diese|ce|cet|este|esta|questo|questa|dit|deze|tämä|ta|niniejsza|это"
    r"|це)"
    rf" (?:\w{{1,12}} )?{_MAIL}"
    r"|(?:\w{1,10} )?(?:informat\w{1,8}|innehåll\w{0,3}|contents?|material|inhalt|información|informaç\w{1,4}"
    r"|informazioni|treść|uppgifterna)"
    rf" [^\n.]{{0,40}}{_MAIL}"
    r"|the information (?:transmitted|contained)|om du (?:har )?(?:fått|mottagit)|(?:important )?notice:|disclaimer:"
    r"|confidential:|när du (?:kontaktar|skickar|mejlar|e-?postar)|l'absence de virus"
    r")"
)
_SAYS = re.compile(
    r"confid|konfid|vertrau|vertrouw|fortrol|riservat|luottamuks|poufn|конфиден|конфіден|privileg|sekretess|tystnadsplikt"
    r"|intend|addressee|recipient|mottagar|avse[dt]d?\b|avsett|adressat|destinat|empfänger|modtager|bestemt|in error"
    r"|mistake|misstag|virus|вирус|вірус|scanned|genomsök|sökts igenom|monitored|disclos|obehörig|solely|legally"
    r"|sole use|personuppgifter"
    r"|автоматич|copyright|proprietary|liability|views|upphovsrätt|vastaanottaja"
)
# A citizen speaks of himself: "Det här mejlet är konfidentiellt, så sprid inte mitt namn."
_OWN = re.compile(
    r"\b(?:jag|mig|min|mitt|mina|i'm|i (?:am|have|was|will|do|can|could|know|think|would)|my|me|ich"
    r"|mein\w{0,2}|je|mon|jeg|meg)\b"
)
_SCANNER = re.compile(
    r"(?:avast|\bavg\b|bitdefender|kaspersky|norton|mcafee|\beset\b|f-secure|mailscanner|messagelabs|mimecast|symantec"
    r"|sophos|avira|barracuda|trend micro).{0,80}(?:virus|scan|check|clean|protect)|(?:virus|scan|check).{0,120}"
    r"(?:avast|\bavg\b|bitdefender|kaspersky|norton|mcafee|\beset\b|f-secure|mailscanner|messagelabs|mimecast|symantec"
    r"|sophos|avira|barracuda|trend micro)"
)
_CLEAN = re.compile(
    r"[\s*]{0,4}(?:virus-?fr\w{1,3}|virenfrei|virusvrij|garanti sans virus|libre de virus|senza virus|livre de vírus"
    r"|wolny od wirusów|без вирусов|virukseton)\.?\s?(?:<?https?://|www\.|$)"
)
_PRINTED = re.compile(
    r"[\s*]{0,4}(?:p )?(?:please |tänk |think|consider|before|skriv inte ut|måste du|do you)[^\n]{0,70}"
    r"(?:\bprint|\bskriv\w{0,4} ut\b|\butskrift)|[\s*]{0,4}skriv inte ut (?:detta|det här)"
)
_DATA = re.compile(r"personuppgift[^\n]{0,200}(?:läs mer|mer information|integritetspolicy|www\.|https?://)")
_LEAVING = re.compile(
    r"[\s*]{0,4}(?:unsubscribe|avregistrera|avprenumerera|avsluta prenumeration\w{0,2}|abmelden|se désabonner"
    r"|avmeld\w{0,4})[^\n]{0,40}(?:https?://|www\.)"
)
_PLAIN = re.compile(rf"[\s*_\-=>]{{0,6}}(?:{_PLAIN_WORDS})")
_MAX_CHARS = 600


def is_small_print(text: str) -> bool:
    """Whether a line, or a paragraph, is small print by its first words and, where those are not enough, its others."""
    small = text[:_MAX_CHARS].lower()
    if any(rule.match(small) for rule in (_PLAIN, _CLEAN, _LEAVING, _PRINTED)):
        return True
    about = _ABOUT.match(small) and _SAYS.search(small)
    scanned = any(word in small for word in ("virus", "scan", "check")) and _SCANNER.search(small)
    data = "personuppgift" in small and _DATA.search(small)
    return bool(about or scanned or data) and not _OWN.search(small)
