"""Arrow's compute kernels as `pc`; made at import, type checkers cannot see them otherwise."""

from typing import Any

import pyarrow.compute

pc: Any = pyarrow.compute
