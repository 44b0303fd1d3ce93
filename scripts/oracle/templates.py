"""Random templates and data: of the kind people write, and of the kind nobody should. A seed gives the same ones."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

SHOP: dict[str, Any] = {
    "$recipient": {"name": "Ann O'Neil", "$email": ["ann@example.com"], "age": 41, "vip": True},
    "$actor": {"name": "Bob & Co", "id": "b-1"},
    "title": "Annual <IT> report",
    "count": 2,
    "zero": 0,
    "price": 12.5,
    "tiny": 1e-7,
    "huge": 1e21,
    "empty": "",
    "nothing": None,
    "yes": True,
    "no": False,
    "tags": ["new", "a=b", ""],
    "none": [],
    "url": "https://example.com/?a=1&b=2",
    "comments": [
        {"id": 1, "text": "Fine", "author": {"name": "Cem", "admin": True}, "likes": [1, 2]},
        {"id": 2, "text": "", "author": {"name": 'D"or', "admin": False}, "likes": []},
        {"id": 3, "text": "`x`", "author": None, "likes": [0, None]},
    ],
    "order": {"id": "A-17", "lines": [{"name": "Pen", "n": 3}, {"name": "Ink", "n": 0}], "to": {"city": "Pune"}},
    "by key": {"first name": "Eve", "10": "ten", "2": "two"},
    "matrix": [[1, 2], [3], []],
    "name": "top",
}
WILD: list[Any] = [
    SHOP,
    {"a": {"b": {"c": 1}}, "x": [{"a": 1}, 2, "s", None, [3, [4]], {}], "t": "é😀ß", "f": False, "n": None, "0": "nil"},
    {
        "a": [],
        "b": [0],
        "x": {"length": 3, "a": "<&>"},
        "if": "if!",
        "each": [1],
        "this": "T",
        "show": "data",
        "t": " ",
    },
    {"a": [[["deep"]]], "x": "text", "b": True, "length": 2, "c": {"a": {"a": {"a": "!"}}}, "wrap": [1, 2], "n": -0.5},
    [1, {"a": 2}, "x"],
    "some text",
    7,
    None,
    True,
    {"constructor": "c", "valueOf": 1, "a": {"hasOwnProperty": 1}, "x": [True, False], "b": 123456789.125, "f": -3},
]
REAL_PATHS = (
    (
        "title count price zero empty nothing yes no tags none url comments order name matrix order.id order.to.city "
        "order.lines $recipient.name $recipient.$email $actor.name $recipient.age this this.name ./name [by key] "
        "[by key].[first name] [by key].10 comments.0.text comments.[1].author.name tags.length tags.1 @root.title "
        "@root.order.to.city tiny huge order/id missing order.missing missing.deep $brand.name"
    )
    .replace("[by key]", "[by\0key]")
    .replace("[first name]", "[first\0name]")
    .split(" ")
)
ITEM_PATHS = (
    "this name id text author author.name author.admin likes n ../title ../../title ../name @index @key @first @last "
    "@../index @root.count this.id ./id ../order.id likes.length missing author.missing"
).split(" ")
WILD_PATHS = (
    "a b x t f n a.b a.b.c x.0 x.[0].a x.length this this.a ./a .. ../a ../../a ../this . a/b ../x.0 @root @root.a "
    "@index @key @first @last @../index @../../key @x @root.x.length [a] [a].[b] [this] [..] this.[this] a.[0] 0 "
    "constructor __proto__ a.constructor toString length x.toString if each show same wrap if.a lookup p q "
    "@partial-block $x a.$y é a-b 'a' 'x y' 1 true null undefined @a.b this/a ./this [] a.[] helperMissing"
).split(" ")
LITERALS = ["'s'", '"two words"', "1", "0", "-1.5", "1.0", "12345678901234567890", "true", "false", "null", "undefined"]
LITERALS += ["''", '"a\\"b"', "'<&>'", "'a'", "'0'", "'length'"]
TEXTS = [
    "Hi ",
    "x",
    " ",
    "\n",
    "\n\n",
    "  ",
    "\t",
    ", ",
    "<p>",
    "</p>\n",
    "é ",
    "\r\n",
    "\\",
    "}",
    "{",
    "}}",
    "&amp;",
    "1",
]
TILDES = ["", "", "", "", "", "", "~"]
PIECES = (
    "{{ }} {{{ }}} {{{{ }}}} {{# {{/ {{^ {{> {{#> {{& {{! {{!-- --}} {{~ ~}} {{else}} {{^}} {{#*inline else if each "
    "with as |x| | ( ) = . .. / @ this a b a.b [ ] [a] \\ ' \" 'a' 1 -1.5 1.a true null undefined @index \\{{ \\\\{{ "
    "{{{{raw}}}} {{{{/raw}}}} {{/if}} {{/each}} {{#if {{#each {{a}} a=1 !"
).split(" ")


class Writer:
    """Writes one template after another."""

    def __init__(self, rng: random.Random, wild: bool, helpers: str) -> None:
        self.rng = rng
        self.wild = wild
        self.helpers = helpers
        self.names: list[str] = []

    def pick(self, options: Sequence[str]) -> str:
        return self.rng.choice(options)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def path(self, inside: bool) -> str:
        if self.names and self.chance(0.3):
            name = self.pick(self.names)
            return name + self.pick(["", "", ".name", ".a", ".0", ".length"])
        if self.wild:
            return self.pick(WILD_PATHS)
        path = self.pick(ITEM_PATHS if inside and self.chance(0.7) else REAL_PATHS).replace("\0", " ")
        return path if "missing" not in path or self.chance(0.2) else "title"

    def value(self, inside: bool, depth: int = 0) -> str:
        roll = self.rng.random()
        if depth < 3 and roll < (0.12 if self.wild else 0.06):
            return "(" + self.call(inside, depth + 1) + ")"
        if roll < 0.3:
            return self.pick(LITERALS)
        return self.path(inside)

    def call(self, inside: bool, depth: int = 0) -> str:
        """A helper and its arguments."""
        names = ["lookup"] if self.helpers == "plain" else ["lookup", "show", "show", "same", "safe", "wrap"]
        if self.wild and self.chance(0.15):
            names = WILD_PATHS
        name = self.pick(names)
        count = 2 if name == "lookup" else self.rng.randrange(1, 4)
        if self.wild and self.chance(0.15):
            count = self.rng.randrange(4)
        values = [self.value(inside, depth) for _ in range(count)]
        return " ".join([name, *values, *self.hash(inside, depth)])

    def hash(self, inside: bool, depth: int = 0) -> list[str]:
        count = self.rng.choice([0, 0, 0, 1, 2]) if self.wild or self.chance(0.3) else 0
        keys = ["k", "name", "a", "title", "includeZero", "x", "[a b]", "__proto__", "if", "k"]
        return [f"{self.pick(keys)}={self.value(inside, depth)}" for _ in range(count)]

    def tag(self, opening: str, inside: str, closing: str = "}}") -> str:
        return "{{" + self.pick(TILDES) + opening + inside + self.pick(TILDES) + closing

    def text(self) -> str:
        return "".join(self.pick(TEXTS) for _ in range(self.rng.randrange(1, 4)))

    def template(self, depth: int = 0, inside: bool = False) -> str:
        count = self.rng.randrange(0 if depth else 1, 5)
        return "".join(self.statement(depth, inside) for _ in range(count))

    def statement(self, depth: int, inside: bool) -> str:
        roll = self.rng.random()
        if roll < 0.3:
            return self.text()
        if roll < 0.52:
            return self.mustache(inside)
        if roll < 0.78 and depth < 4:
            return self.block(depth, inside)
        if roll < 0.9 and depth < 4:
            return self.partial(depth, inside)
        if roll < 0.93:
            return self.tag(self.pick(["! note ", "!-- a }} b --", "!"]), "")
        if roll < 0.95:
            return self.pick(["\\{{a}}", "\\\\{{a}}", "\\\\\\{{a}} ", "\\{{a}} \\{{b}} {{a}}", "{ {", "\\"])
        if roll < 0.97:
            name = self.pick(["raw", "wrap", "if", "each", "a", "same", "with"])
            inner = self.pick(["{{a}}", " {{#if}} ", "{{{{b}}}} {{{{/b}}}}", ""])
            return "{{{{" + name + " " + self.value(inside) + "}}}}" + inner + "{{{{/" + name + "}}}}"
        return self.mustache(inside)

    def mustache(self, inside: bool) -> str:
        what = self.call(inside) if self.chance(0.25) else self.path(inside)
        if self.chance(0.2):
            return "{{{" + what + "}}}"
        return self.tag(self.pick(["", "", "", "", "&"]), what)

    def block(self, depth: int, inside: bool) -> str:
        rng = self.rng
        name = self.pick(["if", "if", "unless", "each", "each", "with", "value", "value", "helper"])
        argument = self.value(inside)
        if name == "each" and not self.wild and self.chance(0.8):
            argument = self.pick(["comments", "tags", "order.lines", "matrix", "order", "likes", "this"])
        if name == "value":
            name, argument = self.path(inside), ""
        elif name == "helper":
            name = self.pick(["wrap", "show", "same", "nope", "lookup", "log"])
        opening = " ".join(part for part in [name, argument, *(self.hash(inside) if argument else [])] if part)
        if self.wild and self.chance(0.08):
            opening += " " + self.value(inside)
        names: list[str] = []
        if self.chance(0.25):
            names = [self.pick(["item", "i", "a", "x", "name", "k"]) for _ in range(rng.randrange(1, 3))]
            opening += " as |" + " ".join(names) + "|"
        self.names += names
        body = self.template(depth + 1, inside or name in ("each", "with"))
        del self.names[len(self.names) - len(names) :]
        sign = "^" if self.chance(0.08) else "#"
        text = self.tag(sign, opening) + self.pick(["", "", "\n"]) + body
        for _ in range(rng.choice([0, 0, 0, 0, 1, 2]) if sign == "#" else 0):
            link = self.pick(["if", "if", "unless", "with", "each"]) + " " + self.value(inside)
            text += self.tag("else ", link) + self.template(depth + 1, inside)
        if self.chance(0.3):
            text += self.tag(self.pick(["else", "else", "^"]), "") + self.template(depth + 1, inside)
        return text + self.pick(["", "", "\n"]) + self.tag("/", name)

    def partial(self, depth: int, inside: bool) -> str:
        roll = self.rng.random()
        if roll < 0.3:
            name = (
                self.pick(["p", "q", "inner", "'in line'"])
                if not self.wild
                else self.pick(["p", "inner", "1", "'x'", "name", "a"])
            )
            if self.wild and self.chance(0.1):
                return self.tag("*", "inline " + self.value(inside))
            literal = name if name[0] in "'1" or (self.wild and self.chance(0.4)) else f"'{name}'"
            decorator = (
                "inline" if not self.wild or self.chance(0.9) else self.pick(["other", "'inline'", "this.inline"])
            )
            params = " as |z|" if self.wild and self.chance(0.15) else ""
            names = ["z"] if params else []
            self.names += names
            body = self.template(depth + 1, inside)
            del self.names[len(self.names) - len(names) :]
            return self.tag("#*", f"{decorator} {literal}{params}") + body + self.tag("/", decorator)
        name = self.pick(["p", "p", "p", "q", "q", "inner", "nowhere", "'in line'", "@partial-block", "loop"])
        if self.chance(0.1):
            name = "(" + self.call(inside, 2) + ")" if self.chance(0.5) else "(lookup @root 'name')"
        argument = " " + self.value(inside) if self.chance(0.3) else ""
        opening = " ".join([name + argument, *self.hash(inside)])
        before = self.pick(["", "", "\n", "\n  ", "\n\t"])
        after = self.pick(["", "", "\n"])
        if roll < 0.6 or name.startswith("("):
            return before + self.tag(">", " " * self.rng.randrange(2) + opening) + after
        return before + self.tag("#>", opening) + self.template(depth + 1, inside) + self.tag("/", name) + after


def make(seed: int, index: int) -> dict[str, Any]:
    """Case `index` of a seed: template, data, partials, whether strict, and the set of helpers."""
    rng = random.Random(f"{seed}:{index}")
    wild = rng.random() < 0.5
    helpers = rng.choice(["plain", "plain", "plain", "helpers", "hooks"])
    writer = Writer(rng, wild, helpers)
    template = writer.template()
    if wild and rng.random() < 0.25:
        template = spoil(rng, template)
    partials = {name: writer.template(3) for name in ("p", "q") if rng.random() < 0.8}
    if rng.random() < 0.1:
        partials["loop"] = "{{> loop}}"
    if wild and rng.random() < 0.3:
        partials["p"] = "{{@partial-block" + rng.choice(["", " this", " a", " x=1"]) + "}}" + partials.get("p", "")
    if rng.random() < 0.05:
        template = template.replace("\n", "\r\n")
    data = rng.choice(WILD) if wild else SHOP
    return {"template": template, "data": data, "partials": partials, "strict": rng.random() < 0.5, "helpers": helpers}


def spoil(rng: random.Random, template: str) -> str:
    """A template with something inserted, removed or doubled."""
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(template) + 1)
        end = min(len(template), at + rng.randrange(1, 6))
        match rng.randrange(3):
            case 0:
                template = template[:at] + rng.choice(PIECES) + template[at:]
            case 1:
                template = template[:at] + template[end:]
            case _:
                template = template[:end] + template[at:end] + template[end:]
    return template


def pieces(template: str) -> list[str]:
    """A template cut up for shrinking."""
    return re.findall(r"\{\{.*?\}\}+|\s+|\w+|.", template, re.DOTALL)
