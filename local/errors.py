"""What can go wrong with the local stack, each as a sentence for the person at the keyboard."""


class StackError(Exception):
    """The local stack cannot go on; the text says what happened and, where possible, what to do."""


class BadOption(StackError):
    """A parameter of `make local` that makes no sense."""


class ProcessDied(StackError):
    """A process ended, or never became ready, without being asked to; shows the end of its log."""


class NotConverged(StackError):
    """The runs did not come to rest; the text names what is still moving."""


class RunFailed(StackError):
    """A run of inventory and compile failed; the text is its reason."""


class Refused(StackError):
    """The functions host answered with an error; the text is what it said."""
