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
from openpbc.ui.documents.pdf import PDF_TYPE, pdf_bytes
from openpbc.ui.documents.word import DOCX_TYPE, docx_bytes

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
