"""The vendor's templates. HELPERS are the helpers that they may call beside Handlebars' own."""

from nac.templates.helpers import HELPERS

__all__ = ["HELPERS"]
