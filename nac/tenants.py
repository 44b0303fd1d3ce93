"""`notifications/tenants/<id>.yaml` → tenants by id, and what is wrong. `default` is the default tenant."""

from __future__ import annotations

import re

from pydantic import TypeAdapter

from nac.diagnostics import DUPLICATE_NAME, EMPTY_FILE, INVALID_VALUE, Diagnostic, Label
from nac.limits import MAX_TENANT
from nac.model import Tenant
from nac.project import FOLDER, Written
from nac.schema import validate
from nac.text_file import read_text
from nac.tree import Tree
from nac.yaml_reader import MAX_BYTES, read_yaml

TENANTS = f"{FOLDER}/tenants"

_ID = re.compile(rf"[a-zA-Z0-9_\-]{{1,{MAX_TENANT}}}", re.ASCII)
_TENANT = TypeAdapter(Tenant)


def load_tenants(tree: Tree) -> tuple[dict[str, Tenant], list[Diagnostic]]:
    """What the project says of its tenants. A file with a mistake is left out; an empty one is a tenant."""
    tenants: dict[str, Tenant] = {}
    paths: dict[str, str] = {}
    found: list[Diagnostic] = []
    for path in tree.files(TENANTS):
        name = path.removeprefix(f"{TENANTS}/").rstrip("/")
        if not name.endswith((".yaml", ".yml")) or any(step.startswith((".", "_")) for step in name.split("/")):
            continue
        tenant_id = name.rsplit(".", 1)[0]
        if not _ID.fullmatch(tenant_id):
            message = f"`{tenant_id[:80]}` is not the id of a tenant"
            found.append(Diagnostic(INVALID_VALUE, message, Label(path.rstrip("/")),
                                    help=f"up to {MAX_TENANT} letters, digits, `_` and `-`"))  # fmt: skip
            continue
        if tenant_id in paths:
            first = Label(paths[tenant_id], None, "the first is here")
            message = f"two files describe the tenant `{tenant_id}`"
            found.append(Diagnostic(DUPLICATE_NAME, message, Label(path.rstrip("/")), (first,), "delete one of them"))
            continue
        paths[tenant_id] = path.rstrip("/")
        tenant, problems = _load(tree, path)
        found += problems
        if tenant is not None:
            tenants[tenant_id] = tenant
    return tenants, found


def _load(tree: Tree, path: str) -> tuple[Tenant | None, list[Diagnostic]]:
    source = read_text(tree, path, MAX_BYTES)
    if isinstance(source, Diagnostic):
        return None, [source]
    node, problems = read_yaml(source)
    problems = [one for one in problems if one.rule is not EMPTY_FILE]  # all of a tenant may be left at its defaults
    if node is None:
        return (None if problems else Tenant()), problems
    problems += validate(_TENANT, Written(node, source))
    return (None if problems else Tenant.model_validate(node.value)), problems
