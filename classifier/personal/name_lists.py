"""First and last names known from a package's lists, and which of them are ordinary words as well."""

from functools import lru_cache

from faker.providers.person.ar_AA import Provider as Arabic
from faker.providers.person.az_AZ import Provider as Azerbaijani
from faker.providers.person.da_DK import Provider as Danish
from faker.providers.person.en_IN import Provider as Indian
from faker.providers.person.en_KE import Provider as Kenyan
from faker.providers.person.en_PK import Provider as Pakistani
from faker.providers.person.es_ES import Provider as Spanish
from faker.providers.person.fi_FI import Provider as Finnish
from faker.providers.person.fr_DZ import Provider as Algerian
from faker.providers.person.hr_HR import Provider as Croatian
from faker.providers.person.pl_PL import Provider as Polish
from faker.providers.person.ro_RO import Provider as Romanian
from faker.providers.person.sv_SE import Provider as Swedish
from faker.providers.person.tr_TR import Provider as Turkish
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
acke affe agge alfhild amra andriy ankan anki ann-katrin anna-karin anna-lena anna-lisa arne ayaan babs bea
bengt-åke berhane berra bettan bibbi birre bo-göran bobban bogdan bojan bosse britt-marie chanelle chrille conny
danne dmytro dragan ebba eivor elvy emmy erland eva-karin evert farid fia folke frasse fredde frej fridolf fritiof
gertrud gittan gun-britt gun-lis gunde gunvor görel gösta göte hasse hilma hjördis hodan hulda ines inez inga-lill
irma iryna jamila jan-erik jeppe jocke jompa jonte juno kalle karl-erik karl-gustav karna kattis kickan kicki krille
kurre laban lars-erik lasse leyla lillemor lillian linus lisen loffe lollo love-lis magda maj-britt malena malte
manne margareta mattis mehret melinda micke mirjam mirre märit nanny nettan nicke nikolaj nille nils-erik ninni
nisse noomi oksana olena olle otilia pella pelle per-olof petronella pia putte pål quentin raffe ragnvald rashad
roffe ronja ronny runa rurik rut ruth saga-lill sander sanna selam selma shirin sigbritt sigge signe sippan siv
sixten smilla solveig sussi svante svante-erik svea sven-erik svenning svitlana tariq tekla tesfay tessan thure
tilde tilly tore torvald totte tove troels ture tuva tyko uffe ulla-britt una urban valle vidar vivan yngve zeinab
zlatan zoran ällis
"""
_MORE = frozenset(_MORE_TEXT.split())
_COMMON = 6e-6
# Names of other languages count where Swedish hardly has the word: *Göken*, *Salami* and *Sonata* are somebody's, too.
_RARE = 1e-6
_NO_NAMES_TEXT = """
agate albino alkor alpin anda anka aran bali bara barr basel candela danish diken flor gala gracias göken kanak limon
mad masar nas raid ramadan salami sanda sonad sonata tan toker valid
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())
_UNHEARD = 1e-7


@lru_cache(1)
def first_names() -> frozenset[str]:
    """First names of the package faker (Swedish, and of the commonest immigrant languages), lower case."""
    lists = (Swedish, Finnish, Danish, Polish, Croatian, Arabic)
    return frozenset(name.lower() for one in lists for name in one.first_names if len(name) > 1) | _MORE | _foreign()


def _foreign() -> frozenset[str]:
    """First names of more languages, but for those that are words here."""
    lists = (Turkish, Azerbaijani, Pakistani, Indian, Kenyan, Algerian, Spanish, Romanian)
    names = {name.lower() for one in lists for name in one.first_names if len(name) > 2}
    return frozenset(name for name in names - _NO_NAMES if _frequencies().get(name, 0.0) <= _RARE)


@lru_cache(1)
def last_names() -> frozenset[str]:
    """Last names of the package faker, lower case."""
    return frozenset(name.lower() for name in Swedish.last_names)


@lru_cache(1)
def _frequencies() -> dict[str, float]:
    return get_frequency_dict("sv", wordlist="best")


def is_unheard(word: str) -> bool:
    """Whether Swedish texts hardly ever have a lower-case word: two such with capitals are somebody's name."""
    return _frequencies().get(word, 0.0) <= _UNHEARD


def is_word(word: str) -> bool:
    """Whether a lower-case word is so common that it is hardly somebody's name, unless it is a known one."""
    return _frequencies().get(word, 0.0) > _COMMON and (word not in first_names() or word in RATHER_WORDS)
