"""Trials that take longer than tests, each run from the project's folder as ``python -m benchmarks.NAME``.

One thread for sums, as in a report's kernel (``reports/execute.py``), set here because numpy asks once, when it is first
imported: of more threads each would mostly wait for the others, and waiting counts as seconds of the processor. A report of 562
pupils so seemed to take 20 seconds where it takes 4.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("POLARS_MAX_THREADS", "1")
