"""Countries: ISO 3166-1 alpha-3 codes (with XKX, used for Kosovo) and names in three languages; ISO 4217 currencies.

Names come from the Unicode CLDR through Babel, in English, Spanish and Portuguese, and from `countries.toml`, which
holds what CLDR lacks. Both are read only where a cell is not a code already.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from agency import words
from agency.characters import fold

_COUNTRY_CODES = """
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM
BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR
CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB
GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA
JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA
MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR
NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS
SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON
TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM XKX YEM ZAF ZMB ZWE
"""

COUNTRIES = frozenset(_COUNTRY_CODES.split())
_LANGUAGES = ("en", "es", "pt")


def countries_named(name: str) -> tuple[str, ...]:
    """Return the codes a name can stand for: one, two for a name that is two countries, none for no country.

    Examples
    --------
    >>> countries_named("México"), countries_named("uk"), countries_named("DR Congo"), countries_named("Congo")
    (('MEX',), ('GBR',), ('COD',), ('COG', 'COD'))
    >>> countries_named("Atlantis")
    ()
    """
    return _names().get(_key(name), ())


def country_names(language: str = "") -> dict[str, str]:
    """Return what each country is called in a language, by default the reader's, in the order of its alphabet.

    Each name is read as its code.

    Examples
    --------
    >>> names = country_names("es")
    >>> names["ECU"], names["BRA"], names["COG"], len(names) == len(COUNTRIES)
    ('Ecuador', 'Brasil', 'Congo-Brazzaville', True)
    """
    from babel import Locale

    territories = Locale(language or words.language()).territories
    names = {code: territories[short] for short, code in _alpha2().items()}
    # In Spanish CLDR calls one of the two Congos just that: it is given its other name.
    names = {
        code: name if countries_named(name) == (code,) else _own()["names"][code][0] for code, name in names.items()
    }
    return dict(sorted(names.items(), key=lambda entry: fold(entry[1])))


def _key(name: str) -> str:
    """Return a name as it is looked up: Trinidad & Tobago is Trinidad and Tobago, The Gambia is Gambia."""
    return "_".join(word for word in fold(name).split("_") if word not in ("and", "y", "e", "the"))


@cache
def _own() -> dict[str, Any]:
    return tomllib.loads((resources.files("agency.vocabulary") / "countries.toml").read_text("utf-8"))


@cache
def _alpha2() -> dict[str, str]:
    """Return the codes by the two letters under which CLDR has their names: to it ECU is another name of EC."""
    from babel.core import get_global

    aliases = {"XKX": ["XK"], **get_global("territory_aliases")}
    return {aliases[code][0]: code for code in COUNTRIES if code in aliases}


@cache
def _names() -> dict[str, tuple[str, ...]]:
    from babel import Locale

    own = _own()
    alpha2 = _alpha2()
    names: dict[str, tuple[str, ...]] = {}
    for language in _LANGUAGES:
        territories = Locale(language).territories
        for short, code in alpha2.items():
            names[_key(territories[short])] = (code,)
    for short, code in alpha2.items():
        names[_key(short)] = names[_key(code)] = (code,)
    for code, given in own["names"].items():
        names.update({_key(name): (code,) for name in given})
    names.update({_key(name): tuple(codes) for name, codes in own["two"].items()})
    return names


@cache
def names_of_country(code: str) -> tuple[str, ...]:
    """Return the names of a country in English, Spanish and Portuguese, each once; the code itself where it is none.

    Examples
    --------
    >>> names_of_country("BRA"), names_of_country("ECU")
    (('Brazil', 'Brasil'), ('Ecuador', 'Equador'))
    """
    return tuple(dict.fromkeys(_called(language).get(code, code) for language in _LANGUAGES))


def name_of_country(code: str) -> str:
    """Return what a country is called in the reader's language; the code itself where it is none.

    Examples
    --------
    >>> name_of_country("BRA"), name_of_country("X")
    ('Brazil', 'X')
    """
    return _called(words.language()).get(code, code)


@cache
def _called(language: str) -> dict[str, str]:
    return country_names(language)


_CURRENCY_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF
CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED
VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG
"""

CURRENCIES = frozenset(_CURRENCY_CODES.split())
