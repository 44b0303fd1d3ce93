"""The page's own drawings: 20 × 20, one stroke width, the colour of the text around them."""

from __future__ import annotations

from markupsafe import Markup

_PATHS = {
    "email": '<rect x="2.5" y="4.5" width="15" height="11" rx="2"/><path d="m3 6 7 5 7-5"/>',
    "sms": '<path d="M4.5 3.5h11a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-4 3v-3h-.5a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2Z"/>',
    "whatsapp": '<path d="M10 2.8a7.2 7.2 0 0 0-6.2 10.8L2.8 17.2l3.6-1A7.2 7.2 0 1 0 10 2.8Z"/>'
    '<path d="M7.6 7c-.8 2.5 2.5 6 5.3 5.5l.4-1.5-1.8-.9-.9.8a4 4 0 0 1-1.7-1.8l.8-.8-.8-1.7Z"/>',
    "inbox": '<path d="M10 2.8a4.7 4.7 0 0 0-4.7 4.7c0 4-1.5 5.2-1.5 6.2'
    'h12.4c0-1-1.5-2.2-1.5-6.2A4.7 4.7 0 0 0 10 2.8Z"/>'
    '<path d="M8.2 16.5a2 2 0 0 0 3.6 0"/>',
    "slack": '<path d="M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13.5M3 12.5h13.5"/>',
    "ms_teams": '<rect x="2.5" y="5.5" width="9" height="9" rx="1.5"/><path d="M5 8.3h4M7 8.3v4"/>'
    '<circle cx="14.8" cy="6" r="1.8"/><path d="M13.8 9.5h3.7v3a3 3 0 0 1-3.7 2.9"/>',
    "androidpush": '<path d="M3.5 14.5a6.5 6.5 0 0 1 13 0ZM6 6 4.7 3.8M14 6l1.3-2.2"/>'
    '<path d="M7.5 11.5h.01M12.5 11.5h.01"/>',
    "iospush": '<rect x="5.5" y="2.5" width="9" height="15" rx="2.5"/><path d="M8.8 4.8h2.4"/>',
    "webpush": '<circle cx="10" cy="10" r="7.2"/>'
    '<path d="M2.8 10h14.4M10 2.8c5 4.5 5 9.9 0 14.4-5-4.5-5-9.9 0-14.4Z"/>',
    "messenger": '<circle cx="10" cy="10" r="7.2"/><path d="m6 11.5 2.8-3 2.4 2 2.8-2.5"/>',
    "call": '<path d="M6.5 3 8 6.5 6.3 8a9 9 0 0 0 5.7 5.7L13.5 12'
    'l3.5 1.5v2a1.5 1.5 0 0 1-1.6 1.5A13.5 13.5 0 0 1 3 4.6 1.5 1.5 0 0 1 4.5 3Z"/>',
    "search": '<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 4 4"/>',
    "theme": '<circle cx="10" cy="10" r="6.8"/><path d="M10 3.2v13.6a6.8 6.8 0 0 0 0-13.6Z" fill="currentColor"/>',
    "desktop": '<rect x="2.5" y="3.5" width="15" height="10" rx="1.5"/><path d="M7 17h6M10 13.5V17"/>',
    "phone": '<rect x="5.5" y="2.5" width="9" height="15" rx="2"/><path d="M9 15h2"/>',
    "keyboard": '<rect x="2" y="5" width="16" height="10" rx="2"/>'
    '<path d="M5 8h.01M8 8h.01M11 8h.01M14.5 8h.01M6.5 12h7"/>',
    "left": '<path d="m12 4.5-5.5 5.5 5.5 5.5"/>',
    "right": '<path d="m8 4.5 5.5 5.5L8 15.5"/>',
    "check": '<path d="m4.5 10.5 3.5 3.5 7.5-8"/>',
    "cross": '<path d="m5.5 5.5 9 9M14.5 5.5l-9 9"/>',
    "alert": '<path d="M10 3 2.5 16.5h15Z"/><path d="M10 8v4M10 14.3v.01"/>',
    "info": '<circle cx="10" cy="10" r="7.2"/><path d="M10 9v5M10 6.3v.01"/>',
    "image": '<rect x="2.5" y="3.5" width="15" height="13" rx="2"/><circle cx="7" cy="8" r="1.5"/>'
    '<path d="m3 15 4.5-4 3 2.5 3-3 4 4"/>',
    "file": '<path d="M5 2.5h6.5L15.5 6.5v11H5ZM11.5 2.5v4h4"/>',
    "video": '<rect x="2.5" y="4" width="15" height="12" rx="2"/><path d="m8.5 7.5 4 2.5-4 2.5Z" fill="currentColor"/>',
    "pin": '<path d="m12 2.5 5.5 5.5-3 .7-3 3-.5 3.8-5.5-5.5 3.8-.5 3-3ZM8 12l-5 5"/>',
    "clock": '<circle cx="10" cy="10" r="7.2"/><path d="M10 5.8V10l2.8 1.8"/>',
    "menu": '<path d="M3 5.5h14M3 10h14M3 14.5h14"/>',
    "reply": '<path d="M8 5 3 9.5 8 14M3.5 9.5H12a5 5 0 0 1 5 5V16"/>',
    "open": '<path d="M11 3.5h5.5V9M16.5 3.5 9 11M14 12v3.5a1 1 0 0 1-1 1H4.5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1H8"/>',
    "people": '<circle cx="7.5" cy="7" r="2.8"/><path d="M2.5 16a5 5 0 0 1 10 0M12.5 4.5a2.6 2.6 0 0 1 0 5M14 11.4'
    'a5 5 0 0 1 3.5 4.6"/>',
    "unsent": '<circle cx="10" cy="10" r="7.2"/><path d="m5 5 10 10"/>',
    "empty": '<path d="M2.5 11h4l1.5 2.5h4l1.5-2.5h4M2.5 11 5 4.5h10l2.5 6.5v5h-15Z"/>',
    "stack": '<path d="m10 3 7.5 4-7.5 4-7.5-4ZM3 10.7l7 3.8 7-3.8M3 14l7 3.8L17 14"/>',
}  # fmt: skip

SPRITE = Markup(  # noqa: S704 - constants
    '<svg class="sprite" aria-hidden="true" focusable="false">'
    + "".join(
        f'<symbol id="i-{name}" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" '
        f'stroke-linecap="round" stroke-linejoin="round">{paths}</symbol>'
        for name, paths in _PATHS.items()
    )
    + "</svg>"
)


def icon(name: str) -> Markup:
    """A drawing of `SPRITE`; a channel that has none gets a plain one."""
    found = name if name in _PATHS else "info"
    return Markup(f'<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{found}"/></svg>')  # noqa: S704
