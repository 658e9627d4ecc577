"""Eigendecompositions by LAPACK through NumPy, asked line by line over standard input (JSON).

matrix        size; n² raw float64 follow; no answer values
vectors       eigenvalues (ascending) and seconds of numpy.linalg.eigh
values        the same of numpy.linalg.eigvalsh
"""

import json
import resource
import sys
import time

import numpy as np

source = sys.stdin.buffer
print(json.dumps(np.__version__), flush=True)
matrix = None

for line in iter(source.readline, b""):
    request = json.loads(line)
    if request["kind"] == "matrix":
        n = request["size"]
        matrix = np.empty((n, n))
        read = source.readinto(memoryview(matrix).cast("B"))
        assert read == matrix.nbytes
        print("null", flush=True)
        continue
    solve = (lambda: np.linalg.eigh(matrix)[0]) if request["kind"] == "vectors" else (lambda: np.linalg.eigvalsh(matrix))
    start = time.perf_counter()
    values = solve()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "values": values.tolist(), "peak": peak}), flush=True)
