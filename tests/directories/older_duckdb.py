"""A DuckDB whose extension httpfs can be had from PyPI, in a directory of its own: nac runs with it as a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mysql_server import missing

VERSION = "1.5.5"
WANTED = (f"duckdb=={VERSION}", f"duckdb-extension-httpfs=={VERSION}")


def site_with_httpfs(config: pytest.Config) -> Path:
    """The directory, for PYTHONPATH; made once and kept in pytest's cache. Skips where it cannot be made."""
    assert config.cache is not None
    folder = Path(config.cache.mkdir(f"httpfs-{VERSION}"))
    site = folder / f"python-{sys.version_info.major}.{sys.version_info.minor}"
    if not site.exists():
        making = folder / f"making-{os.getpid()}"  # two workers may be at it at once: the first one's stays
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--target",
             str(making), *WANTED],
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(making, ignore_errors=True)
            missing(f"{' and '.join(WANTED)} cannot be installed")
        try:
            making.rename(site)
        except OSError:
            shutil.rmtree(making, ignore_errors=True)
    return site
