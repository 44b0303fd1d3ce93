"""`nac schema`"""

from __future__ import annotations

import json

import click

WHAT = ("trigger", "settings", "tenant")


@click.command("schema", epilog="Example: nac schema trigger > trigger.schema.json")
@click.argument("what", type=click.Choice(WHAT), default="trigger")
def command(what: str) -> None:
    """Print a JSON Schema of nac's files, for editors.

    Of a trigger by default; `settings` is nac.yaml, `tenant` a file in notifications/tenants/. `nac check` knows more
    than a schema can say.
    """
    from nac.editor_schema import SCHEMAS

    click.echo(json.dumps(SCHEMAS[what](), indent=2, ensure_ascii=False))
