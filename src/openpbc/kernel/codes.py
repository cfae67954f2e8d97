"""The field's codes: their shapes and check digits. Which codes exist is data in the rulebook, not here.

The shapes are kept as regular-expression text because the same text guards typed fields in SQL.
"""

from __future__ import annotations

import re

# Shapes by NHS Data Dictionary usage; a practice code of England, or of the Channel Islands and Alderney.
PRACTICE = r"([A-HJ-NP-WY][0-9]{5}|(ALD|GUE|JER)[0-9]{3})"
PROVIDER = r"[A-Z0-9]{3,6}"
COMMISSIONER = r"[A-Z0-9]{3,5}"
SITE = r"[A-Z0-9]{5,9}"
HRG4 = r"[A-Z]{2}[0-9]{2}[A-Z]"
HRG35 = r"[A-Z][0-9]{2}"
ICD10 = r"[A-Z][0-9]{2}[0-9X][0-9A-Z]{0,2}"
OPCS4 = r"[A-Z][0-9]{2}[0-9]"
POSTCODE = r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}"
NHS_NUMBER = r"[0-9]{10}"
ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ ._-]?\d{3}[ ._-]?\d{4}(?!\d)", re.ASCII)
_SEPARATORS = re.compile(r"[ -]")


def matches(shape: str, text: str) -> bool:
    """Tell whether the whole text has the shape."""
    return re.fullmatch(shape, text) is not None


def clean_nhs_number(text: str) -> str:
    """Take out the spaces and hyphens with which NHS numbers are written."""
    return _SEPARATORS.sub("", text)


def nhs_number_ok(text: str) -> bool:
    """Check an NHS number of ten digits by its modulus-11 check digit; all-equal digits are refused."""
    digits = clean_nhs_number(text)
    if not re.fullmatch(NHS_NUMBER, digits) or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9]))
    check = 11 - total % 11
    return check != 10 and check % 11 == int(digits[9])


def names_somebody(text: str) -> bool:
    """Tell whether a text, such as a file's name, holds a valid NHS number."""
    return any(nhs_number_ok(re.sub(r"\D", "", found)) for found in _TEN_DIGITS.findall(text))


def plain_clinical_code(text: str) -> str:
    """Write an ICD-10 or OPCS-4 code in capitals, without its dot and spaces."""
    return text.strip().upper().replace(".", "")


def provider_match(code: str) -> str:
    """Give the code by which a provider is matched: a five-character trust code padded with 00 loses the padding."""
    if len(code) == 5 and code.startswith("R") and code.endswith("00"):
        return code[:3]
    return code
