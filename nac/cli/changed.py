"""The files that differ from a git commit, for `--since`."""

from __future__ import annotations

import click


def changed_since(root: str, ref: str) -> dict[str, bool]:
    """What changed below the directory `root` since it and `ref` grew apart: committed, staged, and not yet added.

    Relative paths, and whether the file is there now. Raises click.UsageError where there is no repository, or no such
    commit.
    """
    from nac.git import GitError, Repository

    try:
        repository = Repository(root)
        commit = repository.commit(ref)
        return repository.changes(repository.merge_base(commit, repository.commit("HEAD")) or commit)
    except GitError as error:
        raise click.UsageError(f"--since {ref}: {error}") from None
