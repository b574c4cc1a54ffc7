"""pip's output, turned into words."""

from pathlib import Path

import pytest

from setup_parts.installer import elsewhere_may_help, explain, summarise

LOG = Path("pip.log")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk is full"),
        ("OSError: [Errno 122] Disk quota exceeded", "disk is full"),
        ("Temporary failure in name resolution", "does not reach the package server"),
        ("ReadTimeoutError: Read timed out.", "does not reach the package server"),
        ("ProxyError('Cannot connect to proxy.')", "does not reach the package server"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED]", "certificate was not accepted"),
        ("OSError: [Errno 30] Read-only file system: '/x'", "read-only"),
        ("ERROR: No matching distribution found for torch==2.13.0+cpu", "no torch==2.13.0+cpu"),
        ("error: subprocess-exited-with-error", "could not be installed"),
    ],
)
def test_each_failure_of_pip_is_explained(line: str, expected: str) -> None:
    assert expected in explain(["Collecting torch", line, "ERROR: failed"], LOG).what


def test_without_a_network_the_network_is_blamed_and_not_the_package() -> None:
    lines = ["getaddrinfo failed", "ERROR: No matching distribution found for numpy"]
    assert "does not reach" in explain(lines, LOG).what


@pytest.mark.parametrize(
    ("line", "helps"),
    [
        ("ERROR: No matching distribution found for torch==2.13.0+cpu", True),
        ("Read timed out.", True),
        ("OSError: [Errno 28] No space left on device", False),
        ("PermissionError: [Errno 13] Permission denied", False),
    ],
)
def test_another_index_is_tried_only_where_it_may_help(line: str, helps: bool) -> None:
    assert elsewhere_may_help([line]) is helps


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "  Downloading pyside6_essentials-6.11.3-cp310-abi3-manylinux.whl (80.3 MB)\n",
            "downloading pyside6_essentials 6.11.3 (80.3 MB)",
        ),
        (
            "  Using cached torch-2.13.0%2Bcpu-cp311.whl (190.1 MB)\n",
            "reading torch 2.13.0%2Bcpu (190.1 MB)",
        ),
        ("  Downloading idna-3.20-py3-none-any.whl (71 kB)\n", None),
        ("  Downloading jinja2-3.1.6-py3-none-any.whl (1.3 MB)\n", None),
        ("Collecting torch==2.13.0\n", None),
        ("Installing collected packages: a, b, c\n", "installing 3 packages"),
        ("Requirement already satisfied: numpy\n", None),
    ],
)
def test_only_large_downloads_and_the_installation_are_shown(
    line: str, expected: str | None
) -> None:
    assert summarise(line) == expected
