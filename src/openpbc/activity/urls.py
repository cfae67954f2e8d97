"""Addresses of the room's pages."""

from django.urls import path

from openpbc.activity.pages import (
    drafts,
    late,
    local_codes,
    mending,
    prices,
    provider_log,
    quality,
    submissions,
    supplied,
    unmasking,
)

app_name = "activity"
# The same pages twice: the commissioner's, and a provider's own, whose address names the provider.
_OWN = "p/<str:place>/providers/<str:provider>/submissions"
_ALL = "p/<str:place>/submissions"
_RECORDS = "p/<str:place>/practices/<str:practice>/records"
_RECORD = f"{_RECORDS}/<str:month>/<str:stream>/<str:file>/<int:line>/person"
urlpatterns = [
    path("p/<str:place>/prices", prices.prices, name="prices"),
    path(_ALL, submissions.submissions, name="submissions"),
    path(f"{_ALL}/new", drafts.submission_new, name="submission-new"),
    path(f"{_ALL}/waiting/<str:code>", drafts.draft, name="draft"),
    path(f"{_ALL}/<str:sha>", submissions.submission, name="submission"),
    path(f"{_ALL}/<str:sha>/to-mend.xlsx", mending.mending, name="mending"),
    path(f"{_ALL}/<str:sha>/to-mend.csv", mending.mending_lines, name="mending-lines"),
    path(_OWN, submissions.submissions, name="provider-submissions"),
    path(f"{_OWN}/new", drafts.submission_new, name="provider-submission-new"),
    path(f"{_OWN}/waiting/<str:code>", drafts.draft, name="provider-draft"),
    path(f"{_OWN}/<str:sha>", submissions.submission, name="provider-submission"),
    path(f"{_ALL}/<str:sha>/late", late.late, name="late"),
    path("p/<str:place>/providers/<str:provider>/log", provider_log.provider, name="provider"),
    path("p/<str:place>/prices/supplied", supplied.supplied, name="supplied"),
    path("p/<str:place>/codes", local_codes.codes, name="codes"),
    path("p/<str:place>/codes/map", local_codes.map_code, name="code-map"),
    path("p/<str:place>/codes/file", local_codes.load, name="codes-load"),
    path("p/<str:place>/codes/history", local_codes.history, name="code-history"),
    path(_RECORDS, unmasking.practice_records, name="practice-records"),
    path(_RECORD, unmasking.unmask, name="unmask"),
    path(f"{_RECORD}/shown", unmasking.unmasked, name="unmasked"),
    path("p/<str:place>/unmaskings", unmasking.unmaskings, name="unmaskings"),
    path("p/<str:place>/quality", quality.quality, name="quality"),
    path(
        "p/<str:place>/providers/<str:provider>/quality/<str:month>", quality.provider_quality, name="provider-quality"
    ),
    path(f"{_OWN}/<str:sha>/to-mend.xlsx", mending.mending, name="provider-mending"),
    path(f"{_OWN}/<str:sha>/to-mend.csv", mending.mending_lines, name="provider-mending-lines"),
]
