from __future__ import annotations

import recommender.data


def test_what_the_room_offers() -> None:
    assert recommender.data.__all__ == [
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
    assert all(hasattr(recommender.data, name) for name in recommender.data.__all__)
