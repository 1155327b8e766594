#!/usr/bin/env bash
# Keeps one comment on the pull request up to date: a hidden marker at its start says which. A review of nothing makes
# none. Where the token may not comment, as that of a fork's pull request, that is said and fails nothing.
#
# Takes RECDIFF, PYTHON, LINK_BASE, NUMBER, COMMENT_KEY, GH_TOKEN and what arguments.sh takes.
set -euo pipefail
source "$GITHUB_ACTION_PATH/action/arguments.sh"

if ! [[ "$COMMENT_KEY" =~ ^[A-Za-z0-9._-]+$ ]]; then
  echo "::error title=recdiff::the input 'comment-key' takes letters, digits, dots, dashes and underscores"
  exit 2
fi
marker="<!-- recdiff-action:$COMMENT_KEY -->"
comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
body="$RUNNER_TEMP/recdiff-comment-$COMMENT_KEY.md"

give_up() {
  echo "::notice title=recdiff::the comment could not be written ($1); the summary of the job has the same review"
  exit 0
}

command -v gh >/dev/null || give_up "there is no gh here"

# Only a comment of one's own is written to: anybody could put the marker into theirs. A token of an app has no user.
user="$(gh api user --jq .login 2>/dev/null || true)"
if [[ "$user" =~ ^[A-Za-z0-9_-]+$ ]]; then
  mine=".user.login == \"$user\""
else
  mine='.user.type == "Bot"'
fi
found="$(gh api --paginate "$comments?per_page=100" \
  --jq ".[] | select($mine) | select(.body | startswith(\"$marker\")) | .id")" || give_up "the comments cannot be read"
id="${found%%$'\n'*}"

if [ -z "$id" ]; then
  review="$RUNNER_TEMP/recdiff-review-$COMMENT_KEY.json"
  "$RECDIFF" report "${range[@]}" --format json -o "$review" ${paths[@]+"${paths[@]}"}
  differing="$("$PYTHON" -c 'import json, sys; print(json.load(open(sys.argv[1], "rb"))["summary"]["files"])' "$review")"
  [ "$differing" != 0 ] || exit 0
fi

printf '%s\n' "$marker" >"$body"
"$RECDIFF" report "${range[@]}" --format markdown --limit $((65536 - ${#marker} - 1)) \
  ${LINK_BASE:+--link-base "$LINK_BASE"} ${paths[@]+"${paths[@]}"} >>"$body"

if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$body" || give_up "not allowed"
else
  gh api --silent --method POST "$comments" -F "body=@$body" || give_up "not allowed"
fi
