"""What can go wrong with a journal."""


class JournalError(Exception):
    """The journal cannot be read or written. The message says why and what to do, and holds no password."""


class LockedError(JournalError):
    """Another run works on the same plan."""
