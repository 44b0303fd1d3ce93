"""`nac completion`"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion", epilog='Example: eval "$(nac completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell, for its start-up file."""
    from nac.cli import cli

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(cli, {}, "nac", "_NAC_COMPLETE").source())
