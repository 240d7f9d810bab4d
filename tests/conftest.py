"""Plugins of all tests."""

pytest_plugins = ["truth_table"]
