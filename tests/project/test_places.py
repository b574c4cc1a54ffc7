from pathlib import Path, PurePosixPath

import pytest
from pytestqt.qtbot import QtBot

from studio.project.places import in_cloud, kind_of_disk, lives_here
from tests.project.conftest import Room

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:40 / /mnt/studio rw - cifs //nas/studio rw
41 22 0:41 / /mnt/old\040share rw - nfs4 nas:/old rw
42 40 8:2 / /mnt/studio/local rw - xfs /dev/sdb1 rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ana/house.sfumato", "ext4"),
        ("/mnt/studio/house.sfumato", "cifs"),
        ("/mnt/studio2/house.sfumato", "ext4"),
        ("/mnt/old share/house.sfumato", "nfs4"),
        ("/mnt/studio/local/house.sfumato", "xfs"),
    ],
)
def test_the_disk_of_a_path_is_the_nearest_one(path: str, kind: str) -> None:
    assert kind_of_disk(PurePosixPath(path), MOUNTS) == kind


@pytest.mark.parametrize(
    ("path", "cloud"),
    [
        ("/home/ana/Dropbox/house.sfumato", True),
        ("/home/ana/OneDrive - Studio/art/house.sfumato", True),
        ("/home/ana/Pictures/dropbox.sfumato", False),
        ("/home/ana/Pictures/house.sfumato", False),
    ],
)
def test_a_clouds_folder_is_known_by_its_name(path: str, cloud: bool) -> None:
    assert in_cloud(PurePosixPath(path)) == cloud


def test_an_ordinary_folder_takes_a_file_that_is_written_into(tmp_path: Path) -> None:
    assert lives_here(tmp_path / "house.sfumato")


def test_in_a_clouds_folder_only_a_copy_is_saved(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    cloud = tmp_path / "Dropbox"
    cloud.mkdir()
    room.painted()
    room.save_as(cloud / "house.sfumato")
    copy = (cloud / "house.sfumato").read_bytes()
    room.paint(50, 20, 40)
    room.settle()
    assert room.session.unnamed.holds(room.session.path)
    assert (cloud / "house.sfumato").read_bytes() == copy
    room.session.save_copy()
    qtbot.waitUntil(lambda: len(room.named) == 2)
    assert (cloud / "house.sfumato").read_bytes() != copy
    again = room.reopened(cloud / "house.sfumato")
    assert again.session.home == cloud / "house.sfumato"
    assert again.document.name == "house"


def test_a_named_picture_stays_where_it_is_when_a_copy_goes_to_a_cloud(
    room: Room, tmp_path: Path, qtbot: QtBot
) -> None:
    cloud = tmp_path / "OneDrive"
    cloud.mkdir()
    room.painted()
    room.save_as(tmp_path / "house.sfumato")
    room.save_as(cloud / "house.sfumato")
    assert (tmp_path / "house.sfumato").exists()
    assert (cloud / "house.sfumato").exists()
    assert room.session.unnamed.holds(room.session.path)
    assert not room.refused
