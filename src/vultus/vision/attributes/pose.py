"""Head pose from a mesh, or from five landmarks where there is none."""

import numpy as np
from numpy.typing import NDArray

from vultus.vision.attributes.mesh import Mesh
from vultus.vision.faces.face import Pose

# Points of the mesh that neither speaking nor smiling moves: from forehead to the tip of the nose, corners of the
# eyes, temples, cheeks, sides of the nose.
RIGID = [10, 9, 168, 197, 33, 133, 362, 263, 127, 356, 50, 280, 114, 343]
# Where they lie in an average head that looks straight into the camera, in hundredths of the distance of the outer
# corners of the eyes: right of the viewer, down, away. The mean of the meshes of 2,636 photos, turned onto each
# other, and of their mirrors, so that left and right are alike (benchmarks/pose.py prints it).
FACE = [
    [0, -58, -17],
    [0, -24, -23],
    [0, -5, -21],
    [0, 11, -31],
    [-50, -4, 4],
    [-20, -2, -2],
    [20, -2, -2],
    [50, -4, 4],
]
SIDES = [[-80, -1, 59], [80, -1, 59], [-56, 32, -1], [56, 32, -1], [-15, 12, -15], [15, 12, -15]]
AVERAGE = np.array([*FACE, *SIDES])

# Where eyes, nose and corners of the mouth lie in an average head, in millimetres: right of the viewer, down, away.
# Eyes and mouth are anthropometric averages. The nose stands out further than noses do: landmarks tremble, and with its
# true length that would be read as nodding. Fitted, with how far down nose and mouth lie, to the poses that a network
# made for them sees in 3,000 photos, so that a head held as people usually hold it has a pitch of 0.
HEAD = np.array([[-31.5, 0, 0], [31.5, 0, 0], [0, 37.3, -43.6], [-28, 66.1, -0.9], [28, 66.1, -0.9]])
CENTRED = HEAD - HEAD.mean(axis=0)
TO_HEAD = np.linalg.pinv(CENTRED)  # (3, 5)


def pose_of(landmarks: NDArray[np.float32]) -> Pose:
    """Return where a head turns.

    The map from the average head to the landmarks is found in the least squares; the rotation nearest to it is the
    pose. Perspective is left out, as are the differences between people, so that a few degrees are as good as it gets.

    Args:
        landmarks: (5, 2) left eye, right eye, nose, left and right corner of the mouth, as the viewer sees them.

    Source: the scaled orthographic camera of DeMenthon and Davis, Model-Based Object Pose in 25 Lines of Code, 1995.
    """
    seen = landmarks.astype(np.float64) - landmarks.mean(axis=0, dtype=np.float64)
    left, _, right = np.linalg.svd((TO_HEAD @ seen).T, full_matrices=False)
    across, down = left @ right
    return _angles(across, down)


def pose_of_mesh(mesh: Mesh) -> Pose:
    """Return where a head turns: the turn that brings an average head nearest to the mesh.

    Args:
        mesh: of the face.

    Source: Kabsch, A solution for the best rotation to relate two sets of vectors, 1976.
    """
    seen = mesh.points[RIGID] - mesh.points[RIGID].mean(axis=0)
    left, _, right = np.linalg.svd(seen.T @ (AVERAGE - AVERAGE.mean(axis=0)))
    left[:, 2] *= np.sign(np.linalg.det(left @ right))  # a turn, no mirror
    across, down, _ = left @ right
    return _angles(across, down)


def _angles(across: NDArray[np.float64], down: NDArray[np.float64]) -> Pose:
    """The pose of a head, whose axes make up ``across`` and ``down`` in the picture in these parts."""
    away = np.cross(across, down)
    pitch, roll, yaw = np.arctan2(-away[1], away[2]), np.arctan2(down[0], across[0]), np.arcsin(np.clip(away[0], -1, 1))
    return Pose(*(float(np.degrees(angle)) for angle in (pitch, roll, yaw)))
