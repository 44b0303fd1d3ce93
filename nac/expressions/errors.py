"""What can be wrong with an expression, as one kind of error."""

from __future__ import annotations

from typing import Any

from nac.diagnostics import UNDEFINED_VARIABLE, Rule, describe, did_you_mean, nearest


class ExpressionError(Exception):
    """An expression that cannot be evaluated: a rule, a sentence, the words to point at, and what to do.

    `path` leads from the value that was compiled to the text that holds the expression.
    """

    def __init__(self, rule: Rule, message: str, needle: str | None = None, help: str | None = None) -> None:
        super().__init__(message)
        self.rule, self.message, self.needle, self.help = rule, message, needle, help
        self.path: tuple[str | int, ...] = ()
        self.line: str | None = None  # the line of the text that it is about, where no words are known


def undefined(steps: tuple[str, ...], scope: dict[str, Any]) -> ExpressionError:
    """The error for a path that leads nowhere: which step fails, and the nearest name there is."""
    value: Any = scope
    for index, step in enumerate(steps):
        if not isinstance(value, dict) or step not in value:
            return missing(steps[:index], step, value, ".".join(steps))
        value = value[step]
    raise AssertionError(steps)


def missing(parents: tuple[str, ...], name: str, holder: Any, needle: str | None = None) -> ExpressionError:
    """`name` was looked up in `holder`, the value of `parents`, and is not there."""
    prefix = ".".join(parents)
    whole = f"{prefix}.{name}" if prefix else name
    if not isinstance(holder, dict):
        return ExpressionError(UNDEFINED_VARIABLE, f"`{whole}` does not exist: `{prefix}` is {describe(holder)}",
                               needle or whole)  # fmt: skip
    near = nearest(name, holder)
    help: str | None
    if near:
        help = f"did you mean `{prefix + '.' if prefix else ''}{near}`?"
    elif prefix == "env":
        help = "it has no value: a sample takes it from `env:`, there or in nac.yaml"
    elif holder and prefix:
        help = f"`{prefix}` holds {', '.join(f'`{key}`' for key in list(holder)[:12])}"
    else:
        help = f"`{prefix}` is empty" if prefix else did_you_mean(name, holder)
    return ExpressionError(UNDEFINED_VARIABLE, f"`{whole}` is not defined", needle or whole, help)
