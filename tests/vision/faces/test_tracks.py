"""Faces of successive frames become tracks, and a few faces stand for each."""

import numpy as np

from vultus.vision.faces.face import Face, Pose
from vultus.vision.faces.tracks import BEST, Tracks

ALIKE = 0.4


def face(who: int, left: int, quality: float = 0.9, angle: float = 0.0) -> Face:
    """A face of a person; the angle in degrees is how far its embedding lies from that of their other faces."""
    embedding = np.zeros(8, np.float32)
    embedding[who], embedding[7] = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    still = Pose(0.0, 0.0, 0.0)
    return Face((left, 10, 80, 100), np.zeros((5, 2), np.float32), 0.99, still, 0.9, quality, embedding)


def tracked(*frames: list[Face]) -> Tracks:
    tracks = Tracks(ALIKE)
    for second, faces in enumerate(frames):
        tracks.see(second * 1000, faces)
    return tracks


def lengths(tracks: Tracks) -> list[int]:
    return [len(track.sightings) for track in tracks.tracks]


def test_a_face_that_moves_is_one_track():
    assert lengths(tracked(*([face(0, 50 * n)] for n in range(6)))) == [6]


def test_two_people_are_two_tracks_though_they_change_places():
    tracks = tracked([face(0, 0), face(1, 300)], [face(1, 0), face(0, 300)], [face(0, 0), face(1, 300)])
    assert lengths(tracks) == [3, 3]
    for track in tracks.tracks:
        assert len({int(each.face.embedding.argmax()) for each in track.sightings}) == 1


def test_two_faces_of_a_frame_are_two_tracks_however_alike():
    assert lengths(tracked([face(0, 0), face(0, 300)], [face(0, 0), face(0, 300)])) == [2, 2]


def test_a_face_in_place_needs_to_be_less_alike():
    assert lengths(tracked([face(0, 0)], [face(0, 10, angle=70)])) == [2]
    assert lengths(tracked([face(0, 0)], [face(0, 300, angle=70)])) == [1, 1]


def test_who_is_gone_for_a_while_goes_on():
    assert lengths(tracked([face(0, 0)], [], [], [face(0, 200)])) == [2]


def test_the_best_faces_stand_for_a_track_and_lie_apart():
    qualities = [0.2, 0.5, 0.9, 0.95, 0.94, 0.3, 0.4, 0.1, 0.6, 0.2, 0.1, 0.7, 0.1]
    [track] = tracked(*([face(0, 0, quality)] for quality in qualities)).tracks
    best = track.best()
    assert [each.time for each in best] == [0, 3000, 11000] or len(best) == BEST
    times = [each.time for each in best]
    assert 3000 in times
    assert 11000 in times
    assert np.diff(times).min() >= 3000


def test_a_face_seen_once_stands_for_itself():
    assert [each.time for each in tracked([face(0, 0, 0.1)]).best()] == [0]
