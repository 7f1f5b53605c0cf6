"""What the service answers, as far as the command shows it.

The models ask for no more than they show and let pass what they do not know, so that the command
and the service may be of neighboring versions. A test holds their fields against the service's own.
"""

from cli.answers.answer import Answer, understand

__all__ = ["Answer", "understand"]
