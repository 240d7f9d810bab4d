"""The capacity plan's way through Dagster, the lake and the command."""
