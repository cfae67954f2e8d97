"""A form that writes: mistakes beside their fields, a check before what cannot be undone, one act, one redirect."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from openpbc.kernel.problems import UserError
from openpbc.ui.forms import (
    AREA,
    CHOICE,
    FILE,
    HIDDEN,
    Field,
    Form,
    choice,
    day,
    lines,
    one_of,
    pounds_and_pence,
    whole_number,
    words,
)
from openpbc.ui.writing import Checked, Writing, write

KINDS = (("big", "Big"), ("small", "Small"))
FORM = Form(
    (
        Field("amount", "Amount", pounds_and_pence, required="Say how much.", prefix="£"),
        Field("kind", "Kind", one_of(KINDS), kind=CHOICE, choices=KINDS, required="Choose a kind."),
        Field("why", "Reason", lines, kind=AREA, longest=100),
        Field("seen", "Seen", whole_number, kind=HIDDEN),
    )
)
GOOD = {"amount": "1,234.50", "kind": "big", "why": "two\nlines", "seen": "3"}


def sent(data: dict[str, str] | None, *, check: bool = True, act=lambda values: "/done"):
    factory = RequestFactory()
    request = factory.get("/form") if data is None else factory.post("/form", data)
    shown = Checked(rows=(("Amount", "£1,234.50"),), consequences=("It is done.",)) if check else None
    writing = Writing("Pay", FORM, "Pay now", act, (lambda values: shown) if shown else None)
    return write(request, writing)


def test_the_form_is_shown_and_nothing_is_done():
    answer = sent(None, act=lambda values: pytest.fail("a question must not act"))
    assert answer.status_code == 200
    assert b'name="amount"' in answer.content


def test_mistakes_come_back_beside_their_fields():
    answer = sent({"amount": "much", "kind": "", "seen": "3"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert text.count("Choose a kind.") == 2, "in the summary and beside the field"
    assert "much" in text


def test_what_cannot_be_undone_is_shown_first_and_done_once_confirmed():
    acted = []
    checked = sent(GOOD, act=lambda values: acted.append(values) or "/done")
    text = checked.content.decode()
    assert checked.status_code == 200
    assert "It is done." in text and not acted
    assert 'name="amount" value="1,234.50"' in text
    done = sent(GOOD | {"confirmed": "yes"}, act=lambda values: acted.append(values) or "/done")
    assert (done.status_code, done["Location"]) == (302, "/done")
    assert acted == [{"amount": 123450, "kind": "big", "why": "two\nlines", "seen": 3}]


def test_change_brings_the_form_back_with_what_was_written():
    answer = sent(GOOD | {"change": "yes"}, act=lambda values: pytest.fail("not confirmed"))
    assert b'value="1,234.50"' in answer.content


def test_what_the_action_refuses_is_told_beside_the_field_that_it_names():
    def act(values):
        raise UserError("that is more than there is", where="amount", do="Give less.")

    text = sent(GOOD, check=False, act=act).content.decode()
    assert text.count("That is more than there is. Give less.") == 2


def test_a_text_that_is_too_long_is_refused_and_not_cut():
    answer = sent(GOOD | {"why": "x" * 101})
    assert answer.status_code == 422
    assert b"longer than 100 characters" in answer.content


def test_written_text_stays_inert():
    hostile = '"><script>alert(1)</script>'
    assert b"<script>alert" not in sent(GOOD | {"why": hostile}).content


@pytest.mark.parametrize("text", ["2008-03-27", "27 March 2008", "27/3/2008", "27 Mar 2008"])
def test_days_may_be_written_as_people_write_them(text):
    assert day(text) == date(2008, 3, 27)


@pytest.mark.parametrize("read, text", [(day, "31 June 2008"), (whole_number, "-1"), (whole_number, "1.5"),
                                        (pounds_and_pence, "1.234"), (words, "a\x00b")])  # fmt: skip
def test_what_cannot_be_read_is_a_sentence(read, text):
    with pytest.raises(UserError):
        read(text)


def test_a_file_is_given_to_the_act_as_it_was_sent():
    form = Form((Field("paper", "Paper", str, kind=FILE, required="Choose the paper.", hint="Any."),))
    read = []
    writing = Writing("Send", form, "Send now", lambda values: read.append(values["paper"].read()) or "/done")
    factory = RequestFactory()
    answer = write(factory.post("/form", {"paper": SimpleUploadedFile("a.txt", b"content")}), writing)
    assert (answer.status_code, read) == (302, [b"content"])
    missing = write(factory.post("/form", {"paper": "a name alone"}), writing).content.decode()
    assert missing.count("Choose the paper.") == 2
    assert 'enctype="multipart/form-data"' in missing
    assert 'aria-describedby="paper-hint paper-error"' in missing


def test_what_is_offered_may_be_chosen_however_long_it_is():
    long = "somebody.with.a.long.name@a-practice-of-a-long-name.example"
    form = Form((choice("person", "Person", ((long, "Somebody"),), "Choose a person."),))
    assert form.read({"person": long}).values == {"person": long}
    (told,) = form.read({"person": "x" * (len(long) + 1)}).fields
    assert "longer than" in told.error
    (told,) = form.read({"person": "nobody@else"}).fields
    assert "not one of the choices" in told.error


@pytest.mark.parametrize(
    ("where", "told"), [("RWG.csv", "amount"), ("rwg.csv", "amount"), ("why", "why"), ("", "amount")]
)
def test_a_mistake_that_the_act_finds_begins_with_a_capital_unless_a_files_name_comes_first(where: str, told: str):
    found = FORM.read(GOOD).refused(UserError("the sum is odd", where, "Send it again."))
    (blamed,) = (each for each in found.fields if each.error)
    assert blamed.field.name == told
    assert blamed.error == (f"{where}: the" if "." in where else "The") + " sum is odd. Send it again."
