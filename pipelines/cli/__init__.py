"""The `valueops` command: names and options. Each command imports what it needs when it runs."""

from pipelines.cli.main import app

__all__ = ["app"]
