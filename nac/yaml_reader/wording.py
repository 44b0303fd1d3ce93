"""What the parsers complain of, in an author's words."""

from __future__ import annotations

# What a parser says (a part of it), what that means, and what to do.
PROBLEMS = (
    ("cannot start any token", "a text cannot start with this character", "put the text in quotes"),
    ("mapping values are not allowed", "a `:` that YAML does not expect here",
     "put a text that holds a `:` in quotes; also check for a missing space behind a `:` and the indentation"),
    ("expected ':'", "a key needs a `:` after it", "check the indentation, too"),
    ("did not find expected key", "this is neither a key of the mapping above nor a part of its last value",
     "check the indentation, and that quotes and brackets are closed"),
    ("did not find expected '-'", "this is neither an item of the list above nor a part of its last item",
     "every item of a list starts with `- ` at the same column"),
    ("never closed", "this bracket is never closed", "close it; quote a text that starts with `{` or `[`"),
    ("unexpected end of stream", "this quote is never closed", "close it, or remove it"),
    ("did not find expected ',' or", "expected a comma or a closing bracket",
     "close the bracket, or put a comma; quote a text that starts with `{` or `[`"),
    ("unknown escape character", "this escape is not known in double quotes",
     r"write `\\` for a backslash, or use single quotes, which know no escapes"),
    ("incompatible YAML document", "this version of YAML is not known", "remove the line: YAML 1.2 is what is read"),
)  # fmt: skip
# Where what went wrong had begun.
CONTEXTS = (
    ("block mapping", "in the mapping that starts here"),
    ("block collection", "in the list that starts here"),
    ("block sequence", "in the list that starts here"),
    ("flow mapping", "the brace that opens here"),
    ("flow sequence", "the bracket that opens here"),
    ("quoted scalar", "in the text that starts here"),
    ("block scalar", "in the text that starts here"),
)
