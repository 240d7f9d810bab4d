"""Scheduler jobs and their steps, as Slurm's `sacct --parsable2` prints them; times are UTC."""

from ingestion.contracts.model import Column, Contract

# What sacct prints for a time that has not come, or never will.
_NO_TIME = ("Unknown", "None", "N/A", "UNKNOWN", "NONE", "unknown", "none", "n/a")

CONTRACT = Contract(
    table="gpu_jobs",
    columns=(
        Column("JobID", "text", required=True),
        Column("JobName", "text"),
        Column("Account", "text"),
        Column("Partition", "text"),
        Column("Submit", "timestamp", required=True),
        Column("Eligible", "timestamp", null_words=_NO_TIME),
        Column("Start", "timestamp", null_words=_NO_TIME),
        Column("End", "timestamp", null_words=_NO_TIME),
        Column("State", "text"),
        Column("AllocTRES", "text"),
        Column("ReqTRES", "text"),
        Column("Comment", "text"),
    ),
)
