"""The buckets that are configured here, and the objects in them."""

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

import msgspec

from vultus.config import Bucket, ConfigError, Settings
from vultus.errors import InvalidArgument, PermissionDenied
from vultus.storage.details import ObjectDetails
from vultus.storage.folder import Folder
from vultus.storage.mapping import MappingFile, bucket_name
from vultus.storage.object import ObjectFacts, ObjectMissing
from vultus.storage.remote import OPTIONS, Remote
from vultus.storage.store import Store
from vultus.storage.tree import Tree, tree_of
from vultus.storage.uri import ObjectURI


class Storage:
    """Objects by URI. Safe to use from several threads; sees folders that another process maps meanwhile."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._mapping = MappingFile(settings.folders_file)
        self._viewed: dict[str, Bucket] = {}  # folders that are buckets for this object alone
        self._stores: dict[tuple[str, bytes], Store] = {}
        self._lock = threading.Lock()

    def buckets(self) -> list[str]:
        """Return the names of all buckets, those of the settings and those of mapped folders."""
        return sorted({*self._settings.buckets, *self._mapping.buckets()})

    def authorise(self, uri: ObjectURI, project: str) -> None:
        """See that a project may use the bucket of an object.

        Raises:
            InvalidArgument: there is no such bucket.
            PermissionDenied: the bucket is not for that project.
        """
        self.authorise_bucket(uri.bucket, project)

    def authorise_bucket(self, bucket: str, project: str) -> None:
        """See that a project may use a bucket; raises as ``authorise``."""
        projects = self._bucket(bucket).projects
        if project not in projects and "*" not in projects:
            raise PermissionDenied(f"The bucket {bucket} is not open to the project {project}.")

    def stat(self, uri: ObjectURI) -> ObjectFacts:
        """Return what is known of an object without its bytes.

        Raises:
            ObjectMissing: there is no such object, or it lies outside its bucket.
            ConfigError: the bucket cannot be used as it is configured.
            PermissionDenied: the store refuses.
            ServiceUnavailable: the store is out of reach for now.
        """
        return self._store(uri.bucket).stat(uri.key)

    def details(self, uri: ObjectURI) -> ObjectDetails:
        """Return what its store has on an object besides; raises as ``stat``, but leaves out what the store refuses."""
        return self._store(uri.bucket).details(uri.key)

    def read(self, uri: ObjectURI, limit: int) -> bytes:
        """Return the bytes of an object, at most ``limit``.

        Raises:
            ObjectTooLarge: there are more.
            VultusError: as ``stat``.
        """
        return self._store(uri.bucket).read(uri.key, limit)

    def head(self, uri: ObjectURI, size: int) -> bytes:
        """Return the first bytes of an object, at most ``size``; raises as ``stat``."""
        return self._store(uri.bucket).head(uri.key, size)

    def open(self, uri: ObjectURI, limit: int) -> AbstractContextManager[IO[bytes]]:
        """Open an object of at most ``limit`` bytes for reading, anywhere in it, without holding it in memory.

        One that comes over the network lies in a temporary file meanwhile.

        Raises:
            ObjectTooLarge: there are more.
            VultusError: as ``stat``.
        """
        return self._store(uri.bucket).open(uri.key, limit)

    def list(self, bucket: str, prefix: str = "") -> Iterator[tuple[ObjectURI, ObjectFacts]]:
        """Give the objects whose keys begin with ``prefix``, sorted by key; hidden ones are left out.

        Raises:
            VultusError: as ``stat``.
        """
        for key, facts in self._store(bucket).list(prefix):
            yield ObjectURI(bucket, key), facts

    def files(self, tree: Tree) -> Iterator[ObjectURI]:
        """Give the files of a tree, each by the URI that it goes by, hidden ones left out; raises as ``list``.

        A link that leads out of the innermost bucket is no object of it, and belongs to the next that holds its end.
        """
        for found, _ in self.list(tree.place.bucket, tree.place.prefix):
            yield next(uri for uri in tree.names(found) if uri == found or self._holds(uri))

    def map_folder(self, folder: Path, project: str) -> Tree:
        """Find the buckets of a local folder that a project may use.

        Where no bucket holds it, it is made one, which is remembered. Of two buckets of one folder, those of the
        settings come first, in their order.

        Returns:
            where its files are; the same for the same folder, whichever way it is named.

        Raises:
            InvalidArgument: there is no such folder.
            ConfigError: the file of mapped folders cannot be written, or the name of its bucket is taken.
        """
        resolved = _folder(folder)
        if found := tree_of(resolved, self._roots(project)):
            return found
        name = self._mapping.add(resolved, project)
        self._viewed.pop(name, None)
        if found := tree_of(resolved, self._roots(project)):  # with what others have mapped meanwhile
            return found
        raise _taken(folder, name)

    def view_folder(self, folder: Path, project: str) -> Tree:
        """Find the buckets of a local folder as ``map_folder`` does, but remember nothing.

        Where no bucket holds it, it is one for who asks this object, as long as that lives.

        Raises:
            InvalidArgument: there is no such folder.
            ConfigError: the name of its bucket is taken.
        """
        resolved = _folder(folder)
        roots = self._roots(project)
        if found := tree_of(resolved, roots):
            return found
        name = bucket_name(resolved)
        if name in self._settings.buckets or name in roots:
            raise _taken(folder, name)
        self._viewed[name] = Bucket(options={"root": str(resolved)}, projects=[project])
        tree = tree_of(resolved, roots | {name: resolved})
        assert tree is not None, "its own bucket holds it"
        return tree

    def is_gone(self, uri: ObjectURI) -> bool:
        """Whether an object is no longer there, for all that one can see.

        Raises:
            ServiceUnavailable: nobody can say: its folder is there but empty, as one is whose disk is not mounted.
            VultusError: as ``stat``, but for ObjectMissing.
        """
        return self._store(uri.bucket).is_gone(uri.key)

    def _holds(self, uri: ObjectURI) -> bool:
        try:
            self.stat(uri)
        except ObjectMissing:
            return False
        return True

    def _roots(self, project: str) -> dict[str, Path]:
        """The folders that are buckets which a project may use, resolved."""
        buckets = self._settings.buckets | {
            name: bucket for name, bucket in self._mapping.buckets().items() if name not in self._settings.buckets
        }
        return {
            name: _resolved(Path(bucket.options["root"]))
            for name, bucket in buckets.items()
            if bucket.service == "fs" and bucket.options.get("root") and {project, "*"} & set(bucket.projects)
        }

    def _bucket(self, name: str) -> Bucket:
        bucket = self._settings.buckets.get(name) or self._viewed.get(name) or self._mapping.buckets().get(name)
        if bucket is None:
            raise InvalidArgument(f"There is no bucket {name} configured here.")
        return bucket

    def _store(self, name: str) -> Store:
        """The store of a bucket; made anew when its settings change."""
        bucket = self._bucket(name)
        key = (name, msgspec.json.encode(bucket))
        with self._lock:
            if key not in self._stores:
                self._stores[key] = _open(name, bucket)
            return self._stores[key]


def _open(name: str, bucket: Bucket) -> Store:
    if bucket.service in OPTIONS:
        return Remote(name, bucket.service, bucket.options)
    if bucket.service != "fs":
        raise ConfigError(f"The bucket {name} has the service {bucket.service}; known are fs, s3 and oss.")
    if bucket.options.keys() != {"root"} or not bucket.options["root"]:
        raise ConfigError(f"The bucket {name} is a folder, and takes the option root, and no other.")
    return Folder(Path(os.path.expanduser(bucket.options["root"])))


def _folder(named: Path) -> Path:
    folder = _resolved(named)
    if not folder.is_dir():
        raise InvalidArgument(f"There is no folder {named}.")
    return folder


def _taken(folder: Path, name: str) -> ConfigError:
    return ConfigError(f"The folder {folder} would be the bucket {name}, which is another one here.")


def _resolved(folder: Path) -> Path:
    """Where a folder really lies. One of a user whom nobody knows, or of links in a circle, is told by not being there.

    ``Path.expanduser`` and ``Path.resolve`` would raise.
    """
    return Path(os.path.realpath(os.path.expanduser(folder)))
