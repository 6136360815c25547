"""Options that several commands share."""

from typing import Annotated

import typer

from vultus.config import Settings

Project = Annotated[str, typer.Option("--project", "-p", help="Project; the settings' default when left out.")]
Dataset = Annotated[str, typer.Option("--dataset", "-d", help="Dataset; the settings' default when left out.")]
AsJSON = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def chosen(settings: Settings, project: str, dataset: str) -> tuple[str, str]:
    """Return project and dataset, with the settings' defaults where none is named."""
    return project or settings.project, dataset or settings.dataset
