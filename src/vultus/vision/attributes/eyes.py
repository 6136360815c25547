"""Whether eyes are open."""

from vultus.vision.attributes.mesh import Mesh

# Points of the mesh, for each eye: upper and lower lid in three places, and the two corners.
LIDS = (((160, 144), (159, 145), (158, 153)), ((387, 373), (386, 374), (385, 380)))
CORNERS = ((33, 133), (362, 263))


def openness_of(mesh: Mesh) -> float:
    """Return how far the eyes are open: the gap between the lids in parts of the width, of the eye that is wider open.

    Closed eyes have less than 0.1, and so have some that laugh; open ones have 0.3 on average, and hardly one less
    than 0.15, however they are cut. The far eye of a turned head is told poorly, and a wink is no closed pair.

    Args:
        mesh: of the face.

    Source: the eye aspect ratio of Soukupova and Cech, Real-Time Eye Blink Detection using Facial Landmarks, 2016.
    """
    ratios = [
        sum(mesh.width(*pair) for pair in lids) / len(lids) / mesh.width(*corners)
        for lids, corners in zip(LIDS, CORNERS, strict=True)
    ]
    return max(ratios)
