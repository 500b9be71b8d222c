"""Wordings that raise a flag the heads often miss, told plainly: with negation, and with what else the letter says.

Written from the letters of set01 to set06, counted on the others (docs/classifier.md).
"""

from cases.routing.flags import FlagKind
from classifier.words.foreign import CONCERN as FOREIGN_CONCERN
from classifier.words.foreign import HIDING as FOREIGN_HIDING
from classifier.words.foreign import THREAT as FOREIGN_THREAT
from classifier.words.life import SELF_HARM
from classifier.words.passage import Passage
from classifier.words.wordings import lower, wording

_CHILD = (
    r"(?:barn(?:en|et)?|flick(?:a|an|or)|pojk(?:e|en|ar)|unge(?:n)?|ungar(?:na)?|\w*åring(?:en|ar)?"
    r"|bebis\w*|spädbarn)"
)
_SOMEBODY = rf"(?:{_CHILD}|grann\w*|elev\w*|kompis\w*|klasskompis\w*|gubbe\w*|tant\w*|kvinna\w*|brukare\w*|dam\w*)"

CONCERN = wording(
    rf"orolig\w* (?:för|över) {{3}}{_SOMEBODY}",
    rf"oro för {{3}}{_SOMEBODY}",
    r"säg(?:a)? inte (?:att det (?:är|var)|vem|hemma)",
    r"(?:inte|aldrig) {2}(?:veta|få veta|säger|säga) {2}att det (?:är|var) jag",
    r"(?:vågar (?:inte|ej)|vill aldrig) {1}(?:gå |vara |komma )?hem\b",
    r"(?:han|hon|de|dom|farfar|mormor|grannen) {3}(?:frys|svält|sup|drick)\w* ihjäl",
    r"(?:dricker|super) ihjäl",
    rf"{_CHILD} {{3}}(?:skriker|gråter) {{3}}(?:natt|nätter|genom|varje)",
    r"skriker {3}(?:genom|varje natt)",
    r"(?:mamma|pappa|mamman|pappan|modern|fadern|hon|han) {1}(?:dricker|super) (?:varje|sig|hela|alla)",
    r"mamma {1}vaknar inte",
    r"(?:giftas? bort|bortgift\w*|tvingas? gifta|ska gifta mig|gifta sig mot)",
    r"(?:tvinga\w*|vill skicka|skickas?) {8}(?:gifta|bortgift|giftas)\b",
    r"könsstymp",
    *FOREIGN_CONCERN,
    r"anmäl\w* enligt {1}(?:socialtjänstlagen|sol\b)",
    r"släpper inte in (?:någon|nån|hemtjänst)",
    r"(?:ska|kan|måste|borde) {2}(?:någon|nån) {3}(?:gå|åka|titta|se) (?:dit|till (?:honom|henne|den))",
    r"(?:luktar|luktade) {1}(?:sprit|alkohol) {4}(?:barn|son|dotter|hämta)",
    r"(?:man|sambo|ex|pappa|han|kille)\w* {2}(?:slår|slog|slagit) {1}(?:mig|oss|barnen|ungarna|lillebror|lillasyster"
    r"|mamma|sönder (?:saker|dörr\w*|möbler))\b",
    r"(?:slår|slog) (?:han|hon|pappa|mamma) {1}(?:mig|oss|barnen|ungarna)\b",
    r"(?:pappa|mamma|mammas \w+|pappas \w+) {4}(?:slår|tar i|nyper|skriker|hotar)",
    r"(?:dotter|son|elev|kompis|vän|hon|han|jag|\w*åring\w*|flick\w*|pojk\w*|tjej\w*) {4}"
    r"(?:skär|skära) (?:sig|mig)\b(?! på)",
    r"(?:dotter|son|elev|kompis|vän|hon|han|jag|\w*åring\w*) {4}skadar (?:sig|mig) själv",
    r"(?:tagit tabletter|sömntablett\w* {5}(?:räkna|samla|sortera))",
    r"samma {2}(?:tröja|kläder|jacka) {2}(?:varje dag|hela)",
    r"(?:hungrig|utan mat|inget att äta|bett {3}smörgås)\w* {5}(?:barn|elev|pojk|flick|min dotter|min son)",
    r"(?:blåmärk|lila märk|brännmärk)\w* {3}(?:på|över|under|runt|i) ",
    r"märke över {1}kinden",
    r"(?:barn|elev\w*|flick\w*|pojk\w*) {5}har {2}(?:blåmärken|brännmärken|brännsår)",
    r"(?:hon|han|mamma|pappa|grannen) {1}öppnar inte",
    r"(?:posten|tidningarna) ligger kvar",
    unless=(
        r"inte {1}orolig",
        r"bidrag",
        r"katt",
        r"hund",
        r"häst",
        r"ärendet",
        r"telefonist",
        r"växeln",
        r"kundtjänst",
        r"lånekort",
        r"hemtjänst",
        r"stugan?",
        r"vikarie",
        r"mås(?:en|ar|arna)?\b",
        r"fågl",
        r"kråk",
        r"gäss",
        r"skolväg",
        r"trafik",
        r"bilar",
        r"missar?\b",
        r"alla barn",
        r"inte för (?!att)",
        r"lekplats",
        r"simskol",
        r"öppnar inte (?:munnen|brev)",
        r"tumstock",
        r"polisen sagt",
    ),
)

_NO_PERSON = (
    r"(?:\w*(?:katt|hund|häst|djur|fisk|svan|rådjur|kalv|väg|bil|bro|båt|ros|träd|häck|rabatt|hus|fasad|golv|lack|gräs)"
    r"(?:en|et|er|ar|or|na|erna|arna|orna|ungar\w*|n)?|änderna|marken)"
)
FARES_ILL = wording(
    r"(?:far|fara|farit) {1}illa\b",
    unless=(
        r"(?:ingen|inget|inte) {1}(?:far|fara|farit) illa",
        rf"{_NO_PERSON} {{3}}(?:far|farit|fara) {{1}}illa",
    ),
)

THREAT = wording(
    r"(?:bössa|hagelbössa|gevär|pistol|järnrör|yxa|kniv|knytnäv)\w* {4}(?:laddad|redo|väntar|framme"
    r"|hallen|fickan|handen|jackan)",
    r"(?:står|sitter|väntar) {1}(?:jag|vi) {3}(?:utanför|på bron|vid (?:dörren|grinden|ingången)"
    r"|med (?:bössa|järnrör|yxa|kniv))",
    r"släpper jag hundarna",
    r"(?:jag|vi) vet (?!inte|int|ej|att|aldrig){2}(?:var|vart|vilken|vilket|vem|när) {3}"
    r"(?:dotter|son|barn|ungar|dagis|bil|rider"
    r"|bor|jobbar|parkerar|hem|handlar|ensam)",
    r"(?:ni|du|hon|han|den) (?:ska|skall|kommer) {2}(?:få (?:betala|ångra|se på|igen)|ångra)",
    r"(?:annars|då|så) kommer (?:jag|ja|vi) {1}(?:ner|dit|in|till)",
    r"(?:kommer|går) (?:jag|ja) (?:in|ner|dit) {4}(?:tar|trycker|slår|smäller|spöar)",
    r"(?:lära|läras|lär) {2}en läxa",
    r"(?:inte ett|inget|ej ett) hot\b",
    r"(?:du|ni) (?:är|e) varnad",
    r"olyckor händer",
    r"(?:drog|höll|drar|håller) {2}(?:upp |fram )?{1}(?:en )?kniv",
    r"(?:tryckte|trycka|trycker) {2}(?:upp|ner|in|mot) {4}(?:huvud|skalle|vägg|handfat|ansikte)",
    r"(?:höll|håller|hålla) {1}(?:fast|kudden|hans hals)",
    r"(?:knuffa|spotta|sparka|slog)\w* {2}(?:henne|honom|personal|vakt|rutan|en anställd|ner|sönder)",
    r"drog {2}(?:henne|honom|mig|personal|vakt|en anställd)",
    r"(?:knuffa|spotta|sparka)\w* {2}mig\b",
    r"(?<!jag\s)(?<!jag\shar\s)(?:slår|slog|slagit) {2}(?:mig|mej)\b",
    r"tog {1}(?:tag|honom|henne|mig) {2}(?:i|runt) {1}(?:nack|arm|jack|hals|krag|hår)",
    r"ska få hör",
    r"(?:tänder|bränner|eldar) (?:jag|vi|upp) ",
    r"med (?:bössan?|yxan?|kniv(?:en)?|stryk|slag)\b",
    r"(?:hotar|hotade|hotat) {1}(?:äldre|folk|barn\w*|elev\w*|kund\w*|besökare\w*|resenärer\w*|grann\w*)\b",
    r"(?:hoppas|önskar) {2}(?:du|ni|hon|han|den|handläggaren|någon|nån) {3}(?:dör|brinner|ruttnar|kör ihjäl)",
    r"gå och (?:häng|skjut|dränk) (?:dig|er)\b",
    r"(?:se|titta|kolla) {2}över axeln",
    r"(?:ska|bör|borde|får|kan|bäst|skall) {2}(?:passa|akta) (?:sig|dig|er)\b",
    r"(?:ska|skall|tänker|kommer att|vill) {2}(?:döda|mörda|skjuta|slå ner|knivhugga|spränga|bränna ner) {2}"
    r"\w*(?:handläggare|chef|rektor|lärare|vakt|personal|politiker|direktör|gubb|kärring|någon|nån\b|alla|folk|era"
    r"|kontor|kommunhus|stadshus|hela skiten)",
    *FOREIGN_THREAT,
    r"(?:hotar|hotade|hotat|hotad) {1}(?:mig|oss|honom|henne|dem|dom|personal\w*|att (?:slå|döda|skada"
    r"|bränna|skjuta)|med|av|med att)",
    r"(?:misshandl|strypt|våldtag|knivskar|överföll)\w*",
    unless=(
        r"nedläggning",
        r"nedlagd",
        r"hotad art",
        r"hotade arter",
        r"hotar att (?:stänga|lägga|riva|rasa|falla)",
        r"boll",
        r"vildsvin",
        r"drog (?:ner|in|upp|hunden|dit)",
        r"hunden drog",
        r"insats",
        r"i våras",
        r"fick höra",
        r"rasera",
        r"(?:inte|ingen {2}) ?hot(?:at|ar)?\b",
        r"hot\w* {3}(?:med|av) {2}(?:inkasso|vräk|uppsäg|avstäng|straffränta|vite|böter|avgift|sanktion|kvarsitt)",
        r"hot\w* {2}med (?:festival|att (?:stänga|flytta|dra in|lägga|riva|säga upp))",
        r"(?:spotta|sparka)\w* {3}(?:snö|genom rutan|ut genom)",
        r"drog (?:fram|hem|upp) (?:honom|henne|mig)",
        r"andra ska akta sig",
        r"fotboll",
        r"dörren",
    ),
)

HIDING = wording(
    r"(?:plats|ställe|adress|ort) {3}ingen {2}(?:får|ska) {2}(?:veta|känna|hitta)",
    r"ingen {2}(?:får|ska) {2}(?:veta|känna till) {2}(?:var|vart)",
    r"(?:letar|leta|söker) {1}(?:efter )?(?:oss|mig|henne|honom)\b",
    r"(?:kontaktförbud|besöksförbud)",
    r"(?:namn|adress|uppgifter) {4}(?:inte|ej|aldrig) {2}(?:finnas|synas|stå|lämnas|skrivas"
    r"|visas) {3}(?:någonstans|några|listor|ut|system)",
    r"(?:hitta|hittar) {1}(?:oss|mig) (?:igen|här|nu)",
    r"(?:flytta|flytt|fly) {3}från {3}(?:man|ex|pojkvän|pappa)\w* {4}(?:hot|slag|slog|slår)",
    r"(?:lapp|namn)\w* {3}på dörren {4}(?:ex|hot|sekretess)",
    r"bytt {3}(?:efternamn|namn|identitet)",
    r"skyddsplacera",
    r"hemlig (?:vistelse|bostad|skola|placering|ort)\w*",
    r"(?:adress|personuppgifter|namn)\w* {3}(?:dold|hemlig|skyddad|sekretessbelagd)\w*",
    r"lämnas? ut (?:var|vart|vilken skola|adress)",
    r"fingerade (?:person|uppgift|identit)",
    r"skatteverkets? {3}förmedl|postförmedling",
    r"(?:får|ska) {1}(?:inte|aldrig|under inga omständigheter|absolut inte) {2}(?:tala om|berätta|säga|avslöja|röja"
    r"|lämna ut|veta|få veta|få reda på) {4}(?:(?:var|vart) {1}(?:jag|vi|barnen|hon|han) "
    r"{1}(?:bor|är|finns|går|flytt\w+)"
    r"|vilken {1}(?:stad|ort|kommun|skola|förskola)|vilket {1}(?:dagis|land|län))\b",
    *FOREIGN_HIDING,
    unless=(
        r"bytt {3}(?:efternamn|namn) {1}(?:till|från|under|på (?:enhet|brevlåd|chatt|fil))",
        r"skilsmäss",
        r"gift (?:mig|oss|sig)",
        r"(?:enhet|skola|förskola|chatten|filen|förening|föreningen|ledning\w*) {3}bytt {1}namn",
        r"(?:oss|mig) själv",
        r"leta oss",
        r"facebook",
        r"parkering",
        r"gruppen",
        r"^besöksförbud",
        r"hittar inga",
    ),
)

SECURITY = wording(
    r"(?:vakt|väktar|nattvakt)\w* {4}(?:rond|runda|rundor)\b",
    r"\w*-?lösenord\w* {4}(?:är|=|står|låg|ligger|heter) ",
    r"\w*kod(?:en|erna)?:? {3}\d(?:-\d){2,5}\b",
    r"(?:slå|slår|trycker) {1}(?:kod|koden|larmkoden) {1}#?\d{2,6}\b",
    r"nyck(?:el|eln|lar|larna) {3}under (?:mattan|krukan|stenen|dörrmattan|trappan|blomkrukan)",
    r"(?:port|förråd|pumphus|vattenverk|arkiv|server|källar|skola|skolan|hall"
    r"|(?:dörr|grind)\w* (?:till|mot|dit|in))\w* {5}"
    r"(?:olåst|olåsta|vidöppen|vidöppet)\b",
    unless=(r"cykel", r"praktiska", r"vad är lösenord", r"gata\w* {3}rund"),
)


def find_flag_words(text: str) -> dict[FlagKind, Passage]:
    """The flags that wordings raise in a text, each with the first sentence that says it."""
    low = lower(text)
    said = {
        FlagKind.OROSANMALAN: CONCERN.find(low) or FARES_ILL.find(low) or SELF_HARM.find(low),
        FlagKind.HOT_VALD: THREAT.find(low),
        FlagKind.SKYDDAD_IDENTITET: HIDING.find(low),
        FlagKind.SAKERHET: SECURITY.find(low),
    }
    return {kind: passage for kind, passage in said.items() if passage}
