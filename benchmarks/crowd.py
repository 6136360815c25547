"""A catalog full of people, without photos: what indexing and clustering would have left there."""

import json
import time
from pathlib import Path

from vultus.catalog import Catalog, DatasetRow, IndexedFace, IndexedFile
from vultus.config import Settings
from vultus.model import Address, Boundary, Figure, File, HeadPose, InputFile
from vultus.ram.account import RootKey, ensure_account
from vultus.ram.cipher import Cipher
from vultus.ram.keys import Keys
from vultus.ram.master_keys import MasterKeys

PROJECT, DATASET = "benchmarks", "people"
MODEL = "synthetic"
PHOTOS = 3  # of each person
POLICIES = {
    "People": [
        {"Effect": "Allow", "Action": ["imm:Query*", "imm:Get*"], "Resource": f"acs:imm:*:*:project/{PROJECT}*"},
        {"Effect": "Allow", "Action": "imm:BatchGet*", "Resource": f"acs:imm:*:*:project/{PROJECT}/dataset/{DATASET}"},
    ],
    "Careful": [
        {"Effect": "Deny", "Action": ["imm:Delete*", "imm:Create*"], "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": "imm:*",
            "Resource": "*",
            "Condition": {"NotIpAddress": {"acs:SourceIp": ["127.0.0.0/8", "10.0.0.0/8", "::1"]}},
        },
    ],
}
EMBEDDING = b"\x00\x2c" * 192  # 1/16 in float16: nobody looks at it


def fill(home: Path, people: int) -> list[str]:
    """Make an account with people in it, each in photos that show a bystander too; return the ids of their clusters."""
    catalog = Catalog(Settings(home=home).database_url)
    catalog.migrate()
    ensure_account(catalog, home)
    dataset = catalog.datasets.create(catalog.projects.create(PROJECT).id, DATASET)
    with catalog.transaction():
        for person in range(people):
            _add_photos(catalog, dataset, person)
    faces = [int(row) for row in catalog.figures.load(dataset.id, MODEL).id]
    firsts = [(face, 0.8) for face in faces[::2]]  # of the two faces in a photo
    groups = [firsts[start : start + PHOTOS] for start in range(0, len(firsts), PHOTOS)]
    catalog.clusters.apply(dataset.id, [], groups, faces)
    clusters = catalog.clusters.query(dataset, limit=people).clusters
    catalog.close()
    return [str(cluster.object_id) for cluster in clusters]


def hire(home: Path) -> RootKey:
    """Make a user with policies such as an application has; return a key of its."""
    catalog = Catalog(Settings(home=home).database_url)
    user = catalog.users.create("application")
    for name, statements in POLICIES.items():
        catalog.policies.create(name, json.dumps({"Version": "1", "Statement": statements}))
        catalog.attachments.attach("Custom", name, "User", user.name)
    catalog.attachments.attach("System", "AliyunIMMReadOnlyAccess", "User", user.name)
    key = Keys(catalog, Cipher(MasterKeys(home)), user).create()
    catalog.close()
    return RootKey(access_key_id=key.key_id, access_key_secret=key.secret)


def keep_indexing(home: Path, rate: float) -> None:
    """Write photos, one by one, as indexing does; so many a second, for ever."""
    catalog = Catalog(Settings(home=home).database_url)
    dataset = catalog.datasets.find(PROJECT, DATASET)
    while True:
        began = time.monotonic()
        [file_id] = catalog.files.submit(dataset, [InputFile(uri=f"oss://photos/new/{began}.jpg")])
        catalog.files.begin(file_id)
        faces = [_face(300), _face(1200)]
        catalog.files.write(file_id, IndexedFile(document=_photo(file_id), version="1", model=MODEL, faces=faces))
        time.sleep(max(0.0, 1 / rate - (time.monotonic() - began)))


def _add_photos(catalog: Catalog, dataset: DatasetRow, person: int) -> None:
    inputs = [InputFile(uri=f"oss://photos/{person}/{number}.jpg") for number in range(PHOTOS)]
    for file_id in catalog.files.submit(dataset, inputs):
        indexed = IndexedFile(document=_photo(file_id), version="1", model=MODEL, faces=[_face(300), _face(1200)])
        catalog.files.begin(file_id)
        catalog.files.write(file_id, indexed)


def _photo(number: int) -> File:
    """What indexing finds in a photo with a place and EXIF: 2 KB."""
    exif = {name: {"value": f"{name} {number}"} for name in ("Make", "Model", "LensModel", "DateTime", "ExposureTime")}
    exif |= {f"Tag{tag:04X}": {"value": str(tag * number)} for tag in range(0x9000, 0x9020)}
    return File(
        media_type="image",
        content_type="image/jpeg",
        size=3_400_000 + number,
        image_width=4032,
        image_height=3024,
        orientation=1,
        produce_time="2021-06-29T14:50:13+08:00",
        lat_long="30.134390,120.074997",
        addresses=[Address(language="zh-Hans", address_line="中国浙江省杭州市余杭区文一西路969号", country="中国")],
        exif=json.dumps(exif, separators=(",", ":")),
        file_hash=f"{number:032x}",
    )


def _face(left: int) -> IndexedFace:
    figure = Figure(
        figure_type="face",
        figure_confidence=0.9987,
        face_quality=0.91,
        sharpness=0.7,
        boundary=Boundary(left=left, top=400, width=380, height=420),
        head_pose=HeadPose(pitch=3.25, roll=-1.5, yaw=8.75),
    )
    return IndexedFace(figure=figure, embedding=EMBEDDING, side=380, quality=0.91, pitch=3.25, roll=-1.5, yaw=8.75)
