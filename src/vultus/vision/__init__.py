"""Pixels to findings: faces found, aligned, embedded, and judged for how well they can be recognised."""

from vultus.vision.analyser import FaceAnalyser
from vultus.vision.face import Face, Pose
from vultus.vision.store import ModelStore, ModelUnavailable

__all__ = ["Face", "FaceAnalyser", "ModelStore", "ModelUnavailable", "Pose"]
