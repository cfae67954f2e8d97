"""Django's entry for the roof, which remembers which forms were already sent."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Where everything meets."""

    name = "openpbc.site"
    label = "site"
