"""Errors that a user can act on: the fact, the place, the remedy."""


class InputError(ValueError):
    """What was handed in cannot be used as it is; the message says what, where and how to mend it."""


class LesionError(InputError):
    """The lesion table holds something that no reading of it could make right."""


class SubjectError(InputError):
    """The subject table holds something that no reading of it could make right."""


class TableError(ValueError):
    """A decision table has a gap, a contradiction or a misspelt term."""
