"""A classifier as bytes, for the database.

Invariant: reading never runs code (no pickle), and bytes of another format version are refused, never guessed at.
"""

import io
import json
import zipfile

import numpy as np

from copilot.triage.classifier import Classifier
from copilot.triage.grams import WIDTH
from copilot.triage.heads import Letters, Meaning
from copilot.triage.lift import Lift

FORMAT = 2  # 2: letters and words beside the vectors


class UnreadableModel(ValueError):
    """The bytes are not a classifier this version can read; the message says why."""


def dumps(classifier: Classifier) -> bytes:
    """`classifier` as an .npz archive with JSON metadata; about 2 MB for 384 columns, and 22 kB a label."""
    about = {"format": FORMAT, "labels": classifier.labels, "recipe": classifier.recipe}
    meaning, letters = classifier.meaning, classifier.letters
    buffer = io.BytesIO()
    np.savez(
        buffer,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        projection=meaning.lift.projection, phase=meaning.lift.phase, weights=meaning.weights, bias=meaning.bias,
        rarity=letters.rarity.astype(np.float16), letters=letters.weights.astype(np.float16), letters_bias=letters.bias,
        scalars=np.array([classifier.share, classifier.temperature, classifier.threshold], dtype=np.float64),
    )  # fmt: skip
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
    share, temperature, threshold = arrays["scalars"].tolist()
    rarity, letters = arrays["rarity"].astype(np.float32), arrays["letters"].astype(np.float32)
    return Classifier(
        labels=tuple(map(str, about["labels"])),
        recipe=str(about["recipe"]),
        meaning=Meaning(Lift(arrays["projection"], arrays["phase"]), arrays["weights"], arrays["bias"]),
        letters=Letters(rarity, letters, arrays["letters_bias"]),
        share=share,
        temperature=temperature,
        threshold=threshold,
    )


def _check(classifier: Classifier) -> None:
    """Shapes that fit each other and finite numbers, so that a damaged model fails here and not on a ticket."""
    meaning, letters, labels = classifier.meaning, classifier.letters, len(classifier.labels)
    width, features = meaning.lift.projection.shape[0], len(meaning.lift.phase)
    shapes = (meaning.lift.projection.shape, meaning.weights.shape, meaning.bias.shape)
    of_letters = (letters.rarity.shape, letters.weights.shape, letters.bias.shape)
    if shapes != ((width, features), (width + features, labels), (labels,)) or labels < 2:
        raise UnreadableModel("the arrays of the classifier do not fit each other")
    if of_letters != ((WIDTH,), (WIDTH, labels), (labels,)):
        raise UnreadableModel("the arrays of letters do not fit the others")
    arrays = [meaning.lift.projection, meaning.lift.phase, meaning.weights, meaning.bias]
    arrays += [letters.rarity, letters.weights, letters.bias]
    if not all(array.dtype == np.float32 and np.isfinite(array).all() for array in arrays):
        raise UnreadableModel("the classifier holds values that are not finite float32 numbers")
    if not (classifier.temperature > 0 and 0 <= classifier.share < 1) or np.isnan(classifier.threshold):
        raise UnreadableModel("the classifier's share, temperature or threshold is not usable")
