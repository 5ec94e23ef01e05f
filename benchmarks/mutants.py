"""Small faults put into the code, one at a time: do the tests of that part notice?

cosmic-ray makes the faults: another operator, another number, a condition turned round. A draw with
a fixed seed is run, each fault against the tests of its part alone:

    python benchmarks/mutants.py                            # all 400
    python benchmarks/mutants.py explain/shapley.py         # those of the 400 in one module
    python benchmarks/mutants.py explain/shapley.py --of 40 # 40 drawn in this module alone
    python benchmarks/mutants.py --resume                   # only what was not noticed before

Each runs in a fork of a process that has torch and the like in memory, on a copy of the code. What
takes ten times the processor time of the right code, and ten seconds more, is taken for endless and
counts as noticed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import importlib
import json
import os
import re
import resource
import shlex
import shutil
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build" / "mutants.jsonl"
"""What became of each fault."""
NOTICED = ("killed", "broken", "endless")
"""A test failed; the tests could not even be read; the tests did not end."""
SEED = "1"
PARTS = {
    "metrics/agreement.py": "tests/evaluate/test_deletion.py",
    "metrics/evaluator.py": "tests/metrics tests/model/test_baselines.py",
    "metrics/ranking.py": "tests/metrics",
    "data/splits.py": "tests/data/test_splits.py",
    "model/batches.py": "tests/model/test_batches.py tests/model/test_network.py"
    " -k 'not one_seed and not lowers'",
    "model/inference.py": "tests/model/test_network.py tests/explain/test_sums.py",
    "model/trend.py": "tests/model/test_trend.py",
    "model/uniqueness.py": "tests/model/test_newcomers.py tests/explain/test_sums.py",
    "explain/contributions.py": "tests/explain/test_sums.py tests/explain/test_attribution.py"
    " tests/explain/test_vector_shares.py -k 'not shapley and not depend'",
    "explain/deletions.py": "tests/explain/test_attribution.py tests/explain/test_sums.py",
    "explain/influence.py": "tests/explain/test_sums.py tests/explain/test_attribution.py",
    "explain/shapley.py": "tests/explain/test_attribution.py -k shapley",
    "explain/counterfactual.py": "tests/explain/test_counterfactual.py",
    "evaluate/trust.py": "tests/evaluate/test_trust.py",
}
"""The tests of each part, as pytest is told of them."""
ALL_PARTS = "tests/test_values.py"
"""What is said of every module at once; it is run last."""
PRELOADED = (
    "sklearn.linear_model", "sklearn.decomposition", "scipy.stats", "torch", "pandas", "pyarrow",
    "hypothesis", "playwright.sync_api", "xdist.scheduler", "beartype", "jaxtyping", "pytest",
    "safetensors.torch", "captum.attr",
)  # fmt: skip


@dataclass(frozen=True)
class Equivalent:
    """Faults that are none: nothing that comes out is another, or only what nobody promised."""

    module: str
    was: str
    """Regular expression of the line as it is."""
    became: str
    """Regular expression of the line with the fault."""
    why: str


EQUIVALENT: tuple[Equivalent, ...] = ()


@dataclass(frozen=True)
class Mutant:
    """One fault: what an operator of cosmic-ray does at the `nth` of its places in the module."""

    module: str
    operator: str
    nth: int
    place: str
    """Where it stands in the order of the draw, whatever changes elsewhere in the module."""


@dataclass(frozen=True)
class Made:
    """A module with a fault in it."""

    module: str
    line: int
    was: str
    became: str
    source: str

    @property
    def name(self) -> str:
        """The same for the same fault in the same code."""
        return f"{self.module} {hashlib.sha256(self.source.encode()).hexdigest()}"


def mutants_of(module: str) -> list[Mutant]:
    """Every fault that an operator can make in the module, but in annotations."""
    source = _source(module)
    lines, silent, nodes = source.splitlines(), _annotations(source), [*ast_nodes(get_ast(source))]
    found = []
    for name in sorted(operator_names()):
        kind = get_operator(name)
        if kind.arguments():  # made for experiments with given variables
            continue
        alike: Counter[str] = Counter()
        places = [place for node in nodes for place in kind().mutation_positions(node)]
        for nth, (start, end) in enumerate(places):
            line = lines[start[0] - 1].strip()
            alike[line] += 1
            if not any(first <= start and end <= last for first, last in silent):
                key = f"{SEED} {module} {name} {alike[line]} {line}"
                found.append(Mutant(module, name, nth, hashlib.sha256(key.encode()).hexdigest()))
    return found


def _source(module: str) -> str:
    return (ROOT / "recommender" / module).read_text(encoding="utf-8")


def _annotations(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where they stand: what is wrong there is for the type checker to say."""
    nodes: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign):
            nodes.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            nodes.append(node.returns)
    return [
        ((one.lineno, one.col_offset), (one.end_lineno or 0, one.end_col_offset or 0))
        for one in nodes
        if one is not None
    ]


def make(mutant: Mutant) -> Made | None:
    """The module with the fault; None where it cannot be compiled without a warning."""
    before = _source(mutant.module)
    after = mutate_code(before, get_operator(mutant.operator)(), mutant.nth)
    if after is None or not _compiles(after):
        return None
    pairs = enumerate(zip(before.splitlines(), after.splitlines(), strict=False), start=1)
    line, (was, became) = next((n, pair) for n, pair in pairs if pair[0] != pair[1])
    if not was:  # a decorator is gone, and an empty line stands where the function was
        removed = (a for a in before.splitlines()[line:] if a.startswith("@"))
        was, became = next(removed), ""
    return Made(mutant.module, line, was.strip(), became.strip(), after)


def _compiles(source: str) -> bool:
    with warnings.catch_warnings(action="error", category=SyntaxWarning):
        try:
            compile(source, "mutant", "exec")
        except (SyntaxError, SyntaxWarning):
            return False
    return True


def drawn(modules: Sequence[str], n: int, of: int | None) -> list[Made]:
    """The first `n` of all in the order of the draw, as far as they are in these modules; or the
    first `of` of these modules alone."""
    pool = modules if of else PARTS
    every = [mutant for module in pool for mutant in mutants_of(module)]
    found: list[Made] = []
    for mutant in sorted(every, key=lambda one: one.place):
        made = make(mutant)
        if made is not None and made not in found:
            found.append(made)
        if len(found) == (of or n):
            break
    return [made for made in found if made.module in modules]


def excuse(made: Made) -> str | None:
    """Why nobody needs to notice this fault, if so."""
    for one in EQUIVALENT:
        alike = re.fullmatch(one.was, made.was) and re.fullmatch(one.became, made.became)
        if one.module == made.module and alike:
            return one.why
    return None


@contextlib.contextmanager
def copied() -> Iterator[Path]:
    """Work in a copy of the code and its tests."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="mutants-") as made:
        for name in ("recommender", "dashboard", "tests", "pyproject.toml"):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, Path(made) / name)
        (Path(made) / "sample_data").symlink_to(ROOT / "sample_data")
        os.chdir(made)
        sys.path[0] = made  # not this file's folder, whose dashboard.py would be found first
        yield Path(made)
        os.chdir(before)


def run_tests(module: str, seconds: float) -> tuple[str, float]:
    """What becomes of a part's tests in a fork, and the processor time that it took."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        _in_the_fork([*shlex.split(PARTS[module]), ALL_PARTS], seconds)
    _, status, used = os.wait4(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    said = {0: "survived", 1: "killed", -signal.SIGXCPU: "endless"}.get(ended, "broken")
    return said, used.ru_utime + used.ru_stime


def _in_the_fork(tests: Sequence[str], seconds: float) -> None:
    code = 70
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
        with Path("output.txt").open("w") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        pytest = importlib.import_module("pytest")
        options = ["-x", "-p", "no:cacheprovider", "-p", "no:faulthandler", "--tb=line"]
        options += ["-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]
        code = int(pytest.main([*options, "--basetemp", "scratch", *tests]))
    finally:
        os._exit(code)


def judge(made: Made, seconds: float, folder: Path, nth: int) -> tuple[str, float]:
    """Put the fault in, run the tests of its part, and take it out again."""
    file = folder / "recommender" / made.module
    right, written = file.read_bytes(), file.stat().st_mtime
    file.write_text(made.source, encoding="utf-8")
    # What is compiled already is known by the second of its source: each has a second of its own.
    os.utime(file, (written + 10 * nth, written + 10 * nth))
    try:
        return run_tests(made.module, seconds)
    finally:
        file.write_bytes(right)
        os.utime(file, (written, written))


def fates(resume: bool) -> dict[str, str]:
    """What became of the faults that were noticed before; forgotten unless we go on."""
    KEPT.parent.mkdir(exist_ok=True)
    if not resume:
        KEPT.unlink(missing_ok=True)
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.is_file() else []
    return {row["fault"]: row["fate"] for row in map(json.loads, lines) if row["fate"] in NOTICED}


def run_part(todo: Sequence[Made], folder: Path, known: dict[str, str]) -> Counter[str]:
    """Run one module's faults; how many had which fate."""
    counts = Counter(known[made.name] for made in todo if made.name in known)
    todo = [made for made in todo if made.name not in known]
    if not todo:
        return counts
    module = todo[0].module
    said, used = run_tests(module, 3600)
    if said != "survived":
        sys.exit(f"the tests of {module} fail as they are:\n{Path('output.txt').read_text()}")
    print(f"{module}: {len(todo)} faults; the right code takes {used:.1f} s", flush=True)
    for nth, made in enumerate(todo, start=1):
        said, seconds = judge(made, 10 * used + 10, folder, nth)
        why = excuse(made) if said == "survived" else None
        said = "equivalent" if why else said
        counts[said] += 1
        with KEPT.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps({"fault": made.name, "fate": said}) + "\n")
        print(f"  {nth} of {len(todo)}: {said}, {seconds:.1f} s", file=sys.stderr, flush=True)
        if said not in ("killed", "broken"):
            print(f"  {said}: line {made.line}\n    - {made.was}\n    + {made.became}")
            print(f"    ({why})" if why else "", flush=True)
    return counts


def main() -> None:
    """Draw, run, and say what was not noticed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("modules", nargs="*", default=[], help=", ".join(PARTS))
    parser.add_argument("--n", type=int, default=400, help="faults drawn in all parts together")
    parser.add_argument("--of", type=int, help="faults drawn in the given modules alone")
    parser.add_argument("--resume", action="store_true", help="only what was not noticed before")
    given = parser.parse_args()
    modules = [name.removeprefix("recommender/") for name in given.modules] or list(PARTS)
    if wrong := set(modules) - set(PARTS):
        parser.error(f"no tests are named for {', '.join(sorted(wrong))}")
    os.environ["OMP_NUM_THREADS"] = "1"
    for name in PRELOADED:
        importlib.import_module(name)
    todo, known = drawn(modules, given.n, given.of), fates(given.resume)
    counts: Counter[str] = Counter()
    with copied() as folder:
        for module in modules:
            counts += run_part([made for made in todo if made.module == module], folder, known)
    told = ", ".join(f"{n} {fate}" for fate, n in sorted(counts.items()))
    asked = len(todo) - counts["equivalent"]
    noticed = sum(counts[fate] for fate in NOTICED)
    print(f"{len(todo)} faults: {told}; of {asked} that are some, {noticed / max(asked, 1):.1%}")


if __name__ == "__main__":
    main()
