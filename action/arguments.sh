# Sourced by the steps that run recdiff: the range, the pathspecs and the config as arguments, each word as it is.
#
# Takes RANGE, PATHS (one a line) and CONFIG. Gives the arrays `range` and `paths`, of which the latter comes last.
# shellcheck shell=bash disable=SC2034,SC2153
read -r -a range <<<"$RANGE"
[ -z "$CONFIG" ] || range+=(--config "$CONFIG")
paths=()
while IFS= read -r line; do
  [ -z "$line" ] || paths+=("$line")
done <<<"$PATHS"
[ ${#paths[@]} -eq 0 ] || paths=(-- "${paths[@]}")
