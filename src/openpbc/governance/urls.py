"""Addresses of the room's pages."""

from django.urls import path

from openpbc.governance.pages import decisions, delegation, interest_register, interests, matters, owners, process

app_name = "governance"
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
]
