"""A light guess at a text's language, for when no better one is at hand: scripts, then the commonest small words."""

import re
from collections import Counter
from itertools import islice

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ti", re.compile("[\u1200-\u139f]")),  # Amharic has it as well; Tigrinya is what is written to us
)
# Every letter of another script than the Latin, and signs that all of them share.
_BEYOND_LATIN = re.compile("[\u0370-\U0010ffff]")
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_WORDS = {
    "sv": """
        och att det är jag inte på som för har med vi ni ett till kan från mig den hej tack av om ska så var
        men mvh hälsningar vad när också måndag åter skulle er i en de nu här där dom
        får måste hos min mitt vid igen fick blev efter sedan ingen inget varje
        nej ja se ut upp ner utan under över mot mycket många inte bara kom kommer går gick tack ok går ligger saknas
        trasig trasigt fel gata gatan vägen skolan kommunen bilaga bilagan filen brev brevet svar mina våra era ert
        er sin sitt sina man hon han dem oss dig alla allt annan andra något några eller men än ännu aldrig alltid
        illa dålig dåligt bra stor stort heller finns borde behöver vill kunde skulle blir gör göra öppnar""",
    "no": """
        og at det er jeg ikke på som for har med vi dere et til kan fra meg den hei takk av om skal så hilsen
        hva når også mandag deg noe være hvor etter i en de nå her min mitt ved
        nei ja ut opp ned uten under over mot mye mange bare kom kommer går gikk veldig fortsatt ennå aldri alltid
        dere oss alle alt annen andre eller men enn finnes bør trenger vil kunne ville blir gjør skolen kommunen
        gaten veien vondt dårlig bra stor fra blitt ikke hentet feil svar""",
    "da": """
        og at det er jeg ikke på som for har med vi jer et til kan fra mig den hej tak af om skal så hilsen
        hvad når også mandag dig noget være hvor efter blev meget i en de nu her min mit ved
        nej ja ud op ned uden under over mod mange bare kom kommer går gik stadig endnu aldrig altid gerne tilbage
        jer os alle alt anden andre eller men end findes bør skal vil kunne ville bliver gør skolen kommunen
        gaden vejen dårlig godt stor blevet ikke hentet forkert haven svar""",
    "fi": """
        ja on ei että se minä hän en ole kun mutta niin kuin myös tämä olen oli voi terveisin kiitos hei mitä
        teidän joka hyvin sitten vielä jo kyllä meillä meidän tänne siellä täällä milloin missä kuka miksi
        sopii rikki huono huonossa pahalle kotona katu tie koulu bussi paikalle saa voisi pitää tulee tullut ovat
        ollut kiitoksia terveiset osoite oikein väärä""",
    "en": """
        the and to of is that it you for in on with this have be are not we i was from your can please will my
        as at or if thanks hello a an has only but would there they what all been does
        no yes out by when where who how me our their still never again please broken full failed delivery""",
    "de": """
        und der die das ist nicht ich sie ein eine zu den mit für auf von wir im dem auch werden haben bitte
        grüße an es ja nein was wie wo wer noch immer nie kam mir mich uns gut kein keine aber oder wenn bei nach
        über seit sind wird wurde kann können danke hallo""",
    "nl": "de het een en van ik niet dat is op te je met voor zijn er wij maar ook groeten graag naar aan bij",
    "fr": "le la les et de un une est que pour vous je pas dans ne sur au avec nous ce bonjour merci du des en",
    "es": "el la los que de y en un una por con no para es lo se del las su gracias hola como pero me",
    "it": "il di che e la un per non è in con si una sono del ho grazie ciao mi le alla anche",
    "pt": "o de que e não um para com uma os no se na por mais as dos como obrigado olá em é da",
    "pl": "i w nie na z się to że jest do jak o ale po co tak za od czy dla dzień dziękuję mi ten",
    "cs": "a je se v na to že s z do o jako pro by ale jsem dobrý den děkuji není",
    "tr": "ve bir bu için ile çok de da ne ben olarak daha merhaba teşekkürler var",
    "ku": "ez tu ew em hûn û ji li bi di de ne nîn heye tune spas silav çi ye yek lê jî gelek niha hîn",
    "so": "waxaan iyo in ka ku waa la ee aan oo ay u si haa maya fadlan mahadsanid aad",
    "hu": "az és egy nem hogy meg kérem köszönöm jó napot üdvözlettel vagy már csak",
    "ro": "și să în cu este sunt pentru care mai bună ziua mulțumesc vă rog",
    "hr": "je da su na nije sam dobar dan hvala molim vas poštovanjem što kako ili ali",
    "sq": "dhe të në një për nuk është jam ju faleminderit përshëndetje me",
    "et": "ja on ei see ma kas te tere aitäh palun mis kui aga ning lugupidamisega",
    "lt": "ir yra tai kad bet ar ačiū laba diena prašau jūs labas",
    "lv": "un ir ka nav bet vai paldies labdien lūdzu jūs sveiki",
    "is": "og að það er ekki ég við þið takk fyrir halló góðan daginn kveðja sem",
    "vi": "là và không tôi có của cho xin chào cảm ơn được bạn này",
}
# Of words without the letters that Russian lacks.
_UKRAINIAN = re.compile(
    r"\b(?:що|як|та|дуже|будь|дякую|вулиц\w{1,2}|погано|зламан\w|треба|коли|тому|правильна|адреса|допомогти|хто)\b"
)
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)
# What tells of a language besides its small words, and, where that takes long to look for, what it is not without.
_TELLING = {
    "sv": (re.compile(r"[äö]|\båter\b|ck\w"), ()),
    "no": (re.compile(r"ø|æ|\bjeg\b|\bikke\b"), ("ø", "æ", "jeg", "ikke")),
    "da": (re.compile(r"ø|æ|\bjeg\b|\baf\b"), ("ø", "æ", "jeg", "af")),
    "fi": (
        re.compile(r"ää|yö|\w(?:ssa|ssä|lla|llä|sta|stä)\b"),
        ("ää", "yö", "ssa", "ssä", "lla", "llä", "sta", "stä"),
    ),
    "de": (re.compile(r"ß|ü|\bich\b"), ("ß", "ü", "ich")),
    "pl": (re.compile(r"[łżśćńęą]"), ()),
    "cs": (re.compile(r"[řěů]"), ()),
    "fr": (re.compile(r"[èêç]|\b[ldj]'"), ("è", "ê", "ç", "'")),
    "es": (re.compile(r"[ñ¿¡]|ción\b"), ()),
    "pt": (re.compile(r"ã|õ|ção\b"), ()),
    "tr": (re.compile(r"[ğış]"), ()),
    "hu": (re.compile(r"[őű]|\bmeg"), ("ő", "ű", "meg")),
    "ro": (re.compile(r"[ășțţ]"), ()),
    "hr": (re.compile(r"[ćđ]"), ()),
    "sq": (re.compile(r"ë"), ()),
    "et": (re.compile(r"õ|üü"), ()),
    "lt": (re.compile(r"[ėųūį]"), ()),
    "lv": (re.compile(r"[āēīņļķģ]"), ()),
    "is": (re.compile(r"[ðþ]"), ()),
    "ku": (re.compile(r"[îê]\b|\bû\b"), ("î", "ê", "û")),
    "vi": (re.compile(r"[ạ-ỹơưđ]"), ()),
}


def guess_language(text: str) -> str:
    """Return the likeliest language (ISO 639-1) of a text, or ``""`` when nothing tells."""
    sample = text[:800]
    if _BEYOND_LATIN.search(sample) and (language := _by_script(sample)):
        return language
    return _by_words(sample.lower())


def _by_script(sample: str) -> str:
    letters = sum(map(str.isalpha, sample)) or 1
    for language, script in _SCRIPTS:
        if len(script.findall(sample)) * 10 > letters * (1 if language == "ja" else 3):
            return language
    if len(_ARABIC.findall(sample)) * 3 > letters:
        return "fa" if re.search(r"[پچژگیک]|\b(?:است|نیست|را|نه|از|هنوز)\b", sample) else "ar"
    if len(_CYRILLIC.findall(sample)) * 3 > letters:
        return _by_cyrillic(sample.lower())
    return ""


def _by_cyrillic(text: str) -> str:
    """Return the language whose letters a text has, which the others lack."""
    if re.search("[іїєґ]", text):
        return "uk"
    if _UKRAINIAN.search(text) and not re.search("[ыэё]", text):
        return "uk"
    if re.search("[ђћљњј]", text):
        return "mk" if re.search("[ѓќѕ]", text) else "sr"
    return "bg" if re.search(r"ъ|\b(?:ви|се|ще)\b", text) and not re.search("[ыэё]", text) else "ru"


def _by_words(text: str) -> str:
    scores = dict.fromkeys(_WORDS, 0.0)
    for word, times in Counter(filter(_LANGUAGES_OF.__contains__, _WORD.findall(text))).items():
        for language in _LANGUAGES_OF[word]:
            scores[language] += times
    leader = max(scores.values())
    for language, (telling, needed) in _TELLING.items():
        open_still = scores[language] * 2 >= leader  # only where the words leave it open
        if open_still and (not needed or any(sign in text for sign in needed)):
            scores[language] += 0.5 * sum(1 for _ in islice(telling.finditer(text), 6))
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] else ""
