"""What a municipality's letters may say of itself: each constant's meaning, a sample, and which it must give."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constant:
    """One fact about the municipality, the same in all its letters."""

    name: str
    meaning: str
    sample: str
    required: bool = False


_PROMISES_SAID = {
    "en": "You will hear from us within three working days.",
    "fi": "Vastaamme sinulle kolmen työpäivän kuluessa.",
    "ar": "سنردّ عليك خلال ثلاثة أيام عمل.",
    "so": "Waxaan kuugu soo jawaabi doonnaa saddex maalmood oo shaqo ah gudahood.",
    "uk": "Ми відповімо вам протягом трьох робочих днів.",
    "pl": "Odpowiemy Ci w ciągu trzech dni roboczych.",
    "se": "Mii vástidit dutnje golmma bargobeaivvi siste.",
}
OF_AUTHORITY = ("personuppgiftsansvarig", "diarietext")
"""The constants that a letter of another nämnd's case brings its own words for (Rulings: the authority owns them)."""
_CONSTANTS = (
    Constant("kommun", "Kommunens namn", "Ekdala kommun", required=True),
    Constant("kommun_webb", "Kommunens webbplats", "https://www.ekdala.example", required=True),
    Constant("kommun_telefon", "Kommunens växel", "0400-12 30 00", required=True),
    Constant(
        "kommun_adress", "Kommunens postadress, eller besöksadressen där den är densamma", "Storgatan 1, 400 01 Ekdala"
    ),
    Constant(
        "personuppgiftsansvarig",
        "Nämnden som ansvarar för personuppgifterna",
        "Kommunstyrelsen i Ekdala kommun",
        required=True,
    ),
    Constant("dso", "Dataskyddsombudets adress", "dataskyddsombud@ekdala.example", required=True),
    Constant("svarslofte", "Löftet om svar, en hel mening", "Vi svarar dig inom tre arbetsdagar.", required=True),
    Constant("diarietext", "Hur ärenden registreras, en eller två meningar", "Vi registrerar ärendet hos kommunen."),
    Constant("gdpr_lank", "Sidan om personuppgifter", "https://www.ekdala.example/personuppgifter"),
    Constant(
        "gallring",
        "Hur länge uppgifterna sparas, en hel mening",
        "Uppgifterna sparas så länge som kommunens gallringsbeslut säger.",
    ),
    Constant("synpunkt_lank", "Formuläret för synpunkter", "https://www.ekdala.example/synpunkter"),
    Constant("blankett_lank", "Blanketten att skriva ut", "https://www.ekdala.example/blankett"),
    Constant("saker_lank", "Tjänsten för säkra meddelanden", "https://www.ekdala.example/sakra-meddelanden"),
    *(
        Constant(f"svarslofte_{code}", f"Löftet om svar på språket {code}", said)
        for code, said in _PROMISES_SAID.items()
    ),
)
CONSTANTS: dict[str, Constant] = {c.name: c for c in _CONSTANTS}
REQUIRED_CONSTANTS = frozenset(c.name for c in _CONSTANTS if c.required)


def sample_constants() -> dict[str, str]:
    """The constants of a municipality that does not exist."""
    return {c.name: c.sample for c in _CONSTANTS}
