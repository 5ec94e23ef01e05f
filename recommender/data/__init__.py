"""From somebody's files to a data set, its histories and its splits."""

from recommender.data.building import build_dataset
from recommender.data.dataset import Dataset, DatasetError
from recommender.data.features import Feature, FeatureKind
from recommender.data.histories import History
from recommender.data.options import ReadOptions
from recommender.data.problems import Problem, TableError
from recommender.data.splits import SPLITS, Holdout, Split, SplitName, propose_split, split_dataset
from recommender.data.storage import load_dataset, save_dataset
from recommender.data.tables import Tables, read_tables

__all__ = [
    "SPLITS",
    "Dataset",
    "DatasetError",
    "Feature",
    "FeatureKind",
    "History",
    "Holdout",
    "Problem",
    "ReadOptions",
    "Split",
    "SplitName",
    "TableError",
    "Tables",
    "build_dataset",
    "load_dataset",
    "propose_split",
    "read_tables",
    "save_dataset",
    "split_dataset",
]
