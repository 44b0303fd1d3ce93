"""A review as JSON: the verdict, and the reports of `nac check`, `nac test` and `nac diff`.

docs/review.md describes it; VERSION grows when a reader would break.
"""

from __future__ import annotations

import json

from nac.report.checked import render as checked_text
from nac.report.diff.as_json import report
from nac.report.review import Review
from nac.report.tested import render as tested_text

VERSION = 1


def review_json(review: Review) -> str:
    document = {
        "version": VERSION,
        "nac": review.checked.version,
        "failed": review.failed,
        "reasons": list(review.reasons),
        "fail_on": review.fail_on,
        "class": review.diff.cls,
        "check": json.loads(checked_text("json", review.checked)),
        "test": json.loads(tested_text("json", review.tested)),
        "diff": report(review.diff),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
