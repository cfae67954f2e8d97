"""A person at the site without a browser: opens a page, fills in the form that it shows, and checks the answers."""

from __future__ import annotations

import html
import re

from django.test import Client
from lxml.html import FormElement, fromstring

_NUMBER = re.compile(r"/(\d+)$")


class Person:
    """One persona; every form is filled in as the page shows it, with what is written over it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def read(self, path: str, status: int = 200) -> str:
        """Give a page in plain words."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return plain(answer.content.decode())

    def links(self, path: str) -> dict[str, str]:
        """Give the ways that a page offers, by their text."""
        page = fromstring(self.client.get(path).content.decode())
        return {" ".join(each.text_content().split()): each.get("href") for each in page.xpath("//main//a")}

    def fill(self, path: str, **written: str) -> str:
        """Fill in a form, check its answers where it asks for that, and give the address to which it led."""
        answer = self.sent(path, **written)
        assert answer.status_code == 302, plain(answer.content.decode())[:3000]
        return str(answer.headers["Location"])

    def refused(self, path: str, **written: str) -> str:
        """Fill in a form that is refused, and give the page in plain words."""
        answer = self.sent(path, **written)
        assert answer.status_code in (403, 409, 422), answer.status_code
        return plain(answer.content.decode())

    def sent(self, path: str, **written: str):
        """Send a form as it is shown, then what it shows to be checked."""
        shown = self.client.get(path)
        assert shown.status_code == 200, (path, shown.status_code, plain(shown.content.decode())[:500])
        answer = self.client.post(path, _values(shown.content.decode()) | written)
        if answer.status_code == 200 and b'name="confirmed"' in answer.content:
            answer = self.client.post(path, _values(answer.content.decode()) | {"confirmed": "yes"})
        return answer


def number_of(address: str) -> int:
    """Give the number at the end of an address."""
    found = _NUMBER.search(address.partition("?")[0])
    assert found, address
    return int(found[1])


def plain(page: str) -> str:
    """Give a page without its marks."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def _values(page: str) -> dict[str, str]:
    forms: list[FormElement] = [each for each in fromstring(page).forms if "idempotency_key" in each.fields]
    assert forms, plain(page)[:500]
    return {name: value or "" for name, value in forms[0].form_values()}
