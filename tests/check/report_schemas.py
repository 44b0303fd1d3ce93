"""What the readers of reports require, written down from their specifications, of the properties that nac writes.

No other property may appear: a name that is spelled wrong would be one.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def an_object(required: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": required.split(), "properties": properties, "additionalProperties": False}


def a_list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


TEXT: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {"type": "integer", "minimum": 1}
INDEX: Schema = {"type": "integer", "minimum": 0}

# SARIF 2.1.0 (OASIS), section 3.
_MESSAGE = an_object("text", text=TEXT)
_REGION = an_object("startLine", startLine=NUMBER, startColumn=NUMBER, endLine=NUMBER, endColumn=NUMBER)
_ARTIFACT = an_object("uri", uri={"type": "string", "pattern": "^[A-Za-z0-9._~/%-]+$"}, uriBaseId=TEXT)
_PLACE = an_object("artifactLocation", artifactLocation=_ARTIFACT, region=_REGION)
_LEVEL: Schema = {"enum": ["none", "note", "warning", "error"]}
_RULE = an_object(
    "id",
    id=TEXT,
    name=TEXT,
    shortDescription=_MESSAGE,
    help=an_object("text", text=TEXT, markdown=TEXT),
    defaultConfiguration=an_object("", level=_LEVEL),
)
_REPLACEMENT = an_object("deletedRegion", deletedRegion=_REGION, insertedContent=an_object("", text={"type": "string"}))
_CHANGE = an_object(
    "artifactLocation replacements", artifactLocation=_ARTIFACT, replacements=a_list(_REPLACEMENT, minItems=1)
)
_RESULT = an_object(
    "message",
    ruleId=TEXT,
    ruleIndex=INDEX,
    level=_LEVEL,
    message=_MESSAGE,
    locations=a_list(an_object("", physicalLocation=_PLACE)),
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
    relatedLocations=a_list(an_object("", id=INDEX, physicalLocation=_PLACE, message=_MESSAGE), uniqueItems=True),
    fixes=a_list(
        an_object("artifactChanges", description=_MESSAGE, artifactChanges=a_list(_CHANGE, minItems=1)),
        uniqueItems=True,
    ),
)
_DRIVER = an_object("name", name=TEXT, semanticVersion=TEXT, rules=a_list(_RULE, uniqueItems=True))
_RUN = an_object(
    "tool results",
    tool=an_object("driver", driver=_DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=a_list(_RESULT),
)
SARIF = an_object(
    "version runs", **{"$schema": {"type": "string", "format": "uri"}}, version={"const": "2.1.0"}, runs=a_list(_RUN)
)

# GitLab, "Code Quality report format".
_LINES = an_object("begin", begin=NUMBER, end=NUMBER)
GITLAB = a_list(
    an_object(
        "description check_name fingerprint severity location",
        description=TEXT,
        check_name=TEXT,
        fingerprint=TEXT,
        severity={"enum": ["info", "minor", "major", "critical", "blocker"]},
        location=an_object("path lines", path={"type": "string", "pattern": r"^(?!\./)."}, lines=_LINES),
    )
)

# The elements of JUnit XML with their attributes and children, as far as its readers (Jenkins, GitLab, Azure) agree.
JUNIT: dict[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"tests", "failures", "errors", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "time", "skipped"}, {"testcase"}),
    "testcase": ({"classname", "name", "time"}, {"failure", "system-out"}),
    "failure": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}
