"""A plain copy of Parquet files, batch by batch: `python -m benchmarks.plain_copy FROM TO`."""

import sys
from pathlib import Path

import pyarrow.parquet as pq


def copy(source: Path, target: Path) -> None:
    """Read and write every file of a folder.

    Args:
        source: Folder of Parquet files.
        target: Folder to write them to, made where it is missing.
    """
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.parquet")):
        file = pq.ParquetFile(path)
        with pq.ParquetWriter(target / path.name, file.schema_arrow) as writer:
            for batch in file.iter_batches():
                writer.write_batch(batch)


if __name__ == "__main__":
    copy(Path(sys.argv[1]), Path(sys.argv[2]))
