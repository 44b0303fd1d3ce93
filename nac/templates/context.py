"""What a template is rendered with: its data, and what its helpers need from outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from nac.handlebars import Options
from nac.templates.translations import Translations


class Context(dict[str, object]):
    """The data of one rendering, with the render time, the reader's locale and the translations.

    The helpers are the same functions for every rendering, so that a template is compiled once; what changes from
    one to the next lies beside the data, where no template can read it. `now` is aware; `locale` is a BCP 47 tag,
    with `-` or `_`.

        handlebars.compile(source, helpers=HELPERS).render(Context(data, now=now, locale="es-MX"))
    """

    __slots__ = ("locale", "now", "translations")

    def __init__(
        self,
        data: Mapping[str, object],
        *,
        now: datetime | None = None,
        locale: str | None = None,
        translations: Translations | None = None,
    ) -> None:
        super().__init__(data)
        if now is not None and now.tzinfo is None:
            raise ValueError("the render time needs a time zone")
        self.now = now
        self.locale = locale or "en"
        self.translations = translations or Translations({})


def context_of(options: Options) -> Context:
    """The context that a helper is called in; one without a time or translations where plain data is rendered."""
    root = options.data.get("root")
    return root if isinstance(root, Context) else Context({})
