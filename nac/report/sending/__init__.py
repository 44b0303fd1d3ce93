"""A plan before it is sent, a run while it goes on, and what became of it: as text, JSON and JUnit.

No address, no name and no text of a message is in any of it: a pipeline's log is read by many.
"""

from nac.report.sending.plan import plan_json, plan_text
from nac.report.sending.report import Cause, Report, causes_of
from nac.report.sending.report_json import call_json, report_json, start_json
from nac.report.sending.report_junit import report_junit
from nac.report.sending.report_text import report_text

__all__ = [
    "Cause",
    "Report",
    "call_json",
    "causes_of",
    "plan_json",
    "plan_text",
    "report_json",
    "report_junit",
    "report_text",
    "start_json",
]
