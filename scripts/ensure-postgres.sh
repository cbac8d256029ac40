#!/usr/bin/env bash
# The PostgreSQL programs that tests start privately. No system cluster is made or started.
# Prints the directory of the programs.
set -euo pipefail
cd "$(dirname "$0")"

# The newest of Debian's versions, else what is on the path.
find_programs() {
    local directory
    for directory in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) $(tr ':' ' ' <<<"$PATH"); do
        if [ -x "$directory/initdb" ] && [ -x "$directory/postgres" ] && [ -x "$directory/pg_ctl" ]; then
            echo "$directory"
            return 0
        fi
    done
    return 1
}

if ! find_programs; then
    ./apt-install.sh postgresql-common >&2
    settings=/etc/postgresql-common/createcluster.conf
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" sed -i 's/^#\? *create_main_cluster.*/create_main_cluster = false/' "$settings"
    ./apt-install.sh postgresql >&2
    find_programs || {
        echo "PostgreSQL's programs were not found after installing them." >&2
        exit 1
    }
fi
