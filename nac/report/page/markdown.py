"""Markdown of a message as HTML: no raw HTML, no images that load, no address that could act."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nac.report.page.icons import icon
from nac.report.page.markup import h, safe_url, shown

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict


def markdown(text: str) -> Markup:
    """CommonMark with tables and strikethrough, as an inbox shows it."""
    return Markup(_parser().render(text))  # noqa: S704 - html is off: markdown-it escapes all text


def teams_markdown(text: str) -> Markup:
    """The part of Markdown that Adaptive Cards know: emphasis, lists and links; headings and tables are text."""
    return Markup(_parser(cards=True).render(text))  # noqa: S704 - as above


@cache
def _parser(cards: bool = False) -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    if cards:
        parser.disable(
            ["heading", "lheading", "table", "image", "code", "fence", "hr", "blockquote", "reference"], True
        )
    else:
        parser.enable(["table", "strikethrough"])
    parser.validateLink = lambda url: safe_url(url) is not None  # type: ignore[method-assign]
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link_open)
    return parser


def _image(self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType) -> str:
    return str(placeholder(tokens[number].content or "Image", tokens[number].attrGet("src")))


def _link_open(self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType) -> str:
    tokens[number].attrSet("target", "_blank")
    tokens[number].attrSet("rel", "noreferrer noopener")
    return "<a " + " ".join(f'{key}="{Markup.escape(str(value))}"' for key, value in tokens[number].attrs.items()) + ">"


def placeholder(label: str, url: Any = None, kind: str = "image", **attributes: str | None) -> Markup:
    """Where a picture, video or file would be: nothing is loaded, its address is named."""
    title = shown(url)[:2000] if isinstance(url, str) and url else None
    extra = attributes.pop("class_", None)
    named = h("span", label, dir="auto", class_="media-name")
    where = h("span", _host(title), class_="media-host") if title else None
    return h("span", icon(kind), named, where, class_=f"media media-{kind} {extra or ''}".rstrip(), title=title)


def _host(url: str) -> str:
    rest = url.partition("://")[2] or url
    host, _, path = rest.partition("/")
    name = path.partition("?")[0].rpartition("/")[2]
    return f"{host[:60]}/…/{name[-40:]}" if name and "/" in path else rest[:80]
