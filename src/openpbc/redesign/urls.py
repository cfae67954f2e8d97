"""Addresses of the room's pages."""

from django.urls import path

from openpbc.redesign.pages import (
    acting,
    case,
    comparing,
    conclave,
    listing,
    parts,
    proposing,
    register_forms,
    registers,
    separation,
    speed,
    team,
)
from openpbc.redesign.pages import templates as blanks

app_name = "redesign"
CASE = "p/<str:place>/cases/<int:number>"
PART = f"{CASE}/parts/<slug:part_code>"
urlpatterns = [
    path("p/<str:place>/cases", listing.listing, name="cases"),
    path("p/<str:place>/cases/propose", proposing.propose, name="propose"),
    path("p/<str:place>/cases/speed", speed.shown, name="speed"),
    path("p/<str:place>/cases/templates", blanks.library, name="templates"),
    path("p/<str:place>/cases/templates/<slug:kind>", blanks.blank, name="template"),
    path(CASE, case.case, name="case"),
    path(f"{CASE}/change", proposing.change, name="change"),
    path(f"{CASE}/groups/add", proposing.concern, name="concern"),
    path(f"{CASE}/groups/<str:unit>/rank", proposing.rank, name="rank"),
    path(f"{CASE}/groups/<str:unit>/answer", acting.agree, name="agree"),
    path(f"{CASE}/team", team.team, name="team"),
    path(f"{CASE}/team/add", team.member_add, name="member-add"),
    path(f"{CASE}/team/waive", team.waive, name="waive"),
    path(f"{CASE}/team/<int:member>/left", team.member_end, name="member-end"),
    path(f"{CASE}/team/<str:unit>/lead", separation.lead, name="lead"),
    path(f"{CASE}/diagram.svg", case.diagram, name="diagram"),
    path(f"{CASE}/picture.svg", parts.picture, name="picture"),
    path(PART, parts.shown_part, name="part"),
    path(f"{PART}/write", parts.write_part, name="part-write"),
    path(f"{PART}/add", parts.row_add, name="row-add"),
    path(f"{PART}/<int:at>", parts.row, name="row"),
    path(f"{PART}/<int:at>/remove", parts.row_remove, name="row-remove"),
    path(f"{CASE}/steps/<str:way>", acting.step, name="step"),
    path(f"{CASE}/reviews/<slug:function>", acting.review, name="review"),
    path(f"{CASE}/comments/add", acting.comment, name="comment"),
    path(f"{CASE}/comments/<int:comment>/reply", acting.reply, name="reply"),
    path(f"{CASE}/versions/<int:at>", comparing.shown_version, name="version"),
    path(f"{CASE}/compare", comparing.compare, name="compare"),
    path(f"{CASE}/intentions/add", register_forms.intention_link, name="intention-link"),
    path("p/<str:place>/intentions", registers.intentions, name="intentions"),
    path("p/<str:place>/conclave", conclave.conclave, name="conclave"),
    path("p/<str:place>/conclave/blocks", conclave.blocks, name="conclave-blocks"),
    path("p/<str:place>/conclave/reports/new", conclave.report_new, name="conclave-report-new"),
    path("p/<str:place>/conclave/reports/<int:number>", conclave.report, name="conclave-report"),
    path(
        "p/<str:place>/conclave/reports/<int:number>/received/<slug:audience>",
        conclave.received,
        name="conclave-received",
    ),
    path("p/<str:place>/shared-pathways", registers.pathways, name="pathways"),
    path("p/<str:place>/shared-pathways/<slug:pathway>/<str:unit>", register_forms.adopt, name="adopt"),
    path("p/<str:place>/assessment-services", registers.services, name="services"),
    path("p/<str:place>/assessment-services/<str:unit>/<slug:service>", register_forms.service, name="service"),
    path("p/<str:place>/barriers", registers.barriers, name="barriers"),
    path("p/<str:place>/barriers/add", register_forms.barrier_add, name="barrier-add"),
    path("p/<str:place>/barriers/<int:number>", register_forms.barrier, name="barrier"),
]
