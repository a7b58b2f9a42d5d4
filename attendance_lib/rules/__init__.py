"""What the law and DfE say: codes, thresholds, bands, notice rules, calendar and benchmarks, each dated and sourced."""
