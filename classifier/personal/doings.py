"""What a person does and a thing does not: a word that is a name too is a name before it (*Björn ringde*)."""

import re

_SAYS = (
    "sa|sade|säger|sagt|svara(?:de|r|t)|ring(?:de|er|t)|lova(?:de|r|t)|skr(?:ev|iver|ivit|ek|iker)|hjälp(?:te|er|t)|jobba(?:de|r|t)"
    "|arbeta(?:de|r|t)|slog|slår|sparka(?:de|r)|hota(?:de|r)|berätta(?:de|r)|mejla(?:de|r)|fråga(?:de|r)|påsto?d|kör(?:de)?|titta(?:de|r)"
    "|skotta(?:de|r)|städa(?:de|r)|slutade|slutat|började|vägra(?:de|r)|anmäl(?:de|er)|bor|bodde|tycker|tyckte|visste|vet|tog"
)
_IS = "har|hade|är|var|heter|kom|kommer|vill|ville|ska|skulle|kan|kunde|fick|får|gick|går|mår|mådde|gjorde|gör|blev"
_AT_WORK = r"på\s(?:tekniska|socialen|socialtjänsten|kommunen|bygg\w*|miljö\w*|receptionen|växeln|vaktmästeriet|soc)"
DOES = re.compile(
    rf"\s{{1,3}}(?:som\s(?:{_SAYS}|{_IS}|alltid|aldrig|inte)|inte\s(?:{_SAYS})|(?:{_SAYS}|{_IS})|{_AT_WORK})\b"
)
"""Stands after who does it; *är* and *har* too, so where a word begins with a small letter it is not asked."""

SAYS = re.compile(rf"\s{{1,3}}(?:som\s)?(?:{_SAYS})\b")
"""Stands after who does it, however that is written."""

IT_WAS = re.compile(r"\b(?:det\s(?:var|är)|hos|åt|bakom|av|med)\s$", re.IGNORECASE)
"""Stands before somebody, however that is written."""
