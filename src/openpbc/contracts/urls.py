"""Addresses of the room's pages."""

from django.urls import path

from openpbc.contracts.pages import agreements, agreements_writing, contract_register

app_name = "contracts"
urlpatterns = [
    path("p/<str:place>/contracts", contract_register.register, name="register"),
    path("p/<str:place>/agreements", agreements.listing, name="agreements"),
    path("p/<str:place>/agreements/add", agreements_writing.add, name="agreement-add"),
    path("p/<str:place>/agreements/<str:code>", agreements.agreement, name="agreement"),
    path("p/<str:place>/agreements/<str:code>/change", agreements_writing.change, name="agreement-change"),
    path("p/<str:place>/agreements/<str:code>/record", agreements_writing.record, name="agreement-record"),
    path("p/<str:place>/agreements/<str:code>/activate", agreements_writing.activate, name="agreement-activate"),
]
