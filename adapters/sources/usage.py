"""The report of active users (docs: reportroot-getoffice365activeuserdetail).

Graph answers with the address of a CSV text that carries its own permission and is good for
minutes; our token does not go there.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from adapters.graph.errors import error_of, forbidden
from adapters.graph.reply import Reply
from adapters.graph.waits import wait_of
from adapters.sources.csv_rows import records
from adapters.sources.reach import Reach, day
from domain.errors import Later, SeatflowError
from domain.kinds.usage import KIND, Usage
from domain.ports import FactsPage

_REPORT = "/reports/getOffice365ActiveUserDetail(period='D180')"
"""The longest period there is: who used nothing for so long is still a line of it."""
_WHAT = "Microsoft's report of active users"
_SERVICES = {
    "Exchange": "exchange",
    "OneDrive": "onedrive",
    "SharePoint": "sharepoint",
    "Skype For Business": "skype",
    "Yammer": "yammer",
    "Teams": "teams",
}
"""What the report calls a service -> what our columns do."""
_NAME = "User Principal Name"
_NEEDED = (
    "Report Refresh Date",
    _NAME,
    *(f"{service} Last Activity Date" for service in _SERVICES),
)
_WINDOW = 600.0
"""Seconds in which Graph takes 14 requests of one report (docs: throttling-limits)."""

CONCEALED = (
    "Microsoft conceals who people are in its reports, so usage cannot be told by person. In the "
    "admin center, under org settings, reports, let reports show names."
)


async def pages(reach: Reach, link: str | None) -> AsyncIterator[FactsPage]:
    """Yield the lines of the report; its address dies soon, so it is read in one go."""
    reply = await reach.graph.send("GET", _REPORT)
    lines = reach.downloads.lines(_address(reply), _WHAT)
    async for part in records(lines, _NEEDED, _WHAT):
        rows = [_row(record) for record in part]
        hidden = any(row.concealed for row in rows)
        yield FactsPage(rows, remarks=(CONCEALED,) if hidden else ())


def _address(reply: Reply) -> str:
    address = reply.headers.get("location", "")
    if reply.status != 302 or not address:
        raise _error(reply)
    return address


def _error(reply: Reply) -> SeatflowError:
    if reply.ok or reply.status == 302:
        return Later("Graph gave no address for the report.", 60.0)
    if reply.status == 429:
        after = wait_of(reply) if "retry-after" in reply.headers else _WINDOW
        return Later(f"The limit of reports is used up: {reply.described()}.", after)
    if reply.status == 403:  # these reports have codes of their own for it
        return forbidden(reply, KIND.permissions[0])
    return error_of(reply, KIND.permissions[0])


def _row(record: Mapping[str, str]) -> Usage:
    name = record[_NAME]
    return Usage(
        refreshed=day(record["Report Refresh Date"]),
        principal_name=name,
        concealed="@" not in name,  # a hash has none
        name=record.get("Display Name") or None,
        deleted=_flag(record.get("Is Deleted", "")),
        deleted_on=day(record.get("Deleted Date", "")),
        products=tuple(part for part in record.get("Assigned Products", "").split("+") if part),
        **_services(record),
    )


def _services(record: Mapping[str, str]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for service, name in _SERVICES.items():
        cells[f"has_{name}"] = _flag(record.get(f"Has {service} License", ""))
        cells[name] = day(record[f"{service} Last Activity Date"])
        cells[f"{name}_since"] = day(record.get(f"{service} License Assign Date", ""))
    return cells


def _flag(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())
