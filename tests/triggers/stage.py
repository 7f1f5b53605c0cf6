"""The office that the triggers under test work for; each test furnishes a fresh one."""

from tests.unit.office import Office

_offices: list[Office] = []


def office() -> Office:
    return _offices[-1]


def furnish() -> Office:
    _offices.append(Office())
    return office()
