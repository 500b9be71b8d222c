#!/bin/sh
# Tries a wheelhouse: installs it into an empty folder and runs the demonstration once, with no network but loopback.
# Usage: deploy/try.sh build/wheelhouse   (as root or where unprivileged user namespaces are allowed)
set -eu
house=$(cd "$1" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
alone="unshare --net"
[ "$(id -u)" = 0 ] || alone="unshare --map-root-user --net"
env -i PATH=/usr/bin:/bin HOME="$room" $alone sh -euc '
    # A new network has its loopback down; Python can raise it without iproute2 (SIOCSIFFLAGS, IFF_UP and IFF_RUNNING).
    python3 -c "
import fcntl, socket, struct
with socket.socket() as s:
    fcntl.ioctl(s, 0x8914, struct.pack(\"16sh14x\", b\"lo\", 0x41))
"
    "$1/install.sh" "$2/opt"
    "$2/opt/lyhord/bin/lyhord" demo --once
' sh "$house" "$room"
echo "The wheelhouse installs and works without a network."
