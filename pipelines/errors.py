"""What a user can put right: shown as one line, never as a traceback."""


class UserError(Exception):
    """A problem the user can solve; the message says how."""


class HomeLockedError(UserError):
    """Another refresh holds the home folder."""


class WarehouseUnreadableError(UserError):
    """The published warehouse is missing or cannot be opened."""
