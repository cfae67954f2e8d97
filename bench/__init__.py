"""What is measured, and against what: always a ratio, since a time alone says more of the machine than of us."""
