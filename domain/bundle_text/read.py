"""Read a set of files: each document on its own, then what only shows when they stand together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from pydantic import ValidationError

from domain.bundle import Bundle
from domain.bundle_text.candidate import Candidate, Placed
from domain.bundle_text.nodes import documents
from domain.bundle_text.place import Place
from domain.bundle_text.sentences import sentences
from domain.bundle_text.values import Plain
from domain.errors import BundleError
from domain.tenant_policy import TenantPolicy

MAX_PROBLEMS = 100
"""Told at once; whoever has more begins with these."""
_TENANT = "tenant"


def read_files(files: Mapping[str, str]) -> Candidate:
    """Read policy files: file name -> YAML, of which each document is a bundle or `tenant:`.

    Raises:
        BundleError: anything is wrong with any of them; every problem has its file and line.
    """
    reading = _Reading()
    for source, text in files.items():
        reading.file(source, text)
    problems = [*reading.problems, *_twice(reading.bundles)]
    if not files:
        problems.append("policy:1: There is no file.")
    if problems:
        raise BundleError(_first(problems))
    return Candidate(tuple(reading.bundles), reading.tenant, reading.tenant_place)


def read_bundles(text: str, source: str) -> list[Bundle]:
    """Read one bundle or several (YAML documents, or a list) from a text.

    Raises:
        BundleError: anything is wrong with any of them, or the tenant's policy is among them;
            `source` names the text in the message.
    """
    candidate = read_files({source: text})
    if candidate.tenant is not None:
        raise BundleError([f"{candidate.tenant_at()}: Expected bundles, not the tenant's policy."])
    return [placed.bundle for placed in candidate.bundles]


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    bundles: list[Placed] = field(default_factory=list)
    tenant: TenantPolicy | None = None
    tenant_place: Place | None = None
    problems: list[str] = field(default_factory=list)

    def file(self, source: str, text: str) -> None:
        try:
            nodes = documents(text, source)
        except BundleError as error:
            self.problems += error.problems
            return
        if not nodes:
            self.problems.append(f"{source}:1: There is no bundle here.")
        for node in nodes:
            self._document(Place(source, node))

    def _document(self, place: Place) -> None:
        plain = Plain(place)
        self.problems += plain.problems
        match plain.value:
            case {"tenant": policy, **others}:
                self._tenant(policy, others, place)
            case dict() as fields:
                try:
                    bundle = Bundle.model_validate(fields)
                except ValidationError as error:
                    self.problems += islice(sentences(error, place, Bundle), MAX_PROBLEMS)
                else:
                    self.bundles.append(Placed(bundle, place.source, place.node))
            case _:
                self.problems.append(f"{place.at()}: Expected the fields of a bundle.")

    def _tenant(self, policy: object, others: Mapping[object, object], place: Place) -> None:
        if others:
            names = ", ".join(map(str, others))
            sentence = f"The tenant's policy stands in a document of its own, without {names}."
            self.problems.append(f"{place.at(str(next(iter(others))))}: {sentence}")
        if self.tenant_place is not None:
            first = self.tenant_place.at()
            self.problems.append(f"{place.at()}: The tenant's policy is already in {first}.")
        self.tenant_place = self.tenant_place or place
        try:
            self.tenant = TenantPolicy.model_validate(policy)
        except ValidationError as error:
            found = sentences(error, place, TenantPolicy, (_TENANT,))
            self.problems += islice(found, MAX_PROBLEMS)


def _twice(bundles: Iterable[Placed]) -> Iterator[str]:
    """Yield the ids and targets that an earlier bundle has already."""
    seen: dict[str, str] = {}
    for placed in bundles:
        bundle = placed.bundle
        for what, path in (
            (f"id {bundle.id}", ("id",)),
            (f"target group {bundle.target.group}", ("target", "group")),
        ):
            place = placed.at(*path)
            if what in seen:
                yield f"{place}: The {what} is already used in {seen[what]}."
            seen.setdefault(what, place)


def _first(problems: list[str]) -> list[str]:
    more = len(problems) - MAX_PROBLEMS
    if more <= 0:
        return problems
    place = problems[MAX_PROBLEMS].partition(": ")[0]
    return [*problems[:MAX_PROBLEMS], f"{place}: {more} more problems from here on."]
