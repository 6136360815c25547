"""``vultus index --explain``: which steps indexing takes, in which order, and what they cost."""

from collections.abc import Callable, Iterable
from functools import cache

from rich.text import Text

from vultus.cli.console import ROOMY, out, plain, progress_bar
from vultus.cli.listing import Listing, stacked, whole
from vultus.cli.session import Session
from vultus.config import Settings
from vultus.errors import ResourceNotFound
from vultus.index.step import Step
from vultus.index.subject import Tools
from vultus.index.survey import Survey
from vultus.index.template import DEFAULT_TEMPLATE, steps_of
from vultus.model.wire import wire_name
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.models.store import ModelStore

SURVEYED = 20  # files that the cost of steps is told from, spread over all


def explain_steps(settings: Settings, storage: Storage, template: str, uris: Iterable[str]) -> None:
    """Take the steps of a template for some files, write nothing, and print what each needs, gives and takes.

    Raises:
        InvalidArgument: there is no such template.
        ModelUnavailable: a model that is needed is not here, and cannot be fetched.
    """
    steps = steps_of(template, settings.templates)
    survey = Survey(steps)
    every = list(uris)
    files = every[:: max(len(every) // SURVEYED, 1)][:SURVEYED]
    tools = Tools(settings, storage)
    analyser = _analyser(settings) if any("faces" in step.gives for step in steps) else None

    with progress_bar("files") as bar:
        task = bar.add_task("Looking", total=len(files), rate="-", about="")
        for uri in files:
            survey.look([ObjectURI.parse(uri)], tools, analyser)
            bar.advance(task)
    out.print(_table(template or DEFAULT_TEMPLATE, steps, survey))
    out.print(f"What {len(files)} of {len(every)} files took, in the median.")
    for uri, reason in survey.unreadable.items():
        out.print(plain(f"{uri}: {reason}"), markup=False, highlight=False, soft_wrap=True)


def template_of(session: Session, project: str, dataset: str) -> str:
    """Return the template that a dataset follows, its own or its project's; empty for the default."""
    try:
        own = session.call("GetDataset", ProjectName=project, DatasetName=dataset).dataset.template_id
        return str(own or session.call("GetProject", ProjectName=project).project.template_id or "")
    except ResourceNotFound:
        return ""


def _analyser(settings: Settings) -> Callable[[], FaceAnalyser]:
    return cache(lambda: FaceAnalyser(ModelStore(settings), settings.faces))


def _table(template: str, steps: Iterable[Step], survey: Survey) -> Listing:
    """The steps, a row each; in a narrow terminal the kinds of files are below a step, needs above what it gives."""
    roomy = out.width >= ROOMY
    heads = ("step", "for", "needs", "gives") if roomy else ("step, for", "needs and gives")
    table = Listing("", *heads, whole("files"), whole("ms a file"), title=f"{template}, step by step")
    for number, step in enumerate(steps, 1):
        media = "all" if len(step.media) > 3 else ", ".join(sorted(step.media))
        needs, gives = _fields(step.needs), _fields(step.gives)
        median = survey.median(step.name)
        cost = str(len(survey.seconds.get(step.name, ()))), "" if median is None else f"{1000 * median:.1f}"
        if roomy:
            table.add(str(number), step.name, media, needs, gives, *cost)
        else:
            told = stacked(Text(f"needs {needs}" if needs else "", "dim"), f"gives {gives}" if gives else "")
            table.add(str(number), stacked(step.name, Text(media, "dim")), told, *cost)
    return table


def _fields(names: Iterable[str]) -> str:
    return ", ".join(sorted(wire_name(name) for name in names))
