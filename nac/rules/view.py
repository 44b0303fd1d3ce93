"""What rules know of a project: each fact is worked out when a rule first asks for it, and then kept.

A view is of a whole project, but it may be narrowed to some files. Rules go through `triggers`, `templates` and
`files`, which are then those files and all that has to do with them; `project`, `all_slugs` and `all_files` are
everything there is, for what can only be said of the whole (two triggers of one name, a template that nothing uses).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar, cast

from nac.diagnostics import Diagnostic
from nac.load import is_trigger
from nac.project import FOLDER, Project, Trigger
from nac.rules.sampled import Sampled, Samples
from nac.rules.templated import Templated, texts_of
from nac.source import SourceFile
from nac.templates import Translations
from nac.templates.template import Template
from nac.text_file import read_text
from nac.tree import TreeError

MAX_BYTES = 1024 * 1024
Fact = TypeVar("Fact")


class Library(Protocol):
    """The project's templates and translations, read once: `nac.api.Templates` is one."""

    @property
    def slugs(self) -> Sequence[str]: ...
    def load(self, slug: str) -> tuple[Template, Sequence[Diagnostic]]: ...
    @property
    def translations(self) -> Translations: ...
    @property
    def translation_problems(self) -> Sequence[Diagnostic]: ...


@dataclass(frozen=True)
class View:
    """Everything that rules may ask about a project.

    `wanted` holds the paths of the files to look at, None stands for all. A trigger's file brings its template with
    it, and a template's file the triggers that use it; any other file brings everything.
    """

    project: Project
    library: Library
    compiled: Samples
    wanted: frozenset[str] | None = None
    _facts: dict[object, object] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, fact: Callable[[View], Fact]) -> Fact:
        """`fact(self)`, worked out once for all the rules that ask: `flow = view.once(flow_of)`."""
        if fact not in self._facts:
            self._facts[fact] = fact(self)
        return cast("Fact", self._facts[fact])

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """The triggers to look at, by name. One with a mistake in its file is not among them."""
        every = sorted(self.project.triggers.values(), key=lambda one: one.name)
        if not self._narrow:
            return tuple(every)
        slugs = self._wanted_slugs
        return tuple(one for one in every if one.written.source.path in self._paths or one.template in slugs)

    def samples(self, trigger: Trigger) -> tuple[Sampled, ...]:
        """What became of each sample of a trigger."""
        return self._kept(("samples", trigger.name), lambda: tuple(self.compiled(trigger)))

    @property
    def all_slugs(self) -> Sequence[str]:
        """The slug of every template of the project, sorted."""
        return self.library.slugs

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """The templates to look at, by slug."""
        if not self._narrow:
            return tuple(self.template(slug) for slug in self.all_slugs)
        slugs = self._wanted_slugs | {one.template for one in self.triggers}
        return tuple(self.template(slug) for slug in sorted(slugs & set(self.all_slugs)))

    def template(self, slug: str) -> Template:
        """The template of a slug; without variants where there is none."""
        return self.library.load(slug)[0]

    def triggers_of(self, slug: str) -> tuple[Trigger, ...]:
        """The triggers of the whole project whose messages are written in this template."""
        return self._users.get(slug, ())

    def texts(self, template: Template) -> tuple[Templated, ...]:
        """Every text of every variant that is rendered."""
        return self._kept(("texts", template.slug), lambda: tuple(texts_of(template)))

    @property
    def translations(self) -> Translations:
        return self.library.translations

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths of the files to look at, sorted."""
        return tuple(path for path in self.all_files if self.wanted is None or path in self.wanted)

    @cached_property
    def all_files(self) -> tuple[str, ...]:
        """The path of every file of the project, sorted."""
        found: set[str] = set()
        for folder in dict.fromkeys((FOLDER, self.suprsend)):
            try:
                found.update(path for path in self.project.tree.files(folder) if not path.endswith("/"))
            except TreeError:
                continue
        return tuple(sorted(found))

    @cached_property
    def data_files(self) -> frozenset[str]:
        """The files of declared directories: exports of people, which no author wrote."""
        return frozenset(f"{FOLDER}/{one.path}" for one in self.project.settings.directories.values())

    def source(self, path: str) -> SourceFile | None:
        """A file's text; None where it is no text, too large, or gone."""

        def read() -> SourceFile | None:
            if path in self._read:
                return self._read[path]
            found = read_text(self.project.tree, path, MAX_BYTES)
            return found if isinstance(found, SourceFile) else None

        return self._kept(("source", path), read)

    @property
    def suprsend(self) -> str:
        """The vendor CLI's folder."""
        return self.project.settings.suprsend

    def loading(self) -> Iterator[Diagnostic]:
        """What is wrong with the files of templates and translations; told without a rule."""
        for template in self.templates:
            yield from self.library.load(template.slug)[1]
        yield from self.library.translation_problems

    @cached_property
    def template_folders(self) -> tuple[str, str]:
        """Where templates lie: a folder for each slug below these."""
        return f"{FOLDER}/templates/", f"{self.suprsend}/templates/"

    def slug_of(self, path: str) -> str | None:
        """The slug of the template that a file belongs to; None where it belongs to none."""
        for folder in self.template_folders:
            # A slug may hold slashes: the longest that there is counts.
            steps = path.removeprefix(folder).split("/")[:20] if path.startswith(folder) else []
            for count in range(len(steps) - 1, 0, -1):
                if (slug := "/".join(steps[:count])) in self._slugs:
                    return slug
        return None

    @cached_property
    def is_whole(self) -> bool:
        """Whether everything is looked at."""
        return not self._narrow

    @property
    def _paths(self) -> frozenset[str]:
        return self.wanted or frozenset()

    @cached_property
    def _narrow(self) -> bool:
        """Whether the wanted files leave something out: each is that of a trigger or of a template."""
        if self.wanted is None:
            return False
        return all(is_trigger(path) or self.slug_of(path) for path in self.wanted)

    @cached_property
    def _wanted_slugs(self) -> frozenset[str]:
        return frozenset(slug for path in self._paths if (slug := self.slug_of(path)))

    @cached_property
    def _slugs(self) -> frozenset[str]:
        return frozenset(self.all_slugs)

    @cached_property
    def _read(self) -> dict[str, SourceFile]:
        """The files that are in memory anyway."""
        found = {one.written.source.path: one.written.source for one in self.project.triggers.values()}
        for template in self.templates:
            for variant in template.variants:
                found[variant.written.source.path] = variant.written.source
                found.update((text.source.path, text.source) for text in variant.texts.values())
        return found

    @cached_property
    def _users(self) -> dict[str, tuple[Trigger, ...]]:
        found: dict[str, list[Trigger]] = {}
        for name in sorted(self.project.triggers):
            trigger = self.project.triggers[name]
            found.setdefault(trigger.template, []).append(trigger)
        return {slug: tuple(triggers) for slug, triggers in found.items()}

    def _kept(self, key: object, make: Callable[[], Fact]) -> Fact:
        if key not in self._facts:
            self._facts[key] = make()
        return cast("Fact", self._facts[key])
