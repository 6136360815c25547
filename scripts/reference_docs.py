"""Write docs/settings.md, docs/errors.md, docs/commands.md and docs/metrics.md from the code; a test compares.

Run it after a setting, an error, a command or a metric changed: ``make docs``.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from vultus import config
from vultus.api.catalogue import catalogue
from vultus.api.metrics import METRICS
from vultus.cli import app as app_module

DOCS = Path(__file__).resolve().parents[1] / "docs"
NOTE = "<!-- Written by scripts/reference_docs.py; change the code instead. -->\n"


def settings_page() -> str:
    """Every setting, with its default and what it is for."""
    page = [
        "# Settings\n",
        NOTE,
        "Defaults < `vultus.toml` < `VULTUS_*` environment < command line. The file is the one that `--config` or",
        "`VULTUS_CONFIG` names, else `vultus.toml` in the working folder, else in the home of Vultus. A variable names",
        "section and setting: `VULTUS_SERVER_PORT=8080`; a setting outside any section is named alone:",
        "`VULTUS_DATABASE=postgresql+psycopg://...`. A variable of a section that has no such setting is refused;",
        "one of no section is passed over, since others set such ones, too (Kubernetes): `vultus doctor` names it.\n",
    ]
    page += _section("Outside any section", config.Settings)
    for name in sorted(config.SECTIONS):
        page += _section(f"`[{name}]`", getattr(config, name.capitalize()))
    page += _section("`[buckets.NAME]`, one for each bucket", config.Bucket)
    return "\n".join(page)


def _section(title: str, section: type) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"{inspect.getdoc(section)}\n"
    yield "| setting | default | |\n|---|---|---|"
    for line in inspect.getsource(section).splitlines():
        found = re.match(r"    (\w+): .+? = (.+?)  # (.+)", line)
        if found:
            name, default, what = found.groups()
            yield f"| `{name}` | `{default}` | {what} |"
    yield ""


def errors_page() -> str:
    """Every error code, with its HTTP status, when it comes, and what to do about it."""
    page = [
        "# Errors\n",
        NOTE,
        "Every error is answered as `RequestId`, `HostId`, `Code`, `Message` and `Recommend`, with the status below;",
        "a denied call has an `AccessDeniedDetail` as well.\n",
        "| code | status | when | what to do |\n|---|---|---|---|",
    ]
    page += [f"| `{each.code}` | {each.status} | {each.when} | {each.remedy} |" for each in catalogue()]
    return "\n".join(page) + "\n"


def commands_page() -> str:
    """Every command with its arguments and options."""
    page = ["# Commands\n", NOTE, f"{(app_module.__doc__ or '').strip()}\n"]
    page += _commands(typer.main.get_command(app_module.app), "vultus")
    return "\n".join(page)


def _commands(command: Any, name: str) -> Iterator[str]:
    if hasattr(command, "commands"):
        for child in command.commands.values():
            yield from _commands(child, f"{name} {child.name}")
        return
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    yield f"## `{' '.join([name, *(each.metavar for each in arguments)])}`\n"
    yield f"{inspect.cleandoc(command.help)}\n"
    for each in arguments:
        yield f"- `{each.metavar}`: {each.help}"
    for each in options:
        yield f"- `{', '.join(each.opts)}`: {each.help}"
    yield ""


def metrics_page() -> str:
    """Every metric, with its kind and labels."""
    page = [
        "# Metrics\n",
        NOTE,
        "`vultus serve --metrics-port 8669` tells them at `/metrics`, in Prometheus' text format or OpenMetrics; see",
        "[Serving](serving.md). They count what all server processes have done since the program was started, those",
        "included that have died since.\n",
        "| metric | kind | labels | what it tells |\n|---|---|---|---|",
    ]
    for metric in METRICS:
        name = f"{metric.name}_total" if metric.kind == "counter" else metric.name
        page.append(
            f"| `{name}` | {metric.kind} | {', '.join(f'`{each}`' for each in metric.labels)} | {metric.help} |"
        )
    page += [
        "\n`operation` is one that Vultus has, or `unknown`; `code` is one of [these](errors.md), `OK`, or",
        "`Disconnected` where the client did not wait. Codes that name a parameter are counted under one name",
        "(`MissingParameter`): there are not more values than the program has words, whatever strangers send.\n",
        "Some questions, in Prometheus' words:\n",
        "```",
        *QUESTIONS,
        "```",
    ]
    return "\n".join(page) + "\n"


QUESTIONS = (
    "# requests a second",
    "sum(rate(vultus_requests_total[5m]))",
    "# the share that the server failed to answer",
    'sum(rate(vultus_requests_total{code=~"InternalError|ServiceUnavailable"}[5m]))',
    "  / sum(rate(vultus_requests_total[5m]))",
    "# how long 99 of 100 calls of an operation take at most",
    "histogram_quantile(0.99,",
    '  rate(http_server_request_duration_seconds_bucket{operation="BatchGetFigureCluster"}[5m]))',
    "# who is throttled, and who fails to prove a signature",
    'sum by (operation) (rate(vultus_requests_total{code="Throttling.User"}[5m]))',
    'sum(rate(vultus_requests_total{code=~"SignatureDoesNotMatch|SignatureNonceUsed|InvalidAccessKeyId.*"}[5m]))',
    "# work that waits, and work that was given up",
    'vultus_jobs{state="queued"}',
    'vultus_jobs{state="failed"}',
)

PAGES = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "commands.md": commands_page,
    "metrics.md": metrics_page,
}

if __name__ == "__main__":
    for file, write in PAGES.items():
        (DOCS / file).write_text(write(), "utf-8")
