"""Settings: those that were read, and what they leave out."""

from collections.abc import Sequence

from adapters.checks.around import Around
from domain.doctor import Observation, Subject, fine, note, warning

NAME, PAGE, PLACE = "settings", "docs/settings.md", 10


async def look(around: Around, subject: Subject) -> Sequence[Observation]:
    """Say what the settings make of the app; those that make no sense stop it before this."""
    settings = around.settings
    if settings.visiting:
        return [note("CREDENTIAL is visitor: the tenant is only looked at, nothing is written.")]
    found: list[Observation] = []
    if settings.credential == "local":
        found.append(note("CREDENTIAL is local: the app speaks to emulators on this machine."))
    if settings.mode == "dry-run":
        found.append(note("MODE is dry-run: nothing is written; set it to live to begin."))
    if settings.public_url is None:
        sentence = "PUBLIC_URL is not set, so Graph notifies nobody: set it to the app's address."
        found.append(warning(sentence))
    elif settings.public_url.startswith("http:") and settings.credential != "local":
        found.append(warning("PUBLIC_URL begins with http:, and Graph notifies https only."))
    return found or [fine("The settings make sense.")]
