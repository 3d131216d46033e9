#!/bin/bash
# table_python.sh TARGET: the table in Python. Debian's gRPC belongs to Debian's Python.
PYTHONPATH=tests/interop/irqd_python.zip exec /usr/bin/python3 tests/interop/table.py "$@"
