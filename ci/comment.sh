#!/usr/bin/env bash
# Put a report into the comment of a pull request: the comment of the last run is written anew, found by its first line.
# Reads REPORT (the folder), PULL_REQUEST (the number), SILENT, GH_TOKEN, GITHUB_REPOSITORY, GITHUB_SERVER_URL,
# GITHUB_STEP_SUMMARY. Never fails: a token that may not write, as in a fork, leaves the report where it is.
set -euo pipefail

body="$REPORT/report.md"
# What a notice says stands in the summary, below the report that `nac review` has put there.
give_up() {
  echo "::notice title=nac::no comment: $1"
  printf '\n> No comment was written: %s\n' "$1" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
  exit 0
}

[[ "$PULL_REQUEST" =~ ^[0-9]+$ ]] || give_up "this is no pull request."
# No link: what an artifact brings may have been made by anybody.
[[ -f "$body" && ! -L "$body" ]] || give_up "there is no report."
(($(wc -m < "$body") <= 65536)) || give_up "the report is too long."
command -v gh > /dev/null || give_up "the program gh is not installed on this runner."
if [[ "${GITHUB_SERVER_URL:-https://github.com}" != https://github.com ]]; then
  export GH_HOST="${GITHUB_SERVER_URL#https://}" GH_ENTERPRISE_TOKEN="$GH_TOKEN"
fi

NAC_MARKER="$(head -n 1 "$body" | tr -d '\r')"
export NAC_MARKER
[[ "$NAC_MARKER" =~ ^\<\!--\ nac-review(\ [A-Za-z0-9_./-]+)?\ --\>$ ]] || give_up "the report does not begin as one."

# Only what an app wrote: anybody may begin a comment with that line.
if ! found="$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments?per_page=100" \
  --jq '.[] | select(.user.type == "Bot" and ((.body // "") | split("\n")[0] | rtrimstr("\r")) == env.NAC_MARKER) | .id')"; then
  give_up "this token may not read the pull request's comments."
fi
id="$(head -n 1 <<< "$found")"

if [[ "$id" =~ ^[0-9]+$ ]]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$body" ||
    give_up "this token may not write to the pull request."
elif [[ "${SILENT:-false}" == true ]]; then
  echo "nothing to tell"
else
  gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments" --field "body=@$body" ||
    give_up "this token may not write to the pull request. For one from a fork that is so: docs/review.md has a way."
fi
