"""Files that were deleted → the files that name them, where what broke is to be seen."""

from __future__ import annotations

import re
from collections.abc import Collection

from nac.rules.view import View


def naming(view: View, gone: Collection[str]) -> frozenset[str]:
    """The files of the project in whose text the name of a deleted file occurs, and the triggers of its template.

    A file too many costs a finding that is true anyway.
    """
    names = set()
    for path in gone:
        steps = path.split("/")
        names.add(steps[-1].split(".")[0])
        for folder in view.template_folders:
            if path.startswith(folder):
                names.add(path.removeprefix(folder).split("/")[0])
    if not names:
        return frozenset()
    pattern = re.compile("|".join(re.escape(name) for name in sorted(filter(None, names))))
    found = (path for path in view.all_files if path not in view.data_files)
    return frozenset(path for path in found if (source := view.source(path)) and pattern.search(source.text))
