"""Django's entry for the roof, which remembers which forms were already sent, and keeps the database's wall."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Where everything meets."""

    name = "openpbc.site"
    label = "site"

    def ready(self) -> None:
        """Tell each transaction what it sees; open the wall for migrations, and put it up after them."""
        from django.db.backends.signals import connection_created
        from django.db.models.signals import post_migrate, pre_migrate

        from openpbc.site import telling, wall

        connection_created.connect(telling.listen)
        pre_migrate.connect(wall.open_for_owner, sender=self)
        post_migrate.connect(wall.put_up, sender=self)
