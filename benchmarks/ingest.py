"""Loading systems into a lake: `python -m benchmarks.ingest INPUTS HOME [SYSTEM ...]`."""

import sys
from pathlib import Path

from ingestion import SYSTEMS
from ingestion.load import load_system

if __name__ == "__main__":
    for name in sys.argv[3:] or SYSTEMS:
        load_system(name, Path(sys.argv[1]), Path(sys.argv[2]))
