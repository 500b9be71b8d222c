"""The nineteen neutral subject areas the shipped model knows; a profile maps each to its own unit."""

from enum import StrEnum


class Area(StrEnum):
    """Verksamhetsområde; what belongs where is told in the labelling guide beside the training letters."""

    KANSLI = "kansli"
    GATA_PARK = "gata_park"
    VA_AVFALL = "va_avfall"
    BYGGLOV = "bygglov"
    MILJO_HALSA = "miljo_halsa"
    FORSKOLA = "forskola"
    GRUNDSKOLA = "grundskola"
    GYMNASIUM_VUX = "gymnasium_vux"
    ALDREOMSORG = "aldreomsorg"
    FUNKTIONSSTOD = "funktionsstod"
    IFO = "ifo"
    HALSO_SJUKVARD = "halso_sjukvard"
    KULTUR_FRITID = "kultur_fritid"
    RADDNING = "raddning"
    FASTIGHET_LOKAL = "fastighet_lokal"
    KOST = "kost"
    NARINGSLIV = "naringsliv"
    PERSONAL = "personal"
    EXTERN = "extern"


AREA_NAMES: dict[Area, str] = {
    Area.KANSLI: "Kansli och demokrati",
    Area.GATA_PARK: "Gata, trafik och park",
    Area.VA_AVFALL: "Vatten, avlopp och avfall",
    Area.BYGGLOV: "Bygglov, plan och karta",
    Area.MILJO_HALSA: "Miljö- och hälsoskydd",
    Area.FORSKOLA: "Förskola",
    Area.GRUNDSKOLA: "Grundskola och fritidshem",
    Area.GYMNASIUM_VUX: "Gymnasium och vuxenutbildning",
    Area.ALDREOMSORG: "Äldreomsorg",
    Area.FUNKTIONSSTOD: "Funktionsstöd",
    Area.IFO: "Individ- och familjeomsorg",
    Area.HALSO_SJUKVARD: "Kommunal hälso- och sjukvård",
    Area.KULTUR_FRITID: "Kultur och fritid",
    Area.RADDNING: "Räddningstjänst",
    Area.FASTIGHET_LOKAL: "Kommunens lokaler",
    Area.KOST: "Måltider",
    Area.NARINGSLIV: "Näringsliv och upphandling",
    Area.PERSONAL: "Personal",
    Area.EXTERN: "Inte kommunens ansvar",
}
