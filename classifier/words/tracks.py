"""Wordings that put a letter on a special track, as regular expressions over its lower-case text.

Each was written from the letters of set01 to set06 and counted on the others (docs/classifier.md). ``{n}`` in a wording
stands for up to n words of one sentence (`classifier.words.wordings`).
"""

from cases.routing.tracks import Track
from classifier.words.danger import URGENT
from classifier.words.wordings import Wording, pattern, wording

_PAPER = (
    r"(?:\w*(?:handling(?:ar)?|protokoll|avtal|rapport(?:er)?|akt|akter|journal(?:en)?|logg(?:en|ar)?"
    r"|mejl(?:en|växling\w*)?|beslut"
    r"|ritning(?:ar|en|arna)?|schema|fakturor|underlag(?:et)?|redovisning(?:en|ar)?|redogörelse"
    r"|utredning(?:en|ar)?|analyser"
    r"|poängsättning(?:en)?|anbud(?:et)?|anteckningar|bilagor|mätvärden|lista|listor|sammanställning"
    r"|dokument\w*|kontrakt\w*"
    r"|avvikelse\w*|yttrande\w*|brev|register|statistik|protokollen)\w{0,4})\b"
)

_THE_PAPER = (
    r"(?:protokoll(?:et|en)?|avtalet|avtalen|kontraktet|fakturorna|ritning(?:ar|arna)|mejlen|alla mejl|mejlväxling\w*"
    r"|handlingar(?:na)?|utredningen|rapporten|akten|journal(?:en|er)?|kvittona|diariet|loggarna|beslutsunderlag\w*)\b"
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
        r"(?:anför\w*|anföra) {2}besvär",
        r"(?:inte|ej|knappast) nöjda? med {4}(?:beslut|avslag)",
        r"(?:mitt|ert|mammas|pappas|vårt|hennes|hans) {1}(?:beslut|avslag)\w* {6}(?:är|var|blev) {1}(?:fel"
        r"|felaktigt)\b",
        r"beslut\w* {8}(?:ska|bör|måste) {2}(?:göras om|prövas|upphävas)\b",
        r"vill att (?:det|ni) {1}(?:tas om|tar om det|prövar|prövas)\b",
        r"(?:högre|annan) instans",
        r"(?:går|gå|tar|ta) {4}vidare till {2}(?:domstol|förvaltningsrätt|kammarrätt)",
        r"(?:förvaltningsrätten|länsstyrelsen) {3}pröva",
        r"klaga på {3}(?:beslut|avslag)",
        r"beslut\w* {6}strider mot",
        r"håller inte med om {3}(?:beslut|avslag)",
        r"(?:want|wish|like) to appeal|appeal (?:the|this|your|against) {2}decision|odwołuję się|haluan {4}valittaa"
        r"|обжалую|обжаловать|оскаржую|оскаржити",
        r"(?:ändra|riv upp|upphäv) {1}(?:ert|beslutet|avslaget)",
        unless=(
            r"(?:har|hade) {3}(?:redan )?(?:överklagat|begärt)",
            r"(?:orkar|tänker|ska|vill|kommer|tänkt) inte {1}(?:att )?överklaga",
            r"överklagandetid",
            r"hur (?:lång|länge) {4}man {4}överklaga",
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
        rf"(?:skulle vilja|vill|önskar|kan jag|kan vi|får jag) {{2}}(?:få ut|läsa|se|granska|ha ut) {{3}}{_THE_PAPER}",
        rf"(?:skulle vilja|vill|önskar) (?:gärna )?ha {{1}}{_THE_PAPER}",
        rf"(?:skicka|mejla|maila|sänd|lämna ut) {{1}}{{2}}{_THE_PAPER}",
        r"(?:copy|copies) of {3}(?:contract|decision|minutes|document|report|invoice|record)",
        unless=(
            r"registerutdrag",
            r"beslut som går att överklaga",
            r"byt\w* ut",
            r"makulera",
            r"rättelse|(?:protokollet|protokoll) {2}(?:rättat|ändrat|omprövat)",
            r"hemligstämpla",
            r"(?:jag|man|de|han|hon) {1}(?:ska|vill|kan|måste) {1}skicka",
            r"(?:skicka|skickar) (?:mig )?(?:ett |aktuell |inget )?(?:brev|mejl|blankett|inget)\b",
            r"(?:till|på) {1}min {1}(?:nya )?mejl",
            r"hur ni vill",
            r"när (?:protokoll|beslut)",
            r"förvaltningsrätten",
            r"ventiler",
        ),
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
        r"(?:skad|buckla|trasig|sönder|däck|fälg|repor|repa|lack|halka|ramla|föll"
        r"|förstör)[^\n]{0,120}?vem {1}(?:betalar"
        r"|ersätter|står för|ska betala)",
        r"(?:skickar|skickat|skicka) {1}(?:fakturan|räkningen|kvittot|notan) till (?:er|kommunen)",
        r"(?:vill|kräver) {1}(?:ha|få) {1}(?:pengar|betalt|ersättning|pengarna) för {3}(?:min|mitt|mina|vår|trasig"
        r"|skad|förstör)",
        r"(?:kommunen|ni) {1}(?:bör|ska|får|måste) {1}(?:stå för|betala|ersätta) {2}(?:\w*sanering|\w*reparation)",
        unless=(
            r"försäkringskassan",
            r"sjukersättning",
            r"behöver inte ersätt",
            r"ingen ersättning",
            r"inte {2}ersättning",
        ),
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
        r"(?:radera|ta bort|glöm) {1}allt {3}om (?:mig|oss)\b",
        r"personuppgifter {4}(?:fel|obehörig|orätta|läckt|läckte|spridit|hamnat)",
        r"(?:beslut|brev|mejl|ansökan|papper|kuvert|journal)\w* {4}(?:till|hos) {1}(?:fel|orätt) (?:person"
        r"|mottagare|adress)",
        r"artikel (?:12|15|16|17|18|20|21)\b",
        r"my personal data|personuppgiftsincident",
        unless=(r"skyddade personuppgifter", r"överförmyndar", r"belastningsregist", r"konsekvensbedömning"),
    ),
    Track.JO: wording(
        r"riksdagens ombudsm",
        r"justitiekanslern (?:har|begär|anmodar|överlämnar)",
        r"jo (?:har|begär|anmodar|överlämnar|önskar) {3}(?:remitter|yttrande|upplysning|beslut|svar|handling)",
        r"(?:yttrande|svar|remissvar) till (?:jo|justitieombudsmannen)\b",
        r"remiss från (?:jo|justitie)",
        r"jo(?::s)? (?:dnr|diarienr|diarienummer|remiss)\b",
        r"justitieombudsman\w* {2}(?:begär|anmodar|har remitterat|önskar)",
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
        r"lapplisan? {2}(?:gav|satte|skrev|tog|bötfällde|lappade)",
        r"(?:fick|fått) {3}lapp {1}(?:på|i|under) {1}(?:rutan|vindrutan|torkaren|bilen)",
        r"trots giltig {1}(?:biljett|p-tillstånd|p-biljett|parkerings)",
        r"parkeringsvakt\w* {6}lappa(?:de|t)",
        r"parking (?:fine|ticket)",
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
        r"(?:grannens|annans|andras) {1}(?:medicin|tablett|piller|dosett|insulin|spruta)",
        r"dubbelt så (?:mycket|hög|stor) {1}(?:dos|insulin|medicin|morfin|\w*tunnande)",
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
        r"kallade {1}(?:min|vår|honom|henne|mig|oss)\b {3}(?:för|ful|dum)",
        r"kallas {2}(?:varje dag|hela tiden)",
        r"(?:drog|ryckte|slog|knuffade|skrek|skriker|nöp|luggade) {1}(?:åt |på )?(?:min|vår) {1}(?:son|dotter"
        r"|pojke|flicka)\b",
        r"hot\w* {2}(?:att slå|med stryk)",
        r"ingen {1}vill {1}(?:leka|vara|sitta|jobba) med {1}(?:honom|henne|min|vår)",
        r"(?:viskar|skrattar|fnissar) {2}(?:åt|bakom) {1}(?:honom|henne|min|vår)",
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
        r"misshandl",
        r"(?:hotade|hotar|hotat|hotades) {2}(?:mig|oss|honom|henne|dem|jag|min\b|vår\b|folk|alla|barn\w*|elev\w*|äldre"
        r"|\w*(?:personal|tant|förare|chaufför|vakt|värd|lärare|receptionist|handläggare)\w*)",
        r"hot(?:ade|ar|at) {4}(?:med (?:kniv|yxa|järnrör|gaffel|spade|vapen|gevär|sax)|att (?:slå|döda|skada"
        r"|spränga|bränna"
        r"|skjuta|hugga))",
        r"hotad\b",
        r"(?:brutit|bröt) (?:sig|dig) in\b",
        r"\bstals\b|stulits|stulna cyklar",
        r"krossa(?:t|de|d) {1}(?:ruta|rutor|rutan|rutorna|fönst\w*)",
        r"skjutvapen|pistol\b",
        unless=(
            r"förra året",
            r"om {3}inbrott",
            r"risk(?:en)? för",
            r"stöldmärk",
            r"brottsförebygg",
            r"föreläs",
            r"hotade? {2}(?:art|växt|djur|byggnad)",
            r"hot\w* {1}av vräkning",
            r"(?:inte|ingen {2}) ?hota",
        ),
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
    Track.AKUT_FARA: URGENT,
}

_STAFF = r"(?:personal|vikarie|assistent|undersköterska|biträde|stödassistent|nattpersonal)\w*"
CARE_WRONGS = wording(
    rf"(?:{_STAFF}|de|dom|ni) {{2}}(?:låst|låste|låser) {{1}}in (?:honom|henne|mamma|pappa|min)",
    r"låstes in|inlåst på",
    rf"(?:{_STAFF}|hemtjänst\w*) {{3}}(?:stal|stulit|stjäl|tagit pengar)",
    r"(?:låg|legat|suttit|satt|sitta|ligga|ligger|sitter) {5}(?:avföring|urin|kiss|bajs|nedkissad|nerkissad|samma blöja"
    r"|blöt blöja)\b",
    rf"{_STAFF} {{5}}(?:slog|slår|slagit|nöp|nyper|knuffa\w*|daska\w*) {{2}}(?:mamma|pappa|henne|honom|mormor"
    rf"|farmor|min)\b",
    r"vanvård|övergrepp",
    r"(?:inte|aldrig) fått {2}(?:mat|dricka|frukost|middag)\b",
    r"(?:inte|aldrig) ätit på",
    r"larm\w* {5}ingen (?:kom|svarade)|ingen {1}(?:kom|svarade) på larmet",
    unless=(r"inte vanvård",),
)
"""What is a wrong in care (lex Sarah), said plainly; believed only beside an area of care."""

OFFERS_PROPOSAL = pattern(r"(?:vill|härmed|här) {3}(?:lämna|väcka|lägga|skicka)r? {3}medborgarförslag")
"""A citizens' proposal handed in, whatever else the letter asks."""
