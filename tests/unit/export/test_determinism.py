import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw
from tests.support.exports import build_exports

_PROGRAM = """
import hashlib
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw
from tests.support.exports import build_exports
for export in build_exports(build_course(), read_raw, dict(reversed(PICTURES.items()))):
    print(export.kind, hashlib.sha256(export.data).hexdigest())
"""
_ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("seed", "locale", "zone"), [("1", "C", "UTC"), ("4242", "C.UTF-8", "Asia/Tokyo")])
def test_exports_are_equal_over_hash_seeds_locales_and_time_zones(seed: str, locale: str, zone: str) -> None:
    environment = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone}
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=_ROOT, env=environment, capture_output=True, text=True, check=True
    )
    here = build_exports(build_course(), read_raw, PICTURES)
    expected = [f"{export.kind} {hashlib.sha256(export.data).hexdigest()}" for export in here]
    assert ran.stdout.split("\n")[:-1] == expected


def test_each_export_names_its_kind_and_media_type() -> None:
    exports = build_exports(build_course(), read_raw, PICTURES)
    kinds = [(export.kind, export.media_type) for export in exports]
    assert kinds == [("json", "application/json"), ("markdown", "application/zip"), ("site", "application/zip")]


def test_json_is_sorted_and_ends_with_a_newline() -> None:
    data = build_exports(build_course(), read_raw, PICTURES)[0].data
    assert data.startswith(b'{\n  "audience": {\n')
    assert data.endswith(b"}\n")
    assert "作业と運用".encode() in data
