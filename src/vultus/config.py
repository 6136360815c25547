"""One settings object: defaults < vultus.toml < VULTUS_* environment < command line.

An environment variable names section and setting: ``VULTUS_SERVER_PORT=8080``, ``VULTUS_JOBS_WORKERS=4``;
a setting outside any section is named alone: ``VULTUS_DATABASE=postgresql://...``. A list has commas in it. What names
no section is passed over, for it may be somebody else's; ``vultus doctor`` tells of it.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from vultus.errors import VultusError

Count = Annotated[int, msgspec.Meta(ge=1)]
Interval = Annotated[float, msgspec.Meta(gt=0)]


class ConfigError(VultusError):
    """A setting that cannot be used; the message names it and says where it was found."""

    code = "InvalidConfiguration"


class Section(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A part of the settings."""


class Bucket(Section):
    """A bucket of ``oss://bucket/key``, mapped to a service of OpenDAL."""

    service: str = "fs"  # fs, s3 or oss
    projects: list[str] = []  # the projects that may use it; "*" for all
    options: dict[str, str] = {}  # OpenDAL's options: root for fs; endpoint, bucket, region, keys for s3 and oss


class Media(Section):
    """What is read of a file, at most."""

    max_bytes: int = 256 * 2**20  # bytes of a file that is no video
    max_pixels: int = 250_000_000  # pixels of an image before decoding (IMM's own limit)
    working_side: int = 1024  # pixels of the longer side that faces are looked for in
    max_video_bytes: int = 16 * 2**30  # bytes of a video; it is read in pieces, never held in memory
    video_interval: Interval = 1.0  # seconds between the frames of a video that faces are looked for in
    video_frames: Count = 600  # frames looked at, at most; the intervals of longer videos are stretched
    video_seconds: Interval = 1800.0  # that a video may take to be read and decoded; then it is given up
    seconds: Interval = 300.0  # that any other file may take; its worker is ended then
    max_memory: Count = 4 * 2**30  # bytes that a worker or viewer may have while it reads a file; it is ended then
    timezone: str = "UTC"  # IANA name; of clocks of cameras that tell neither their own nor where they were

    def __post_init__(self) -> None:
        """Refuse a time zone that there is not.

        Raises:
            ValueError: there is none of that name.
        """
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError):  # unknown, no name at all, a folder of zones
            raise ValueError(f"{self.timezone!r} is not the IANA name of a time zone.") from None


# attractive tells how well the photo shows the face (light, sharpness, pose, open eyes), not what anybody looks like;
# all the same it is left out unless asked for. Mask, glasses, hat and beard are told by heads that learned from photos
# given for research only; who must not use them leaves these four out.
Attribute = Literal["age", "gender", "emotion", "mouth", "mask", "glasses", "hat", "beard", "attractive"]
Attributes = tuple[Attribute, ...]


class Faces(Section):
    """How faces are found and described."""

    profile: str = "pair-192"  # embedding model of new datasets; mobilefacenet-192 is lighter
    min_side: int = 40  # pixels of the working picture; smaller faces are not looked for
    attributes: Attributes = ("age", "gender", "emotion", "mouth", "mask", "glasses", "hat", "beard")  # of a face


class Insights(Section):
    """Words on images and videos, from a vision model of your choice; without an endpoint no picture leaves."""

    endpoint: str = ""  # OpenAI-compatible, such as http://127.0.0.1:11434/v1; pictures are sent there, made small
    model: str = ""  # as the endpoint calls it
    key: str = ""  # sent as a bearer token; empty where none is wanted
    languages: tuple[str, ...] = ("en", "zh-Hans")  # BCP 47; Caption and Description are in the first
    seconds: Interval = 60.0  # that one file may wait for words, all tries together; at most half of media.seconds
    tries: Count = 3  # requests for one file, at most: more than one where the endpoint is busy or fails
    requests_per_day: Annotated[int, msgspec.Meta(ge=0)] = 1000  # of all processes with this home; 0 for no limit
    side: Count = 768  # pixels of the longer side of a picture that is sent
    stills: Annotated[int, msgspec.Meta(ge=1, le=16)] = 4  # pictures of a video that are sent
    tokens: Count = 1000  # that an answer may have

    def __post_init__(self) -> None:
        """Refuse what could not be asked.

        Raises:
            ValueError: the endpoint is no address of a web service, or nothing says which model or language.
        """
        if not self.endpoint:
            return
        address = urlsplit(self.endpoint)
        if address.scheme not in ("http", "https") or not address.hostname or address.username or address.query:
            raise ValueError("insights.endpoint is not the address of a service, such as http://127.0.0.1:11434/v1.")
        if not self.model or not self.languages:
            raise ValueError("With insights.endpoint, insights.model and insights.languages are needed.")


class People(Section):
    """When faces found a cluster (IMM's gate), and how many lookalikes by chance are borne."""

    founding_side: int = 75  # pixels; both sides of the box must be larger
    founding_angle: float = 30.0  # degrees; pitch, roll and yaw must each be smaller
    founding_quality: float = 0.8  # 0 to 1; the quality must be larger
    founding_faces: int = 3  # FigureClusterConfig.MinEntityCount


class Jobs(Section):
    """How background work is done."""

    workers: int = 0  # processes; 0 for one a core
    lease: float = 60.0  # seconds after which a worker that fell silent loses its job
    attempts: int = 4  # tries before a job is given up
    backoff: float = 5.0  # seconds before the second try; doubled for each further one


class Server(Section):
    """Where the API listens."""

    host: str = "127.0.0.1"  # address; 0.0.0.0 for all of this machine
    port: int = 8668  # 0 for any that is free
    region: str = "local"  # the region that resource names carry
    max_body: int = 8 * 2**20  # bytes of a request body
    max_connections: Count = 1000  # open at a time, over all processes; idle ones are closed to make room
    processes: Count = 1  # that answer requests, on one port
    tls_cert: str = ""  # PEM file with the certificate, and those between it and the root; empty for plain HTTP
    tls_key: str = ""  # PEM file with its key, without a passphrase
    trusted_proxies: list[str] = []  # addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are believed
    metrics_host: str = "127.0.0.1"  # address of /metrics, /healthz and /readyz
    metrics_port: int = -1  # port of those; -1 for none, 0 for any that is free
    access_log: bool = False  # a line for each request, on standard error
    log_format: Literal["text", "json"] = "text"  # of what is logged
    viewers: Annotated[int, msgspec.Meta(ge=1, le=16)] = 1  # processes for callers' pictures, for each that answers
    viewing_seconds: Interval = 30.0  # that the pictures of one call may take; then they are given up


class Limits(Section):
    """How much may be asked for."""

    project_queries_per_second: float = 100.0  # of each project, over all its operations and callers; 0 for no limit


class Ram(Section):
    """How policies are read."""

    project_covers_datasets: bool = False  # whether the ARN of a project means its datasets, too


class Settings(Section):
    """Everything an operator can set."""

    home: Path = Path("~/.vultus")  # database, models and root key; 0700
    database: str = ""  # SQLAlchemy URL; empty for SQLite in home
    master_key: str = ""  # encrypts secrets: base64 of 32 bytes, or several of them, by commas; empty for a file
    models: str = ""  # folder to look for model files in, before the registries are asked
    project: str = "default"  # project that the command line uses
    dataset: str = "photos"  # dataset that the command line uses
    user: str = ""  # RAM user that the command line acts as; empty for the root of the account
    buckets: dict[str, Bucket] = {}
    templates: dict[str, list[str]] = {}  # workflow templates of your own: the steps of each, by its name
    media: Media = msgspec.field(default_factory=Media)
    faces: Faces = msgspec.field(default_factory=Faces)
    insights: Insights = msgspec.field(default_factory=Insights)
    people: People = msgspec.field(default_factory=People)
    jobs: Jobs = msgspec.field(default_factory=Jobs)
    server: Server = msgspec.field(default_factory=Server)
    limits: Limits = msgspec.field(default_factory=Limits)
    ram: Ram = msgspec.field(default_factory=Ram)

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the catalog."""
        return self.database or f"sqlite:///{self.home / 'vultus.db'}"

    @property
    def folders_file(self) -> Path:
        """The buckets that ``vultus index DIR`` mapped by itself."""
        return self.home / "folders.toml"


SECTIONS = {"media", "faces", "insights", "people", "jobs", "server", "limits", "ram"}
LISTS = {
    (section, each.name)
    for section, kind in (("server", Server), ("faces", Faces), ("insights", Insights))
    for each in msgspec.structs.fields(kind)
    if get_origin(each.type) in (list, tuple)
}
PREFIX = "VULTUS_"
FILE_VARIABLE = "VULTUS_CONFIG"  # names the file itself
VARIABLES: dict[str, tuple[str, ...]] = {
    PREFIX + "_".join(path).upper(): path
    for each in msgspec.structs.fields(Settings)
    if each.name not in ("buckets", "templates")  # which only a file can hold
    for path in (
        [(each.name, inner) for inner in each.type.__struct_fields__] if each.name in SECTIONS else [(each.name,)]
    )
}
#: What Kubernetes sets for a service called vultus: VULTUS_SERVICE_HOST, VULTUS_PORT_80_TCP_ADDR, and VULTUS_PORT,
#: which is told from a setting by its value, tcp://10.0.0.1:80.
LINK = re.compile(r"VULTUS_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)")
ADDRESS = re.compile("(tcp|udp|sctp)://")
CLOSE = 0.8  # likeness from which one variable may be another one mistyped, 0 to 1


@dataclass(frozen=True, slots=True)
class IdleVariable:
    """A variable that begins as those of the settings do, and sets nothing.

    Attributes:
        name: as it is in the environment.
        meant: the variable of a setting that it may stand for; empty where none is close.
        link: whether Kubernetes set it, for a service whose name begins so.
    """

    name: str
    meant: str
    link: bool


def load_settings(
    file: Path | None = None, overrides: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings.

    Args:
        file: a ``vultus.toml``; when absent, ``VULTUS_CONFIG``, then ``vultus.toml`` in the working folder, then in
            the home of Vultus, are tried.
        overrides: settings of the command line, nested like the file.
        environment: variables to read instead of the process's own.

    Raises:
        ConfigError: a file or a value cannot be used.
    """
    env = os.environ if environment is None else environment
    tree: dict[str, Any] = {}
    from_environment = _environment_tree(env)
    for layer in (_file_tree(_config_file(file, env, overrides)), from_environment, dict(overrides or {})):
        _merge(tree, layer)
    try:
        settings = msgspec.convert(tree, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise ConfigError(f"The settings cannot be used: {_told(error)}") from None
    settings.home = _at_home(settings.home)
    return settings


def changed(section: Server, values: Mapping[str, Any]) -> Server:
    """Return the settings of a server with some of them changed by the command line.

    Raises:
        ConfigError: a value cannot be used.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(section) | dict(values), Server)
    except msgspec.ValidationError as error:
        raise ConfigError(f"The settings cannot be used: {_told(error)}") from None


def _told(error: msgspec.ValidationError) -> str:
    """What is wrong, with the setting named as people write it: ``server.port``, not ``$.server.port``."""
    return re.sub(r"`\$\.?([^`]*)`", r"`\1`", str(error))


def _at_home(home: Path) -> Path:
    """Where the home of Vultus is; of a user whom the system does not know, as in some containers, it must be told."""
    try:
        return home.expanduser().absolute()
    except RuntimeError:
        raise ConfigError(f"There is no folder {home}, for nobody knows that user's: set VULTUS_HOME.") from None


def _config_file(file: Path | None, env: Mapping[str, str], overrides: Mapping[str, Any] | None) -> Path | None:
    if file is not None or FILE_VARIABLE in env:
        named = file or Path(env[FILE_VARIABLE])
        if not named.is_file():
            raise ConfigError(f"There is no settings file {named}.")
        return named
    home = Path(os.path.expanduser((overrides or {}).get("home") or env.get("VULTUS_HOME", "~/.vultus")))
    return next((path for path in (Path("vultus.toml"), home / "vultus.toml") if path.is_file()), None)


def _file_tree(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from None


def idle_variables(environment: Mapping[str, str]) -> list[IdleVariable]:
    """Return the variables that look like settings and are none, by their names."""
    named = sorted(name for name in environment if name.startswith(PREFIX) and name != FILE_VARIABLE)
    return [
        IdleVariable(name, "" if link else _meant(name), link)
        for name in named
        if (link := _is_link(name, environment[name])) or name.upper() not in VARIABLES
    ]


def _environment_tree(env: Mapping[str, str]) -> dict[str, Any]:
    """Settings from variables.

    One that names no section may be somebody else's and is passed over, as is what Kubernetes sets. One that names a
    section, and no setting in it, is refused as it is in a file.
    """
    tree: dict[str, Any] = {}
    for name, value in env.items():
        if not name.startswith(PREFIX) or _is_link(name, value):
            continue
        section, _, setting = name.removeprefix(PREFIX).lower().partition("_")
        if path := VARIABLES.get(name.upper()):
            words = [word for word in value.split(",") if word]
            _merge(tree, _nested(path, words if path in LISTS else value))
        elif section in SECTIONS and setting:
            meant = _meant(name)
            hint = f" Did you mean {meant}?" if meant else ""
            raise ConfigError(f"The variable {name} sets nothing: {section} has no setting {setting}.{hint}")
    return tree


def _nested(path: tuple[str, ...], value: object) -> dict[str, Any]:
    first, *rest = path
    return {first: _nested(tuple(rest), value) if rest else value}


def _meant(name: str) -> str:
    """The variable that another one stands for: of that setting without its section, or written nearly so."""
    word = name.removeprefix(PREFIX).upper()
    of_that_setting = [known for known, path in VARIABLES.items() if path[-1].upper() == word]
    known_words = {known.removeprefix(PREFIX): known for known in VARIABLES}
    near = [known_words[each] for each in get_close_matches(word, known_words, n=1, cutoff=CLOSE)]
    return next(iter(of_that_setting + near), "")


def _is_link(name: str, value: str) -> bool:
    """Whether Kubernetes set a variable, as it does for every service that there is."""
    return LINK.fullmatch(name) is not None or (name.endswith("_PORT") and ADDRESS.match(value) is not None)


def _merge(tree: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and isinstance(tree.get(key), dict):
            _merge(tree[key], value)
        else:
            tree[key] = dict(value) if isinstance(value, Mapping) else value
