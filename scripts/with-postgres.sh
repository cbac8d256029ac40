#!/usr/bin/env bash
# Runs a command with a private PostgreSQL and removes it afterwards, whatever happens.
# Usage: scripts/with-postgres.sh COMMAND…
# The command finds the server's address in STAGECRAFT_TEST_POSTGRES. Where that is set already, the command is simply run.
set -euo pipefail

[ $# -gt 0 ] || {
    echo "usage: $0 COMMAND…" >&2
    exit 2
}
[ -z "${STAGECRAFT_TEST_POSTGRES:-}" ] || exec "$@"

programs=$("$(dirname "$0")/ensure-postgres.sh")

# initdb refuses to work for root, so root lends the work to an ordinary user.
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
    owner=postgres
    if ! id "$owner" >/dev/null 2>&1; then
        owner=stagecraft-test
        id "$owner" >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin "$owner"
    fi
    as_owner=(setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups env "HOME=/")
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/stagecraft-postgres.XXXXXX")
data="$home/data"
log="$home/log"
command_pid=
finish() {
    status=$?
    trap - EXIT INT TERM HUP
    [ -z "$command_pid" ] || kill "$command_pid" 2>/dev/null || true
    [ ! -f "$data/postmaster.pid" ] || (cd / && "${as_owner[@]}" "$programs/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1) || true
    rm -rf "$home"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

[ ${#as_owner[@]} -eq 0 ] || chown "$owner" "$home"
cd_root() { (cd / && "$@"); }
cd_root "${as_owner[@]}" "$programs/initdb" -D "$data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$home/initdb.log" 2>&1 || {
    cat "$home/initdb.log" >&2
    exit 1
}

# Speed before safety: the data lives as long as the tests do. A crash of *our* server is tested, not one of the machine.
for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=''"
    options+=" -c fsync=off -c full_page_writes=off -c shared_buffers=256MB -c max_connections=200 -c max_wal_size=2GB -c track_commit_timestamp=on"
    if cd_root "${as_owner[@]}" "$programs/pg_ctl" -D "$data" -l "$log" -w -t 60 -o "$options" start >/dev/null 2>&1; then
        break
    fi
    [ "$attempt" -lt 5 ] || {
        cat "$log" >&2
        exit 1
    }
done

export STAGECRAFT_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
# In the background and waited for, so that a signal to this script is seen at once.
"$@" <&0 &
command_pid=$!
set +e
wait "$command_pid"
status=$?
command_pid=
exit "$status"
