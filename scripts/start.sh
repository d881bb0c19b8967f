#!/usr/bin/env bash
# Installs what is missing, builds what is stale and starts the production server. Options go to `foresight start`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/install-if-missing.sh
exec node bin/foresight.mjs start "$@"
