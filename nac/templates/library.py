"""The templates of a project, in the vendor's form and in the simple one.

| form | where |
|---|---|
| the vendor's | `<suprsend>/templates/<slug>/<channel>/<variant>/variant.json` (`nac.templates.vendor_folder`) |
| the simple one | `notifications/templates/<slug>/<channel>.hbs` (`nac.templates.simple_folder`) |
"""

from __future__ import annotations

from collections.abc import Iterator

from nac.diagnostics import DUPLICATE_NAME, UNREADABLE, Diagnostic, Label
from nac.project import FOLDER
from nac.templates.template import Template
from nac.tree import Tree, TreeError

SUPRSEND = "suprsend"
SIMPLE = f"{FOLDER}/templates"


def load_template(tree: Tree, slug: str, suprsend: str = SUPRSEND) -> tuple[Template, list[Diagnostic]]:
    """The template of that slug, and what is wrong with its files; without variants when there is none.

    `suprsend` is the vendor CLI's folder, relative to the project. Where both forms exist, the vendor's counts.
    Reads the files of this template and no others.
    """
    from nac.templates.simple_folder import load_simple_folder, simple_names
    from nac.templates.vendor_folder import is_vendor_folder, leads_out, load_vendor_folder

    folder = vendor_folder(slug, suprsend)
    names = list(_files(tree, folder)) if folder else []
    simple = simple_names(_files(tree, f"{SIMPLE}/{slug}")) if _is_slug(slug) else []
    if folder and is_vendor_folder(names):
        template, found = load_vendor_folder(tree, slug, folder, names)
        if simple:
            first = Label(f"{folder}/{min(names, key=lambda one: (one.count('/'), one))}", None, "the other one")
            message = f"there are two templates `{slug}`: the one in {folder} counts"
            label = Label(f"{SIMPLE}/{slug}/{simple[0]}")
            found.append(Diagnostic(DUPLICATE_NAME, message, label, (first,), "delete one of them"))
        return template, found
    if simple:
        return load_simple_folder(tree, slug, f"{SIMPLE}/{slug}", simple)
    reason = leads_out(tree, folder) if folder else None
    if folder and reason:
        return Template(slug), [Diagnostic(UNREADABLE, f"this folder cannot be read: {reason}", Label(folder))]
    return Template(slug), []


def template_slugs(tree: Tree, suprsend: str = SUPRSEND) -> list[str]:
    """Every template of both forms, sorted."""
    from nac.templates.simple_folder import simple_names
    from nac.templates.vendor_folder import is_vendor_folder

    found: set[str] = set()
    of_vendor: dict[str, list[str]] = {}
    for name in _files(tree, inside(suprsend, "templates")):
        slug, _, rest = name.partition("/")
        of_vendor.setdefault(slug, []).append(rest)
    found.update(slug for slug, names in of_vendor.items() if is_vendor_folder(names))
    for name in _files(tree, SIMPLE):
        slug, _, file = name.rpartition("/")
        if slug and simple_names([file]):
            found.add(slug)
    return sorted(found)


def has_template(tree: Tree, slug: str, suprsend: str = SUPRSEND) -> bool:
    """Whether there is a folder for that slug in one of the two forms, whatever it holds."""
    folders = [f"{SIMPLE}/{slug}", vendor_folder(slug, suprsend)]
    return any(True for folder in folders if folder for _ in tree.files(folder))


def vendor_folder(slug: str, suprsend: str = SUPRSEND) -> str | None:
    """Where a template lies in the vendor's form; None for what cannot be a slug there."""
    return inside(suprsend, f"templates/{slug}") if _is_slug(slug) and "/" not in slug else None


def inside(suprsend: str, path: str) -> str:
    """A path in the vendor CLI's folder."""
    return "/".join([*(step for step in suprsend.split("/") if step not in ("", ".")), path])


def _is_slug(slug: str) -> bool:
    return bool(slug.strip("./")) and not slug.startswith((".", "/"))


def _files(tree: Tree, folder: str) -> Iterator[str]:
    """The files below a folder, relative to it, without hidden ones."""
    try:
        for path in tree.files(folder):
            name = path.removeprefix(f"{folder}/")
            if not path.endswith("/") and not any(step.startswith(".") for step in name.split("/")):
                yield name
    except TreeError:
        return
