"""Wordings of somebody who means to die, in the languages of citizens' letters: a worry, and danger at once."""

from classifier.words.wordings import wording

_SELF = r"(?:mig|mej|sig|sej)"

SELF_HARM = wording(
    r"(?:jag|hon|han|hen) (?:vill|orkar) {1}(?:dö|inte leva|inte finnas)\b(?! av\b| ut\b| på\b| med\b| i\b| som\b)",
    r"vill bara dö\b(?! av\b)",
    r"(?:vill|orkar|tänker) {2}inte {1}(?:leva|finnas) {1}(?:längre|mer|kvar)\b",
    r"inte (?:vill|orkar) {1}(?:leva|finnas)\b",
    r"(?:avsluta|göra slut på|få slut på) {1}(?:allting|alltihop|allt|det hela|mitt liv|sitt liv|livet)"
    r"(?=\s*[,.!?\n]|$| nu\b| på \w+dag\b| i (?:kväll|natt|dag|morgon)\b)",
    r"(?:jag|hon|han) {4}(?:hoppa|kasta|lägga|ställa)r? {2}(?:från (?:bron|balkongen|taket)|framför {1}tåget"
    r"|på (?:spåret|rälsen))",
    r"(?:hoppar|kastar|lägger|ställer) (?:jag|hon|han) {2}(?:från (?:bron|balkongen|taket)|framför {1}tåget"
    r"|på (?:spåret|rälsen))",
    r"(?:bäst|bättre|enklast|enklare|skönt|skönare) (?:om|att) (?:jag|hon|han) {2}(?:försvann|försvinner|inte fanns"
    r"|inte finns|inte levde|dog|var död)\b",
    r"(?:ska|tänker|vill|kommer att|hotar) {4}ta {2}(?:alla|hela|sina|mina) {2}(?:tabletter|piller|sömntabletter"
    r"|tabletterna|burken|kartan)",
    rf"(?:ska|tänker|vill|tänkt) {{2}}(?:hänga|skjuta|dränka) {_SELF}\b(?! på| med| kvar| till| över)",
    rf"(?:ska|vill|tänker|kommer att|hotar|funderar) {{5}}ta (?:livet av {_SELF}|mitt liv|sitt liv)\b",
    r"livet {1}(?:är|känns) {1}meningslöst",
    r"ingen mening {2}(?:att leva|med livet|med att leva)",
    r"skrivit {3}avskedsbrev",
    r"(?:ska|tänker|vill) begå självmord",
    r"självmords(?:tank|plan)",
    # English, German, Dutch, French, Spanish
    r"(?:don'?t|do not|dont) want to (?:live|be alive|exist)",
    r"wants? to die\b|(?:kill|killing) (?:myself|himself|herself)|(?:end|ending) (?:my|his|her) life",
    r"(?:i am|i'm|im|is) suicidal|suicidal thoughts|commit suicide",
    r"(?:will|möchte) {2}nicht mehr leben|bringe? mich um\b|selbstmord",
    r"(?:ne veux|veux) (?:plus vivre|mourir)|me suicider",
    r"no quiero {2}vivir|quiero morir|suicidarme",
    # Polish, Russian, Ukrainian, Bosnian/Croatian/Serbian
    r"nie chc[ęe] {1}żyć|zabi(?:ć|ję) się|samobójstw",
    r"не хочу {1}жить|покончить с собой|самоубийств",
    r"не хочу {1}жити|накласти на себе руки|самогубств",
    r"ne želim {1}(?:da živim|živjeti|živeti)|samoubi",
    # Finnish, Somali, Turkish, Norwegian and Danish
    r"en halua {1}elää|itsemurha|tapan itseni",
    r"ma (?:rabo|doonayo) {1}inaan {1}noolaado|isdil|is dili",
    r"yaşamak istemiyorum|intihar",
    r"vil ikke leve|selvmord",
    # Arabic, Persian
    r"لا أريد {1}أن أعيش|أريد أن أموت|انتحار|سأنتحر|أقتل نفسي",
    r"خودکشی|نمی\s?خواهم {1}زنده|می\s?خواهم بمیرم",
    unless=(
        r"inte {1}vill dö",
        r"skratt",
        r"självmords?tank\w* {3}(?:avfärdad|uppsats|föreläs)",
        r"simhopp",
        r"badet",
        r"bada",
        r"bilar",
        r"för (?:sju|fem|tio|tjugo|\d+) år sedan",
    ),
)
