#!/usr/bin/env bash
# Review the change, and leave the report in a folder. `nac review` writes annotations, the step summary and outputs.
# Reads NAC (the program), BASE, FAIL_ON, STRICT, PROJECT, RUNNER_TEMP, GITHUB_OUTPUT.
set -euo pipefail

name="nac-review"
if [[ "${PROJECT:-.}" != "." ]]; then
  # Several projects of one repository have a report each.
  name="$name-$(printf '%s' "$PROJECT" | tr -c 'A-Za-z0-9.\n' '-')"
fi
echo "artifact=$name" >> "$GITHUB_OUTPUT"

options=(--github --report "$RUNNER_TEMP/$name" --fail-on "${FAIL_ON:-breaking}" --project "${PROJECT:-.}")
if [[ "${STRICT:-false}" == true ]]; then
  options+=(--strict)
fi
exec "${NAC:-nac}" review "${options[@]}" -- "$BASE"
