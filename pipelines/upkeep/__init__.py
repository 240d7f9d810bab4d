"""Keeping the lake small: merging files, and removing what no longer counts."""
