"""A page of ours as a picture, by a Chromium of this machine: without a network, in a time limit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
SECONDS = 60
_FLAGS = """--headless --disable-gpu --hide-scrollbars --mute-audio --no-first-run --no-default-browser-check
--disable-background-networking --disable-component-update --disable-default-apps --disable-extensions --disable-sync
--disable-breakpad --disable-dev-shm-usage --metrics-recording-only --no-proxy-server --force-device-scale-factor=1
--force-color-profile=srgb --font-render-hinting=none""".split()
_KEPT = ("PATH", "SYSTEMROOT", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "LD_LIBRARY_PATH")


class ScreenshotError(Exception):
    """No picture can be taken; the text says why, and what to do."""


def find() -> str:
    """The program to run: what CHROME_PATH names, else the first that is installed. Raises ScreenshotError."""
    asked = os.environ.get("CHROME_PATH")
    if asked:
        if found := shutil.which(asked):
            return found
        raise ScreenshotError(f"CHROME_PATH is {asked}, and that is no program: correct it, or unset it")
    for name in (*NAMES, *PLACES):
        if found := shutil.which(name):
            return found
    raise ScreenshotError("no Chromium is installed: install chromium or google-chrome, or set CHROME_PATH to one")


def picture(program: str, page: Path, room: Path, size: tuple[int, int], seconds: float = SECONDS) -> Path:
    """The picture of a file, `size` in CSS pixels, as a PNG in the private directory `room`."""
    made = room / f"{page.stem}.png"
    command = [
        program, *_FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={room / 'profile'}",
        f"--window-size={size[0]},{size[1]}", f"--screenshot={made}", page.as_uri(),
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(
            1, "--no-sandbox"
        )  # Chromium refuses to be root with it; by its own policy, nothing in the page can act
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"HOME": str(room), "TMPDIR": str(room), "LANG": "C.UTF-8", "TZ": "UTC"}
    try:
        running = subprocess.Popen(
            command, env=environment, cwd=room, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise ScreenshotError(f"{program} cannot be run: {(error.strerror or 'error').lower()}") from None
    try:
        said = running.communicate(timeout=seconds)[1]
    except subprocess.TimeoutExpired:
        raise ScreenshotError(f"{program} took longer than {seconds:g} seconds for one picture") from None
    finally:
        _end(running)
    if not made.is_file():
        lines = [one for one in said.decode("utf-8", "replace").splitlines() if one.strip() and "dbus" not in one]
        why = f": {lines[-1][:300]}" if lines else ""
        raise ScreenshotError(f"{program} made no picture (exit code {running.returncode}){why}")
    return made


def _end(running: subprocess.Popen[bytes]) -> None:
    """It and all that it started."""
    if running.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()
    running.communicate()
