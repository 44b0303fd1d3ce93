#!/usr/bin/env bash
# Name the commit to compare with, and fetch it with as much history as it takes to see where the change grew from it:
# actions/checkout fetches a single commit.
# Reads BASE (what the workflow asks for), BASE_SHA (what the event says), PROJECT, GITHUB_OUTPUT.
set -euo pipefail

cd -- "${PROJECT:-.}"
if ! git rev-parse --git-dir > /dev/null; then
  echo "::error title=nac::there is no repository here: let actions/checkout run before"
  exit 2
fi

fetch() {
  git fetch --quiet --no-tags --no-recurse-submodules "$@" 2> /dev/null
}

# Until both ends have a commit in common, or all is fetched: 1, 50, 500, then everything.
deepen() {
  local how head
  head="$(git rev-parse HEAD)"
  for how in --deepen=1 --deepen=50 --deepen=500 --unshallow; do
    [[ "$(git rev-parse --is-shallow-repository)" == true ]] || return 0
    git merge-base "$1" "$head" > /dev/null 2>&1 && return 0
    # By their ids: the merge commit that is checked out is on no branch.
    fetch "$how" origin "$1" "$head" || fetch "$how" origin || return 0
  done
}

base="${BASE:-}"
if [[ -z "$base" ]]; then
  base="${BASE_SHA:-}"
  # A branch that was just made has nothing before it.
  [[ "$base" =~ ^0*$ ]] && base=""
fi
if [[ "$base" == -* || "$base" == *[[:space:]]* ]]; then
  echo "::error title=nac::the input 'base' is a commit, a branch or a tag"
  exit 2
fi

if [[ -z "$base" ]]; then
  fetch --deepen=1 origin "$(git rev-parse HEAD)" || true
  if git rev-parse --quiet --verify "HEAD~1^{commit}" > /dev/null; then base="HEAD~1"; else base="HEAD"; fi
elif ! git rev-parse --quiet --verify --end-of-options "$base^{commit}" > /dev/null; then
  if fetch --depth=1 origin "${base#origin/}"; then
    base="$(git rev-parse FETCH_HEAD)"
  else
    fetch origin || true
  fi
fi
if ! git rev-parse --quiet --verify --end-of-options "$base^{commit}" > /dev/null; then
  echo "::error title=nac::the base is not in this clone and could not be fetched: give actions/checkout 'fetch-depth: 0'"
  exit 2
fi
base="$(git rev-parse --verify --end-of-options "$base^{commit}")"
deepen "$base"
echo "base=$base" >> "$GITHUB_OUTPUT"
