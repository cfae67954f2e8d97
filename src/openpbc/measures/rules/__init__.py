"""The law of measures: what counts for one record, and the arithmetic of rates, intervals, quartiles and charts."""
