"""Telling people what is open: what to say, to whom, and what they have been told already."""
