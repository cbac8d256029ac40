#!/usr/bin/env bash
# Dependencies run one way: server → core → db → model. The inner crates name nothing of the outer world,
# so that their tests need no runtime and nothing can wait for the network inside a transaction.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
refuse() {
    local manifest="crates/$1/Cargo.toml"
    shift
    local name
    for name in "$@"; do
        if grep -Eq "^\"?$name\"?(\.workspace)?[[:space:]]*=" "$manifest"; then
            echo "$manifest names $name, which belongs to an outer layer." >&2
            failed=1
        fi
    done
}
outer=(tokio axum axum-extra tower tower-http hyper utoipa utoipa-axum reqwest)
refuse model "${outer[@]}" rusqlite postgres sea-query db stagecraft-core stagecraft
refuse print "${outer[@]}" rusqlite postgres sea-query db stagecraft-core stagecraft
refuse db "${outer[@]}" stagecraft-core stagecraft
refuse core "${outer[@]}" rusqlite postgres stagecraft

# An engine is named below the query only.
if grep -rnE 'rusqlite::|postgres::' crates/core/src crates/server/src --include='*.rs'; then
    echo "Only crates/db may speak to a database's driver." >&2
    failed=1
fi

# What breaks transactions off for tests is in no program that is built for use.
if cargo tree --offline --package stagecraft --edges normal,build,features --prefix none | grep -q failpoint; then
    echo "The binary is built with the feature failpoint, which is for tests only." >&2
    failed=1
fi
exit "$failed"
