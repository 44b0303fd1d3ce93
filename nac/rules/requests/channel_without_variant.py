"""NAC515: a broadcast or dynamic workflow on a channel that its template has no variant of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check
from nac.vocabulary import CHANNELS

if TYPE_CHECKING:
    from nac.project import Written
    from nac.rules.view import View

RULE = Rule("NAC515", "channel-without-variant")


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        lists = [trigger.at("channels")] if trigger.model.kind == "broadcast" else []
        lists += [trigger.at("delivery", "mandatory_channels")] if trigger.model.kind == "dynamic" else []
        template = view.template(trigger.template) if any(map(_items, lists)) else None
        if template is None or not template.variants:
            continue
        written = {one for one in template.channels if template.enabled is None or one in template.enabled}
        for one in lists:
            for index, channel in enumerate(_items(one)):
                if isinstance(channel, str) and channel in CHANNELS and channel not in written:
                    has = ", ".join(sorted(written)) or "none"
                    message = f"the template `{template.slug[:80]}` has nothing for `{channel}`: it has {has}"
                    help = "write a variant for it, or take the channel out"
                    yield Diagnostic(RULE, message, one.below(index).label(), help=help)


def _items(written: Written) -> list[object]:
    """The items of a list that was written; none where there is no such key."""
    value = written.value if len(written.path) and _is_written(written) else None
    return value if isinstance(value, list) else []


def _is_written(written: Written) -> bool:
    node = written.node
    for step in written.path:
        below = node.child(step)
        if below is None:
            return False
        node = below
    return True


CHECK = Check(RULE, find)
