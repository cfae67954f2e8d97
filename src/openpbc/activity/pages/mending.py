"""Lines to mend: taken away as a workbook or as CSV, and the workbook that comes back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from openpbc.activity import actions
from openpbc.activity.flow.receiving import Claim
from openpbc.activity.pages.links import may_read_identities
from openpbc.activity.pages.mending_sheets import Returned, mending_csv, mending_workbook, read_mending
from openpbc.activity.pages.submissions import submission_of
from openpbc.activity.reads.mending import to_mend
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.ui.exports import CSV_TYPE
from openpbc.ui.pages import attachment
from openpbc.ui.workbooks import WORKBOOK_TYPE

MAGIC = b"PK\x03\x04"


def mending(request: HttpRequest, place: str, sha: str, provider: str = "") -> HttpResponse:
    """The lines of a file that must be mended, as a workbook to be sent back."""
    found = submission_of(place, provider, sha)
    wrong = to_mend(place, found.sha256, identities=may_read_identities(request, place, provider))
    return attachment(mending_workbook(wrong), WORKBOOK_TYPE, f"to_mend_{found.file}.xlsx")


def mending_lines(request: HttpRequest, place: str, sha: str, provider: str = "") -> StreamingHttpResponse:
    """The same lines as CSV, however many they are."""
    found = submission_of(place, provider, sha)
    name = f'attachment; filename="to_mend_{found.file}.csv"'
    lines = mending_csv(to_mend(place, found.sha256, identities=may_read_identities(request, place, provider)))
    return StreamingHttpResponse(lines, content_type=CSV_TYPE, headers={"Content-Disposition": name})


def open_mended(by: Actor, place: str, scope: str, content: bytes, name: str) -> str:
    """Make a draft of a workbook that came back; one in which nothing was changed makes none."""
    returned = read_mending(place, content, name, provider=scope, identities=bool(scope))
    refuse_untouched(returned, name)
    found = returned.submission
    return actions.open_draft(
        by=by,
        place=place,
        scope=scope,
        name=returned.name,
        content=returned.wrong.mended(returned.changes),
        claim=Claim(found.provider or None, found.month or None, found.layout),
        mends=found.sha256,
        mended=len(returned.changes),
    )


def refuse_untouched(returned: Returned, name: str) -> None:
    """Tell that nothing was changed, so that nothing is to be sent."""
    if not returned.changes:
        raise UserError(
            "no line was changed, so there is nothing to receive and nothing was kept", name, "Mend a line first."
        )
