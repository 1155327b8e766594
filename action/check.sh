#!/usr/bin/env bash
# The gate: fails the job where the range fails a policy.
#
# Takes RECDIFF, PYTHON, FAIL_ON, MAX_MEANINGFUL, REQUIRE_DECIDED, DECISIONS, NO_NOISE and what arguments.sh takes.
set -euo pipefail
source "$GITHUB_ACTION_PATH/action/arguments.sh"

# Whether a switch is on. A word that is neither would be a gate that somebody believes to be closed.
is_on() {
  case "$2" in
  true) return 0 ;;
  false | "") return 1 ;;
  *)
    echo "::error title=recdiff::the input '$1' is true or false"
    exit 2
    ;;
  esac
}

policies=()
[ -z "$FAIL_ON" ] || policies+=(--fail-on "$FAIL_ON")
[ -z "$MAX_MEANINGFUL" ] || policies+=(--max-meaningful "$MAX_MEANINGFUL")
[ -z "$DECISIONS" ] || policies+=(--decisions "$DECISIONS")
if is_on require-decided "$REQUIRE_DECIDED"; then policies+=(--require-decided); fi
if is_on no-noise "$NO_NOISE"; then policies+=(--no-noise); fi

# What is told holds names of files, and a line that begins with :: would be a command to the runner.
stop="$("$PYTHON" -c 'import secrets, sys; sys.stdout.write(secrets.token_hex(16))')"
echo "::stop-commands::$stop"
status=0
"$RECDIFF" check "${range[@]}" ${policies[@]+"${policies[@]}"} ${paths[@]+"${paths[@]}"} || status=$?
echo "::$stop::"
case "$status" in
0) ;;
1) echo "::error title=recdiff::the range fails a policy; the log of this step names each reason and each file" ;;
*) echo "::error title=recdiff::the gate could not judge the range; the log of this step says why" ;;
esac
exit "$status"
