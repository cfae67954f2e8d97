"""The SYNTHETIC county: seeded records of care at true size, with planted faults. Nobody in it is real."""
