"""Thin wiring: Dagster definitions of the whole way, and the `valueops` command."""
