"""Workflow templates: which steps indexing takes."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from vultus.config import ConfigError, Settings
from vultus.errors import InvalidArgument
from vultus.index.step import Step, all_steps, way

#: What a dataset does whose template, and whose project's template, is empty. IMM would extract nothing; a service for
#: faces that finds none until it is told to would only puzzle.
DEFAULT_TEMPLATE = "Official:FaceManagement"

_OBJECT = frozenset({"object_meta"})
_FACES = _OBJECT | {"store"} | {"image", "exif", "dates", "faces", "container", "frames"}

#: What IMM's templates do. The others are made of the steps that there are.
_OFFICIAL: dict[str, frozenset[str]] = {
    "Official:DefaultEmptyId": frozenset(),
    "Official:OSSBasicMeta": _OBJECT | {"store"},
    DEFAULT_TEMPLATE: _FACES,
}
#: Steps that a template leaves to the ones after it.
_BEYOND_IMAGES = frozenset({"document", "insights", "semantics"})


@cache
def official_templates() -> dict[str, frozenset[str]]:
    """Return the names of the steps of each of IMM's templates."""
    everything = frozenset(all_steps())
    images = everything - _BEYOND_IMAGES
    return _OFFICIAL | {
        "Official:ImageManagement": images,
        "Official:CognitionImageManagement": images | {"insights", "semantics"},
        "Official:AllFunction": everything,
    }


def steps_of(template: str, own: Mapping[str, Sequence[str]]) -> tuple[Step, ...]:
    """Return the steps of a template, in the order in which they are taken.

    Args:
        template: its name; the empty one means the default.
        own: the templates of the settings: names of steps by name of template.

    Raises:
        InvalidArgument: there is no such template.
        ConfigError: a template of the settings names a step that there is not, or has a name of IMM's.
    """
    if taken := own.keys() & official_templates().keys():
        raise ConfigError(f"The settings cannot give another meaning to the template {min(taken)}, which is IMM's.")
    templates = official_templates() | {name: frozenset(steps) for name, steps in own.items()}
    name = template or DEFAULT_TEMPLATE
    if name not in templates:
        known = ", ".join(templates)
        raise InvalidArgument(f"TemplateId {template} is not known; it can be one of {known}.")
    if unknown := sorted(templates[name] - all_steps().keys()):
        raise ConfigError(_no_such_step(name, unknown[0]))
    return way(templates[name])


def _no_such_step(template: str, step: str) -> str:
    """What to say of a step that a template names and that there is not."""
    steps = list(all_steps())
    close = get_close_matches(step, steps, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(steps)}."
    return f"The template {template} names the step {step}, which there is not; {hint}"


def recipe(steps: Sequence[Step], settings: Settings) -> str:
    """Return what a file's record depends on besides its bytes: when it differs, the file is read again."""
    names = [step.name for step in steps]
    asked = [f"+{attribute}" for attribute in sorted(settings.faces.attributes) if "faces" in names]
    insights = settings.insights
    if "insights" in names and insights.endpoint:
        asked.append(f"+{insights.model} {' '.join(insights.languages)}")
    return " ".join([*names, *asked])
