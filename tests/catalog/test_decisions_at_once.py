"""Many who decide, run and delete at the same time: nobody waits in a ring, and nothing is left untrue."""

import random
import threading

from tests.catalog.conftest import MODEL, face
from vultus.errors import CannotUndo, InvalidArgument, ResourceNotFound
from vultus.model import FigureCluster

ROUNDS = 20


def test_decisions_runs_and_deletions_at_the_same_time_leave_nothing_untrue(catalog, album):
    names = [f"{number:02}" for number in range(40)]
    for name in names:
        album.add(name, face())
    for start in range(0, 40, 4):
        album.found(*names[start : start + 4])
    dataset, rows = album.dataset, album.faces_of(*names)
    figures = list(catalog.figures.names(rows).values())
    unexpected: list[BaseException] = []

    def decide(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(ROUNDS):
            some = chance.sample(figures, 3)
            people = [each.object_id for each in catalog.clusters.query(dataset).clusters]
            if len(people) < 2:
                attempt(lambda: catalog.figures.move(dataset, some, None))  # noqa: B023
                continue
            first, second = chance.sample(people, 2)
            last = catalog.decisions.latest(dataset.id, limit=3)
            act = chance.choice(
                [
                    lambda: catalog.figures.move(dataset, some, first),  # noqa: B023
                    lambda: catalog.figures.move(dataset, some, None),  # noqa: B023
                    lambda: catalog.figures.reject(dataset, some, first),  # noqa: B023
                    lambda: catalog.figures.judge(dataset, some, "ignored"),  # noqa: B023
                    lambda: catalog.figures.judge(dataset, some, "live"),  # noqa: B023
                    lambda: catalog.clusters.merge(dataset, first, [second]),  # noqa: B023
                    lambda: catalog.clusters.distinguish(dataset, first, second),  # noqa: B023
                    lambda: catalog.clusters.update(dataset, FigureCluster(object_id=first, name="A")),  # noqa: B023
                    lambda: [catalog.decisions.undo(dataset.id, row.id, "") for row in last],  # noqa: B023
                ]
            )
            attempt(act)

    def run() -> None:
        for _ in range(ROUNDS):
            faces = catalog.figures.load(dataset.id, MODEL)
            free = faces.id[faces.cluster == -1].tolist()
            homes = sorted(set(faces.cluster[faces.cluster != -1].tolist()))
            attach = [(row, homes[row % len(homes)], 0.5) for row in free]
            attempt(lambda: catalog.clusters.apply(dataset.id, attach, [], free))  # noqa: B023

    def delete() -> None:
        for name in names[::5]:
            attempt(lambda: album.delete(name))  # noqa: B023

    def attempt(act) -> None:
        try:
            act()
        except (CannotUndo, InvalidArgument, ResourceNotFound):
            pass  # somebody else was first
        except BaseException as error:
            unexpected.append(error)

    threads = [threading.Thread(target=decide, args=(seed,)) for seed in range(4)]
    threads += [threading.Thread(target=run), threading.Thread(target=delete)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert unexpected == []
    assert catalog.audit.check(dataset.id) == []
