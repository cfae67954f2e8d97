"""Addresses of the room's pages."""

from django.urls import path

from openpbc.monitoring.pages import (
    budgeting,
    due,
    entering,
    following,
    in_year,
    monthly_pack,
    months,
    packs,
    statements,
    units,
)

app_name = "monitoring"
urlpatterns = [
    path("p/<str:place>/months", months.months, name="months"),
    path("p/<str:place>/months/<str:month>", months.month, name="month"),
    path("p/<str:place>/months/<str:month>/pack", monthly_pack.pack, name="monthly-pack"),
    path("p/<str:place>/units/<str:unit>", units.unit, name="unit"),
    path("p/<str:place>/practices/<str:practice>", units.practice, name="practice"),
    path("p/<str:place>/position/<str:month>", in_year.whole, name="position"),
    path("p/<str:place>/units/<str:unit>/position/<str:month>", in_year.group, name="unit-position"),
    path("p/<str:place>/practices/<str:practice>/position/<str:month>", in_year.practice, name="practice-position"),
    path("p/<str:place>/position/<str:month>/note", following.note, name="note"),
    path("p/<str:place>/units/<str:unit>/position/<str:month>/note", following.note, name="unit-note"),
    path("p/<str:place>/position/<str:month>/action", following.task, name="action"),
    path("p/<str:place>/units/<str:unit>/position/<str:month>/action", following.task, name="unit-action"),
    path("p/<str:place>/actions/<int:task>", following.end_task, name="end-action"),
    path("p/<str:place>/units/<str:unit>/actions/<int:task>", following.end_task, name="end-unit-action"),
    path("p/<str:place>/position/<str:month>/lock", following.lock, name="lock"),
    path("p/<str:place>/position/<str:month>/reopen", following.unlock, name="unlock"),
    path("p/<str:place>/entries", entering.entries, name="entries"),
    path("p/<str:place>/entries/new", entering.enter, name="enter"),
    path("p/<str:place>/entries/<int:entry>/correct", entering.correct, name="correct"),
    path("p/<str:place>/entries/file", entering.upload, name="upload"),
    path("p/<str:place>/entries/files/<int:number>", entering.uploaded, name="uploaded"),
    path("p/<str:place>/profiles", budgeting.profiles, name="profiles"),
    path("p/<str:place>/profiles/<str:line>", budgeting.profile, name="profile"),
    path("p/<str:place>/units/<str:unit>/division", budgeting.division, name="unit-division"),
    path("p/<str:place>/units/<str:unit>/statement", statements.group, name="unit-statement"),
    path("p/<str:place>/practices/<str:practice>/statement", statements.practice, name="practice-statement"),
    path("p/<str:place>/units/<str:unit>/pack", packs.pack, name="unit-pack"),
    path("p/<str:place>/units/<str:unit>/pack/<str:month>/sent", packs.sent, name="pack-sent"),
    path("p/<str:place>/position/<str:month>/due", due.due, name="due"),
]
