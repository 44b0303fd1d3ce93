"""What came of a sample as a value that can be kept, compared, and read by whoever reviews a change.

```yaml
two comments:                  # the sample
  requests: 1
  request: {workflow: …}       # what its requests have in common
  recipients:
    u1:
      user: {…}                # as it is sent
      messages:
        sms: {variant: default, text: …}
```
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from nac.diagnostics import Label
from nac.expectations.block_yaml import to_yaml
from nac.expectations.messages import about
from nac.expectations.result import Failure, Result, as_text, listed, names
from nac.messages import Email, Message
from nac.payload import canonical
from nac.preview.html_tokens import tokens
from nac.preview.result import Preview, Reader
from nac.project import FOLDER, Written
from nac.recipients import Person
from nac.source import SourceFile
from nac.yaml_reader import MAX_BYTES, read_yaml

SNAPSHOTS = f"{FOLDER}/__snapshots__"
ENDING = ".snap.yaml"
HEAD = "# What `nac test` compares the samples with; `nac test --update` writes it anew.\n"
MAX_FAILURES = 10
MAX_DATA = 200  # characters of an attachment that are shown
EVERYONE = "everyone on the list"

Snapshot = dict[str, Any]
_ABSENT = object()
Path = tuple[str | int, ...]


def path_of(trigger: str) -> str:
    """The file that keeps a trigger's snapshots, relative to the project."""
    return f"{SNAPSHOTS}/{trigger}{ENDING}"


def trigger_of(path: str) -> str | None:
    """`path_of` backwards; None for any other file."""
    is_one = path.startswith(f"{SNAPSHOTS}/") and path.endswith(ENDING)
    return path[len(SNAPSHOTS) + 1 : -len(ENDING)] if is_one else None


def snapshot_of(result: Result) -> Snapshot:
    """What came of a sample, without what may change although nothing did."""
    made: Snapshot = {}
    if result.diagnostics:
        made["findings"] = sorted({one.rule.code for one in result.diagnostics})
    if not result.compiled:
        return made
    made["requests"] = result.requests
    if result.payloads:
        made["request"] = dict(_request(result))
    readers = {one.identity: one for one in result.readers}
    people: dict[str, Any] = {}
    for person in result.people[: max(len(result.readers), 1)]:
        people[_free(" ".join(names(person)), people)] = _person(person, readers.get(person.identity))
    if not result.people:
        people.update((EVERYONE, _read(one)) for one in result.readers[:1])
    made["recipients"] = people
    if result.audience > len(people):
        made["more recipients"] = result.audience - len(people)
    return made


def _free(name: str, taken: Mapping[str, object]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _request(result: Result) -> Iterator[tuple[str, Any]]:
    for name, value in result.payloads[0].envelope.fields.items():
        yield name, _data(value) if name == "data" else value
    if result.key is not None:
        yield "idempotency_key", result.key


def _data(value: Any) -> Any:
    """The data with attached files told by what identifies them."""
    files = value.get("$attachments") if isinstance(value, dict) else None
    if not isinstance(files, list):
        return value
    return {**value, "$attachments": [_file(one) for one in files]}


def _file(one: Any) -> Any:
    data = one.get("data") if isinstance(one, dict) else None
    if not isinstance(data, str) or len(data) <= MAX_DATA:
        return one
    digest = hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()
    return {**one, "data": f"({len(data)} characters, sha256 {digest})"}


def _person(person: Person, reader: Reader | None) -> dict[str, Any]:
    known = person.recipient
    made: dict[str, Any] = {}
    if isinstance(known, dict):
        kind = "object" if "object_type" in known else "user"
        made[kind] = dict(known)
    return made | (_read(reader) if reader else {})


def _read(reader: Reader) -> dict[str, Any]:
    messages: dict[str, Any] = {}
    for one in reader.previews:
        messages.setdefault(one.channel, _preview(one))
    return {"messages": messages}


def _preview(one: Preview) -> dict[str, Any]:
    if one.message is None:
        codes = sorted({problem.rule.code for problem in one.problems})
        return {"dropped": codes} if codes else {"not_sent": True}
    made: dict[str, Any] = {}
    if one.choice is not None and one.choice.variant is not None:
        made["variant"] = one.choice.variant.name.partition("/")[2]
    return made | _message(one.message)


def _message(message: Message) -> dict[str, Any]:
    """The fields that say something: the text last, HTML by where it leads."""
    made: dict[str, Any] = {}
    for one in fields(message):
        value = getattr(message, one.name)
        if value in (None, "", (), False) or one.name in _LEFT_OUT or value == one.default:
            continue
        made[one.name] = _plain(value)
    if isinstance(message, Email) and message.html is not None:
        links = [token.attributes.get("href") or token.attributes.get("src") for token in tokens(message.html)]
        made["links"] = list(dict.fromkeys(link for link in links if link))
    made["text"] = message.text
    return {name: one for name, one in made.items() if one != []}


_LEFT_OUT = frozenset({"html", "plain_text", "body", "platform", "text_derived", "to"})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        held = {one.name: getattr(value, one.name) for one in fields(value) if getattr(value, one.name) != one.default}
        return {name: _plain(one) for name, one in held.items()}
    return value


@dataclass(frozen=True)
class Kept:
    """The snapshots of one trigger as their file has them, by sample; `problem` says why they cannot be read."""

    path: str
    samples: Mapping[str, Any]
    written: Written | None = None
    problem: Label | None = None


def read_snapshots(source: SourceFile) -> Kept:
    node, problems = read_yaml(source)
    if node is None or problems:
        label = problems[0].label if problems else Label(source.path)
        return Kept(source.path, {}, None, label)
    return Kept(source.path, node.value, Written(node, source))


def write_snapshots(samples: Mapping[str, Snapshot]) -> str | None:
    """The text of a file; None for snapshots that could not be read again, being too large, say."""
    try:
        text = HEAD + to_yaml(dict(samples))
        if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            return None
        kept = read_snapshots(SourceFile("", text))
    except RecursionError:
        return None
    return text if kept.problem is None and kept.samples == samples else None


def compare(kept: Kept, result: Result) -> list[Failure]:
    """How what came of a sample differs from what was kept, at the place where it was kept."""
    assert kept.written is not None
    old, new = kept.samples[result.sample], snapshot_of(result)
    at = kept.written.below(result.sample)
    found = list(_differences(old, new, ()))
    # A finding that keeps messages back is told with these.
    kept_back = {code for path, _, other in found if _is_message(path) and isinstance(other, dict)
                 for code in other.get("dropped", ())}  # fmt: skip
    if kept_back and {*(new.get("findings") or ())} ^ {*(old.get("findings") or ())} <= kept_back:
        found = [one for one in found if one[0][:1] != ("findings",)]
    failures = [_failure(at, result, *one) for one in found[:MAX_FAILURES]]
    if len(found) > MAX_FAILURES:
        failures.append(Failure(f"{len(found) - MAX_FAILURES} more differences from the snapshot", at.label(key=True)))
    return failures


def _differences(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if (
        _is_message(path)
        and isinstance(old, dict)
        and isinstance(new, dict)
        and ("dropped" in old) != ("dropped" in new)
    ):
        yield path, old, new  # as a whole: that the rest is not there is no more than that
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(one for one in new if one not in old)]:
            yield from _differences(old.get(key, _ABSENT), new.get(key, _ABSENT), (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differences(one, other, (*path, index))
    elif old is _ABSENT or new is _ABSENT or canonical(old) != canonical(new):
        yield path, old, new


def _is_message(path: Path) -> bool:
    """Whether a path leads to what somebody reads on a channel."""
    return len(path) == 4 and path[0] == "recipients" and path[2] == "messages"


def _failure(at: Written, result: Result, path: Path, old: Any, new: Any) -> Failure:
    name = ".".join(map(str, path))[:120]
    place = at.below(*path)
    label = at.below(*path[:-1]).label(key=True) if old is _ABSENT else place.label(key=new is _ABSENT)
    related = tuple(_made_by(result, path))
    if _is_message(path) and isinstance(old, dict) and isinstance(new, dict):
        codes = ", ".join(map(str, new.get("dropped") or ()))
        what = f"is dropped now: {codes}" if "dropped" in new else "was dropped, and is not any more"
        before, after = (as_text(one["text"]) if "text" in one else None for one in (old, new))
        return Failure(f"`{name}` {what}", place.label(key=True), before, after, related)
    if old is _ABSENT:
        return Failure(f"`{name}` is not in the snapshot", label, actual=as_text(new), related=related)
    if new is _ABSENT:
        return Failure(f"`{name}` is in the snapshot alone", label, expected=as_text(old), related=related)
    return Failure(f"`{name}` is not what the snapshot has", label, as_text(old), as_text(new), related)


def _made_by(result: Result, path: Path) -> Iterator[Label]:
    """Where what stands at a path of a snapshot comes from: a key of the trigger, a selector, a template."""
    trigger = result.trigger
    if path[:1] == ("request",) and len(path) > 1:
        yield trigger.at(*path[1:]).label(key=True)
    elif path[:1] == ("recipients",) and len(path) > 1:
        yield from _about_recipient(result, str(path[1]), path[2:])


def _about_recipient(result: Result, name: str, path: Path) -> Iterator[Label]:
    trigger = result.trigger
    person = next((one for one in result.people if " ".join(names(one)) == name), None)
    if path[:1] == ("messages",):
        identity = person.identity if person else ""
        for reader in result.readers:
            for preview in reader.previews if reader.identity == identity else ():
                if path[1:2] == (preview.channel,):
                    yield from about(preview)
                    return
    elif person is not None and person.selector >= 0:
        yield trigger.at("recipients", person.selector, *path).label(key=True)
    elif trigger.model.kind != "broadcast":
        yield trigger.at("recipients").label(key=True)


@dataclass(frozen=True)
class Planned:
    """What is to become of one snapshot file: `text` None deletes it. `written` and `deleted` are samples."""

    path: str
    text: str | None
    written: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


def obsolete(kept: Kept, samples: list[str]) -> list[str]:
    """The snapshots of samples that there are no more."""
    return [one for one in kept.samples if one not in samples]


def plan(path: str, kept: Kept | None, made: Mapping[str, Snapshot], samples: list[str]) -> Planned | None:
    """How `--update` changes a trigger's file; None where nothing does. `made` are the samples that ran, `samples` all
    of the trigger's, in order: what did not run is kept as it was.

    Raises ValueError for snapshots that no file can hold.
    """
    old = dict(kept.samples) if kept else {}
    new = {one: made[one] if one in made else old[one] for one in samples if one in made or one in old}
    deleted = tuple(one for one in old if one not in new)
    if not new:
        return Planned(path, None, (), deleted) if kept else None
    changed = tuple(one for one in new if one not in old or canonical(old[one]) != canonical(new[one]))
    if kept and kept.problem is None and not changed and not deleted and list(old) == list(new):
        return None
    text = write_snapshots(new)
    if text is None:
        raise ValueError(
            f"the snapshots of {listed(new, 3)} cannot be kept: they would hold more than 1 MB, or what YAML cannot"
        )
    return Planned(path, text, changed or tuple(new), deleted)
