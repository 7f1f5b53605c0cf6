"""Words of others inside of our sentences: for people to read, and left out of every log.

Graph's own words name people now and then, and so may what somebody typed. Answers and the ledger
keep them, for whoever may read those may read the directory; logs and telemetry are read by others.
"""

import re

_QUOTED = re.compile("“[^”]*(”|$)")
_MARKS = str.maketrans("“”", "''")


def quoted(words: str) -> str:
    """Return the words as a part of a sentence that is known as not ours."""
    return f"“{words.translate(_MARKS)}”"


def without_quoted(text: str) -> str:
    """Return a sentence without the words of others; it may have been cut off within them."""
    return _QUOTED.sub("…", text)
