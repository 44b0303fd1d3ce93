"""What `nac review` compares with, and what it tells the service that it runs in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nac.api.reviews import Reviewed
    from nac.diff.changes import Class
    from nac.report.review import Review

# What a change is to be merged into, as services tell a job of a pull or merge request.
_BASES = {
    "GITHUB_BASE_REF": "origin/{}",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": "{}",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "origin/{}",
    "BITBUCKET_PR_DESTINATION_BRANCH": "origin/{}",
    "CHANGE_TARGET": "origin/{}",
}


def base_of(environment: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The base that the environment names, and the variable that does; None without one."""
    for name, form in _BASES.items():
        if value := environment.get(name):
            return form.format(value), name
    return None, None


def made_review(reviewed: Reviewed, fail_on: Class, strict: bool) -> Review:
    """What the reports are made from."""
    from nac._version import __version__
    from nac.check.levels import Levels
    from nac.report.checked import Checked
    from nac.report.review import Review
    from nac.report.rule_pages import page
    from nac.report.tested import Tested
    from nac.rules import RULES

    project = reviewed.loaded.project
    levels = Levels(project)
    rules = [rule for rule in RULES if levels.runs(rule)]
    lines = partial(_line, reviewed)
    strict = strict or project.settings.strict
    checked = Checked(reviewed.findings, rules, lines, page, __version__, reviewed.prefix, strict)
    tested = Tested(reviewed.outcomes, (), lines, __version__, reviewed.prefix, reviewed.unsampled,
                    obsolete=reviewed.snapshots)  # fmt: skip
    return Review(checked, tested, reviewed.diff, reviewed.touched, fail_on)


def _line(reviewed: Reviewed, path: str, number: int) -> str | None:
    lines = reviewed.lines.get(path, ())
    return lines[number - 1] if 0 < number <= len(lines) else None


def tell_github(review: Review, environment: Mapping[str, str], written: str | None) -> None:
    """Annotations to stdout; the summary and the outputs of the step to the files that GitHub names for them."""
    from nac.report.review.markdown import review_markdown
    from nac.report.review.workflow_commands import workflow_commands

    click.echo(_bytes(workflow_commands(review)), nl=False)
    _append(environment, "GITHUB_STEP_SUMMARY", lambda: review_markdown(review))
    outputs = {
        "class": review.diff.cls,
        "failed": str(review.failed).lower(),
        "silent": str(review.is_silent).lower(),
        **({"report": written} if written and written.isprintable() else {}),
    }
    _append(environment, "GITHUB_OUTPUT", lambda: "".join(f"{name}={value}\n" for name, value in outputs.items()))


def _append(environment: Mapping[str, str], name: str, text: Callable[[], str]) -> None:
    path = environment.get(name)
    if not path:
        return
    try:
        with open(path, "ab") as stream:
            stream.write(_bytes(text()))
    except OSError as error:
        raise click.ClickException(f"cannot write ${name}: {(error.strerror or 'error').lower()}") from None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def on_github(environment: Mapping[str, str]) -> bool:
    return environment.get("GITHUB_ACTIONS") == "true"


def missing(error: Exception, base: str | None, variable: str | None) -> str:
    """The error, with what to do where the base was never fetched."""
    text = str(error)
    if base is None or "there is no commit" not in text:
        return text
    named = f" (from ${variable})" if variable else ""
    branch = base.removeprefix("origin/")
    what = f"`git fetch origin {branch}` brings it" if base != branch else "fetch it first"
    return f"{text}{named}; {what}. In a workflow, `fetch-depth: 0` of actions/checkout fetches everything"
