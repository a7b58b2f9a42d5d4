"""A school opened for one period and cohort: what every section of every paper reads."""
