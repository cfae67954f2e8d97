"""Pure decisions of finance: functions of figures and parameters that know no place, no year and no storage."""
