"""`import nac` is enough for every function that the documentation calls."""

import importlib
from types import ModuleType

import nac


def test_every_name_is_there_and_stays() -> None:
    for _ in range(2):
        for name in nac.__all__:
            assert not isinstance(getattr(nac, name), ModuleType), name
        # Modules of the same names are imported somewhere, at some time.
        for name in ("load", "compile", "preview", "recipients", "directories"):
            assert isinstance(importlib.import_module(f"nac.{name}"), ModuleType)
