"""The command line: click, one short module per command, no decisions.

Exit codes: 0 clean, 1 findings or a failed send, 2 usage, 3 internal error, 130 interrupted. Results go to stdout, all
else to stderr. A command's module is imported when it is run, so that `nac --version` stays quick.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from importlib import import_module

import click

from nac._version import __version__

COMMANDS = {
    "init": "Make a notifications/ folder that works at once.",
    "list": "Show the triggers of the project.",
    "check": "Find what would go wrong, before anything is sent.",
    "explain": "Show what a rule is about.",
    "test": "Run the samples, and hold each to what is expected.",
    "compile": "Turn triggers into the requests that SuprSend receives.",
    "recipients": "Show who would get it, and through which selector.",
    "preview": "Show what each recipient would see.",
    "diff": "Show what a change does to messages and recipients.",
    "review": "Check, test and compare a change, as a pull request needs it.",
    "git-diff": "Show what a file's change does, for `git diff`.",
    "render": "Render one Handlebars template.",
    "schema": "Print a JSON Schema of the files, for editors.",
    "plan": "Write down exactly what would be sent.",
    "dispatch": "Send a plan, or triggers, to SuprSend.",
    "journal": "Show what was sent, and decide about what is left.",
    "sandbox": "Run a local stand-in of SuprSend's API.",
    "completion": "Print the completion script of a shell.",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"nac.cli.{cmd_name.replace('-', '_')}_command").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # From the table above: the modules of the commands are not imported for a list of them.
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from nac.diagnostics import did_you_mean

            hint = did_you_mean(args[0], COMMANDS)
            ctx.fail(f"there is no command '{args[0]}'" + (f": {hint.replace('`', chr(39))}" if hint else ""))
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `nac init`, then `nac preview`. Each command has an example in its --help.",
)
@click.version_option(__version__, "--version", prog_name="nac", message="%(prog)s %(version)s")
def cli() -> None:
    """Notifications as code for SuprSend: review, preview and send from git."""


def main(args: list[str] | None = None) -> None:
    """The entry point, and the one place where exceptions become exit codes."""
    # What was begun is cleaned up, as after Ctrl-C; 128 + 15 is what a shell would report.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Plugins of pydantic have no part in nac, and looking for them takes longer than some commands.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        code = cli.main(args, prog_name="nac", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code if isinstance(error, click.UsageError) else 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = 130
    except BrokenPipeError:
        # The reader of a pipe left early, as `head` does; Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            click.echo(f"cannot write: {(error.strerror or 'the disk failed').lower()}", err=True)
            sys.exit(1)
        if os.environ.get("NAC_DEBUG"):
            raise
        click.echo(
            f"internal error: {type(error).__name__}; run again with NAC_DEBUG=1 and report what it prints", err=True
        )
        code = 3
    sys.exit(code if isinstance(code, int) else 0)
