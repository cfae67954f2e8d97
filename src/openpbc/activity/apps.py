"""Django's entry for the room."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """What care was given: received files and the runs made from them."""

    name = "openpbc.activity"
    label = "activity"
