"""What is known of the models: their files, where those come from, and how pixels go in.

The models that Vultus ships with stand in ``models.toml`` beside this file. A user adds to them, or replaces one, with
a file of the same form at ``models.toml`` in the home of Vultus.
"""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from vultus.config import ConfigError
from vultus.vision.models.entry import Address, Entry, ModelFile, Name, Package, Shipped
from vultus.vision.models.picture_models import Labeller, TextModel

__all__ = [
    "Address",
    "Cascade",
    "Classifier",
    "Embedder",
    "Entry",
    "FarPoint",
    "Grid",
    "Labeller",
    "MeshModel",
    "ModelFile",
    "Models",
    "Name",
    "Package",
    "Pair",
    "QualityWeights",
    "Shipped",
    "Spotter",
    "TextModel",
    "known_models",
    "shipped_models",
]


class Cascade(Entry, frozen=True, kw_only=True):
    """A face detector of three networks, each looking closer than the one before (MTCNN).

    Attributes:
        proposal, refine, output: ids of the files of the three networks.
        proposal_threshold, refine_threshold, output_threshold: probability of a face from which a candidate goes on.
        mean, scale: a pixel x goes in as (x - mean) / scale.
    """

    id: Name
    proposal: Name
    refine: Name
    output: Name
    proposal_threshold: float
    refine_threshold: float
    output_threshold: float
    mean: float
    scale: float

    @property
    def files(self) -> list[str]:
        """Ids of the files it consists of."""
        return [self.proposal, self.refine, self.output]


class Grid(Entry, frozen=True, kw_only=True):
    """Boxes that a ``Spotter`` gives: ``boxes`` of them for each cell of ``stride`` pixels."""

    stride: int
    boxes: int


class Spotter(Entry, frozen=True, kw_only=True):
    """A face detector that looks at a whole square at once (BlazeFace); colours go in as RGB, from -1 to 1.

    Attributes:
        file: id of its file.
        side: of its input, pixels.
        grids: the boxes that it gives, in their order.
    """

    id: Name
    file: Name
    side: int
    grids: list[Grid]

    @property
    def files(self) -> list[str]:
        """Ids of the files it consists of."""
        return [self.file]


class FarPoint(Entry, frozen=True, kw_only=True):
    """The similarity that a share of pairs of different people exceeds."""

    rate: float
    similarity: float


class QualityWeights(Entry, frozen=True, kw_only=True):
    """How FaceQuality follows from what the networks say; see ``quality.quality_of``.

    The defaults are for a model whose vectors were not measured: they leave the length of the vector out.
    """

    strength: float = 0.0
    agreement: float = 1.6
    certainty: float = 0.2
    constant: float = -5.6


class Layer(Entry, frozen=True, kw_only=True):
    """A layer of a network that is looked at as well as its output."""

    name: str  # of what it gives, in the file
    shape: tuple[int, int, int]  # channels, rows and columns


class Embedder(Entry, frozen=True, kw_only=True):
    """A network that turns an aligned face into a vector; close vectors are of one person.

    Attributes:
        file: id of its file.
        runtime: what runs it: LiteRT, onnxruntime, or OpenCV, which reads ONNX as well.
        layout: order of the axes of its input; n is 2, the chip and its mirror.
        size: side of the input, pixels.
        colour: order of the colours.
        mean, scale: a pixel x goes in as (x - mean) / scale.
        template: where the five landmarks lie in the input.
        dimension: numbers in the vector.
        far: false accept rates, measured; what similarity means for this model.
        quality: what the length of its vectors and the agreement of chip and mirror mean.
        layer: one of its layers, from which heads tell what a face wears; where ``runtime`` is OpenCV.
    """

    id: Name
    file: Name
    runtime: Literal["tflite", "onnx", "opencv"]
    layout: Literal["nhwc", "nchw"] = "nhwc"
    size: Literal[112] = 112
    colour: Literal["rgb", "bgr"] = "rgb"
    mean: float = 127.5
    scale: float = 128.0
    template: Literal["arcface112"] = "arcface112"
    dimension: int
    far: Annotated[list[FarPoint], Meta(min_length=2)]
    quality: QualityWeights = QualityWeights()
    layer: Layer | None = None

    @property
    def files(self) -> list[str]:
        """Ids of the files it consists of."""
        return [self.file]


class Pair(Entry, frozen=True, kw_only=True):
    """Two networks that look at the same chip; their vectors together, brought down to fewer numbers, tell more.

    Attributes:
        parts: ids of the two networks.
        projection: id of the file that maps both vectors, one after the other, to the one of the pair.
        dimension: numbers in that one.
        far, quality: of the pair, as for an ``Embedder``.
    """

    id: Name
    parts: tuple[Name, Name]
    projection: Name
    dimension: int
    far: Annotated[list[FarPoint], Meta(min_length=2)]
    quality: QualityWeights = QualityWeights()

    @property
    def files(self) -> list[str]:
        """Ids of the files it consists of, but for those of its parts."""
        return [self.projection]


class Classifier(Entry, frozen=True, kw_only=True):
    """A network that tells how likely each class of an attribute is, as age and gender.

    Attributes:
        file: id of its file.
        runtime: what runs it: onnxruntime, colours planes first, or LiteRT, pixels first.
        colour: what goes in: red, green and blue, or brightness alone.
        side: of its input, pixels.
        margin: about the face in its input, in parts of the side of the face.
        mean: of red, green and blue, or the first of brightness; a pixel x goes in as (x - mean) / scale.
        classes: how many it tells apart.
        bias: what is added to the evidence of each class, where the network learned from photos that show it more
            often or more rarely than others do.
        temperature: over 1 where the network is surer than it should be; its evidence is divided by it.
        spread: of classes that are numbers: how many times the standard deviation is as large as the network says.
    """

    id: Name
    file: Name
    runtime: Literal["onnx", "tflite"] = "onnx"
    colour: Literal["rgb", "grey"] = "rgb"
    side: int
    margin: float
    mean: tuple[float, float, float]
    scale: float
    classes: int
    bias: list[float] = []
    temperature: Annotated[float, Meta(gt=0)] = 1.0
    spread: Annotated[float, Meta(gt=0)] = 1.0

    @property
    def files(self) -> list[str]:
        """Ids of the files it consists of."""
        return [self.file]


class HeadsModel(Entry, frozen=True, kw_only=True):
    """Linear maps of a layer of an embedding network, which tell what a face wears.

    Attributes:
        file: id of their file.
        network: id of the embedding network.
    """

    id: Name
    file: Name
    network: Name

    @property
    def files(self) -> list[str]:
        """Ids of the files they consist of."""
        return [self.file]


class MeshModel(Entry, frozen=True, kw_only=True):
    """A network that lays a mesh of 478 points over a face (MediaPipe); colours go in as RGB, from 0 to 1.

    Attributes:
        file: id of its file, an archive of several networks.
        member: name of the network inside.
        side, margin: as for a ``Classifier``.
    """

    id: Name
    file: Name
    member: str
    side: int
    margin: float

    @property
    def files(self) -> list[str]:
        """Ids of the files it consists of."""
        return [self.file]


Model = Cascade | Spotter | Embedder | Pair | Classifier | HeadsModel | MeshModel | TextModel | Labeller


class Models(Entry, frozen=True, kw_only=True):
    """All models that are known, and their files.

    Attributes:
        pack: ids of the models that are fetched by default.
    """

    pack: list[Name] = []
    files: list[ModelFile] = []
    cascades: list[Cascade] = []
    spotters: list[Spotter] = []
    embedders: list[Embedder] = []
    pairs: list[Pair] = []
    classifiers: list[Classifier] = []
    heads: list[HeadsModel] = []
    meshes: list[MeshModel] = []
    texts: list[TextModel] = []
    labellers: list[Labeller] = []

    @property
    def embedding_models(self) -> list[Embedder | Pair]:
        """All that turn faces into vectors."""
        return [*self.embedders, *self.pairs]

    def file(self, file_id: str) -> ModelFile:
        """Return a file by its id.

        Raises:
            ConfigError: there is none.
        """
        return _pick(self.files, file_id, "model file")

    def cascade(self, model_id: str) -> Cascade:
        """Return a face detector by its id; see ``file``."""
        return _pick(self.cascades, model_id, "face detector")

    def spotter(self, model_id: str) -> Spotter:
        """Return a face detector that looks once by its id; see ``file``."""
        return _pick(self.spotters, model_id, "face detector for a second look")

    def embedder(self, model_id: str) -> Embedder:
        """Return a network that embeds faces by its id; see ``file``."""
        return _pick(self.embedders, model_id, "embedding network")

    def embedding_model(self, model_id: str) -> Embedder | Pair:
        """Return an embedding model, of one network or of two, by its id; see ``file``."""
        return _pick(self.embedding_models, model_id, "embedding model")

    def classifier(self, model_id: str) -> Classifier:
        """Return a network that tells an attribute by its id; see ``file``."""
        return _pick(self.classifiers, model_id, "network of attributes")

    def mesh(self, model_id: str) -> MeshModel:
        """Return a network that lays a mesh by its id; see ``file``."""
        return _pick(self.meshes, model_id, "network of meshes")

    def text_model(self, model_id: str) -> TextModel:
        """Return what reads text by its id; see ``file``."""
        return _pick(self.texts, model_id, "model of text")

    def labeller(self, model_id: str) -> Labeller:
        """Return a network that tells what a picture shows by its id; see ``file``."""
        return _pick(self.labellers, model_id, "network of labels")

    def heads_model(self, model_id: str) -> HeadsModel:
        """Return heads by their id; see ``file``."""
        return _pick(self.heads, model_id, "heads")

    @property
    def every(self) -> list[Model]:
        """All models."""
        faces = [*self.cascades, *self.spotters, *self.embedding_models, *self.classifiers, *self.heads, *self.meshes]
        return [*faces, *self.texts, *self.labellers]

    def file_ids(self, name: str) -> list[str]:
        """Return the ids of the files that a model, or a file, of that name consists of."""
        for model in self.every:
            if model.id == name:
                parts = model.parts if isinstance(model, Pair) else ()
                return [file_id for part in parts for file_id in self.embedder(part).files] + model.files
        if all(file.id != name for file in self.files):
            known = ", ".join([*(model.id for model in self.every), *(file.id for file in self.files)])
            raise ConfigError(f"There is no model or model file {name!r}; there is {known}.")
        return [name]


T = TypeVar("T", bound=ModelFile | Model)


def shipped_models() -> Models:
    """Return the models that Vultus ships with."""
    text = resources.files("vultus").joinpath("vision", "models", "models.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=Models)


def known_models(home: Path) -> Models:
    """Return the models that Vultus ships with and those that the user added in ``home``.

    Raises:
        ConfigError: the user's file cannot be used.
    """
    models = shipped_models()
    file = home / "models.toml"
    if not file.is_file():
        return models
    try:
        added = msgspec.toml.decode(file.read_bytes(), type=Models)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file} cannot be used: {error}") from None
    return Models(
        pack=list(dict.fromkeys([*models.pack, *added.pack])),
        files=_merged(models.files, added.files),
        cascades=_merged(models.cascades, added.cascades),
        spotters=_merged(models.spotters, added.spotters),
        embedders=_merged(models.embedders, added.embedders, added.pairs),
        pairs=_merged(models.pairs, added.pairs, added.embedders),
        classifiers=_merged(models.classifiers, added.classifiers),
        heads=_merged(models.heads, added.heads),
        meshes=_merged(models.meshes, added.meshes),
        texts=_merged(models.texts, added.texts),
        labellers=_merged(models.labellers, added.labellers),
    )


def _pick(entries: list[T], wanted: str, noun: str) -> T:
    for entry in entries:
        if entry.id == wanted:
            return entry
    known = ", ".join(sorted(entry.id for entry in entries))
    raise ConfigError(f"There is no {noun} {wanted!r}; there is {known}.")


def _merged(shipped: list[T], added: list[T], rivals: Sequence[Embedder | Pair] = ()) -> list[T]:
    """What the user added, and what is shipped and was replaced neither by that nor by an entry of a rival kind."""
    replaced = {entry.id for entry in [*added, *rivals]}
    return [entry for entry in shipped if entry.id not in replaced] + added
