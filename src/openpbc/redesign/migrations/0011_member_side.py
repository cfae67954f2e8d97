"""Ask of each member whether they are commissioner, provider or both, and keep what is known of those who sit already."""

from django.db import migrations, models


def keep_what_is_known(apps, schema_editor):
    """A commissioner who may bid is both. Of everybody else nothing was asked: they stay without a label.

    That somebody may not bid was the default of a field and no answer, and a seat alone does not say what else they do.
    """
    apps.get_model("redesign", "Member").objects.filter(kind="commissioner", may_bid=True).update(side="both")


class Migration(migrations.Migration):
    """The label, what is known of it, and that it and the possible bid never say different things."""

    dependencies = [("redesign", "0010_milestone_guards")]
    operations = [
        migrations.AddField(
            model_name="member",
            name="side",
            field=models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.RunPython(keep_what_is_known, migrations.RunPython.noop, elidable=False),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("side", ""),
                    models.Q(("may_bid", True), ("side", "both")),
                    models.Q(("may_bid", False), ("side__in", ("commissioner", "provider"))),
                    _connector="OR",
                ),
                name="redesign_member_side",
            ),
        ),
    ]
