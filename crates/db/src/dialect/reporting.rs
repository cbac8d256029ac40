//! What the engines say differently in views for reports.

use super::quoted;
use crate::Engine;

/// Begins to make views anew: one server at a time, and none waits long for a report that runs.
pub(crate) fn begin_views(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "BEGIN IMMEDIATE",
        Engine::Postgres => "BEGIN; SET LOCAL lock_timeout = 500; SELECT pg_advisory_xact_lock(91759315477861)",
    }
}

/// Names of views by their place: a schema on PostgreSQL, a prefix on SQLite.
pub(crate) fn views(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'view' AND substr(name, 1, length(?1)) = ?1",
        Engine::Postgres => {
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = $1 AND c.relkind = 'v'"
        }
    }
}

/// One row where there is a view of that name.
pub(crate) fn is_view(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'view' AND name = ?1",
        Engine::Postgres => "SELECT 1::bigint WHERE to_regclass($1) IS NOT NULL",
    }
}

/// One row where there is a role of that name that may not read a view yet ($2) of a schema ($3). PostgreSQL only.
pub(crate) const MAY_NOT_READ: &str = "SELECT 1::bigint FROM pg_roles WHERE rolname = $1 \
     AND NOT (has_schema_privilege(rolname, $3, 'USAGE') AND has_table_privilege(rolname, $2, 'SELECT'))";

fn placed(engine: Engine, place: &str, name: &str) -> String {
    match engine {
        Engine::Sqlite => quoted(&format!("{place}_{name}")),
        Engine::Postgres => format!("{place}.{}", quoted(name)),
    }
}

/// A view in its place.
pub(crate) fn create_view(engine: Engine, place: &str, name: &str, select: &str) -> String {
    format!("CREATE VIEW {} AS {select}", placed(engine, place, name))
}

/// Drops a view; on SQLite its name has its prefix already.
pub(crate) fn drop_view(engine: Engine, place: &str, name: &str) -> String {
    match engine {
        Engine::Sqlite => format!("DROP VIEW {}", quoted(name)),
        Engine::Postgres => format!("DROP VIEW {place}.{} CASCADE", quoted(name)),
    }
}

/// An id as people write it.
pub(crate) fn shown_id(engine: Engine, column: &str) -> String {
    match engine {
        Engine::Sqlite => {
            let part = |from: u8, length: u8| format!("substr(hex({column}), {from}, {length})");
            let whole = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || ");
            format!("CASE WHEN {column} IS NOT NULL THEN lower({whole}) END")
        }
        Engine::Postgres => column.to_owned(),
    }
}

/// An instant as the engine has such.
pub(crate) fn shown_instant(engine: Engine, column: &str) -> String {
    match engine {
        Engine::Sqlite => format!("strftime('%Y-%m-%dT%H:%M:%fZ', {column} / 1000000.0, 'unixepoch')"),
        Engine::Postgres => format!("(timestamptz 'epoch' + {column} * interval '1 microsecond')"),
    }
}

/// A day as the engine has such.
pub(crate) fn shown_date(engine: Engine, column: &str) -> String {
    match engine {
        Engine::Sqlite => column.to_owned(),
        Engine::Postgres => format!("({column})::date"),
    }
}

/// A number that is kept in fractions of so many digits. SQLite has none that is exact: a sum of the column itself would be.
pub(crate) fn shown_number(engine: Engine, column: &str, digits: u32) -> String {
    let unit = 10_i64.pow(digits);
    match engine {
        Engine::Sqlite => format!("{column} / {unit}.0"),
        Engine::Postgres => format!("round({column}::numeric / {unit}, {digits})"),
    }
}

/// Truth as the engine has it.
pub(crate) fn shown_truth(engine: Engine, column: &str) -> String {
    match engine {
        Engine::Sqlite => column.to_owned(),
        Engine::Postgres => format!("({column} = 1)"),
    }
}

/// `|a|b|` as `a, b`.
pub(crate) fn shown_list(engine: Engine, column: &str) -> String {
    match engine {
        Engine::Sqlite => format!("replace(trim({column}, '|'), '|', ', ')"),
        Engine::Postgres => format!("replace(btrim({column}, '|'), '|', ', ')"),
    }
}

/// The label of a key.
pub(crate) fn labelled<'a>(column: &str, labels: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let cases: Vec<String> = labels.map(|(key, label)| format!("WHEN {} THEN {}", text(key), text(label))).collect();
    if cases.is_empty() { column.to_owned() } else { format!("CASE {column} {} ELSE {column} END", cases.join(" ")) }
}

/// The name of the process that a key names.
pub(crate) fn name_of_process(engine: Engine, column: &str, language: &str) -> String {
    let meets = match engine {
        Engine::Sqlite => format!("{} = {column}", shown_id(engine, "p.id")),
        Engine::Postgres => format!("p.id::text = {column}"),
    };
    named_process(engine, &meets, language)
}

/// The name of the process of an id.
pub(crate) fn name_of_process_by_id(engine: Engine, column: &str, language: &str) -> String {
    named_process(engine, &format!("p.id = {column}"), language)
}

fn named_process(engine: Engine, meets: &str, language: &str) -> String {
    let label = |language: &str| match engine {
        Engine::Sqlite => format!("json_extract(p.doc, '$.label.\"{language}\"')"),
        Engine::Postgres => format!("p.doc::json -> 'label' ->> '{language}'"),
    };
    format!("(SELECT COALESCE({}, {}) FROM process AS p WHERE {meets})", label(language), label("en"))
}

// ---- Plans ----
