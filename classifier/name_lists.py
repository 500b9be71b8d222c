"""First and last names known from a package's lists, and which of them are ordinary words as well."""

from functools import lru_cache

from faker.providers.person.ar_AA import Provider as Arabic
from faker.providers.person.da_DK import Provider as Danish
from faker.providers.person.fi_FI import Provider as Finnish
from faker.providers.person.hr_HR import Provider as Croatian
from faker.providers.person.pl_PL import Provider as Polish
from faker.providers.person.sv_SE import Provider as Swedish
from wordfreq import get_frequency_dict

# Names that are words as well: alone they count only inside a sentence, never where a capital letter begins one.
_WORDS_TOO_TEXT = """
aina alla alva amin ana axel ben bill björn bo bror dag dan del eko elof else fred god hans helle inga inge jack jan
jul juni junior kaj karl klara klok knut lara liv lo lotta lova love lucia maj mark max may mina mo mona my noll ole
per rita roland ros rosa rose saga said sam sjö sol sten stig tage tim tom valborg vega vera vide viking ville vår
"""
WORDS_TOO = frozenset(_WORDS_TOO_TEXT.split())
# Even inside a sentence these are more often the word: *Hans fru*, *Mina barn*, *den 1 Maj*, *Dag ut och dag in*.
_RATHER_WORDS_TEXT = """
alla ben bror dag dan del god hans inga jul juni klok maj mark mina my noll per said sol tim ville vår
"""
RATHER_WORDS = frozenset(_RATHER_WORDS_TEXT.split())
# What people call each other and the lists lack.
_MORE_TEXT = """
acke affe agge alfhild ankan anki ann-katrin anna-karin anna-lena anna-lisa arne babs bea berra bettan bibbi birre
bobban bojan bosse britt-marie chanelle chrille conny danne ebba eivor elvy emmy erland eva-karin evert fia folke
frasse fredde fridolf gertrud gittan gun-britt gunde gunvor görel gösta göte hasse hilma hjördis ines inez inga-lill
irma jan-erik jeppe jocke jompa kalle karl-erik karl-gustav kattis kicki krille kurre lars-erik lasse lillemor linus
loffe lollo magda maj-britt malte margareta mattis micke mirjam mirre nettan nicke nille nils-erik nisse olle pella
pelle per-olof pia putte raffe ragnvald roffe ronja ronny rut ruth sanna selma sigge signe sippan siv sixten solveig
sussi svante svea sven-erik tessan thure tilde tore torvald totte tove ture tuva uffe ulla-britt urban valle vidar
vivan yngve zeinab
"""
_MORE = frozenset(_MORE_TEXT.split())
_COMMON = 6e-6


@lru_cache(1)
def first_names() -> frozenset[str]:
    """First names of the package faker (Swedish, and of the commonest immigrant languages), lower case."""
    lists = (Swedish, Finnish, Danish, Polish, Croatian, Arabic)
    return frozenset(name.lower() for one in lists for name in one.first_names if len(name) > 1) | _MORE


@lru_cache(1)
def last_names() -> frozenset[str]:
    """Last names of the package faker, lower case."""
    return frozenset(name.lower() for name in Swedish.last_names)


@lru_cache(1)
def _frequencies() -> dict[str, float]:
    return get_frequency_dict("sv", wordlist="best")


def is_word(word: str) -> bool:
    """Whether a lower-case word is so common that it is hardly somebody's name, unless it is a known one."""
    return _frequencies().get(word, 0.0) > _COMMON and (word not in first_names() or word in RATHER_WORDS)
