"""A project or dataset that is not there: which, and which there are."""

from collections.abc import Callable
from typing import Any

from vultus.errors import PermissionDenied, ResourceNotFound

PLACES = frozenset({"project", "dataset"})  # resources that commands name by their options
SHOWN = 10  # names told
BEGIN = "Index photos first: vultus index DIR, then vultus cluster."


class NoSuchPlace(ResourceNotFound):
    """The project or the dataset that a command is about does not exist.

    Its message tells the name from the start; which others there are is only asked when somebody is to be told.
    """

    def __init__(self, resource: str, project: str, dataset: str) -> None:
        super().__init__(resource)
        self.project = project
        where = f"dataset {dataset} in the project {project}" if resource == "dataset" else f"project {project}"
        self._told = f"There is no {where}"
        self.message = f"{self._told}."

    def look_around(self, call: Callable[..., Any]) -> None:
        """Complete the message with what there is.

        Args:
            call: carries out an operation, as ``Session.call`` does.
        """
        there = self.others(call)
        if there == []:
            self.message = f"{self._told}, nor any other yet. {BEGIN}"
        elif there:
            more = " and more" if len(there) > SHOWN else ""
            self.message = f"{self._told}; there {'is' if len(there) == 1 else 'are'} {', '.join(there[:SHOWN])}{more}."

    def others(self, call: Callable[..., Any]) -> list[str] | None:
        """Return the first names that there are, one more than is told; None for who may not list them."""
        try:
            return self._others(call)
        except PermissionDenied:
            return None

    def _others(self, call: Callable[..., Any]) -> list[str]:
        if self.resource == "project":
            listed = call("ListProjects", MaxResults=SHOWN + 1).projects
            return [str(each.project_name) for each in listed]
        listed = call("ListDatasets", ProjectName=self.project, MaxResults=SHOWN + 1).datasets
        return [str(each.dataset_name) for each in listed]
