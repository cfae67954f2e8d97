"""Papers: one document of plain values, printed as a web page, for Word and as PDF, with every figure the same."""

from openpbc.ui.documents.model import (
    Bullets,
    Document,
    Grid,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Text,
    plain_text,
)

__all__ = [
    "DOCX_TYPE",
    "PDF_TYPE",
    "Bullets",
    "Document",
    "Grid",
    "Heading",
    "Note",
    "PageBreak",
    "Paragraph",
    "Part",
    "Picture",
    "Text",
    "docx_bytes",
    "pdf_bytes",
    "plain_text",
]

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_TYPE = "application/pdf"


def docx_bytes(document: Document) -> bytes:
    """Print a document for Word; equal documents give equal bytes."""
    from openpbc.ui.documents import word  # with its library, which no start should wait for

    return word.docx_bytes(document)


def pdf_bytes(document: Document) -> bytes:
    """Print a document as PDF; equal documents give equal bytes."""
    from openpbc.ui.documents import pdf  # with its library, which no start should wait for

    return pdf.pdf_bytes(document)
