"""A face, as the catalog keeps it."""

import numpy as np
from msgspec import UNSET

from vultus import model
from vultus.catalog import IndexedFace
from vultus.vision.faces.face import Face


def stored_embedding(face: Face) -> bytes:
    """The embedding of a face as the catalog keeps it."""
    return face.embedding.astype(np.dtype("<f2")).tobytes()


def indexed_face(face: Face, frame: int = 0) -> IndexedFace:
    """What is kept of a face.

    Args:
        face: as it was found.
        frame: of a video: when it is shown, milliseconds from the start.
    """
    left, top, width, height = face.box
    pose, traits = face.pose, face.traits
    figure = model.Figure(
        figure_type="face",
        figure_confidence=face.confidence,
        boundary=model.Boundary(left=left, top=top, width=width, height=height),
        head_pose=model.HeadPose(pitch=pose.pitch, roll=pose.roll, yaw=pose.yaw),
        face_quality=face.quality,
        sharpness=face.sharpness,
        age=round(traits.age.years) if traits.age else UNSET,
        age_sd=round(traits.age.deviation, 2) if traits.age else UNSET,
        gender=traits.gender.value if traits.gender else UNSET,
        gender_confidence=traits.gender.confidence if traits.gender else UNSET,
        emotion=traits.emotion.value if traits.emotion else UNSET,
        emotion_confidence=traits.emotion.confidence if traits.emotion else UNSET,
        mouth=traits.mouth.value if traits.mouth else UNSET,
        mouth_confidence=traits.mouth.confidence if traits.mouth else UNSET,
        mask=traits.mask.value if traits.mask else UNSET,
        mask_confidence=traits.mask.confidence if traits.mask else UNSET,
        glasses=traits.glasses.value if traits.glasses else UNSET,
        glasses_confidence=traits.glasses.confidence if traits.glasses else UNSET,
        hat=traits.hat.value if traits.hat else UNSET,
        hat_confidence=traits.hat.confidence if traits.hat else UNSET,
        beard=traits.beard.value if traits.beard else UNSET,
        beard_confidence=traits.beard.confidence if traits.beard else UNSET,
        attractive=UNSET if traits.appeal is None else traits.appeal,
    )
    return IndexedFace(
        figure=figure,
        embedding=stored_embedding(face),
        side=min(width, height),
        quality=face.quality,
        pitch=pose.pitch,
        roll=pose.roll,
        yaw=pose.yaw,
        frame=frame,
    )
