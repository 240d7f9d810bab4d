"""The sections of the capacity page: each asks the warehouse and lays out what to show."""
