"""The third-party code of the pages is what the lock and the manifest say, under licences we may use."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.architecture.test_licences import PERMISSIVE

_SITE = Path(__file__).parents[3] / "shared" / "course" / "export" / "site"
_MANIFEST = json.loads((_SITE / "vendor" / "manifest.json").read_text(encoding="utf-8"))
_LOCK = json.loads((_SITE / "vendor" / "package-lock.json").read_text(encoding="utf-8"))["packages"]


def test_the_manifest_names_every_bundle() -> None:
    assert set(_MANIFEST) == {path.name for path in (_SITE / "static").glob("vendor-*")}


@pytest.mark.parametrize("name", _MANIFEST)
def test_a_bundle_is_as_it_was_built_with_its_licences(name: str) -> None:
    data = (_SITE / "static" / name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == _MANIFEST[name]["sha256"]
    for package in _MANIFEST[name]["packages"]:
        assert package["license"] in PERMISSIVE
        assert package["version"] == _LOCK[f"node_modules/{package['name']}"]["version"]
        assert f"{package['name']} {package['version']}".encode() in data
    assert data.count(b"Permission is hereby granted") == len(_MANIFEST[name]["packages"])


def test_the_lock_has_a_hash_for_everything_and_names_no_host() -> None:
    entries = {name: entry for name, entry in _LOCK.items() if name}
    assert all(entry["integrity"].startswith("sha512-") for entry in entries.values())
    assert not [name for name, entry in entries.items() if "resolved" in entry]
