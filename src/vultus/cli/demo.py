"""``vultus demo``: the main job from end to end, on your photos or on samples that ship inside packages."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.rule import Rule

from vultus import config
from vultus.api.app import create_app
from vultus.api.server import Server
from vultus.cli.cluster import explain, run_clustering, tell_why_nobody
from vultus.cli.console import err, out
from vultus.cli.index import index_source
from vultus.cli.people import list_people, people_table
from vultus.cli.samples import fetch_samples
from vultus.cli.session import open_session
from vultus.config import Settings
from vultus.errors import VultusError
from vultus.ram.account import read_root_key

ANSWERED = 2  # people shown in the answer of the API
LONG = 3  # figures or characters of EXIF past which the printed answer is cut


def demo(
    context: typer.Context,
    photos: Annotated[Path | None, typer.Argument(metavar="PHOTOS", help="A folder; samples when left out.")] = None,
) -> None:
    """Index photos, group the faces, and ask BatchGetFigureCluster through the official SDK over HTTP."""
    settings: Settings = context.obj
    folder = photos if photos is not None else fetch_samples(settings)
    dataset = "samples" if photos is None else "demo-" + Path(os.path.realpath(folder)).name
    dataset = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in dataset)
    with open_session(settings) as session:
        out.print(Rule("1. photos in"))
        summary = index_source(session, str(folder), settings.project, dataset)
        read = summary.indexed + summary.unchanged
        out.print(f"{read} photos, {summary.dataset.faces} faces, {summary.failed} unreadable")
        out.print(Rule("2. people out"))
        run_clustering(session, settings.project, dataset)
        found = list_people(session, settings.project, dataset)
        if not found:
            tell_why_nobody(explain(session, settings.project, dataset), settings)
        else:
            out.print(people_table(found))
        out.print(Rule("3. BatchGetFigureCluster, asked with Alibaba's own SDK over HTTP"))
        ids = [str(person.object_id) for person in found[:ANSWERED]] or ["Cluster-of-nobody"]
        server = Server(create_app(session.service), config.Server(port=0))
        with server.running() as endpoint:
            answer = ask(endpoint, settings, dataset, ids)
        out.print_json(json.dumps(_shortened(answer), ensure_ascii=False))
    _tell_next(settings, dataset, photos is None)


def ask(endpoint: str, settings: Settings, dataset: str, ids: list[str]) -> dict[str, Any]:
    """Return the answer of BatchGetFigureCluster as the official SDK gives it.

    Raises:
        VultusError: the SDK is not installed.
    """
    try:
        from alibabacloud_imm20200930.client import Client
        from alibabacloud_imm20200930.models import BatchGetFigureClusterRequest
        from alibabacloud_tea_openapi.models import Config
    except ImportError:
        raise VultusError("The official SDK is not installed: pip install 'vultus[demo]'.") from None
    key = read_root_key(settings.home)
    client = Client(
        Config(
            access_key_id=key.access_key_id, access_key_secret=key.access_key_secret, endpoint=endpoint, protocol="HTTP"
        )
    )
    request = BatchGetFigureClusterRequest(project_name=settings.project, dataset_name=dataset, object_ids=ids)
    body: dict[str, Any] = client.batch_get_figure_cluster(request).body.to_map()
    return body


def _shortened(answer: Any) -> Any:
    """The answer with long texts cut and only the first of many figures, for the eye."""
    if isinstance(answer, dict):
        return {name: _shortened(value) for name, value in answer.items()}
    if isinstance(answer, list):
        kept = [_shortened(value) for value in answer[:LONG]]
        return [*kept, f"... {len(answer) - LONG} more"] if len(answer) > LONG else kept
    if isinstance(answer, str) and len(answer) > 120:
        return answer[:100] + f"... ({len(answer)} characters)"
    return answer


def program() -> str:
    """How this program is called here: by its name where the shell finds it, else by its path."""
    path = Path(sys.argv[0])
    found = shutil.which(path.name)
    return path.name if found and Path(found).samefile(path) else os.path.relpath(path)


def _tell_next(settings: Settings, dataset: str, samples: bool) -> None:
    err.print(Rule("How to go on"))
    if samples:
        err.print(f"{'Your own photos:':<25} PHOTOS=/path/to/photos make demo", highlight=False)
    us, home = program(), os.path.relpath(settings.home)
    for what, command in (
        ("The people again", f"{us} --home {home} people --dataset {dataset}"),
        ("One of them, whole", f"{us} --home {home} show --dataset {dataset} ID"),
        ("The API, to stay", f"{us} --home {home} serve"),
        ("Into a place of its own", f"{us} index /path/to/photos; {us} cluster; {us} people"),
    ):
        err.print(f"{what + ':':<25} {command}", markup=False, highlight=False, soft_wrap=True)
