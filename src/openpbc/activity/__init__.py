"""What care was given: submissions, checks, attribution, prices."""
