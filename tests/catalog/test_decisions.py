def test_the_journal_keeps_decisions_in_the_order_they_were_made(catalog, dataset):
    first = catalog.decisions.append(dataset.id, "name", {"cluster": "Cluster-1", "name": "Anna"}, "root")
    second = catalog.decisions.append(dataset.id, "merge", {"from": ["Cluster-2"]}, "ben")
    journal = catalog.decisions.list(dataset.id)
    assert [(row.id, row.kind, row.payload, row.actor) for row in journal] == [
        (first, "name", {"cluster": "Cluster-1", "name": "Anna"}, "root"),
        (second, "merge", {"from": ["Cluster-2"]}, "ben"),
    ]
    assert [row.undone_time for row in journal] == [None, None]
    assert catalog.decisions.list(dataset.id, after=first, limit=5) == [journal[1]]
    assert catalog.decisions.list(dataset.id, limit=1) == [journal[0]]


def test_every_dataset_has_its_own_journal(catalog, dataset):
    other = catalog.datasets.create(dataset.project_id, "other")
    catalog.decisions.append(dataset.id, "name", {}, "root")
    assert catalog.decisions.list(other.id) == []
