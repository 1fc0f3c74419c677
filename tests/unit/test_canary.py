"""The search for a secret finds it in every form that it can stand in: else zero hits would prove nothing."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.canary import files_with, forms_of, hits_in, in_memory, shown_by_processes

TOKEN = "canary-of-a-search-0123456789"
FORMS = forms_of(TOKEN, "git")


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz", "git:", "oauth2:"])
@pytest.mark.parametrize("after", ["", "z", "zz", "\n"])
def test_a_token_is_found_in_base64_wherever_it_stands(before: str, after: str) -> None:
    assert hits_in(base64.b64encode(f"{before}{TOKEN}{after}".encode()), FORMS)


def test_a_token_is_found_in_a_file_an_argument_an_environment_and_memory(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(f"token={TOKEN}")
    assert list(files_with([tmp_path], FORMS)) == [str(tmp_path / "a")]
    child = subprocess.Popen(
        [sys.executable, "-c", "print(1, flush=True); input()", TOKEN], env={**os.environ, "PLANTED": TOKEN},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    child.stdout.readline()
    try:
        shown = {place.split()[-1] for place in shown_by_processes(FORMS)}
        assert {"cmdline", "environ"} <= shown
        assert in_memory({"child": child.pid}, FORMS)["child"] > 0
    finally:
        child.communicate(b"\n")
    assert not [place for place in shown_by_processes(FORMS) if "environ" in place]
