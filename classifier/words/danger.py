"""Wordings of danger to somebody's life, as regular expressions over a letter's lower-case text."""

from classifier.words.wordings import pattern, wording

_PLAIN = (
    r"livsfar",
    r"fara för liv",
    r"(?:brunns?)?lock(?:et)? {1}(?:till {2})?(?:är |har )?{1}(?:borta|saknas|flyttats)",
    r"brunns?lock(?:et)? {5}(?:borta|saknas|flyttat|lossnat|öppet)",
    r"saknas {2}(?:brunns?)?lock",
    r"(?:luktar|lukt av|luktade) {1}gas\b",
    r"gas(?:ol)?(?:lukt|ukt|läck)",
    r"strömförande",
    r"(?:gnistrar|gnisstrar|sprakar)",
    r"mot elskåpet",
    r"el-?(?:kabel|kabeln|kablar|ledning\w*) {3}(?:hänger|ligger|blotta|naken|oisolera)",
    r"(?:nakna?|blottade?|oisolerade?) {1}(?:el)?(?:kabel|kablar|ledning|ledningar|tråd|trådar)\b",
    r"(?:ryker|brinner) {2}(?:ur|i|från) {2}(?:el|uttag|stolp|skåp|tak|vind|källar|armatur|trapphus|förråd)",
    r"ligger {3}(?:livlös|medvetslös|orörlig)\b",
    r"(?:gått|ramlat|fallit|åkt) {1}(?:genom|igenom) isen",
    r"isen {2}(?:har )?brustit",
    r"kan {1}(?:falla|ramla|rasa|välta|lossna|tippa) {3}när som helst",
    r"(?:dricks|kran)?vatt(?:en|net) {4}(?:smakar|luktar) {2}(?:diesel|bensin|kemikalier|lösningsmedel)",
)

DANGER = pattern(*_PLAIN)
"""Dangers so plain that the heads need not call the letter serious."""

URGENT = wording(
    *_PLAIN,
    r"lyft av {3}lock",
    r"(?:öppet|djupt) (?:hål|schakt)",
    r"(?:el)?(?:kabel|kablar|kablarna|ledning(?:en)?|kabeln) {2}(?:hänger|ligger|ligga|hängde)",
    r"hänger (?:på|i|ut ur) {1}(?:elledning|ledning|kabel|stolpe)",
    r"(?:brunns?)?lock(?:et)? {1}(?:till {2})?(?:är |har )?{1}lossnat",
    r"(?:sprakade|fick stöt(?:ar)?\b)",
    r"(?:spär+a|stäng) (?:av|den) {3}(?:nu|i kväll|idag|i dag|genast|omedelbart|direkt)\b",
    r"det brinner\b",
    r"(?:kom|skynda\w*|skicka \w+|ring) (?:er )?(?:nu|genast)[ !.]",
    r"(?:annars|snart|i natt|nu) (?:så )?dör (?:hon|han|jag|någon)",
    r"(?:svarar inte i telefon|har tagit tabletter|medvetslös|andas inte)",
    r"(?:köpt tändare|bensindunk)",
    r"pistol",
    r"syrgas",
    r"istappar? {5}(?:över|rakt över) ",
    r"(?:broräcke|räcke)\w* {3}(?:loss|borta|hänger)",
    unless=(
        r"om det brinner",
        r"hade det",
        r"kunde ha",
        r"förra året",
        r"i fjol",
        r"för {2}år sedan",
        r"i knutarna",
        r"lock\w* {1}(?:till|på) {2}\w*(?:sop|kärl|tunna|papperskorg|kompost|brevlåd|toalett|sandlåd)",
    ),
)
"""Those, and what is danger where the heads call the letter serious."""
