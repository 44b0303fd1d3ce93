"""`nac init`"""

from __future__ import annotations

from pathlib import Path

import click

from nac.cli.output import note


@click.command("init", epilog="Example: nac init my-product")
@click.argument("directory", default=".", type=click.Path(file_okay=False))
def command(directory: str) -> None:
    """Make a notifications/ folder that works at once, in DIRECTORY or here."""
    from nac.scaffold import ExistsError, write_project

    try:
        written = write_project(Path(directory))
    except ExistsError as error:
        raise click.UsageError(f"already there, nothing was written: {', '.join(error.paths)}") from None
    except OSError as error:
        raise click.UsageError(f"cannot write to {directory}: {(error.strerror or 'error').lower()}") from None
    for path in written:
        click.echo(path)
    where = "" if directory == "." else f" --project {directory}"
    note(f"Look at it:  nac preview{where}")
    note(f"             nac compile{where}")
