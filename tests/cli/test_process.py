"""The same in a process of its own: streams, exit codes, and what is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from recommender.said import read_back
from tests.cli.calling import assert_one_paragraph, call, call_process


def test_standard_output_is_one_json_document_and_all_else_is_elsewhere(run: Path):
    answer = call_process("evaluate", run, "--json")
    assert set(answer.document) == {"split", "views"}
    assert "Traceback" not in answer.err
    assert answer.out == call("evaluate", run, "--json").out


def test_an_error_is_exit_code_one_and_one_paragraph(tmp_path: Path):
    missing = ("--interactions", tmp_path / "none.csv", "--out", tmp_path / "data")
    assert_one_paragraph(call_process("import", *missing))


def test_a_program_of_ours_is_told_an_error_in_its_parts(tmp_path: Path):
    words = ("backup", tmp_path / "out")
    command = [sys.executable, "-m", "recommender.commands.in_parts", *map(str, words)]
    none = {**os.environ, "RECLENS_HOME": str(tmp_path / "none")}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=none)
    (line,) = ended.stderr.splitlines()
    assert (ended.returncode, ended.stdout) == (1, "")
    assert read_back(line).template == "there is no workspace at {home}"


def test_help_does_not_load_torch():
    code = (
        "import runpy, sys\n"
        "sys.argv = ['recommender', 'explain', '--help']\n"
        "try: runpy.run_module('recommender', run_name='__main__')\n"
        "except SystemExit as end: assert not end.code\n"
        "assert not {'torch', 'pandas', 'streamlit'} & set(sys.modules)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
