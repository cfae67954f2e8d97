"""Addresses of the room's pages."""

from django.urls import path

from openpbc.measures.pages import listing, peers, records, releases, returns, sheet, shifts, waits, writing

app_name = "measures"
urlpatterns = [
    path("p/<str:place>/measures", listing.listing, name="listing"),
    path("p/<str:place>/measures/peers", peers.peers, name="peers"),
    path("p/<str:place>/measures/peers/agree", peers.change, name="change-peers"),
    path("p/<str:place>/measures/waits", waits.waits, name="waits"),
    path("p/<str:place>/measures/waits/send", waits.receive, name="receive-waits"),
    path("p/<str:place>/measures/shifts", shifts.shifts, name="shifts"),
    path("p/<str:place>/measures/shifts/<str:month>/<str:provider>/<str:hrg>", shifts.answer, name="answer-shift"),
    path("p/<str:place>/measures/releases", releases.releases, name="releases"),
    path("p/<str:place>/measures/returns", returns.returns, name="returns"),
    path("p/<str:place>/measures/returns/send", returns.receive, name="receive-returns"),
    path("p/<str:place>/units/<str:unit>/measures", listing.unit, name="unit"),
    path("p/<str:place>/measures/<str:code>", sheet.measure, name="measure"),
    path("p/<str:place>/measures/<str:code>/records", records.records, name="records"),
    path("p/<str:place>/measures/<str:code>/enter", writing.enter, name="enter"),
    path("p/<str:place>/measures/<str:code>/<str:provider>/target", writing.target, name="target"),
    path("p/<str:place>/measures/<str:code>/<str:provider>/action", writing.task, name="task"),
    path("p/<str:place>/measures/<str:code>/<str:provider>/action/<int:number>", writing.end_task, name="end-task"),
]
