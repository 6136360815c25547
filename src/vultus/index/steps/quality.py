"""Quality: how good an image is to look at."""

from vultus import model
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.vision.pictures.picture_quality import quality_of_picture


@step(media={"image"}, needs={"picture"}, gives={"image_score"})
def quality(subject: Subject) -> None:
    """Score the image by sharpness, noise, compression and exposure."""
    overall = quality_of_picture(subject.seen()).overall
    subject.document.image_score = model.ImageScore(overall_quality_score=round(overall, 3))
