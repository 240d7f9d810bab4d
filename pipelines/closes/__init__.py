"""Billing periods that are closed: what is due, the step, the schedule, the command."""
