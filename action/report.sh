#!/usr/bin/env bash
# Writes the summary of the job, and annotations at the lines that changed.
#
# Takes RECDIFF, LINK_BASE and what arguments.sh takes.
set -euo pipefail
source "$GITHUB_ACTION_PATH/action/arguments.sh"

"$RECDIFF" report "${range[@]}" --format github ${LINK_BASE:+--link-base "$LINK_BASE"} ${paths[@]+"${paths[@]}"}
