"""Clusters outside their data folder: whose they are, and which of them go."""

import os
import shutil
from pathlib import Path

import psutil
import pytest

from cli.local.outside_clusters import cluster_of, mark, remove_below, remove_cluster, remove_orphans

ME = os.geteuid()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def data_folder(tmp_path: Path, place: Path, name: str = "data") -> tuple[Path, Path]:
    folder = tmp_path / name
    folder.mkdir(parents=True)
    cluster = cluster_of(folder, place)
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("18\n", encoding="utf-8")
    mark(cluster, folder)
    return folder, cluster


def test_a_cluster_goes_once_its_data_folder_is_gone(tmp_path: Path, place: Path) -> None:
    folder, cluster = data_folder(tmp_path, place)
    kept = data_folder(tmp_path, place, "kept")[1]
    assert remove_orphans(place, ME) == []
    shutil.rmtree(folder)
    assert remove_orphans(place, ME) == [cluster]
    assert (cluster.exists(), kept.exists()) == (False, True)


def test_a_removal_that_is_cut_short_leaves_nothing_in_the_way_and_is_finished_later(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, cluster = data_folder(tmp_path, place)
    shutil.rmtree(folder)

    def cut_short(path: Path, ignore_errors: bool = False) -> None:
        if path.exists():
            (path / "PG_VERSION").unlink()
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cli.local.outside_clusters.shutil.rmtree", cut_short)
        with pytest.raises(KeyboardInterrupt):
            remove_orphans(place, ME)
    folder.mkdir()
    assert not cluster.exists()
    assert remove_orphans(place, ME) == []
    assert list(place.iterdir()) == []


def test_a_cluster_that_two_starts_remove_at_once_is_gone(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = data_folder(tmp_path, place)[1]
    remove = shutil.rmtree

    def beside_another(path: Path, ignore_errors: bool = False) -> None:
        remove(path, ignore_errors=True)  # the other start
        remove(path, ignore_errors=ignore_errors)

    monkeypatch.setattr("cli.local.outside_clusters.shutil.rmtree", beside_another)
    remove_cluster(cluster)
    remove_cluster(cluster)
    assert list(place.iterdir()) == []


def test_clusters_of_folders_below_one_go_with_it(tmp_path: Path, place: Path) -> None:
    below = data_folder(tmp_path, place, "run/data")[1]
    beside = data_folder(tmp_path, place, "run-2/data")[1]
    assert remove_below(tmp_path / "run", place, ME) == [below]
    assert beside.exists()


def test_what_does_not_say_whose_it_is_stays(tmp_path: Path, place: Path) -> None:
    unmarked = place / "coursewright-data-unmarked"
    unmarked.mkdir()
    folder, renamed = data_folder(tmp_path, place)
    renamed.rename(place / "coursewright-data-of-another")
    shutil.rmtree(folder)
    assert remove_orphans(place, ME) == []
    assert remove_below(tmp_path, place, ME) == []


def test_a_cluster_of_another_owner_or_behind_a_link_stays(tmp_path: Path, place: Path) -> None:
    folder, cluster = data_folder(tmp_path, place)
    shutil.rmtree(folder)
    assert remove_orphans(place, ME + 1) == []
    cluster.rename(tmp_path / "elsewhere")
    cluster.symlink_to(tmp_path / "elsewhere")
    assert remove_orphans(place, ME) == []


def test_a_folder_on_another_device_may_only_be_unmounted(tmp_path: Path, place: Path) -> None:
    folder, cluster = data_folder(tmp_path, place)
    marker = cluster / "coursewright.belongs-to"
    marker.write_text(f"{folder.stat().st_dev + 1}\n{folder}\n", encoding="utf-8")
    shutil.rmtree(folder)
    assert remove_orphans(place, ME) == []


def test_a_cluster_in_use_stays(tmp_path: Path, place: Path) -> None:
    folder, cluster = data_folder(tmp_path, place)
    shutil.rmtree(folder)
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psutil.Process, "cmdline", lambda _: ["postgres", "-D", str(cluster)])
        assert remove_orphans(place, ME) == []
    assert remove_orphans(place, ME) == [cluster], "a process id used again by another program holds nothing"
