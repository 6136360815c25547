"""The catalog: everything Vultus knows, in one SQL database."""

from collections.abc import Iterator
from contextlib import contextmanager

from vultus.catalog.account import Account
from vultus.catalog.attachments import Attachments
from vultus.catalog.audit import Audit
from vultus.catalog.buckets import Buckets
from vultus.catalog.clusters import Clusters
from vultus.catalog.database import Database
from vultus.catalog.datasets import Datasets
from vultus.catalog.decisions import Decisions
from vultus.catalog.figures import Figures
from vultus.catalog.file_documents import FileDocuments
from vultus.catalog.files import Files
from vultus.catalog.grants import Grants
from vultus.catalog.groups import Groups
from vultus.catalog.jobs import Jobs
from vultus.catalog.keys import Keys
from vultus.catalog.migration import is_current, migrate
from vultus.catalog.nonces import Nonces
from vultus.catalog.overview import Overview
from vultus.catalog.policies import Policies
from vultus.catalog.projects import Projects
from vultus.catalog.reembedding import Reembedding
from vultus.catalog.roles import Roles
from vultus.catalog.tasks import Tasks
from vultus.catalog.users import Users
from vultus.config import People


class Catalog:
    """The nouns that are stored, and the transactions that change them together.

    A catalog may be used by several threads, and in a forked child; a spawned process opens its own.
    """

    def __init__(self, url: str, people: People | None = None) -> None:
        """Open the catalog. Call ``migrate`` once before the first use.

        Args:
            url: SQLAlchemy URL of an SQLite file or a PostgreSQL database.
            people: which faces found clusters; covers and ages are taken from those.

        Raises:
            ConfigError: the URL is of neither kind, or the file cannot be made.
        """
        gate = people or People()
        self._database = Database(url)
        self._documents = FileDocuments(self._database)
        self.account = Account(self._database)
        self.projects = Projects(self._database, self.account)
        self.datasets = Datasets(self._database)
        self.jobs = Jobs(self._database)
        self.decisions = Decisions(self._database, gate)
        self.figures = Figures(self._database, self.decisions)
        self.files = Files(self._database, self._documents, self.jobs, gate)
        self.clusters = Clusters(self._database, self._documents, self.decisions, gate)
        self.tasks = Tasks(self._database)
        self.users = Users(self._database)
        self.groups = Groups(self._database, self.users)
        self.roles = Roles(self._database)
        self.policies = Policies(self._database)
        self.attachments = Attachments(self._database, self.users, self.groups, self.roles, self.policies)
        self.grants = Grants(self._database)
        self.keys = Keys(self._database)
        self.nonces = Nonces(self._database)
        self.buckets = Buckets(self._database)
        self.audit = Audit(self._database, self.jobs, gate)
        self.reembedding = Reembedding(self._database, gate)
        self.overview = Overview(self._database, self.tasks)

    @property
    def on_sqlite(self) -> bool:
        """Whether everything that uses it is on one machine."""
        return self._database.is_sqlite

    def migrate(self) -> None:
        """Bring the tables up to date; quick when they are.

        Raises:
            ConfigError: a newer version of Vultus made the tables.
            ServiceUnavailable: the database does not answer.
        """
        migrate(self._database)

    def is_migrated(self) -> bool:
        """Say whether the tables are those of this version.

        Raises:
            ServiceUnavailable: the database does not answer.
        """
        return is_current(self._database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything that is done inside one transaction.

        Transactions nest: the outermost commits, or rolls everything back when an exception leaves it.

        Raises:
            ServiceUnavailable: the database cannot be reached, or others keep it busy for too long.
        """
        with self._database.writing():
            yield

    def close(self) -> None:
        """Close the connections."""
        self._database.close()
