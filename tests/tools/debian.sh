#!/usr/bin/env bash
# Installs the Debian packages the tests use when run as root; otherwise says what will be skipped and how to get it.
set -u
declare -A needed=(
  [/usr/sbin/dovecot]=dovecot-imapd
  [/usr/lib/postgresql/15/bin/postgres]=postgresql-15
  [/usr/bin/chromium]=chromium
  [/usr/bin/tesseract]=tesseract-ocr
  [/usr/share/tesseract-ocr/5/tessdata/swe.traineddata]=tesseract-ocr-swe
  [/usr/sbin/nginx]=nginx-light
  [/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf]=fonts-dejavu-core
)
missing=()
for file in "${!needed[@]}"; do [ -e "$file" ] || missing+=("${needed[$file]}"); done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Tests that need ${missing[*]} will be skipped. To run them too: sudo apt-get install ${missing[*]}"
  exit 0
fi
echo "Installing ${missing[*]} for the tests ..."
export DEBIAN_FRONTEND=noninteractive
# A cluster of the package's own is not wanted; the tests start theirs.
mkdir -p /etc/postgresql-common
[ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; trap 'rm -f /usr/sbin/policy-rc.d' EXIT; }
[ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>/tmp/lyhord-apt.log \
  || echo "Could not install ${missing[*]}; their tests will be skipped (see /tmp/lyhord-apt.log)."
exit 0
