"""Measures a published month: facts of every record -> marks of every measure -> counts, without Django.

    measure(store, book, month, source, lay, people) -> Run

The run's tables, beside the run of the month that they are made from:
    ``marks``     measure, stream, file, line, provider, tfc, hrg, practice, unit, reason, numerator, denominator,
                  priced_units, pence; one row for each record that a measure looks at. ``reason`` is empty where it
                  counts.
    ``measured``  the same summed over records: measure, provider, tfc, hrg, practice, unit, reason, records,
                  numerator, denominator, priced_units, pence
    ``people``    practice, unit, people: the lists on the last day of the month
"""

from openpbc.measures.flow.measuring import Source, measure

__all__ = ["Source", "measure"]
