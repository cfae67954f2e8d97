"""Addresses of the room's pages."""

from django.urls import path

from openpbc.organisations.pages import arrangements, cover, follow, listing, register, register_files, reviews

app_name = "organisations"
_ALL = "p/<str:place>/organisations"
urlpatterns = [
    path(_ALL, listing.listing, name="listing"),
    path(f"{_ALL}/register", register.register, name="register"),
    path(f"{_ALL}/who", register.who, name="who"),
    path(f"{_ALL}/follow/<str:code>", follow.follow, name="follow"),
    path(f"{_ALL}/follow/<str:code>/reviews/add", reviews.record, name="review-add"),
    path(f"{_ALL}/follow/<str:code>/reviews/outcome", reviews.outcome, name="review-outcome"),
    path(f"{_ALL}/reviews/<int:number>/withdraw", reviews.withdraw, name="review-withdraw"),
    path(f"{_ALL}/arrangements", arrangements.listing, name="arrangements"),
    path(f"{_ALL}/arrangements/<str:kind>/<str:subject>", arrangements.arrange, name="arrange"),
    path(f"{_ALL}/cover", cover.listing, name="cover"),
    path(f"{_ALL}/cover/<str:practice>/<str:kind>", cover.record, name="cover-record"),
    path(f"{_ALL}/files", register_files.files, name="files"),
    path(f"{_ALL}/files/new", register_files.send, name="file-new"),
    path(f"{_ALL}/files/<int:number>", register_files.check, name="file"),
]
