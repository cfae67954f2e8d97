"""Registers as at a day: the form that asks for the day, and how it is read."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from openpbc.ui.forms import Answer, Field, Form, day

AS_AT = Form((Field("on", "As at", day, "Such as 31/3/2009", width="10"),))


def as_at(request: HttpRequest, otherwise: date) -> tuple[date, Answer]:
    """Give the day that ``?on=`` asks for, or another where none is asked, and the form that shows it."""
    answer = AS_AT.read(request.GET)
    on: date = answer.values.get("on", otherwise)
    return on, answer if answer.asked else AS_AT.filled({"on": f"{on:%-d/%-m/%Y}"})
