"""A template's files → one source a channel: `notifications/templates/<slug>/<channel>.hbs`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nac.diagnostics import INVALID_VALUE, Diagnostic, Label, did_you_mean
from nac.project import FOLDER
from nac.source import SourceFile
from nac.tree import Tree, TreeError
from nac.vocabulary import CHANNELS

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Template:
    """The messages of one slug. A channel's source ends without the file's last line feed, as SuprSend keeps it."""

    slug: str
    channels: Mapping[str, SourceFile]


def load_template(tree: Tree, slug: str) -> tuple[Template, list[Diagnostic]]:
    """The template of that slug, without channels when there is none, and what is wrong with its files."""
    from nac.text_file import read_text

    found: list[Diagnostic] = []
    channels: dict[str, SourceFile] = {}
    for path in _files(tree, slug):
        channel, _, ending = path.rsplit("/", 1)[-1].partition(".")
        if ending != "hbs":
            continue
        if channel not in CHANNELS:
            message = f"`{channel[:40]}` is not a channel"
            help = did_you_mean(channel, CHANNELS) or f"one of {', '.join(CHANNELS)}"
            found.append(Diagnostic(INVALID_VALUE, message, Label(path), help=help))
            continue
        source = read_text(tree, path, MAX_BYTES)
        if isinstance(source, Diagnostic):
            found.append(source)
        else:
            channels[channel] = SourceFile(path, source.text.removesuffix("\n").removesuffix("\r"))
    order = {name: index for index, name in enumerate(CHANNELS)}
    return Template(slug, dict(sorted(channels.items(), key=lambda one: order[one[0]]))), found


def _files(tree: Tree, slug: str) -> list[str]:
    folder = f"{FOLDER}/templates/{slug}"
    try:
        return [path for path in tree.files(folder) if path.count("/") == folder.count("/") + 1]
    except TreeError:
        return []
