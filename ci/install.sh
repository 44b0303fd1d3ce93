#!/usr/bin/env bash
# Install nac into an environment of its own. The package is that of the action's repository, never one of the same
# name from an index.
# Reads ACTION_PATH, ACTION_REPOSITORY, SERVER_URL, VERSION, RUNNER_TEMP, GITHUB_ENV.
set -euo pipefail

package="$ACTION_PATH"
if [[ -n "${VERSION:-}" ]]; then
  if [[ ! "$VERSION" =~ ^[A-Za-z0-9][A-Za-z0-9._/-]*$ ]]; then
    echo "::error title=nac::the input 'version' is a tag, a branch or a commit of the action's repository"
    exit 2
  fi
  package="nac @ git+$SERVER_URL/$ACTION_REPOSITORY@$VERSION"
fi

# -I: no file of the folder that this runs in is imported.
python -I -m venv "$RUNNER_TEMP/nac-venv"
bin="$RUNNER_TEMP/nac-venv/bin"
[[ -d "$bin" ]] || bin="$RUNNER_TEMP/nac-venv/Scripts"
"$bin/python" -I -m pip install --quiet --disable-pip-version-check "$package"
echo "NAC=$bin/nac" >> "$GITHUB_ENV"
