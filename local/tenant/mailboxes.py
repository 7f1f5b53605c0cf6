"""Sign-in names and addresses: unique in the tenant, in plain ASCII."""

import unicodedata
from collections import Counter

from local.tenant.identifiers import DOMAIN, INITIAL_DOMAIN

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "Ł": "L", "ä": "ae", "ö": "oe", "ü": "ue"})


class Nicknames:
    """Hands out mail nicknames; the second anna.lis becomes anna.lis2."""

    def __init__(self, taken: tuple[str, ...] = ()) -> None:
        self._taken = Counter(taken)
        self._ascii: dict[str, str] = {}

    def of(self, given: str, surname: str) -> str:
        """Return a nickname nobody has yet."""
        nickname = f"{self._plain(given)}.{self._plain(surname)}"
        self._taken[nickname] += 1
        count = self._taken[nickname]
        return nickname if count == 1 else f"{nickname}{count}"

    def _plain(self, name: str) -> str:
        if name not in self._ascii:
            letters = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
            self._ascii[name] = letters.encode("ascii", "ignore").decode()
        return self._ascii[name]


def addresses(nickname: str) -> dict[str, object]:
    """Return the properties of a Graph user that follow from the nickname."""
    return {
        "userPrincipalName": f"{nickname}@{DOMAIN}",
        "mail": f"{nickname}@{DOMAIN}",
        "mailNickname": nickname,
        "proxyAddresses": [f"SMTP:{nickname}@{DOMAIN}", f"smtp:{nickname}@{INITIAL_DOMAIN}"],
    }
