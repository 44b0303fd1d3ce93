"""What an answer depends on besides the files of the project."""

from __future__ import annotations

import hashlib
import os
import sys

from nac._version import __version__

_VARIABLES = ("TZ", "PYTHONTZPATH", "LC_ALL", "LC_CTYPE", "LANG", "PYTHONUTF8", "PYTHONIOENCODING")
_TIME_ZONES = ("/usr/share/zoneinfo", "/usr/share/zoneinfo/tzdata.zi", "/usr/share/zoneinfo/+VERSION", "/etc/localtime")


def environment(*options: str) -> str:
    """A digest of nac itself, Python, the packages that are installed, the time zones, and `options`."""
    said = [__version__, sys.version, sys.platform, sys.executable, *map(str, sys.flags)]
    said += [f"{name}={os.environ.get(name)}" for name in _VARIABLES]
    said += [_signature(path) for path in _TIME_ZONES]
    said += _sources(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for folder in dict.fromkeys(sys.path):
        try:
            names = sorted(one for one in os.listdir(folder or ".") if one.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
        said += [folder, *names] if names else []
    text = "\0".join([*said, "options", *options])
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=32).hexdigest()


def _sources(folder: str) -> list[str]:
    """The files of nac: one that is worked on changes while its version does not."""
    found = []
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for one in entries:
                if one.is_dir():
                    if one.name != "__pycache__":
                        pending.append(one.path)
                else:
                    seen = one.stat()
                    found.append(f"{one.path} {seen.st_size} {seen.st_mtime_ns}")
    return sorted(found)


def _signature(path: str) -> str:
    try:
        seen = os.stat(path)
    except OSError:
        return ""
    return f"{path} {seen.st_size} {seen.st_mtime_ns} {seen.st_ino}"
