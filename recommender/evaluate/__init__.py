"""Reports on a run: how far its explanations can be believed."""

from recommender.evaluate.calibration import Calibration, calibrate
from recommender.evaluate.causes import planted_causes
from recommender.evaluate.global_explanation import Overall, overall, telling
from recommender.evaluate.measured import MEASUREMENTS, measure, measured
from recommender.evaluate.trust import measure_trust
from recommender.evaluate.trust_report import Trust, load_trust, save_trust

__all__ = [
    "MEASUREMENTS",
    "Calibration",
    "Overall",
    "Trust",
    "calibrate",
    "load_trust",
    "measure",
    "measure_trust",
    "measured",
    "overall",
    "planted_causes",
    "save_trust",
    "telling",
]
