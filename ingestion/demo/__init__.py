"""The demo company: one deterministic set of inputs, with the truth it was planted from."""

from ingestion.demo.writer import write_demo

__all__ = ["write_demo"]
