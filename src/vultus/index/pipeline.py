"""Indexing: an object becomes a File record with its figures, in one transaction."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from vultus import model
from vultus.catalog import Catalog, FileRow, IndexedFile
from vultus.catalog.heirs import Resemblance
from vultus.config import ConfigError, Settings
from vultus.errors import InvalidArgument, PermissionDenied, VultusError
from vultus.index.resemblance import resemblance_of
from vultus.index.step import Media, Step, all_steps, take
from vultus.index.subject import Subject, Tools
from vultus.index.template import recipe, steps_of
from vultus.index.watch import Watch, Within, unguarded, unwatched
from vultus.media.kind import HEAD, sniff
from vultus.media.unreadable import UnreadableMedia
from vultus.storage.object import ObjectFacts, ObjectMissing, ObjectTooLarge
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI
from vultus.vision.analyser import FaceAnalyser

log = logging.getLogger(__name__)

#: What is wrong with the object itself: trying again would not help.
PERMANENT = (UnreadableMedia, ObjectMissing, ObjectTooLarge, PermissionDenied)

FACES = "faces"  # the step without which no faces are looked for, not even in videos
STREAMS = ("video", "audio")  # kinds of files that are read in pieces
ORDER_HOLDS = 5.0  # seconds until a changed template is noticed; IMM takes up to five minutes


class Unfollowable(VultusError):
    """The template of a dataset cannot be followed, as the settings are; the message says why."""

    code = ConfigError.code


@dataclass(frozen=True)
class Indexer:
    """Indexes one file at a time.

    Attributes:
        settings: limits of what is read.
        catalog: where the record goes.
        storage: where the object comes from.
        analyser: gives the face analyser of an embedding model; called when a picture needs it.
        within: what the reading of a file is to be done in, which may take so many seconds.
    """

    settings: Settings
    catalog: Catalog
    storage: Storage
    analyser: Callable[[str], FaceAnalyser]
    within: Within = unguarded
    _orders: dict[int, "_Order"] = field(default_factory=dict, init=False, repr=False)
    _tools: Tools = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tools", Tools(self.settings, self.storage, self.within))

    def index(self, row: FileRow, finish: Callable[[], None], watch: Watch = unwatched) -> None:
        """Read a file's object and write what is found.

        Args:
            row: the file as it was when its indexing began.
            finish: called inside the transaction that writes, so that work and its completion are one.
            watch: hears how far the reading of a video is.

        Where the settings know nothing of the template, that is no fault of the file: what is known of it holds.

        Raises:
            ResourceNotFound: the file was deleted meanwhile.
            VultusError: the storage is out of reach for now; nothing was written.
        """
        try:
            self.renew(row, finish, watch)
        except PERMANENT as error:
            with self.catalog.transaction():
                self.catalog.files.fail(row.id, f"[{error.code}] {error.message}")
                finish()
        except Unfollowable as error:
            log.error("%s is not looked at: %s", row.uri, error.message)
            with self.catalog.transaction():
                if row.version:
                    self.catalog.files.keep(row.id)
                else:
                    self.catalog.files.fail(row.id, f"[{error.code}] {error.message}")
                finish()

    def renew(self, row: FileRow, finish: Callable[[], None], watch: Watch = unwatched) -> None:
        """Index a file, or leave it as it is when it cannot be read; see ``index``.

        Raises:
            UnreadableMedia, ObjectMissing, ObjectTooLarge, PermissionDenied: it cannot be read; nothing was written.
        """
        while not self._written(row, order := self._order(row.dataset_id), self._read(row, order, watch), finish):
            del self._orders[row.dataset_id]

    def _written(self, row: FileRow, order: "_Order", indexed: IndexedFile | None, finish: Callable[[], None]) -> bool:
        """Write what was found; False when the dataset has changed its embedding model since it was looked up."""
        with self.catalog.transaction():
            if order.model and self.catalog.datasets.settle_model(row.dataset_id, order.model) != order.model:
                return False
            if indexed is None:
                self.catalog.files.keep(row.id)
            else:
                self.catalog.files.write(row.id, indexed)
            finish()
        return True

    def _order(self, dataset_id: int) -> "_Order":
        """What is to be done for the files of a dataset, looked up again every few seconds."""
        order = self._orders.get(dataset_id)
        if order is None or order.until < time.monotonic():
            dataset = self.catalog.datasets.by_id(dataset_id)
            template = dataset.template_id or self.catalog.projects.get(dataset.project_name).template_id
            steps = self._steps(template)
            chosen = dataset.model or self.settings.faces.profile
            model = chosen if any(step.name == FACES for step in steps) else ""
            resemblance = resemblance_of(model, self.settings.home) if model else None
            until = time.monotonic() + ORDER_HOLDS
            order = _Order(dataset.project_name, steps, recipe(steps, self.settings), model, resemblance, until)
            self._orders[dataset_id] = order
        return order

    def _steps(self, template: str) -> tuple[Step, ...]:
        try:
            return steps_of(template, self.settings.templates)
        except (ConfigError, InvalidArgument) as error:
            raise Unfollowable(error.message) from None

    def _read(self, row: FileRow, order: "_Order", watch: Watch) -> IndexedFile | None:
        """What there is to write; None when the object is the one already indexed."""
        if not order.steps:
            return IndexedFile(document=model.File(), version="", model=row.model, faces=None)
        uri = ObjectURI.parse(row.uri)
        self.storage.authorise(uri, order.project_name)
        facts = self.storage.stat(uri)
        held = order.model or row.model
        if (row.version, row.recipe, row.model) == (facts.version, order.recipe, held):
            return None
        with self.storage.open(uri, self._limit(uri, facts)) as file:
            subject = Subject(uri, facts, file, self._tools, watch=watch)
            with self.within(self.settings.media.seconds):
                kind = subject.kind.media_type
            if order.looks_at(kind):  # to fetch and load the networks may take long, and is not the file's fault
                subject.analyser = self.analyser(order.model)
            with self.within(self.seconds(kind)):
                take(order.steps, subject)
        return IndexedFile(
            document=subject.document,
            version=facts.version,
            recipe=order.recipe,
            model=held,
            faces=None if order.passes_over(kind) else subject.faces,
            resemblance=order.resemblance,
        )

    def seconds(self, media_type: str) -> float:
        """The seconds that a file of a kind may take to be read. Videos end by themselves, a little before."""
        media = self.settings.media
        return media.video_seconds + media.seconds if media_type in STREAMS else media.seconds

    def _limit(self, uri: ObjectURI, facts: ObjectFacts) -> int:
        """The bytes that an object may have: videos and sounds are not held in memory."""
        media = self.settings.media
        if facts.size <= media.max_bytes:
            return media.max_bytes
        is_stream = sniff(self.storage.head(uri, HEAD), uri.key).media_type in STREAMS
        return max(media.max_bytes, media.max_video_bytes) if is_stream else media.max_bytes


@dataclass(frozen=True, slots=True)
class _Order:
    project_name: str
    steps: tuple[Step, ...]
    recipe: str
    model: str  # embedding model of the dataset; empty when no faces are looked for
    resemblance: Resemblance | None  # decides which faces of a file that changed were there before
    until: float  # by the monotonic clock

    def looks_at(self, media_type: str) -> bool:
        """Whether faces are looked for in files of a kind."""
        return media_type in _faced(self.steps)

    def passes_over(self, media_type: str) -> bool:
        """Whether faces are not looked for in files of a kind that may have some: those that are known are kept."""
        return not self.looks_at(media_type) and media_type in _faced(all_steps().values())


def _faced(steps: Iterable[Step]) -> frozenset[Media]:
    """The kinds of files in which steps look for faces."""
    return frozenset(media for step in steps if "faces" in step.gives for media in step.media)
