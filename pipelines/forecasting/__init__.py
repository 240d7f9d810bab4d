"""The forecasts' way through Dagster, the lake and the command."""
