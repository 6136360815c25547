"""Ids as people type them: whole, or their beginning."""

from collections.abc import Iterable, Iterator
from typing import Any

from vultus.cli.people import list_people
from vultus.cli.session import Session
from vultus.errors import InvalidArgument, ResourceNotFound

FIGURE_ID = 36  # characters of a whole id of a face
PAGE = 100  # rows asked for at a time


def person_id(session: Session, beginning: str, project: str, dataset: str) -> str:
    """Return the one person's id that begins so, with or without the word ``Cluster-``; ignored people count too."""
    ids = [str(person.object_id) for person in list_people(session, project, dataset)]
    found = fitting_person(ids, beginning)
    if not found:
        ignored = pages(session, "ListIgnoredFigureClusters", "figure_clusters", project, dataset)
        found = fitting_person((str(person.object_id) for person in ignored), beginning)
    return _only(found, beginning, "people", "figure cluster")


def figure_ids(session: Session, beginnings: Iterable[str], project: str, dataset: str) -> list[str]:
    """Return the faces' ids that begin so."""
    typed = list(beginnings)
    if all(len(each) == FIGURE_ID for each in typed):
        return typed
    known = [str(each.figure_id) for each in pages(session, "ExplainFigures", "figures", project, dataset)]
    return [_only([figure for figure in known if figure.startswith(each)], each, "faces", "figure") for each in typed]


def fitting_person(ids: Iterable[str], beginning: str) -> list[str]:
    """Return the ids of people that begin so."""
    return [each for each in ids if each.startswith((beginning, f"Cluster-{beginning}"))]


def pages(session: Session, action: str, field: str, project: str, dataset: str, **asked: Any) -> Iterator[Any]:
    """Walk through all rows that one of our own operations lists."""
    token = ""
    while True:
        page = session.call(
            action, "vultus", ProjectName=project, DatasetName=dataset, MaxResults=PAGE, NextToken=token, **asked
        )
        yield from getattr(page, field)
        token = page.next_token or ""
        if not token:
            return


def _only(fitting: list[str], beginning: str, nouns: str, resource: str) -> str:
    if not beginning:
        raise InvalidArgument(f"An id is empty; give the beginning of one that the {nouns} here have.")
    if len(fitting) > 1:
        raise InvalidArgument(f"{len(fitting)} {nouns} have an id that begins with {beginning}; give more of it.")
    if not fitting:
        raise ResourceNotFound(f"{resource} {beginning}")
    return fitting[0]
