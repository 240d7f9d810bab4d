"""The two ways ingestion says that something is wrong with what it was given."""


class InputError(Exception):
    """Something the user can fix, said in one line that names what to fix.

    Args:
        message: The line to show.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnreadableFileError(Exception):
    """A file that cannot be read, or not to its end; it becomes a quarantine row, never a crash.

    Args:
        reason: What is wrong, in plain words.
        column_name: The column it is about, in its published spelling.
    """

    def __init__(self, reason: str, column_name: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.column_name = column_name
