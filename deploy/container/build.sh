#!/bin/sh
# Installs the program with what a daily run and the web service need into a folder of its own: sh deploy/container/build.sh /opt/gdfupin
set -eu
prefix=$1
cd "$(dirname "$0")/../.."
python3 -m venv --without-pip "$prefix"
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check uv
# The versions of requirements.lock are those that the tests ran with; extras come on top of them.
sed 's/ *\\$//; /^ *--hash/d' requirements.lock > "$tools/versions"
"$tools/bin/uv" pip install --quiet --python "$prefix/bin/python" --compile-bytecode --constraint "$tools/versions" '.[datasets,web,notify]'
install -m 755 deploy/container/run-daily.sh deploy/container/is-healthy.sh "$prefix/bin/"
"$prefix/bin/gdfupin" --version
