#!/usr/bin/env bash
# Installs recdiff as this action's own ref has it, in an environment apart: nothing of the job's Python changes.
#
# Takes PYTHON. Gives `python` and `recdiff`, the programs of that environment.
set -euo pipefail

if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "::error title=recdiff::recdiff needs Python 3.11 or newer: put actions/setup-python before it, or name one by the input 'python'"
  exit 1
fi
environment="$RUNNER_TEMP/recdiff"
"$PYTHON" -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
{
  echo "python=$environment/bin/python"
  echo "recdiff=$environment/bin/recdiff"
} >>"$GITHUB_OUTPUT"
