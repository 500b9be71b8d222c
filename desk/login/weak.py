"""Passwords that anybody would guess (NIST SP 800-63B 3.1.1.2): no rules of composition, only what is too common.

The words are our own list: what Swedish offices reach for when a password must be changed and be twelve characters.
"""

from collections.abc import Iterable

_WORDS = """
password passord losenord lösenord losenordet lösenordet hemlig hemligt hemlighet secret pass word kodord valkommen
välkommen welcome hej hejsan hejhej hallo hallå tjena goddag godmorgon letmein slappin släppin oppna öppna admin
administrator administratör root user anvandare användare guest gast gäst test testar testing default standard login
logga loggain inloggning logon konto account change changeme andra ändra byt bytmig bytut temp tillfalligt tillfälligt
januari februari mars april maj juni juli augusti september oktober november december vinter vintern var vår varen
våren sommar sommaren host höst hosten hösten mandag måndag tisdag onsdag torsdag fredag lordag lördag sondag söndag
jul julen midsommar pask påsk nyar nyår semester kommun kommunen kommunhus kommunhuset region sverige svenska
stockholm goteborg göteborg malmo malmö lyhord lyhörd synpunkt synpunkter klagomal klagomål registrator qwerty qwertz
azerty uiop asdfghjkl asdfgh asdf zxcvbn zxcv qwer abc abcd abcde abcdef iloveyou jagalskardig jagälskardig alskar
älskar football fotboll hockey baseball monkey dragon princess prinsessa sunshine solsken superman batman pokemon
starwars master shadow michael jordan love karlek kärlek mamma pappa mormor hund hunden katt katten sommarlov windows
microsoft office google iphone samsung dator datorn company foretag företag server system
"""
_COMMON = frozenset(_WORDS.split())
_ROWS = ("0123456789" * 3, "abcdefghijklmnopqrstuvwxyzåäö", "qwertyuiopåasdfghjklöäzxcvbnm", "1q2w3e4r5t6y7u8i9o0p")
_LOOK_ALIKE = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_FEWEST_KINDS = 5
_LEAST_LEFT = 4


def is_weak(password: str, own: Iterable[str] = ()) -> bool:
    """Whether a guesser tries it early: one common word with digits round it, a row of keys, the same over and over.

    ``own`` are words of the person and the place (name, address, municipality), which are tried early too.
    """
    plain = password.casefold()
    if len(set(plain)) < _FEWEST_KINDS or plain in (plain + plain)[1:-1]:
        return True
    if any(plain in row or plain in row[::-1] for row in _ROWS):
        return True
    common = _COMMON | {word for text in own for word in _parts(text)}
    # Figures at the end are figures; within a word they stand for letters.
    spelled = plain.rstrip("0123456789!?.-_ ").translate(_LOOK_ALIKE)
    return any(len(_without(form, common)) < _LEAST_LEFT for form in (plain, spelled))


def _parts(text: str) -> list[str]:
    """The words of a name or an address that are long enough to count."""
    words = "".join(c if c.isalpha() else " " for c in text.casefold()).split()
    return [word for word in words if len(word) > 2]


def _without(text: str, words: Iterable[str]) -> str:
    """The letters that are left when every common word is taken away, the longest first."""
    letters = "".join(c for c in text if c.isalpha())
    for word in sorted(words, key=len, reverse=True):
        letters = letters.replace(word, "")
    return letters
