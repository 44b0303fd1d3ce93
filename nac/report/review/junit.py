"""A review as one JUnit XML: the suites of `nac test` and `nac check`, and one that says how severe the change is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from nac.diff.changes import CLASSES
from nac.report.checked import render as checked_text
from nac.report.diff.wording import title
from nac.report.junit import xml_text
from nac.report.review import Review
from nac.report.tested import render as tested_text

MAX_LISTED = 200


def review_junit(review: Review) -> str:
    parts = [tested_text("junit", review.tested), checked_text("junit", review.checked), _diff(review)]
    lines = [part.rstrip("\n").split("\n") for part in parts if part]
    # The second line of each is <testsuites …>, its last one </testsuites>.
    total, failed = (sum(_number(name, part[1]) for part in lines) for name in ("tests", "failures"))
    head = f'<testsuites tests="{total}" failures="{failed}" errors="0" time="0">'
    body = [line for part in lines for line in part[2:-1]]
    return "\n".join([lines[0][0], head, *body, "</testsuites>"]) + "\n"


def _number(name: str, line: str) -> int:
    found = re.search(rf'\b{name}="(\d+)"', line)
    return int(found[1]) if found else 0


def _diff(review: Review) -> str:
    return "" if review.fail_on == "none" else "\n".join(_suite(review))


def _suite(review: Review) -> Iterator[str]:
    limit = CLASSES.index(review.fail_on)
    found = [one for one in review.diff.changes if CLASSES.index(one.cls) >= limit]
    counts = f'tests="1" failures="{int(bool(found))}" errors="0" time="0"'
    name = "no breaking change" if limit == len(CLASSES) - 1 else f"no change of the class {review.fail_on} or worse"
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<testsuites {counts}>"
    yield f'  <testsuite name="nac diff" {counts} skipped="0">'
    head = f'    <testcase classname="nac.diff" name={quoteattr(name)} time="0"'
    if not found:
        yield f"{head}/>"
    else:
        texts = [f"{one.cls}: {one.trigger}: {title(one)}: {one.reason}" for one in found[:MAX_LISTED]]
        texts += [f"and {len(found) - MAX_LISTED:,} more"] if len(found) > MAX_LISTED else []
        first = quoteattr(xml_text(texts[0].replace("\n", " ")))
        yield f"{head}>"
        yield f'      <failure message={first} type="nac diff">{escape(xml_text(chr(10).join(texts)))}</failure>'
        yield "    </testcase>"
    yield "  </testsuite>"
    yield "</testsuites>"
