"""Where things are: the place's own addresses, and those that a provider's people use for what is theirs."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from openpbc.activity.reads import Submission
from openpbc.activity.reads.viewers import may_read, may_send
from openpbc.ui.figures import Cell, Link
from openpbc.ui.pages import Crumb


def href(name: str, place: str, provider: str = "", **about: str) -> str:
    """The address of a page of the room; with a provider, the one that its people use."""
    if provider:
        return reverse(f"activity:provider-{name}", kwargs={"place": place, "provider": provider, **about})
    return reverse(f"activity:{name}", kwargs={"place": place, **about})


def listing_crumb(place: str, provider: str = "") -> Crumb:
    """The list of submissions: the place's, or a provider's own."""
    return Crumb("Submissions", href("submissions", place, provider))


def submission_href(place: str, file: str, provider: str = "") -> str:
    """The page of one received file."""
    return href("submission", place, provider, sha=file)


def file_link(request: HttpRequest, place: str, file: Submission, text: str) -> Cell:
    """Words that lead to the page of a file: the place's page, or the provider's own, whichever one may see."""
    if request.may("activity:submission", place=place, sha=file.file):
        return Link(text, submission_href(place, file.file))
    if request.may("activity:provider-submission", place=place, provider=file.provider, sha=file.file):
        return Link(text, submission_href(place, file.file, file.provider))
    return text


def draft_href(place: str, provider: str, code: str) -> str:
    """The page of a file that waits."""
    return href("draft", place, provider, code=code)


def may_read_identities(request: HttpRequest, place: str, provider: str = "") -> bool:
    """Tell whether somebody may see who the people of a file are: a provider's own people, who sent it, alone."""
    return may_send(request.viewer, place, provider)


def may_read_records(request: HttpRequest, place: str, provider: str = "") -> bool:
    """Tell whether somebody may see what stands in a file: analysts, and a provider's own people in its own files."""
    return may_read_identities(request, place, provider) or may_read(request.viewer, place)
