"""Ports: what the jobs need of the world, in the domain's words. Adapters say how."""

from domain.ports.certificates import Certificates
from domain.ports.checks import Check, Checks
from domain.ports.controls import Switches
from domain.ports.directory import (
    CloseUp,
    Directory,
    GroupChange,
    GroupsPage,
    MembershipLog,
    PeoplePage,
    Targets,
)
from domain.ports.ledger import Ledger
from domain.ports.notices import Notices
from domain.ports.queue import DeadLetter, Hint, Queue
from domain.ports.records import Bundles, Plans, Runs
from domain.ports.shelves import FactsPage, Filling, Shelves, Sources
from domain.ports.telemetry import Silence, Telemetry
from domain.ports.warehouse import Draft, KeptSnapshot, Reading, Tokens, Turn, Warehouse
from domain.ports.watches import Watches
from domain.ports.world import Clock, Log, Ports

__all__ = [
    "Bundles",
    "Certificates",
    "Check",
    "Checks",
    "Clock",
    "CloseUp",
    "DeadLetter",
    "Directory",
    "Draft",
    "FactsPage",
    "Filling",
    "GroupChange",
    "GroupsPage",
    "Hint",
    "KeptSnapshot",
    "Ledger",
    "Log",
    "MembershipLog",
    "Notices",
    "PeoplePage",
    "Plans",
    "Ports",
    "Queue",
    "Reading",
    "Runs",
    "Shelves",
    "Silence",
    "Sources",
    "Switches",
    "Targets",
    "Telemetry",
    "Tokens",
    "Turn",
    "Warehouse",
    "Watches",
]
