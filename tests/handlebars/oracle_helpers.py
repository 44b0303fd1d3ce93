"""The helpers that recorded templates call, as `scripts/oracle/render.js` has them for handlebars.js."""

from collections.abc import Sequence

from nac.handlebars import Helper, Options, SafeString
from nac.handlebars.conversion import to_string
from nac.handlebars.values import kind


def kind_of(value: object) -> str:
    return "null" if value is None else "list" if isinstance(value, list) else kind(value)


def show(args: Sequence[object], options: Options) -> object:
    named = [f"{key}={kind_of(value)}" for key, value in options.hash.items()]
    return " ".join([options.name, *map(kind_of, args), *named])


def same(args: Sequence[object], options: Options) -> object:
    # JavaScript's function gets its options in the place of an argument that is not there.
    return args[0] if args else {"name": "same"}


def safe(args: Sequence[object], options: Options) -> object:
    return SafeString(f"<b>{kind_of(args[0] if args else {})}</b>")


def wrap(args: Sequence[object], options: Options) -> object:
    if options.body is None or options.inverse is None:
        return "no block"
    body = options.body(args[0] if args else options.this)
    return f"[{to_string(body)}|{to_string(options.inverse(options.this))}]"


def helper_missing(args: Sequence[object], options: Options) -> object:
    return "?" + options.name + ",".join(map(kind_of, args))


def block_helper_missing(args: Sequence[object], options: Options) -> object:
    body, inverse = options.block()
    return f"{{{kind_of(args[0])}{to_string(body(options.this))}{to_string(inverse(args[0]))}}}"


HELPERS: dict[str, Helper] = {"show": show, "same": same, "safe": safe, "wrap": wrap}
HOOKS: dict[str, Helper] = {"helperMissing": helper_missing, "blockHelperMissing": block_helper_missing}
SETS: dict[str, dict[str, Helper]] = {"plain": {}, "helpers": HELPERS, "hooks": {**HELPERS, **HOOKS}}
