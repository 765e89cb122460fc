"""A classifier as bytes, for the database.

Invariant: reading never runs code (no pickle), and bytes of another format version are refused, never guessed at.
"""

import io
import json
import zipfile

import numpy as np

from copilot.triage.classifier import Classifier
from copilot.triage.lift import Lift

FORMAT = 1


class UnreadableModel(ValueError):
    """The bytes are not a classifier this version can read; the message says why."""


def dumps(classifier: Classifier) -> bytes:
    """`classifier` as an .npz archive with JSON metadata; about 2 MB for 384 columns, and 6 kB a label."""
    about = {"format": FORMAT, "labels": classifier.labels, "recipe": classifier.recipe}
    buffer = io.BytesIO()
    np.savez(
        buffer,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        projection=classifier.lift.projection,
        phase=classifier.lift.phase,
        weights=classifier.weights,
        bias=classifier.bias,
        scalars=np.array([classifier.temperature, classifier.threshold], dtype=np.float64),
    )
    return buffer.getvalue()


def loads(data: bytes) -> Classifier:
    """The classifier that `dumps` wrote. Raises UnreadableModel when damaged, inconsistent or of another format."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            classifier = _read({name: archive[name] for name in archive.files})
    except UnreadableModel:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableModel(f"these bytes are not a classifier: {type(error).__name__}") from error
    _check(classifier)
    return classifier


def _read(arrays: dict[str, np.ndarray]) -> Classifier:
    about = json.loads(arrays["about"].tobytes())
    if about["format"] != FORMAT:
        raise UnreadableModel(f"the classifier has format {about['format']!r}, this version reads {FORMAT}")
    temperature, threshold = arrays["scalars"].tolist()
    return Classifier(
        labels=tuple(map(str, about["labels"])),
        recipe=str(about["recipe"]),
        lift=Lift(arrays["projection"], arrays["phase"]),
        weights=arrays["weights"],
        bias=arrays["bias"],
        temperature=temperature,
        threshold=threshold,
    )


def _check(classifier: Classifier) -> None:
    """Shapes that fit each other and finite numbers, so that a damaged model fails here and not on a ticket."""
    width, features, labels = classifier.lift.projection.shape[0], len(classifier.lift.phase), len(classifier.labels)
    shapes = (classifier.lift.projection.shape, classifier.weights.shape, classifier.bias.shape)
    if shapes != ((width, features), (width + features, labels), (labels,)) or labels < 2:
        raise UnreadableModel("the arrays of the classifier do not fit each other")
    arrays = (classifier.lift.projection, classifier.lift.phase, classifier.weights, classifier.bias)
    if not all(array.dtype == np.float32 and np.isfinite(array).all() for array in arrays):
        raise UnreadableModel("the classifier holds values that are not finite float32 numbers")
    if not classifier.temperature > 0 or np.isnan(classifier.threshold):
        raise UnreadableModel("the classifier's temperature or threshold is not usable")
