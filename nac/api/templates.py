"""The templates of one run: each is read once, however many triggers and people it is shown for."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, did_you_mean
from nac.project import Project
from nac.templates.library import load_template, template_slugs
from nac.templates.template import Template
from nac.templates.translation_files import load_translations
from nac.templates.translations import DEFAULT, Translations, normal
from nac.templates.varies import calls_translations, reads_tenant

if TYPE_CHECKING:
    from nac.templates.jsonnet import Jsonnet


class Templates:
    """A project's templates, translations and JSONNET. Close it, or use it as a context manager: JSONNET is
    evaluated in a process of its own, which is started when the first template needs it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._loaded: dict[str, tuple[Template, tuple[Diagnostic, ...]]] = {}
        self._open = ExitStack()

    def load(self, slug: str) -> tuple[Template, tuple[Diagnostic, ...]]:
        """The template, without variants where there is none, and what is wrong with its files."""
        if slug not in self._loaded:
            template, problems = load_template(self.project.tree, slug, self.project.settings.suprsend)
            self._loaded[slug] = template, tuple(problems)
        return self._loaded[slug]

    @cached_property
    def slugs(self) -> list[str]:
        """Every template there is, sorted."""
        return template_slugs(self.project.tree, self.project.settings.suprsend)

    @property
    def translations(self) -> Translations:
        return self._translations[0]

    @property
    def translation_problems(self) -> list[Diagnostic]:
        return self._translations[1]

    @cached_property
    def _translations(self) -> tuple[Translations, list[Diagnostic]]:
        return load_translations(self.project.tree, self.project.settings.suprsend)

    @cached_property
    def jsonnet(self) -> Jsonnet:
        from nac.jsonnet import evaluator

        return self._open.enter_context(evaluator())

    def locales(self, template: Template) -> list[str]:
        """English, and those that this template or any translation is written in; each once, sorted."""
        found = {normal(DEFAULT): DEFAULT}
        found |= {one: tidy(one) for one in self.translations.files}
        found |= {normal(one.locale): one.locale for one in template.variants}
        return sorted(found.values())

    def tenants(self, template: Template) -> list[str]:
        """Those that the project describes or that this template has variants for, sorted."""
        return sorted({*self.project.tenants, *_own_tenants(template)})

    def different_locales(self, template: Template) -> list[str]:
        """Those in which this template can read otherwise: translations count where it calls `t`."""
        if calls_translations(template):
            return self.locales(template)
        return sorted({normal(one.locale): one.locale for one in template.variants}.values())

    def different_tenants(self, template: Template) -> list[str]:
        """Those for which this template can read otherwise: the project's count where it reads what they say."""
        return self.tenants(template) if reads_tenant(template) else sorted(_own_tenants(template))

    def advice(self, slug: str) -> str:
        """What to do about a slug that is no template's."""
        if self.slugs:
            return did_you_mean(slug, self.slugs) or f"there are {', '.join(self.slugs[:10])}"
        folder = f"{self.project.settings.suprsend}/templates"
        return f"there are none in notifications/templates and {folder}"

    def close(self) -> None:
        self._open.close()

    def __enter__(self) -> Templates:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _own_tenants(template: Template) -> set[str]:
    return {one.tenant for one in template.variants if one.tenant is not None}


def tidy(locale: str) -> str:
    """`es-mx` as it is usually written: es-MX; `zh-hant` is zh-Hant (RFC 5646, 2.1.1)."""
    language, *rest = normal(locale).split("-")
    return "-".join(
        [language, *(one.title() if len(one) == 4 else one.upper() if len(one) == 2 else one for one in rest)]
    )
