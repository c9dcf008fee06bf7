"""Numbers and sums as reports write them: 3兆5,000億円, Rs 14,250 crore, 5 lakh crore rupees, USD 75 billion."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

UNITS = {
    "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
    "千": 3, "万": 4, "億": 8, "兆": 12, "हज़ार": 3, "हजार": 3, "लाख": 5, "करोड़": 7, "अरब": 9, "खरब": 11,
}  # fmt: skip
"""Powers of ten by name. A lakh is 10^5 and a crore 10^7; 万 is 10^4, 億 10^8 and 兆 10^12."""

CURRENCIES = {
    "円": "JPY", "yen": "JPY", "¥": "JPY",
    "ルピー": "INR", "rupee": "INR", "rupees": "INR", "rs": "INR", "rs.": "INR", "₹": "INR", "रुपये": "INR", "रुपए": "INR",
    "米ドル": "USD", "us$": "USD",
}  # fmt: skip
"""Currencies by name; an ISO 4217 code may be written too. A dollar that does not say whose is none of these."""


def _alternatives(names: dict[str, int] | dict[str, str]) -> str:
    # Spelt as the text will be: some letters of Devanagari have two forms.
    found = {unicodedata.normalize("NFKC", name) for name in names}
    return "|".join(re.escape(name) for name in sorted(found, key=lambda name: (-len(name), name)))


_UNITS = {unicodedata.normalize("NFKC", name): power for name, power in UNITS.items()}
_CURRENCIES = {unicodedata.normalize("NFKC", name): code for name, code in CURRENCIES.items()}
_CURRENCY = rf"(?:(?i:{_alternatives(CURRENCIES)})|[A-Z]{{3}})"
# Separators stand before three digits at the end and before two or three elsewhere, or they are decimal commas.
_NUMBER = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d+)(?:\.\d+)?"
_PART = rf"({_NUMBER})\s*((?:(?i:{_alternatives(UNITS)})\s*)*)"
_SUM = re.compile(rf"(?P<before>{_CURRENCY})?\s*(?P<parts>(?:{_PART})+)(?P<after>{_CURRENCY})?")


def plain(text: str) -> tuple[str, str]:
    """Return a number as plain digits, and the ISO 4217 code of the currency it names, else an empty text.

    Parts add up as they do in Japanese, from the largest unit down: 3兆5,000億 is 3,500,000,000,000.

    Raises:
        ValueError: it is no such number, names two currencies, or its parts do not fall in size.
    """
    match = _SUM.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise ValueError(f"{text!r} is not a number or sum")
    named = {_CURRENCIES.get(name.lower(), name) for name in (match["before"], match["after"]) if name}
    if len(named) > 1:
        raise ValueError(f"{text!r} names two currencies")
    total, last = Decimal(0), 10**30
    for number, units in re.findall(_PART, match["parts"]):
        power = 10 ** sum(_UNITS[unit.lower()] for unit in re.findall(f"(?i:{_alternatives(UNITS)})", units))
        if power >= last:
            raise ValueError(f"{text!r} has parts that do not fall in size")
        total, last = total + Decimal(number.replace(",", "")) * power, power
    return f"{total.normalize():f}", next(iter(named), "")
