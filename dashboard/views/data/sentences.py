"""What is said of runs that scored other histories, and of what their data sets lack for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.names import feature_name
from dashboard.words import _, listed, plural
from recommender.data import Dataset

if TYPE_CHECKING:
    from recommender.data.encoding import Unread
    from recommender.model.scored import ScoredWith


def quality_elsewhere(trained: ScoredWith) -> str:
    """Where the quality of the model is known."""
    return _(
        "Nothing was measured on these histories: they were scored by the model of {run}. How good "
        "it is was measured on that run's own data, and stands on that run's pages."
    ).format(run=_called(trained))


def trained_elsewhere(trained: ScoredWith) -> str:
    """Whose training the curve shows."""
    return _("The training of {run}, on its own data: these histories were only scored.").format(
        run=_called(trained)
    )


def seen_before(trained: ScoredWith) -> str:
    """That answers may have been trained on; empty where they were not."""
    n = trained.known_users
    if n == 0:
        return ""
    if n is None:
        return _(
            "Some of these {@customers} may have been in the training data: what they did next may "
            "have been learned, and is no test then."
        )
    return plural(
        "{n} of these {@customers} was in the training data: what that {@customer} did next may "
        "have been learned, and is no test then.",
        "{n} of these {@customers} were in the training data: what they did next may have been "
        "learned, and is no test then.",
        n,
    )


def _called(trained: ScoredWith) -> str:
    return trained.name or _("another run ({fingerprint})").format(fingerprint=trained.fingerprint)


def lacking(dataset: Dataset) -> str:
    """Which features new histories cannot be read by as the data set's own; empty for none."""
    features = dataset.item_features + dataset.user_features
    names = [feature_name(feature.name) for feature in features if not feature.is_kept]
    if not names:
        return ""
    return _(
        "An older version of RecLens saved this, without how it had read {features}: in new "
        "histories that are scored with it, these are unknown of new {@products} and {@customers}. "
        "To have them read, import the data and train again."
    ).format(features=listed(names))


def unread(features: tuple[tuple[str, Unread], ...]) -> list[str]:
    """Which features of new histories could not be read, and why."""
    said = {
        "not kept": _(
            "Unknown of new {@products} and {@customers}, since an older version of RecLens did "
            "not save how the run read it: {features}. To have it read, import the run's data and "
            "train again."
        ),
        "encoder": _(
            "Unknown of new {@products}, since the run's texts went through a sentence encoder, "
            "which only the command score takes: {features}."
        ),
        "kind": _(
            "Unknown of new {@products}, since vectors are of another length than the run's, or "
            "stand where it has none: {features}."
        ),
    }
    names = {why: [feature_name(name) for name, is_so in features if is_so == why] for why in said}
    return [said[why].format(features=listed(names[why])) for why in said if names[why]]
