"""Attachments of a trigger → `data.$attachments`, in the shape the vendor's SDK gives them."""

from __future__ import annotations

import base64
from typing import Any

from nac.diagnostics import INVALID_VALUE, UNKNOWN_FILE, WRONG_TYPE, Diagnostic, describe
from nac.expressions import ExpressionError, Scope, compile_value, failures
from nac.project import FOLDER, Trigger, Written
from nac.tree import Tree, TreeError

MAX_FILE = 1024 * 1024  # a larger one could never fit into the 800 KB of a request

# By ending. The standard library's table differs between Python versions and machines, and with it the payload.
_TYPES = {
    "csv": "text/csv", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword", "eml": "message/rfc822", "gif": "image/gif", "gz": "application/gzip",
    "htm": "text/html", "html": "text/html", "ics": "text/calendar", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    "json": "application/json", "md": "text/markdown", "mp3": "audio/mpeg", "mp4": "video/mp4",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "pdf": "application/pdf", "png": "image/png", "rtf": "application/rtf", "svg": "image/svg+xml",
    "tar": "application/x-tar", "txt": "text/plain", "vcf": "text/vcard", "wav": "audio/x-wav", "webp": "image/webp",
    "xls": "application/vnd.ms-excel", "xml": "application/xml", "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip


def content_type(path: str) -> str:
    """The MIME type that a file's ending stands for; `application/octet-stream` when it is not known."""
    return _TYPES.get(path.rsplit(".", 1)[-1].lower(), "application/octet-stream")


def attachments(tree: Tree, trigger: Trigger, scope: Scope) -> tuple[list[dict[str, Any]], list[Diagnostic]]:
    """The entries of `data.$attachments`, and what is wrong with the others."""
    done: list[dict[str, Any]] = []
    found: list[Diagnostic] = []
    for index in range(len(trigger.model.attachments)):
        written = trigger.at("attachments", index)
        try:
            values = compile_value(written.value)(scope)
        except ExpressionError:
            found += [written.error(error) for error in failures(written.value, scope)]
            continue
        ready = _entry(tree, written, values)
        if isinstance(ready, Diagnostic):
            found.append(ready)
        elif ready is not None:
            done.append(ready)
    return done, found


def _entry(tree: Tree, written: Written, values: dict[str, Any]) -> dict[str, Any] | Diagnostic | None:
    for name in ("file", "url", "filename", "content_type"):
        if name in values and (not isinstance(values[name], str) or not values[name]):
            message = f"`{name}` takes text, not {describe(values[name]) if values[name] != '' else 'empty text'}"
            return Diagnostic(WRONG_TYPE, message, written.below(name).label())
    entry = {
        "filename": values.get("filename"),
        "contentType": values.get("content_type"),
        "data": None,
        "url": values.get("url"),
        "ignore_if_error": values.get("ignore_if_error", False),
    }
    if "url" in values:
        if not values["url"].startswith(("https://", "http://")):
            return Diagnostic(INVALID_VALUE, "`url` is not a web address", written.below("url").label(),
                              help="a file of the project goes under `file`")  # fmt: skip
        return entry
    path = values["file"]
    try:
        data = tree.read(f"{FOLDER}/{path}", MAX_FILE)
    except TreeError as error:
        if entry["ignore_if_error"]:
            return None
        message = f"the attachment cannot be read: {error}"
        return Diagnostic(UNKNOWN_FILE, message, written.below("file").label())
    return {
        **entry,
        "filename": entry["filename"] or path.rsplit("/", 1)[-1],
        "contentType": entry["contentType"] or content_type(path),
        "data": base64.b64encode(data).decode(),
    }
