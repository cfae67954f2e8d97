"""Which canonical fields tell who a person is, by themselves or looked up elsewhere."""

from __future__ import annotations

import re

# Kept apart from what is counted. A record's own key is among it, because senders have put people's numbers into it
# (V-ALL-09), and so are the keys of a person's pathway and booking, by which others find the person.
IDENTIFIABLE = frozenset("cds_unique_id nhs_number local_patient_id dob postcode gp pathway_id ubrn".split())
# A field or column that is called so is treated alike, whether or not somebody thought of marking it.
LOOKS_PERSONAL = re.compile(
    r"nhs_?n|name|address|post_?code|(^|_)dob|birth_?d|date_?of_?birth|patient_?(id|no|num)|pathway_?id|ubrn|phone|e_?mail",
    re.IGNORECASE,
)
# Fields that are called so and tell of nobody.
_HARMLESS = frozenset({"nhs_number_status"})


def is_identifiable(field: str) -> bool:
    """Tell whether a canonical field is kept with the identities: it is marked so, or its name looks so."""
    return field in IDENTIFIABLE or (field not in _HARMLESS and bool(LOOKS_PERSONAL.search(field)))
