"""The vendor's templates: the helpers that they may call beside Handlebars' own, and what they are rendered with.

    >>> from nac import handlebars
    >>> template = handlebars.compile("{{datetime-format 'now' 'Do MMMM'}}", helpers=HELPERS)
    >>> template.render(Context({}, now=datetime(2026, 1, 31, tzinfo=UTC)))
    '31st January'

HELPERS never changes, so a template is compiled once however often it is rendered. With plain data in place of a
Context there is no "now" and no translation.
"""

from nac.handlebars import Helper
from nac.templates import helpers, outside
from nac.templates.context import Context
from nac.templates.problems import is_dropped, problems
from nac.templates.translations import MissingTranslation, Translations

HELPERS: dict[str, Helper] = {**helpers.HELPERS, **outside.HELPERS}

__all__ = ["HELPERS", "Context", "MissingTranslation", "Translations", "is_dropped", "problems"]
