"""People."""

from msgspec import UNSET

from vultus.model.file import File
from vultus.model.wire import Map, Real, Text, Unset, Whole, Wire


class FigureCluster(Wire):
    """A person of a dataset: the faces found to be theirs, with counts, ages and a cover."""

    owner_id: Text = UNSET
    project_name: Text = UNSET
    dataset_name: Text = UNSET
    object_type: Text = UNSET
    object_id: Text = UNSET
    update_time: Text = UNSET
    create_time: Text = UNSET
    name: Text = UNSET
    gender: Text = UNSET
    face_count: Whole = UNSET
    image_count: Whole = UNSET
    video_count: Whole = UNSET
    average_age: Real = UNSET
    min_age: Real = UNSET
    max_age: Real = UNSET
    cover: File | Unset = UNSET
    custom_id: Text = UNSET
    custom_labels: Map = UNSET
    meta_lock_version: Whole = UNSET
