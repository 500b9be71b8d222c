"""First and last names known from a package's lists, and which of them are ordinary words as well."""

import unicodedata
from functools import lru_cache
from importlib import import_module

import simplemma
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
SELDOM_WORDS = frozenset({"ben", "bror", "my", "per", "said", "tim", "ville"})
"""Of these the ones that nobody writes with a capital inside a sentence, unless somebody is called so."""
# What people call each other and the lists lack.
_MORE_TEXT = """
acke affe agge alfhild amra andriy ankan anki ann-katrin anna-karin anna-lena anna-lisa arne ayaan babs bea bengt-åke
berhane berra bettan bibbi birre bo-göran bobban bogdan bojan bosse britt-marie chanelle chrille conny danne dmytro
dragan ebba eivor elvy emmy erland eva-karin evert farid fia folke frasse fredde frej fridolf fritiof gertrud gittan
gun-britt gun-lis gunde gunvor görel gösta göte hasse hilma hjördis hodan hulda ines inez inga-lill irma iryna jamila
jan-erik jeppe jocke jompa jonte juno kalle karl-erik karl-gustav karna kattis kickan kicki krille kurre laban
lars-erik lasse leyla lillemor lillian linus lisen loffe lollo love-lis magda maj-britt malena malte manne margareta
mattis mehret melinda micke mirjam mirre märit nanny nettan nicke nikolaj nille nils-erik ninni nisse noomi oksana
olena olle otilia pella pelle per-olof petronella pia putte pål quentin raffe ragnvald rashad roffe ronja ronny runa
rurik rut ruth saga-lill sander sanna selam selma shirin sigbritt sigge signe sippan siv sixten smilla solveig sussi
svante svante-erik svea sven-erik svenning svitlana tariq tekla tesfay tessan thure tilde tilly tore torvald totte
tove troels ture tuva tyko uffe ulla-britt una urban valle vidar vivan yngve zeinab zlatan zoran ällis grażyna iwona
halina danuta zbyszek bartek ahmed mohammed muhammed muhammad abdi
"""
_MORE = frozenset(_MORE_TEXT.split())
_HOME = ("sv_SE", "fi_FI", "da_DK", "pl_PL", "hr_HR")
_ABROAD = (
    *("tr_TR", "az_AZ", "uz_UZ", "en_PK", "en_IN", "fr_DZ", "en_KE", "sw", "ha_NG", "yo_NG", "ig_NG", "tw_GH"),
    *(
        "es_ES",
        "pt_PT",
        "it_IT",
        "fr_FR",
        "ro_RO",
        "hu_HU",
        "cs_CZ",
        "sl_SI",
        "de_DE",
        "no_NO",
        "nl_NL",
        "en_GB",
        "en_US",
    ),
    *("et_EE", "lt_LT", "lv_LV", "uk_UA", "ru_RU", "bg_BG", "en_TH", "vi_VN", "ar_AA", "fa_IR"),
)
# Of each language's families the commonest; the package has ten.
_VIETNAMESE_TEXT = "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly thi van minh anh lan thanh"
_STROKES = str.maketrans("łđøıßæ", "ldoisæ")
_SHORT, _LONG = 2, 4
_COMMON = 6e-6
# Names of other languages count where Swedish hardly has the word: *Göken*, *Salami* and *Sonata* are somebody's, too.
_RARE = 1e-6
_NO_NAMES_TEXT = """
barna adel aden adonis africa agate albino alkor alpin amber anda anka anon aran aria autumn baba bale bali bara barr
basel bebe brit canal candela cas charity chase che chelsea cole comfort concha coral cord crystal dakota danish dawn
destiny diamond diken divan dulce ebony faith fancy fares floor flor gala gracias grit göken hardy harm hella hunter
innocent ion ira joy june kader kaiser kanak karam katana kiki lance lando lex lavender limon line liva lone loot lore
lot lucky lut macs mad made mare mart masa masar mate maxima melody mercy mile misty nada nae nail nana nas nazi
neptun oda orlando pak pal panini patience paw paz peer perla pier pim pius puk raid ramadan rana rein reina rica ritt
roar rok romano saba sad sadan sai salami sanda sandy santa savannah seda senna sierra silva sine sole sona sonad
sonata sos sydney sys tan tanner tea tine toker toki tone toy trinidad tutu ursa valid vakare venera verde wally wolf
yada سلام صباح
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())
_UNHEARD = 1e-7
# Names that nobody means who writes them small.
_WORDS_WRITTEN_SMALL_TEXT = """
agnes alma anda andre andres angel anka august baptist bara barna beata birk blanka borja carina dina donna duma enok
ester fia fran frans gabriel gro hanne harald hema hilding ida ilja isa iva jano jarl jim jort kaja karin karmen lana
laura lena leo lilian lilja lily lina linda lisen loa lucian luna mårten marie marina melon meta mila miranda moa
mobin murad murat måns neo nick nova olga otto ove penny petar peter rens rolf rudolf rut sander sanna sixten sonja
stella stian sys tanja tasar tina tindra tor unni ursula vagn vakare valle victor vilda vina viola viveka
"""
_WORDS_WRITTEN_SMALL = frozenset(_WORDS_WRITTEN_SMALL_TEXT.split())


@lru_cache(1)
def first_names() -> frozenset[str]:
    """First names of the package faker (Swedish, and of the languages immigrants to Sweden speak), lower case."""
    home = {name for name in _names(_HOME, "first_names") if len(name) > 1}
    return frozenset(home | _MORE | {name for name in _names(_ABROAD, "first_names") if _nobodys_word(name)})


@lru_cache(1)
def names_written_small() -> frozenset[str]:
    """First names that are names in small letters too: *lasse*, *ahmed*, *bettan*, but not *tor* or *tina*."""
    abroad = {name for name in first_names() if len(name) > _LONG and not simplemma.is_known(name, lang="sv")}
    known = {name for name in _names(("sv_SE",), "first_names") | _MORE | abroad if len(name) > _SHORT}
    return frozenset(known - WORDS_TOO - _WORDS_WRITTEN_SMALL)


@lru_cache(1)
def last_names() -> frozenset[str]:
    """Swedish last names of the package faker, lower case."""
    return frozenset(name.lower() for name in Swedish.last_names)


@lru_cache(1)
def foreign_last_names() -> frozenset[str]:
    """Last names of other languages, lower case; many are words there, so one alone is nobody's name."""
    listed = _names((*_HOME, *_ABROAD), "last_names") | frozenset(_VIETNAMESE_TEXT.split())
    return frozenset(name for name in listed - last_names() if len(name) > 1 and not _is_frequent(name))


def _names(languages: tuple[str, ...], of: str) -> set[str]:
    """The lists' names in lower case, also as one writes them who has only the letters of Swedish."""
    told = (getattr(import_module(f"faker.providers.person.{one}").Provider, of, ()) for one in languages)
    names = {name.lower() for one in told for name in one}
    return names | {unaccented(name) for name in names}


def unaccented(name: str) -> str:
    """*Yıldırım* as *yildirim*, *Wiśniewska* as *wisniewska*; å, ä and ö stay letters of their own."""
    if name.isascii():
        return name
    return "".join(sign if sign in "åäö" else _bare(sign) for sign in name.translate(_STROKES))


def _bare(sign: str) -> str:
    base = unicodedata.normalize("NFD", sign)
    return base[0] if base[0].isascii() else sign


def _nobodys_word(name: str) -> bool:
    """Whether a foreign first name is hardly a word here: Swedish has it seldom, or its dictionary not at all."""
    if len(name) <= _SHORT or name in _NO_NAMES:
        return False
    share = _frequencies().get(name, 0.0)
    return share <= _RARE or (share <= _COMMON and not simplemma.is_known(name, lang="sv"))


def _is_frequent(word: str) -> bool:
    return _frequencies().get(word, 0.0) > _COMMON


@lru_cache(1)
def _frequencies() -> dict[str, float]:
    return get_frequency_dict("sv", wordlist="best")


def is_unheard(word: str) -> bool:
    """Whether Swedish texts hardly ever have a lower-case word: two such with capitals are somebody's name."""
    return _frequencies().get(word, 0.0) <= _UNHEARD


def is_word(word: str) -> bool:
    """Whether a lower-case word is so common that it is hardly somebody's name, unless it is a known one."""
    return _frequencies().get(word, 0.0) > _COMMON and (word not in first_names() or word in RATHER_WORDS)
