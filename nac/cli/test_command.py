"""`nac test`"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import click

from nac.cli.options import complete_trigger, output_option, project_option
from nac.cli.output import Failed, check_output, style, writing

if TYPE_CHECKING:
    from nac.api.testing import Runner
    from nac.cli.testing import Chosen
    from nac.expectations import Outcome
    from nac.report.tested import Tested


@click.command("test", epilog="Example: nac test new_comment --update")
@click.argument("targets", nargs=-1, metavar="[TRIGGERS|FILES]...", shell_complete=complete_trigger)
@click.option("--sample", metavar="NAME", help="Only the sample of this name.")
@click.option("-k", "words", metavar="TEXT", multiple=True, help="Only samples in whose trigger or name this occurs.")
@click.option("--update", is_flag=True, help="Write the snapshots anew, and delete those that belong to nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True)
@output_option
@project_option
def command(
    targets: tuple[str, ...],
    sample: str | None,
    words: tuple[str, ...],
    update: bool,
    form: str,
    output: str | None,
    root: str,
) -> None:
    """Run the samples, and hold each to what is expected of it.

    A sample fails when it is not as its `expect` says, when its messages differ from the snapshot that was kept, or
    when there is a finding that `expect` does not name. With FILES, the samples that they can alter. In a service that
    sets CI=true, a sample without a snapshot fails too, where others have one.
    """
    from nac import api
    from nac.api.testing import Runner
    from nac.cli.testing import choose, in_ci

    if output is not None:
        check_output(output)
    started = time.monotonic()
    picked = choose(root, targets, sample, words)
    where = api.directories(picked.project)
    with Runner(picked.project, where, update=update, strict=in_ci()) as runner:
        outcomes = [each for one in picked.triggers for each in runner.run(one, picked.samples[one.name])]
        tested = _tested(picked, runner, outcomes, update)
    _report(tested, form, output, root, started)
    if tested.failed:
        raise Failed


def _tested(picked: Chosen, runner: Runner, outcomes: list[Outcome], update: bool) -> Tested:
    from nac._version import __version__
    from nac.cli.checking import line_of
    from nac.cli.testing import write_snapshots
    from nac.expectations.snapshots import Planned
    from nac.report.tested import Tested

    lines = line_of(picked.project.tree)
    orphans = runner.orphans() if picked.whole else []
    unsampled = [one.name for one in picked.triggers if not one.model.samples]
    if not update:
        stale = [f"{one.name} · {name}" for one in picked.triggers for name in runner.obsolete(one)]
        return Tested(outcomes, picked.findings, lines, __version__, "", unsampled, obsolete=[*stale, *orphans])
    planned, problems = runner.plans()
    write_snapshots(picked.project, [*planned, *(Planned(path, None) for path in orphans)])
    written = sum(len(one.written) for one in planned)
    deleted = sum(len(one.deleted) for one in planned) + len(orphans)
    return Tested(outcomes, picked.findings, lines, __version__, "", unsampled, written, deleted, problems=problems)


def _report(tested: Tested, form: str, output: str | None, root: str, started: float) -> None:
    from dataclasses import replace

    from nac.report.tested import render

    base = os.path.relpath(root).replace(os.sep, "/")
    seconds = time.monotonic() - started if output is None and sys.stdout.isatty() else None
    tested = replace(tested, base="" if base == "." else f"{base}/", seconds=seconds)
    with writing(output) as stream:
        stream.write(render(form, tested, style(file=output)).encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
