"""Hiding, threats and worries in the languages of citizens' letters other than Swedish, as plain wordings."""

# A secret or protected address or identity, or that somebody must not learn where one lives.
HIDING = (
    r"(?:address|identity|whereabouts) (?:is|are|must be|should be) {1}(?:secret|protected|hidden|confidential)",
    r"(?:must|may|should|can)(?: not|n'?t|not) {1}(?:know|find out|learn) {2}where {1}(?:we|i|she|they)\b",
    r"(?:geheime|geschützte) (?:adresse|anschrift|identität)|auskunftssperre",
    r"adresse (?:secrète|protégée|confidentielle)|dirección (?:secreta|protegida)",
    r"(?:adres|dane|tożsamość)\w* {2}(?:jest|są)? ?(?:tajn|chronion|zastrzeżon|ukryt)\w*",
    r"(?:tajny|chroniony) adres|chronion\w+ tożsamoś\w+",
    r"nie może {2}(?:wiedzieć|dowiedzieć się) {1}gdzie",
    r"(?:адрес|личность|данные)\w* {2}(?:засекреч|скрыт|защищ|тайн)\w*|(?:тайный|секретный|скрытый) адрес",
    r"не должен {1}(?:знать|узнать),? {1}где",
    r"адрес[аи]? {2}(?:засекреч|прихован|таємн|захищ)\w*|(?:таємна|прихована|секретна) адреса",
    r"не (?:повинен|має) {1}(?:знати|дізнатися),? {1}де\b",
    r"(?:tajna|zaštićena|skrivena) adresa|adresa {2}(?:tajna|zaštićena|skrivena)",
    r"osoit\w* {2}(?:salainen|salassa|suojattu)|(?:salainen|suojattu) (?:osoite|henkilöllisyys)|ei saa tietää {1}missä",
    r"(?:cinwaan|aqoonsi)\w* {3}(?:sir\b|qarsoo|qarsoon|la ilaaliyo)",
    r"adres\w* {2}gizli|gizli adres|kimliğim {1}gizli",
    r"(?:skjult|hemmelig|beskyttet) (?:adresse|identitet)|adressebeskyttelse|adressesperre",
    r"(?:عنواني?|العنوان|هويتي|هوية) {1}(?:سري|سرية|محمي|محمية|مخفي)|حماية الهوية",
    r"(?:لا يعرف|يعرف|ألا يعرف) {3}(?:أين|مكان) {1}(?:نسكن|أسكن|نعيش)",
    r"(?:آدرس|هویت)\w* {1}(?:من )?(?:محرمانه|مخفی|محافظت)|نباید بداند {1}کجا",
)

THREAT = (
    r"(?:i|we)(?: will|'ll| am going to| are going to) {1}(?:find|kill|hurt|shoot|burn|stab|beat) {1}(?:you|him|her)\b",
    r"make you (?:pay|regret|suffer)|watch your back|know where you (?:live|work|park)",
    r"(?:ich|wir) {1}(?:bringe|bringen) (?:dich|euch|sie) um\b",
    r"zabij(?:ę|emy) (?:was|cię|ciebie|go|ją)|убью (?:вас|тебя|его|её)|вб'?ю (?:вас|тебе|його|її)",
    r"tapan (?:sinut|teidät|hänet)|ubit ću (?:vas|te)|ubiću (?:vas|te)|sizi öldür|seni öldür",
    r"سأقتل(?:ك|كم|ه|ها)|می\s?کشمت|شما را می\s?کشم",
)

CONCERN = (
    r"(?:worried|concerned) about {3}(?:child|children|kids?|boy|girl|baby|neighbou?r|woman)\b",
    (
        r"(?:children|child|kids?|boy|girl|baby|son|daughter) {4}(?:is|are|gets?|being|was|were) "
        r"{1}(?:beaten|abused|locked|starving)"
    ),
)
