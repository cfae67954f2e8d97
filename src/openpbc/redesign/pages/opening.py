"""Opening a case on any channel: whoever may not see it is told why, and that everybody else opened it is kept.

The list of what somebody opened is what the chair gets when an interest is declared late.
"""

from __future__ import annotations

from django.http import HttpRequest

from openpbc.governance import actions as governance
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.seeing import opened_case

PAPER = "case as it is being written"


def opened(request: HttpRequest, place: str, number: int, what: str = "") -> Case:
    """Give a case to somebody who may see it; ``what`` names the paper that they open with that, if it is one."""
    known = opened_case(request.viewer, place, number)
    if what and request.method in ("GET", "HEAD"):
        download = request.GET.get("download", "")
        told = f"{what}, as {download[:60]}" if download else what
        governance.open_paper(by=request.viewer.actor, place=place, matter=known.matter, what=told)
    return known
