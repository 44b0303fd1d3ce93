"""Values with `{{ expressions }}` → functions of a scope.

`compile_value(value)` turns any JSON value once into a function; calling it with a scope (a dict of `event`,
`env`, `now` and loop names) gives the JSON value with every expression replaced. A lone `"{{ x }}"` keeps
the type of what it names; in mixed text it becomes text. Plain paths are looked up directly (`paths`); everything
else is Jinja2, as `sandbox` restricts it, which is imported when the first such text is met.
"""

from nac.expressions.compiler import check_names, compile_text, compile_value, failures, roots
from nac.expressions.errors import ExpressionError
from nac.expressions.values import Function, Scope, is_template, templates, texts

__all__ = [
    "ExpressionError",
    "Function",
    "Scope",
    "check_names",
    "compile_text",
    "compile_value",
    "failures",
    "is_template",
    "roots",
    "templates",
    "texts",
]
