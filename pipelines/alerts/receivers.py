"""What all receivers have in common."""


class ReceiverError(Exception):
    """A receiver did not take a message; one line without a secret."""
