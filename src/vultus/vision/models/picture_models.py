"""Networks that look at whole pictures rather than at faces, as ``models.toml`` describes them."""

from vultus.vision.models.entry import Entry, Name


class TextModel(Entry, frozen=True, kw_only=True):
    """Three networks that read text: one finds lines, one tells which way up they are, one reads them (PP-OCR).

    Attributes:
        finder, turner, reader: ids of their files; colours go in as BGR, planes first.
        mean, scale: a pixel x goes in as (x - mean) / scale.
        ink: probability from which a pixel belongs to a line.
        least: average of those within a line, from which it is one.
        rim: what is added about a line, in areas for each length of its edge.
    """

    id: Name
    finder: Name
    turner: Name
    reader: Name
    mean: float
    scale: float
    ink: float
    least: float
    rim: float

    @property
    def files(self) -> list[str]:
        """Ids of the files it consists of."""
        return [self.finder, self.turner, self.reader]


class Labeller(Entry, frozen=True, kw_only=True):
    """A network that tells which of the classes of ImageNet a picture is of (EfficientNet-Lite).

    Attributes:
        file: id of its file, weights as PyTorch wrote them before version 1.6; colours go in as RGB, planes first.
        side: of its input, pixels.
        mean, scale: a pixel x goes in as (x - mean) / scale.
        halving: numbers of the blocks that give half as many rows and columns.
    """

    id: Name
    file: Name
    side: int
    mean: float
    scale: float
    halving: list[int]

    @property
    def files(self) -> list[str]:
        """Ids of the files it consists of."""
        return [self.file]
