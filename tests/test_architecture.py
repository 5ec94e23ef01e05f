"""The rules of docs/architecture.md, held as tests."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer

from recommender.commands import app

ROOT = Path(__file__).parents[1]
ROOMS = (
    "data",
    "sample",
    "metrics",
    "model",
    "explain",
    "evaluate",
    "words",
    "workspace",
    "commands",
)
"""Each may import itself and those to its left."""
PUBLIC = {
    "recommender.data": {
        "KINDS", "KNOWN", "NEEDED", "ROLES", "SPLITS", "Dataset", "DatasetError", "Feature",
        "FeatureKind", "History", "Holdout", "Kind", "Problem", "RawTable", "ReadOptions",
        "Source", "Split", "SplitName", "TableError", "TableName", "Tables", "TextEncoder",
        "build_dataset",
        "clean_tables", "load_dataset", "propose_mapping", "propose_split", "read_file",
        "read_tables", "save_dataset", "split_dataset",
    },
    "recommender.metrics": {
        "VIEWS", "Cases", "View", "evaluate", "hits_at", "mrr", "ndcg", "recall",
    },
    "recommender.explain": {
        "AGAIN", "ANY", "METHODS", "TOGETHER", "WHOLE", "Absence", "Attention", "Attribution",
        "Cells", "Claim", "Contrast", "Counterfactual", "Event", "Explanation", "Findings",
        "InterestTags", "Lift",
        "Method", "Place", "ProfileChange", "ProfileShare", "Recommendation", "Standing", "Tag",
        "TrustSummary",
        "Verdict", "attend", "attribute", "bring_in", "change_profile", "claims_of", "contrast",
        "drop_out", "edited_history", "events_of", "explain", "feature_importance",
        "interest_tags", "profile_of", "recommend", "segment_tags", "standings", "trust_summary",
        "try_out",
        "why_not",
    },
    "recommender.evaluate": {
        "MEASUREMENTS", "Calibration", "Overall", "Trust", "calibrate", "load_trust", "measure",
        "measure_trust", "measured", "overall", "planted_causes", "save_trust", "telling",
    },
    "recommender.words": {
        "AUDIENCES", "LANGUAGES", "Audience", "Language", "Sentence", "Words", "in_words",
    },
}  # fmt: skip


def sources(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found
    return found


def called(path: Path) -> str:
    """The file's place in the project, as people say it."""
    return path.relative_to(ROOT).as_posix()


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(tree: ast.AST, for_types: bool = True) -> Iterator[ast.AST]:
    """Every node; without `for_types` not those that only a type checker reads."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        guard = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if for_types or not guard:
            yield from nodes(child, for_types)


def imported(path: Path, for_types: bool = True) -> set[str]:
    """Modules that the file imports, at its top or inside a function."""
    found = set()
    for node in nodes(parse(path), for_types):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{called(path)} has a relative import"
            found.add(node.module or "")
    return found


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def loaded_by(module: str) -> set[str]:
    """What stands in memory after importing this module alone."""
    code = f"import sys, {module}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return set(ended.stdout.split())


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_one_way(room: str):
    later = [f"recommender.{name}" for name in ROOMS[ROOMS.index(room) + 1 :]]
    wrong = {
        called(path): sorted(module for module in imported(path) if within(module, *later))
        for path in sources(f"recommender/{room}")
    }
    assert {path: modules for path, modules in wrong.items() if modules} == {}


def test_every_room_has_its_place_in_the_order():
    rooms = {path.parent.name for path in (ROOT / "recommender").glob("*/__init__.py")}
    assert rooms == set(ROOMS)


def test_the_recommender_knows_nothing_of_browsers():
    shown = ("streamlit", "plotly", "altair", "dashboard")
    for path in sources("recommender"):
        assert not [module for module in imported(path) if within(module, *shown)], called(path)


def test_data_and_metrics_and_workspace_need_no_torch():
    for room in ("data", "metrics", "words", "workspace"):
        assert "torch" not in loaded_by(f"recommender.{room}")


def test_figures_import_neither_streamlit_nor_torch():
    for path in sources("dashboard/figures"):
        assert not [name for name in imported(path) if within(name, "streamlit", "torch")], path


def test_plotly_is_given_names_by_one_file_alone():
    """What hands Plotly a trace, a tick, a hover or a title of a part escapes what is written."""
    door = ROOT / "dashboard/figures/heatmap.py"
    names = {
        "annotations", "customdata", "hovertemplate", "hovertext", "subplot_titles",
        "texttemplate", "tickprefix", "ticksuffix", "ticktext", "tickvals",
    }  # fmt: skip
    wrong: dict[str, list[str]] = {}
    for path in sources("dashboard"):
        if path == door or not any(within(module, "plotly") for module in imported(path)):
            continue
        for node in nodes(parse(path), for_types=False):
            if isinstance(node, ast.Call):
                made = ast.unparse(node.func)
                given = {keyword.arg for keyword in node.keywords} & names
                if made.startswith("go.") or "add_" in made or given:
                    wrong.setdefault(called(path), []).append(ast.unparse(node))
            elif isinstance(node, ast.Constant) and node.value in names:
                wrong.setdefault(called(path), []).append(node.value)
    assert wrong == {}


def test_a_row_of_a_chart_is_known_by_its_key():
    """Vega takes rows that are called alike for one: all rows come from `rows` and `keys`."""
    for path in sources("dashboard/figures"):
        if path.name == "finish.py":
            continue
        for node in nodes(parse(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("alt.Y", "alt.YOffset"):
                field = ast.unparse(node.args[0])
                assert not re.search(r":[NO]['\"]$", field), f"{called(path)} has rows by {field}"


def test_the_dashboard_never_sees_a_tensor():
    for path in sources("dashboard"):
        assert not [name for name in imported(path) if within(name, "torch")], called(path)


def test_only_resources_reach_the_model_and_the_explanations():
    values = "recommender.explain.types"
    for path in sources("dashboard"):
        if path.name == "resources.py":
            continue
        reached = imported(path, for_types=False) - {values}
        rooms = ("recommender.model", "recommender.explain", "recommender.evaluate")
        assert not [name for name in reached if within(name, *rooms)], called(path)


def test_opening_a_run_does_not_wait_for_what_only_training_needs():
    assert not {"sklearn", "scipy.stats"} & loaded_by("recommender.model.run")


def test_the_server_starts_without_torch():
    assert not {"torch", "sklearn", "recommender.model"} & loaded_by("dashboard.pages")


@pytest.mark.parametrize("package", PUBLIC)
def test_public_names_are_these_and_are_there(package: str):
    module = import_module(package)
    assert set(module.__all__) == PUBLIC[package]
    assert list(module.__all__) == sorted(set(module.__all__), key=_as_ruff_sorts)
    assert all(hasattr(module, name) for name in module.__all__)


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_nothing_is_pickled():
    banned = ("pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal")
    calls = {"torch.load", "torch.save", "pd.read_pickle", "eval", "exec"}
    for folder in ("recommender", "dashboard", "benchmarks"):
        for path in sources(folder):
            assert not [name for name in imported(path) if within(name, *banned)], called(path)
            made = [n for n in nodes(parse(path)) if isinstance(n, ast.Call)]
            used = {ast.unparse(n.func) for n in made}
            assert not used & calls, called(path)
            arrays = [n for n in made if ast.unparse(n.func) in ("np.load", "np.save")]
            plain = [{k.arg: ast.unparse(k.value) for k in n.keywords} for n in arrays]
            assert all(said.get("allow_pickle") == "False" for said in plain), called(path)
            assert not [name for name in used if name.endswith(".to_pickle")], called(path)


WRITES: dict[str, set[str]] = {
    # The one door.
    "recommender/atomic.py": {"rename", "replace", "write_bytes", "os.link", "open('ab')"},
    # Into a draft, or into memory.
    "dashboard/exports.py": {"to_parquet"},
    "recommender/commands/tables.py": {"write_bytes", "to_parquet"},
    "recommender/data/reading/process_client.py": {"write_table"},
    "recommender/data/cleaning/export.py": {"ZipFile", "open('w')", "to_parquet"},
    "recommender/data/storage.py": {"write_table", "write_text"},
    "recommender/data/text_encoder.py": {"np.save"},
    "recommender/model/checkpoints.py": {"save_file"},
    "recommender/model/leaving.py": {"save_file", "shutil.copyfile", "write_text"},
    "recommender/model/plain.py": {"save_file"},
    "recommender/model/run.py": {"save_file", "write_text"},
    "recommender/model/transfer.py": {"save_file", "write_text"},
    "recommender/words/answers.py": {"write_text"},
    "recommender/workspace/backup.py": {
        "os.link", "shutil.copy2", "shutil.copytree", "write_text",
    },
    "recommender/workspace/bundles.py": {"ZipFile", "open('xb')"},
    "recommender/workspace/feedback.py": {"to_parquet"},
    "recommender/workspace/traces.py": {"to_parquet"},
    # What nobody needs after a power cut: scratch, locks, the number and log of a process.
    "recommender/commands/reporter.py": {"open('a')"},
    "recommender/commands/score.py": {"tempfile.TemporaryDirectory"},
    "recommender/workspace/processes.py": {"write_text", "open('ab')"},
    "recommender/workspace/progress.py": {"open('a')"},
    "recommender/workspace/store.py": {"open('w')"},
}  # fmt: skip
"""Who writes files, and how; whoever is added writes into a draft of `recommender/atomic.py`."""
MOVES = {
    f"{module}.{name}"
    for module, names in {
        "os": "rename renames replace link symlink",
        "shutil": "move copy copy2 copyfile copytree",
        "tempfile": "mkdtemp mkstemp NamedTemporaryFile TemporaryDirectory",
        "np": "save savez savetxt",
        "json": "dump",
    }.items()
    for name in names.split()
}
METHODS = {"save_file", "to_parquet", "write_table", "write_text", "write_bytes"}


def test_what_must_last_is_written_by_one_file_alone():
    found = {}
    for path in [*sources("recommender"), *sources("dashboard")]:
        calls = [node for node in nodes(parse(path)) if isinstance(node, ast.Call)]
        if ways := {way for call in calls if (way := way_of_writing(call))}:
            found[called(path)] = ways
    assert found == WRITES


def way_of_writing(call: ast.Call) -> str:
    """How a call writes files or moves them; empty if it does not."""
    said, name = ast.unparse(call.func), ast.unparse(call.func).rpartition(".")[2]
    if said in MOVES:
        return said
    if name in (
        "rename",
        "replace",
    ):  # those of words take two, those of tables name what they take
        alone = len(call.args) == 1 and not call.keywords
        return name if alone and not isinstance(call.args[0], ast.Constant) else ""
    if name == "open":
        modes = [ast.unparse(one) for one in (*call.args, *(k.value for k in call.keywords))]
        return next((f"open({mode})" for mode in modes if re.match("'[rbt]*[wxa+]", mode)), "")
    if name == "ZipFile":
        return name if len(call.args) > 1 else ""
    is_own = said in METHODS - {"save_file"} or said.startswith("atomic.")
    return name if name in METHODS and not is_own else ""


@pytest.mark.parametrize(
    "text",
    [
        "os.replace(draft, path)",
        "draft.replace(path)",
        "draft.rename(path)",
        "shutil.move(draft, path)",
        "path.write_text(text)",
        "path.open('w')",
        "open(path, 'xb')",
        "open(path, mode='a')",
        "table.to_parquet(path)",
        "tempfile.mkdtemp(dir=path)",
    ],
)
def test_another_way_of_writing_is_seen(text: str):
    assert way_of_writing(ast.parse(text, mode="eval").body)  # type: ignore[arg-type]


def test_the_best_of_many_are_chosen_by_one_function():
    """Which of equals another way picks depends on the processor."""
    others = {"argpartition", "topk", "nlargest"}
    for path in [*sources("recommender"), *sources("dashboard"), *sources("benchmarks")]:
        called_here = {
            node.attr for node in ast.walk(parse(path)) if isinstance(node, ast.Attribute)
        }
        assert not called_here & others, called(path)


def test_streamlit_state_and_caches_have_one_door_each():
    doors = {
        "session_state": "state.py",
        "query_params": "state.py",
        "cache_data": "resources.py",
        "cache_resource": "resources.py",
    }
    for path in sources("dashboard"):
        for node in nodes(parse(path)):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "st":
                assert doors.get(node.attr, path.name) == path.name, called(path)
            if isinstance(node, ast.ImportFrom) and node.module == "streamlit":
                assert not {alias.name for alias in node.names} & set(doors), called(path)


def test_who_is_looking_has_one_door():
    asked = {"user", "secrets", "login", "logout"}
    named = {"entries", "find", "new_path"}
    for path in sources("dashboard"):
        if path.name == "access.py":
            continue
        for node in nodes(parse(path)):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "st":
                assert node.attr not in asked, called(path)
            if isinstance(node, ast.ImportFrom) and node.module == "recommender.workspace.library":
                assert not {alias.name for alias in node.names} & named, called(path)
            if isinstance(node, ast.Name):
                assert node.id != "OPERATOR", called(path)


def test_a_part_that_is_drawn_alone_asks_who_is_looking():
    users = [path.name for path in sources("dashboard") if "st.fragment" in path.read_text()]
    assert users == ["access.py"]


def test_nothing_is_hidden_from_a_cache_key():
    for function in nodes(parse(ROOT / "dashboard" / "resources.py")):
        if isinstance(function, ast.FunctionDef):
            cached = any("st.cache_" in ast.unparse(mark) for mark in function.decorator_list)
            hidden = [one.arg for one in function.args.args if one.arg.startswith("_")]
            assert not (cached and hidden), function.name


def project_texts() -> list[Path]:
    """Everything that people wrote: code, documents, settings."""
    kinds = {".py", ".md", ".toml", ".txt", ".css", ".yml", ".yaml"}
    found = [ROOT / "Makefile", ROOT / ".ci" / "run", *ROOT.glob("*.*")]
    folders = ("recommender", "dashboard", "tests", "benchmarks", "docs", "locks", ".streamlit")
    for folder in folders:
        found += (ROOT / folder).rglob("*")
    found.append(ROOT / "sample_data" / "README.md")
    return [path for path in found if path.suffix in kinds or path.name in ("Makefile", "run")]


def test_nobody_leaves_their_turn_while_others_may_wait_for_a_cached_value():
    cached = [
        ast.unparse(function)
        for function in nodes(parse(ROOT / "dashboard" / "resources.py"))
        if isinstance(function, ast.FunctionDef)
        and any("st.cache_" in ast.unparse(mark) for mark in function.decorator_list)
    ]
    assert len(cached) > 20
    for said in cached:
        leaving = ("out_of_turn(", "overall(", "importance(key")
        assert not any(re.search(rf"(?<![._\w]){re.escape(name)}", said) for name in leaving)


def test_project_text_names_no_machine_paths():
    machine = re.compile(r"(?<![\w.:/-])/(?:work|tmp|home|root|Users|mnt)/\w")
    for path in filter(Path.is_file, project_texts()):
        found = machine.findall(path.read_text(encoding="utf-8"))
        assert not found, f"{called(path)}: {found}"


def documented(what: str) -> list[tuple[str, str]]:
    """(file, rest of the line) wherever a text tells people to type this."""
    found = []
    for path in filter(Path.is_file, project_texts()):
        if path.is_relative_to(ROOT / "tests"):
            continue
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        found += [(called(path), rest) for rest in re.findall(rf"{what} ?([^\n`#|]*)", text)]
    return found


def test_every_documented_command_and_option_exists():
    group = typer.main.get_command(app)
    commands = group.commands  # type: ignore[attr-defined]
    options = {
        name: {word for one in command.params for word in (*one.opts, *one.secondary_opts)}
        for name, command in commands.items()
    }
    told = documented("-m recommender") + documented(r'example\("')
    for place, rest in told:
        command, *words = rest.split()
        if command.startswith(("-", "{")) or command.isupper():
            continue
        assert command in commands, f"{place}: {command}"
        wanted = {found[0] for word in words if (found := re.match(r"--[a-z-]+", word))}
        assert wanted <= options[command] | {"--help"}, f"{place}: {rest}"
    assert {"sample", "import", "train"} <= {rest.split()[0] for _, rest in told}


def test_every_documented_make_target_exists():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert {"app", "test", "lint", "format", "bench", "sample", "help"} <= targets
    for place, rest in documented("`make"):
        words = [word for word in rest.split() if re.fullmatch("[a-z-]+", word)]
        assert set(words) <= targets, f"{place}: make {rest}"


def test_every_benchmark_that_make_runs_exists():
    makefile = (ROOT / "Makefile").read_text()
    for name in re.findall(r"benchmarks/\w+\.py", makefile):
        assert (ROOT / name).is_file(), name


def test_every_test_that_a_promise_rests_on_exists():
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for line in filter(lambda line: line.startswith("| ") and ".py`" in line, text.splitlines()):
        for name in re.findall(r"`((?:\w+/)?test_\w+\.py)`", line):
            assert (ROOT / "tests" / name).is_file(), name
    assert text.count(".py`") > 40


def test_every_dependency_is_pinned():
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text().splitlines():
            assert re.fullmatch(r"#.*|-r .*|[\w.-]+==[\w.]+( *#.*)?", line), line
