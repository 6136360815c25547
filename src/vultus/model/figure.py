"""A face and where it is."""

from msgspec import UNSET

from vultus.model.wire import Real, Text, Unset, Whole, Wire


class PointInt64(Wire):
    """A point in pixels."""

    x: Whole = UNSET
    y: Whole = UNSET


class Boundary(Wire):
    """A box in pixels, origin at the top left; ``polygon`` when the outline is no box."""

    width: Whole = UNSET
    height: Whole = UNSET
    left: Whole = UNSET
    top: Whole = UNSET
    polygon: list[PointInt64] | Unset = UNSET


class HeadPose(Wire):
    """Where a head turns, in degrees, each -180 to 180."""

    pitch: Real = UNSET
    roll: Real = UNSET
    yaw: Real = UNSET


class Figure(Wire):
    """A face in a file. Its boundary is in pixels of the upright image."""

    figure_id: Text = UNSET
    figure_confidence: Real = UNSET
    figure_cluster_id: Text = UNSET
    figure_cluster_confidence: Real = UNSET
    figure_type: Text = UNSET
    age: Whole = UNSET
    age_sd: Real = UNSET
    gender: Text = UNSET
    gender_confidence: Real = UNSET
    emotion: Text = UNSET
    emotion_confidence: Real = UNSET
    face_quality: Real = UNSET
    boundary: Boundary | Unset = UNSET
    mouth: Text = UNSET
    mouth_confidence: Real = UNSET
    beard: Text = UNSET
    beard_confidence: Real = UNSET
    hat: Text = UNSET
    hat_confidence: Real = UNSET
    mask: Text = UNSET
    mask_confidence: Real = UNSET
    glasses: Text = UNSET
    glasses_confidence: Real = UNSET
    sharpness: Real = UNSET
    attractive: Real = UNSET
    head_pose: HeadPose | Unset = UNSET
