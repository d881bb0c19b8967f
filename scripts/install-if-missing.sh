# Sourced by start.sh and test.sh: checks Node and installs the packages of package-lock.json where they are not.
if ! command -v node >/dev/null; then
  echo "FORESIGHT needs Node 20.19 or newer; it is not installed. Get it from https://nodejs.org." >&2
  exit 1
fi
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || {
  echo "FORESIGHT needs Node 20.19 or newer; this is $(node --version)." >&2
  exit 1
}
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "Installing packages …" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  touch node_modules/.package-lock.json
fi
