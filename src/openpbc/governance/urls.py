"""Addresses of the room's pages."""

from django.urls import path

from openpbc.governance.pages import decisions, delegation, interest_register, interests, matters, owners, process
"""Addresses of the room: decisions, bodies, meetings and their items."""

from django.urls import path

from openpbc.governance.pages import (
    agenda,
    bodies,
    decisions,
    items,
    meeting_calendar,
    meeting_pack,
    meetings,
    minutes,
    room,
)

app_name = "governance"
_BODY = "p/<str:place>/bodies/<str:code>"
_MEETING = "p/<str:place>/meetings/<int:number>"
_ITEM = "p/<str:place>/meeting-items/<int:number>"
_AGREED = "p/<str:place>/meeting-actions"
urlpatterns = [
    path("p/<str:place>/process", process.process, name="process"),
    path("p/<str:place>/process/diagram", process.diagram, name="process-diagram"),
    path("p/<str:place>/process/new", process.store, name="process-store"),
    path("p/<str:place>/decisions", decisions.register, name="decisions"),
    path("p/<str:place>/decisions/new", decisions.record, name="record"),
    path("p/<str:place>/decisions/<int:number>", decisions.decision, name="decision"),
    path("p/<str:place>/interests", interests.mine, name="interests"),
    path("p/<str:place>/interests/new", interests.declare, name="interest-new"),
    path("p/<str:place>/interests/for", interests.declare_for, name="interest-for"),
    path("p/<str:place>/interests/none", interests.none, name="interest-none"),
    path("p/<str:place>/interests/confirm", interests.confirm, name="interest-confirm"),
    path("p/<str:place>/interests/household", owners.household, name="household"),
    path("p/<str:place>/interests/<int:number>/end", interests.end, name="interest-end"),
    path("p/<str:place>/interests/register", interest_register.register, name="interest-register"),
    path("p/<str:place>/interests/public", interest_register.public, name="interest-public"),
    path("p/<str:place>/interests/late", interest_register.breaches, name="interest-breaches"),
    path("p/<str:place>/interests/late/<int:number>", interest_register.breach, name="interest-breach"),
    path("p/<str:place>/owners", owners.owners, name="owners"),
    path("p/<str:place>/owners/new", owners.owner_new, name="owner-new"),
    path("p/<str:place>/matters", matters.matters, name="matters"),
    path("p/<str:place>/matters/one", matters.matter, name="matter"),
    path("p/<str:place>/matters/parties", matters.parties, name="matter-parties"),
    path("p/<str:place>/matters/ruling", matters.ruling, name="matter-ruling"),
    path("p/<str:place>/delegation", delegation.delegation, name="delegation"),
    path("p/<str:place>/delegation/new", delegation.new, name="delegation-new"),
    path("p/<str:place>/delegation/force", delegation.force, name="delegation-force"),
    path("p/<str:place>/bodies", bodies.listing, name="bodies"),
    path(_BODY, bodies.body, name="body"),
    path(f"{_BODY}/members/add", bodies.seat_add, name="seat-add"),
    path(f"{_BODY}/members/<int:number>/end", bodies.seat_end, name="seat-end"),
    path(f"{_BODY}/terms/add", bodies.terms_add, name="terms-add"),
    path(f"{_BODY}/terms/<int:number>", bodies.terms_file, name="terms-file"),
    path(f"{_BODY}/urgent", bodies.urgent, name="urgent"),
    path(f"{_BODY}/meetings.ics", meeting_calendar.body_calendar, name="body-calendar"),
    path("p/<str:place>/meetings", meetings.listing, name="meetings"),
    path("p/<str:place>/meetings/new", meetings.call, name="meeting-call"),
    path(_MEETING, meetings.meeting, name="meeting"),
    path(f"{_MEETING}/move", meetings.change, name="meeting-change"),
    path(f"{_MEETING}/cancel", meetings.cancel, name="meeting-cancel"),
    path(f"{_MEETING}/open", meetings.opening, name="meeting-open"),
    path(f"{_MEETING}/end", meetings.closing, name="meeting-close"),
    path(f"{_MEETING}/agenda", agenda.add_waiting, name="agenda-add"),
    path(f"{_MEETING}/items/add", agenda.add_item, name="item-add"),
    path(f"{_MEETING}/pack.zip", meeting_pack.pack, name="meeting-pack"),
    path(f"{_MEETING}/room", room.room, name="room"),
    path(f"{_MEETING}/attendance", room.attendance, name="room-attendance"),
    path(f"{_MEETING}/minutes", minutes.minutes, name="minutes"),
    path(f"{_MEETING}/minutes/note", minutes.meeting_note, name="meeting-note"),
    path(f"{_MEETING}/actions/add", minutes.agreed_add, name="agreed-add"),
    path(_ITEM, items.item, name="item"),
    path(f"{_ITEM}/change", items.change, name="item-change"),
    path(f"{_ITEM}/take-back", items.take_back, name="item-take-back"),
    path(f"{_ITEM}/papers/add", items.paper_add, name="paper-add"),
    path(f"{_ITEM}/papers/<int:paper>", items.paper, name="paper"),
    path(f"{_ITEM}/papers/<int:paper>/remove", items.paper_remove, name="paper-remove"),
    path(f"{_ITEM}/room", room.room_item, name="room-item"),
    path(f"{_ITEM}/declare", room.declare, name="item-declare"),
    path(f"{_ITEM}/asked", room.declare_none, name="item-ask"),
    path(f"{_ITEM}/votes", room.votes, name="item-votes"),
    path(f"{_ITEM}/vote", room.vote, name="item-vote"),
    path(f"{_ITEM}/decide", room.decide, name="item-decide"),
    path(f"{_ITEM}/confirm", room.confirm, name="item-confirm"),
    path(f"{_ITEM}/note", minutes.item_note, name="item-note"),
    path(_AGREED, minutes.agreed, name="agreed"),
    path(f"{_AGREED}/<int:number>/done", minutes.agreed_done, name="agreed-done"),
    path(f"{_AGREED}/<int:number>/remind", minutes.agreed_chase, name="agreed-chase"),
]
