"""OpenPBC: the whole commissioning cycle as one chain of evidence."""

__version__ = "0.1.0"
