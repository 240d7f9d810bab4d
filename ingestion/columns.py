"""Which column of a file is which column of a contract, whatever spelling the file uses."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.contracts.model import Contract, match_key
from ingestion.errors import UnreadableFileError


@dataclass(frozen=True)
class ColumnMatch:
    """The columns of one file against a contract.

    Attributes:
        sources: The file's own name for each contract column it has, by published name.
        ignored: Columns of the file that the contract does not know.
    """

    sources: dict[str, str]
    ignored: tuple[str, ...]


def match_columns(contract: Contract, names: Sequence[str]) -> ColumnMatch:
    """Match a file's column names to a contract.

    Args:
        contract: The contract.
        names: Column names as the file spells them.

    Returns:
        The match.

    Raises:
        UnreadableFileError: If a required column is missing or two columns are the same one.
    """
    sources: dict[str, str] = {}
    ignored = []
    for name in names:
        column = contract.by_key.get(match_key(name))
        if column is None:
            ignored.append(name)
        elif column.published in sources:
            raise UnreadableFileError(
                "the file has this column twice", column_name=column.published
            )
        else:
            sources[column.published] = name
    for column in contract.columns:
        if column.required and column.published not in sources:
            raise UnreadableFileError(
                f"the file lacks the required column {column.published}",
                column_name=column.published,
            )
    return ColumnMatch(sources, tuple(ignored))
