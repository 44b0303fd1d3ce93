#!/usr/bin/env bash
# Comment on the pull request that another workflow run was for. Its number comes from GitHub, not from the artifact: a
# fork can put anything there.
# Reads HEAD_SHA, HEAD_OWNER, HEAD_BRANCH of that run, and what comment.sh reads.
set -euo pipefail

export HEAD_SHA
PULL_REQUEST="$(gh api --method GET --paginate "repos/$GITHUB_REPOSITORY/pulls" \
  --raw-field state=open --raw-field "head=$HEAD_OWNER:$HEAD_BRANCH" \
  --jq '.[] | select(.head.sha == env.HEAD_SHA) | .number' | head -n 1)"
if [[ -z "$PULL_REQUEST" ]]; then
  echo "::notice title=nac::no comment: no open pull request is at $HEAD_SHA any more"
  exit 0
fi
export PULL_REQUEST
exec bash "$(dirname "${BASH_SOURCE[0]}")/comment.sh"
