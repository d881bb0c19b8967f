#!/usr/bin/env bash
# Everything that must hold: lint, types, import rules, unit, contract and integration tests, build, browser tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/install-if-missing.sh
exec node --import tsx scripts/check.ts "$@"
