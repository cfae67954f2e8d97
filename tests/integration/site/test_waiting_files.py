"""Files that wait on the site: what nobody wants any more makes room for what is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from openpbc.activity import actions, models
from openpbc.activity.reads.drafts import lifetime
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, As, send
from tests.integration.site.forms.submissions import AT, month_file

pytestmark = pytest.mark.django_db


def test_a_file_that_is_sent_clears_those_that_nobody_wanted(as_role: As, settings, tmp_path) -> None:
    settings.HOME = tmp_path / "home"
    name, content = month_file("RWG")
    old = actions.open_draft(by=SYSTEM, place=HERE, scope="", name=name, content=[content])
    models.Draft.objects.update(made_at=timezone.now() - lifetime() - timedelta(minutes=1))
    answer = send(as_role("analyst"), f"{AT}/new", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content
    assert [each.code for each in models.Draft.objects.exclude(code=old)] and not models.Draft.objects.filter(code=old)
