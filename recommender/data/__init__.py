"""From somebody's files to a data set, its histories and its splits."""

from recommender.data.building import build_dataset
from recommender.data.cleaning.kinds import KINDS, Kind
from recommender.data.cleaning.mapping import NEEDED, ROLES, propose_mapping
from recommender.data.cleaning.tables import Tables, clean_tables, read_tables
from recommender.data.columns import TableName
from recommender.data.dataset import Dataset, DatasetError
from recommender.data.features import Feature, FeatureKind
from recommender.data.histories import History
from recommender.data.known.registry import KNOWN
from recommender.data.options import ReadOptions
from recommender.data.problems import Problem, TableError
from recommender.data.reading.files import RawTable, Source
from recommender.data.reading.sources import read_file
from recommender.data.splits import SPLITS, Holdout, Split, SplitName, propose_split, split_dataset
from recommender.data.storage import load_dataset, save_dataset
from recommender.data.text_encoder import TextEncoder

__all__ = [
    "KINDS",
    "KNOWN",
    "NEEDED",
    "ROLES",
    "SPLITS",
    "Dataset",
    "DatasetError",
    "Feature",
    "FeatureKind",
    "History",
    "Holdout",
    "Kind",
    "Problem",
    "RawTable",
    "ReadOptions",
    "Source",
    "Split",
    "SplitName",
    "TableError",
    "TableName",
    "Tables",
    "TextEncoder",
    "build_dataset",
    "clean_tables",
    "load_dataset",
    "propose_mapping",
    "propose_split",
    "read_file",
    "read_tables",
    "save_dataset",
    "split_dataset",
]
