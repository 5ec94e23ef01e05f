"""Reports on a run: how far its explanations can be believed."""

from recommender.evaluate.calibration import Calibration, calibrate
from recommender.evaluate.causes import planted_causes
from recommender.evaluate.global_explanation import Overall, overall
from recommender.evaluate.trust import measure_trust
from recommender.evaluate.trust_report import Trust, load_trust, save_trust

__all__ = [
    "Calibration",
    "Overall",
    "Trust",
    "calibrate",
    "load_trust",
    "measure_trust",
    "overall",
    "planted_causes",
    "save_trust",
]
