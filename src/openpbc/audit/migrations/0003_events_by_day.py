"""Find the events of a day without reading all others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index alone: on SQLite a changed column would make the table anew, without its guards."""

    dependencies = [("audit", "0002_guards")]
    operations = [
        migrations.AddIndex(model_name="auditevent", index=models.Index(fields=["at"], name="audit_event_at")),
    ]
