#!/bin/sh
# Installs Lyhörd from this folder, without a network: into /opt/lyhord-VERSION, with /opt/lyhord pointing there, so
# that the version before stays beside it. Another place than /opt may be named: ./install.sh /srv/lyhord
# What is installed is never touched: the same version again comes beside it, as lyhord-VERSION-2, and so on. One that
# could not be finished is taken away, and /opt/lyhord points where it did.
set -eu
umask 022   # the service's own user reads it, whatever root's mask is
here=$(cd "$(dirname "$0")" && pwd)
top=${1:-/opt}
version=$(cat "$here/VERSION")

cd "$here"
sha256sum --check --quiet SHA256SUMS || { echo "The files are not those that were packed: copy them again."; exit 1; }
if [ -e "$top/lyhord" ] && [ ! -L "$top/lyhord" ]; then
    echo "$top/lyhord is no link. Move it away first: mv $top/lyhord $top/lyhord-before"; exit 1
fi
python3 -c 'import sys; sys.exit(sys.version_info[:2] != tuple(map(int, open("PYTHON").read().split("."))))' || {
    echo "These packages are for Python $(cat PYTHON) on $(cat MACHINE). Debian 12 has it: apt-get install python3-venv"; exit 1; }

mkdir -p "$top"
top=$(cd "$top" && pwd)
for left in "$top"/lyhord-*/UNFINISHED; do [ ! -e "$left" ] || rm -rf "${left%/UNFINISHED}"; done   # power was cut
before=$(readlink "$top/lyhord" || true)
into=$top/lyhord-$version
number=1
while [ -e "$into" ]; do number=$((number + 1)); into=$top/lyhord-$version-$number; done

give_up() {
    status=$?
    [ "$status" != 0 ] || exit 0
    rm -rf "$into"
    echo "Nothing is installed${before:+; $top/lyhord still points to $before}. What was lacking stands above; then run this again."
    exit "$status"
}
trap give_up EXIT
trap 'exit 1' HUP INT TERM
mkdir "$into"
touch "$into/UNFINISHED"
python3 -m venv "$into" || { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }
"$into/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links wheels --require-hashes -r requirements.txt
"$into/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps "wheels/lyhord-$version"-*.whl
# What the documents copy from, of the version that is installed: this folder holds the next one's some day.
mkdir "$into/docs" && cp -r admin "$into/docs/" && cp -r deploy "$into/"
"$into/bin/lyhord" --version
sync -f "$into"
rm "$into/UNFINISHED"
ln -sfn "$into" "$top/lyhord"
echo "Lyhörd $version is in $into, and $top/lyhord points there."
[ -z "$before" ] || echo "The way back, where the database has not been upgraded: ln -sfn $before $top/lyhord"
echo "Next: lyhord db upgrade --rehearse; see $top/lyhord/docs/admin/upgrade.md (or install.md the first time)."
