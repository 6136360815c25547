"""A server to be fuzzed, as a process of its own: ``python -m tests.fuzz.server HOME``.

It has a project ``p`` with a dataset ``photos`` of two people, and no limit to how often it is asked. When it answers,
it writes what a caller needs to know as one line of JSON; it ends with its standard input.
"""

import json
import logging
import sys
from pathlib import Path

from tests.conformance.running import serve, settings_in
from tests.synthetic import SyntheticAlbum
from vultus.config import Bucket


def main(home: Path) -> None:
    """Serve until nobody is there any more."""
    logging.basicConfig(level=logging.ERROR)
    settings = settings_in(home)
    settings.buckets = {"album": Bucket(projects=["*"], options={"root": str(home)})}
    with serve(settings) as running:
        album = SyntheticAlbum.make(running.service.catalog, "p")
        people = [album.person("anna"), album.person("bert", photos=2)]
        told = {"endpoint": running.endpoint, "key_id": running.key.key_id, "secret": running.key.secret}
        print(json.dumps({**told, "people": people}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
