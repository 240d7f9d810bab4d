"""The folders that most commands take."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_INPUTS = Path(".valueops/inputs")
DEFAULT_HOME = Path(".valueops/home")

Inputs = Annotated[
    Path, typer.Option(envvar="VALUEOPS_INPUTS", help="Folder that deliveries arrive in.")
]
Home = Annotated[
    Path, typer.Option(envvar="VALUEOPS_HOME", help="Folder of the lake, warehouse and reports.")
]
