"""The special tracks of domain.md §5: what each is called and what the registrator does with it at once."""

TRACKS: dict[str, str] = {
    "Akut fara": "Ring 112. Larma chefen i beredskap. E-post är ingen väg för nödläge.",
    "Orosanmälan": (
        "Lämna genast till socialnämnden, per telefon eller säkert meddelande. Innehållet får inte spridas någon "
        "annanstans (socialtjänstlagen 19 kap. 1 §)."
    ),
    "Lex Sarah": "Rapporteras genast inom socialtjänsten. Ett allvarligt missförhållande anmäls till IVO.",
    "Vårdskada": "Vårdgivaren svarar med en förklaring. Berätta om patientnämnden och bedöm lex Maria.",
    "Skolklagomål": "Bekräfta, utred skyndsamt och återkoppla (skollagen 4 kap. 8 §).",
    "Kränkande behandling": "Till rektor, som anmäler till huvudmannen (skollagen 6 kap. 10 §).",
    "Överklagande": "Till den som beslutade, i dag, med tidpunkten då det kom in (förvaltningslagen 45 och 46 §§).",
    "Begäran om allmän handling": "Till utlämnandet, genast. Fråga inte vem som begär eller varför.",
    "Skadestånd": "Till jurist eller försäkringsbolag. Medge ingenting.",
    "Brev från JO": "Till kansliet.",
    "Visselblåsning": "Bara utsedda mottagare. Bekräfta inom sju dagar, återkoppla inom tre månader (lag 2021:890).",
    "Felanmälan": "Lägg in i felanmälningssystemet.",
    "Begäran enligt GDPR": "Till nämnden och dataskyddsombudet. Svar inom en månad.",
    "Miljöanmälan": "Tillsyn och miljödiariet. Misstänkt brott anmäls till polisen.",
    "Parkeringsanmärkning": "Rättelse och bestridande hör till Polismyndigheten. Hänvisa dit.",
    "Brott eller tips": "Hänvisa till polisen. Vid hot: följ policyn om hot och våld.",
    "Medborgarförslag": "Till kommunfullmäktige, där fullmäktige har bestämt att sådana får väckas.",
}


def instruction(track: str) -> str:
    """What to do with this track; a plain hint where the track is the municipality's own."""
    return TRACKS.get(track, "Följ kommunens rutin för den här ordningen.")
