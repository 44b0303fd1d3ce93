"""A plan's manifest: what the plan holds, what it was made from, and its id. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from nac.limits import Kind
from nac.model import Workspace

FORMAT = 1
ID_SHOWN = 12  # digits of a plan's id that are enough for a person
# The names that tenants or domains are counted by when there are very many: those that a limit allows, and the rest.
OTHERS_ALLOWED = "… allowed"
OTHERS = "…"


class PlanError(Exception):
    """A plan that cannot be made, read or trusted. The message says why and what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class TriggerCount(_Part):
    """What a plan holds of one trigger.

    `bytes` are those of its records; `keyless` counts the records whose idempotency key nac made, `by_id` the
    recipients whose e-mail address SuprSend alone knows. `copies` names the fields of its template that send copies of
    an e-mail to others; `computed_copies`: to whom depends on what is sent.
    """

    kind: Kind
    records: int = 0
    recipients: int = 0
    bytes: int = 0
    keyless: int = 0
    by_id: int = 0
    copies: list[str] = Field(default_factory=list)
    computed_copies: bool = False


class BatchFile(_Part):
    """One file of batches. `sha256` and `bytes` are of its content before compression, so that another version of
    the compressor gives the same plan; `first` is the number of its first batch."""

    number: int = Field(ge=1)
    first: int = Field(ge=1)
    batches: int = Field(ge=1)
    records: int = Field(ge=1)
    bytes: int = Field(ge=1, le=1 << 30)
    sha256: str

    @property
    def name(self) -> str:
        return f"{self.number:06d}.ndjson.zst"

    @property
    def last(self) -> int:
        return self.first + self.batches - 1


class Manifest(_Part):
    """The part of the manifest that the plan's id is the digest of: no time and no version of nac is in it, so the
    same sources and people give the same plan.

    `sources` and `events` map a path and a trigger to a sha256. `limits` are the workspace's as nac.yaml had them.
    `tenants` and `domains` count records by tenant id (`""` for none) and e-mail addresses by their domain. `samples`:
    what happened is a sample's, and not for people. `run` is a name of the author's that tells this run from an earlier
    one with the same sources.
    """

    format: int = FORMAT
    workspace: str | None = None
    run: str | None = None
    limits: Workspace = Field(default_factory=Workspace)
    sources: dict[str, str] = Field(default_factory=dict)
    events: dict[str, str] = Field(default_factory=dict)
    triggers: dict[str, TriggerCount] = Field(default_factory=dict)
    tenants: dict[str, int] = Field(default_factory=dict)
    domains: dict[str, int] = Field(default_factory=dict)
    redirected: bool = False
    samples: bool = False
    batches: int = 0
    files: list[BatchFile] = Field(default_factory=list)

    @property
    def id(self) -> str:
        return _digest(self._dump())

    @property
    def records(self) -> int:
        return sum(one.records for one in self.triggers.values())

    @property
    def recipients(self) -> int:
        return sum(one.recipients for one in self.triggers.values())

    @property
    def bytes(self) -> int:
        return sum(one.bytes for one in self.triggers.values())

    @property
    def keyless(self) -> int:
        return sum(one.keyless for one in self.triggers.values())

    @property
    def by_id(self) -> int:
        return sum(one.by_id for one in self.triggers.values())

    def _dump(self) -> dict[str, Any]:
        # Without what is not given: a limit that a later nac knows does not change the id of a plan without it.
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def text(self, made: Mapping[str, Any]) -> str:
        """manifest.json; `made` is told beside the plan, covered by a digest of its own and not by the plan's id."""
        whole = {"id": self.id, "plan": self._dump(), "made": dict(made), "made_sha256": _digest(dict(made))}
        return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


_MANIFEST = TypeAdapter(Manifest)


def read_manifest(text: bytes) -> tuple[Manifest, dict[str, Any]]:
    """The manifest in a file, and what is told beside it. Raises PlanError where it does not fit its own id."""
    try:
        whole = json.loads(text)
        told, made, written = whole["id"], whole["made"], whole["plan"]
        if written.get("format") != FORMAT:
            raise PlanError(f"the plan has format {written.get('format')!r}, and this nac reads {FORMAT}: plan again")
        manifest = _MANIFEST.validate_json(_canonical(written))
        same = _digest(made) == whole["made_sha256"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
        raise PlanError("its manifest.json is cut short or was altered: plan again") from None
    if not isinstance(made, dict) or manifest.id != told:
        raise PlanError("its manifest.json was altered: it does not fit its id; plan again")
    if not same:
        raise PlanError("its manifest.json was altered: what is beside the plan does not fit its digest; plan again")
    return manifest, made


def seed_of(workspace: str | None, run: str | None, sources: Mapping[str, str], events: Mapping[str, str]) -> str:
    """What the keys of records without one follow from: everything that is known before the first record."""
    known = {"workspace": workspace, "run": run, "sources": dict(sources), "events": dict(events)}
    return _digest(known)


def _digest(value: object) -> str:
    return sha256(_canonical(value)).hexdigest()


def _canonical(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")
