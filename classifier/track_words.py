"""Wordings that put a letter on a special track, as regular expressions over its lower-case text.

Each was written from the letters of set01 to set06 and counted on the others (docs/classifier.md). ``{n}`` in a wording
stands for up to n words of one sentence (`classifier.wordings`).
"""

from cases.tracks import Track
from classifier.wordings import Wording, pattern, wording

_PAPER = (
    r"(?:\w*(?:handling(?:ar)?|protokoll|avtal|rapport(?:er)?|akt|akter|journal(?:en)?|logg(?:en|ar)?"
    r"|mejl(?:en|växling\w*)?|beslut"
    r"|ritning(?:ar|en|arna)?|schema|fakturor|underlag(?:et)?|redovisning(?:en|ar)?|redogörelse"
    r"|utredning(?:en|ar)?|analyser"
    r"|poängsättning(?:en)?|anbud(?:et)?|anteckningar|bilagor|mätvärden|lista|listor|sammanställning"
    r"|dokument\w*|kontrakt\w*"
    r"|avvikelse\w*|yttrande\w*|brev|register|statistik|protokollen)\w{0,4})\b"
)

WORDINGS: dict[Track, Wording] = {
    Track.OVERKLAGANDE: wording(
        r"överklaga(?:r|s|n)?\b",
        r"överklagande(?:t)?\b",
        r"överklag\b",
        r"laglighetspröv",
        r"ompröva(?:s|t)?\b",
        r"begär\w* {2}omprövning",
        r"pröva[rs]? {1}(?:beslutet|ärendet|saken) {2}(?:igen|på nytt|en gång till|om)\b",
        r"(?:beslutet|avslaget|nekandet) {2}(?:ska|bör|måste) {1}(?:upphävas|rivas upp|ändras|dras tillbaka|rivas)",
        r"(?:godtar|accepterar|godkänner|köper|nöjer) {2}inte {4}(?:beslut|avslag)",
        r"nöjer mig inte med {3}(?:beslut|avslag|nej)",
        r"besvära mig över",
        r"(?:ändra|riv upp|upphäv) {1}(?:ert|beslutet|avslaget)",
        unless=(
            r"(?:har|hade) {3}(?:redan )?(?:överklagat|begärt)",
            r"orkar inte överklaga",
            r"överklagandetid",
            r"överklagare\b",
            r"försäkringskassan",
            r"tiden {1}för {1}överklagande",
            r"beslut {2}(?:som|jag) {3}(?:går att|kan) {1}överklaga",
        ),
    ),
    Track.ALLMAN_HANDLING: wording(
        r"allmän(?:na)? handling",
        r"tryckfrihetsförordning",
        r"offentlighetsprincip",
        rf"begär(?:a|an|de|t)? {{4}}(?:ut|få ut|få se|ta del av|kopi\w+) {{5}}{_PAPER}",
        rf"(?:begär|önskar|vill|skulle vilja|kan (?:jag|man|vi)|få|att|emotser) {{3}}ta del av {{5}}{_PAPER}",
        rf"(?:kan|skulle|vill|önskar|begär|behöver) {{3}}(?:en )?(?:bestyrkt )?(?:kopior|kopia) (?:på"
        rf"|av) {{6}}{_PAPER}",
        rf"(?:kan|kunde) ni {{1}}(?:lämna ut|skicka) {{4}}{_PAPER}",
        rf"(?:begär|vill|önskar) {{2}}få (?:ut|se) {{4}}{_PAPER}",
        r"diarielist",
        r"begär ut ",
        r"begär\w* att få ut ",
        unless=(r"registerutdrag", r"beslut som går att överklaga", r"byt\w* ut"),
    ),
    Track.SKADESTAND: wording(
        r"skadestånd",
        r"ersättningskrav",
        r"ersättningsanspråk",
        r"skadeanspråk",
        r"(?:begär|kräver|yrkar|vill|önskar|söker) (?:jag |vi )?{3}ersättning (?:av|för|från)",
        r"(?:begär|kräver|yrkar|vill) {2}(?:att )?{3}(?:ersätter|ersätta|betalar|betala|står för"
        r"|ersätts) {4}(?:skad|reparation|lagning|däck|"
        r"fälg|kläder|glasögon|bil|cykel|staket|kostnad|räkning|självrisk|tandläkar|förlor)",
        r"(?:ni|kommunen) (?:ska|får|bör|måste) {1}(?:ersätta|betala|stå för) {3}(?:skad|reparation|lagning"
        r"|däck|fälg|självrisk)",
        r"står ni för {3}(?:skad|reparation|lagning|kostnad|självrisk)",
        r"(?:vem|hur) {2}(?:ersätter|betalar|ersatt) {2}(?:skad|min|mitt|mina|vår|lagning|reparation)",
        r"anmäla {2}(?:en )?skada på (?:min|mitt|vår)",
        unless=(r"sjukersättning", r"behöver inte ersätt", r"ingen ersättning", r"inte {2}ersättning"),
    ),
    Track.GDPR: wording(
        r"gdpr",
        r"dataskyddsförordning",
        r"registerutdrag",
        r"personuppgifter\s{1,2}{3}(?:ni |kommunen |om mig|har om|behandla|raderas?|rättas?|sparar|lagrar)",
        r"(?:radera|ta bort|rätta|korrigera)s? {2}(?:mina|alla|våra|samtliga) {2}(?:person)?uppgifter",
        r"(?:mina|alla) {1}uppgifter {5}(?:raderas|tas bort|rättas)",
        r"uppgifter (?:ni|kommunen|som ni) (?:har|sparar|lagrar) om (?:mig|oss|min)",
        r"rätten att bli (?:glömd|bortglömd)",
        unless=(r"skyddade personuppgifter", r"överförmyndar", r"belastningsregist", r"konsekvensbedömning"),
    ),
    Track.JO: wording(
        r"riksdagens ombudsm",
        r"justitiekanslern (?:har|begär|anmodar|överlämnar)",
        r"jo (?:har|begär|anmodar|överlämnar|önskar) {3}(?:remitter|yttrande|upplysning|beslut|svar|handling)",
        r"(?:yttrande|svar|remissvar) till (?:jo|justitieombudsmannen)\b",
        r"remiss från (?:jo|justitie)",
        r"jo:s (?:dnr|diarienummer|remiss)",
    ),
    Track.PARKERING: wording(
        r"p-?böter",
        r"p-?bot(?:en)?\b",
        r"parkeringsbot",
        r"parkeringsböter",
        r"parkeringsanmärkning",
        r"felparkeringsavgift",
        r"kontrollavgift",
        r"(?:fick|fått|få) {2}(?:böter|bötes ?lapp|en lapp|anmärkning) {5}(?:parker|p-)",
        r"(?:parkera\w*|p-skiva|p-automat\w*|parkeringsapp\w*) {6}(?:böter|bötes ?lapp|bot)\b",
        r"bestrid\w+ {3}(?:böter|anmärkning)",
    ),
    Track.MEDBORGARFORSLAG: wording(
        r"medborgarförslag",
        unless=(
            r"(?:hur|vilka) {2}(?:många|lämnar man)",
            r"(?:lämnade|lade|skrev) (?:jag|vi) {3}medborgarförslag",
            r"(?:gällde|gäller) {1}medborgarförslag",
            r"(?:vårt|mitt|ett gammalt|vilket|skrev ett|om ett|antal \w+ ?\w*) medborgarförslag",
            r"(?:bifallna|avslagna|inkomna) {2}medborgarförslag",
            r"begäran",
            r"inte {2}(?:ett )?medborgarförslag",
        ),
    ),
    Track.LEX_SARAH: wording(r"lex[ -]sarah?\b"),
    Track.VARDSKADA: wording(
        r"lex[ -]maria\b",
        r"vårdskad",
        r"fel (?:medicin|dos|tablett|insulin|dosett|spruta)",
        r"(?:dubbel|tredubbel|för hög) dos",
        r"(?:grannens|annans|andras) (?:medicin|tablett|piller|dosett)",
        r"medicin\w* i stället för (?:sin|hans|hennes|min)",
        r"mediciner {4}märkt {1}\w+\. \w+ ligger i min",
    ),
    Track.KRANKNING: wording(
        r"mobb(?:ad|ade|ning|as|ar|ing)",
        r"kränk(?:er|te|t|ning|ande|t[as])",
        r"(?:blir|blev|blivit|bli) {2}(?:slagen|sparkad|nedslagen|nerslagen|retad|utfryst|hånad|inlåst|puttad"
        r"|kallad)",
        r"(?:retar|slår|sparkar|hånar|trakasserar|tafsar|spottar) {2}(?:honom|henne|min|på|oss|mig)",
        r"(?:håller|höll|hålla) {1}fast {1}(?:min|honom|henne|mig)",
        r"kallar {2}(?:oss|mig|honom|henne|min|vår) ",
        r"kallat {2}(?:min|vår|honom|henne|mig|oss)",
    ),
    Track.BROTT: wording(
        r"inbrott",
        r"knark(?!are)",
        r"säljs? {2}(?:droger|hasch|narkotika|knark)",
        r"langa[rt]",
        r"(?:blivit|blev|har|är|hade) {2}(?:stulen|stulna|stulet|bestulen|rånad)",
        r"stöld",
        r"snatt",
        r"vandali",
        r"skadegörelse",
        r"polisanmäl",
        r"(?:misshandl|hotade|hotar|hotad)",
        r"skjutvapen|pistol\b",
        unless=(r"förra året", r"om {3}inbrott", r"risk(?:en)? för"),
    ),
    Track.MILJOANMALAN: wording(
        r"miljöbrott",
        r"(?:olje|gift|kemikalie)utsläpp",
        r"(?:dumpa|tippa)[rt]\w* {4}(?:sopor|avfall|massor|asbest|kylskåp|däck|olja|byggavfall|skräp)",
        r"(?:rinner|läcker|släpper|kommer) {3}(?:ut )?{2}(?:olja|diesel|avlopp|kemikalie|skum|gift)",
        r"eldar {3}(?:sopor|plast|byggavfall|gummi|däck|blött|målat)",
        r"(?:död|döda) fisk",
        r"(?:gråvitt|vitt) {1}skum",
        r"kackerlack",
        r"matförgift",
        r"enskilt avlopp {4}(?:läck|rinner|fung)",
    ),
    Track.AKUT_FARA: wording(
        r"livsfar",
        r"fara för liv",
        r"(?:brunns?)?lock(?:et)? {1}(?:till {2})?(?:är |har )?{1}(?:borta|saknas|flyttats|lossnat)",
        r"saknas {2}(?:brunns?)?lock",
        r"lyft av {3}lock",
        r"(?:öppet|djupt) (?:hål|schakt)",
        r"(?:luktar|lukt av|luktade) {1}gas\b",
        r"gas(?:ol)?(?:lukt|ukt|läck)",
        r"strömförande",
        r"(?:el)?(?:kabel|kablar|kablarna|ledning(?:en)?|kabeln) {2}(?:hänger|ligger|ligga|hängde)",
        r"hänger (?:på|i|ut ur) {1}(?:elledning|ledning|kabel|stolpe)",
        r"(?:gnistrar|gnisstrar|sprakar|sprakade|fick stöt)",
        r"(?:spär+a|stäng) (?:av|den) {3}(?:nu|i kväll|idag|i dag|genast|omedelbart|direkt)\b",
        r"mot elskåpet",
        r"det brinner\b",
        r"(?:kom|skynda\w*|skicka \w+|ring) (?:er )?(?:nu|genast)[ !.]",
        r"(?:annars|snart|i natt|nu) (?:så )?dör (?:hon|han|jag|någon)",
        r"(?:svarar inte i telefon|har tagit tabletter|medvetslös|andas inte)",
        r"(?:köpt tändare|bensindunk)",
        r"pistol",
        r"syrgas",
        r"istappar? {5}(?:över|rakt över) ",
        r"(?:broräcke|räcke)\w* {3}(?:loss|borta|hänger)",
        unless=(r"om det brinner", r"hade det", r"kunde ha"),
    ),
}

DANGER = pattern(
    r"livsfar",
    r"fara för liv",
    r"(?:brunns?)?lock(?:et)? {1}(?:till {2})?(?:är |har )?{1}(?:borta|saknas|flyttats)",
    r"saknas {2}(?:brunns?)?lock",
    r"(?:luktar|lukt av|luktade) {1}gas\b",
    r"gas(?:ol)?(?:lukt|ukt|läck)",
    r"strömförande",
    r"(?:gnistrar|gnisstrar|sprakar|sprakade|fick stöt)",
    r"mot elskåpet",
)
"""Dangers so plain that the heads need not call the letter serious."""
