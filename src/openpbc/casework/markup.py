"""XML that strangers send: read without entities, without a document type, without network, and not without end."""

from __future__ import annotations

import re

from lxml import etree

from openpbc.kernel.problems import UserError

LARGEST = 1 << 20


def read_markup(text: bytes, where: str) -> etree._Element:
    """Read an XML file into its root element, or refuse it with a sentence."""
    if len(text) > LARGEST:
        raise UserError(f"the file has more than {LARGEST:,} bytes", where=where, do="Make it smaller.")
    try:
        plain = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("the file is not UTF-8 text", where=where, do="Save it as UTF-8.") from error
    if re.search(r"<!(DOCTYPE|ENTITY)", plain, re.IGNORECASE):
        raise UserError("the file declares a document type or entities", where=where, do="Take the declaration out.")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_pis=True
    )
    try:
        return etree.fromstring(plain.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise UserError(
            f"the file is not XML ({str(error)[:120]})", where=where, do="Save it anew from the tool that made it."
        ) from error


def local(element: etree._Element) -> str:
    """Give an element's name without its namespace; "" for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def space(element: etree._Element) -> str:
    """Give an element's namespace."""
    return (etree.QName(element).namespace or "") if isinstance(element.tag, str) else ""


def text_of(element: etree._Element | None) -> str:
    """Give the text inside an element on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
