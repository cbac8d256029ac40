//! What the engines say differently while a whole database is read, filled or copied.

use super::{META_KEY, list, quoted};
use crate::Engine;

/// Begins one snapshot of everything, for as long as it takes.
pub(crate) fn begin_snapshot(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "BEGIN DEFERRED",
        Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0",
    }
}

/// Others who have the database open, where an engine's lock does not tell.
pub(crate) fn others_connected(engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'stagecraft' AND pid <> pg_backend_pid()",
        ),
    }
}

/// Begins one snapshot of everything while nobody else writes, and so it stays until the connection ends: statements to be sent one by one.
pub(crate) fn begin_alone(engine: Engine) -> &'static [&'static str] {
    debug_assert_eq!(META_KEY, 91_759_315_477_859);
    match engine {
        Engine::Sqlite => &["BEGIN EXCLUSIVE"],
        Engine::Postgres => &[
            "SET lock_timeout = 5000",
            "SELECT pg_advisory_lock(91759315477859)",
            "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0",
        ],
    }
}

/// Marks where the data went.
pub(crate) fn mark_moved(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "UPDATE meta SET moved_to = ?1",
        Engine::Postgres => "UPDATE meta SET moved_to = $1",
    }
}

/// Begins to fill an empty database. On SQLite nothing is logged: what is not finished is thrown away as a file. Sorting for indexes goes
/// through files, so that it takes no memory.
pub(crate) fn begin_taking(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536; \
             PRAGMA temp_store = FILE; BEGIN EXCLUSIVE"
        }
        Engine::Postgres => {
            "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
             SELECT pg_advisory_xact_lock(91759315477860)"
        }
    }
}

/// All columns of all tables: `(table, column, type)`.
pub(crate) fn all_columns(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT t.name, c.name, c.type FROM sqlite_schema AS t CROSS JOIN pragma_table_info(t.name) AS c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid"
        }
        Engine::Postgres => {
            "SELECT t.relname::text, c.attname::text, format_type(c.atttypid, NULL) FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid \
             WHERE t.relkind IN ('r', 'p') AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) \
             AND c.attnum > 0 AND NOT c.attisdropped ORDER BY t.relname, c.attnum"
        }
    }
}

/// The name of a table, where there is one at all.
pub(crate) fn some_table(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' LIMIT 1",
        Engine::Postgres => {
            "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') \
             AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) ORDER BY relname LIMIT 1"
        }
    }
}

/// Columns of a table's indexes in their order, the primary key's left out: `(index, column, unique)`.
pub(crate) fn index_columns(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT i.name, c.name, i.\"unique\" FROM pragma_index_list(?1) AS i CROSS JOIN pragma_index_info(i.name) AS c \
             WHERE i.origin = 'c' ORDER BY i.name, c.seqno"
        }
        Engine::Postgres => {
            "SELECT n.relname::text, c.attname::text, i.indisunique FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid \
             CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place) \
             JOIN pg_attribute c ON c.attrelid = i.indrelid AND c.attnum = k.number \
             WHERE i.indrelid = to_regclass(quote_ident($1)) AND NOT i.indisprimary AND i.indisvalid ORDER BY n.relname, k.place"
        }
    }
}

/// The indexes of all tables that are no constraints, with the words that make them: `(index, statement)`.
pub(crate) fn made_indexes(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
        Engine::Postgres => {
            "SELECT n.relname::text, pg_get_indexdef(n.oid) FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid \
             WHERE n.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) \
             AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = n.oid) ORDER BY n.relname"
        }
    }
}

/// Drops an index of a database that nobody uses yet.
pub(crate) fn drop_index(name: &str) -> String {
    format!("DROP INDEX {}", quoted(name))
}

/// Deletes all rows.
pub(crate) fn delete_all(table: &str) -> String {
    format!("DELETE FROM {}", quoted(table))
}

/// Takes rows in on PostgreSQL.
pub(crate) fn copy_in(table: &str, columns: &[&str]) -> String {
    format!("COPY {} ({}) FROM STDIN BINARY", quoted(table), list(columns))
}

/// All rows of a table, as neither engine has them. Events are numbered in the order in which they are told, which on PostgreSQL is not always
/// that of their numbers: the same numbers, given out in that order. Where a webhook stands is told by the last event before it.
pub(crate) fn carried(engine: Engine, table: &str, columns: &[&str]) -> String {
    let from = match (table, engine) {
        ("outbox", Engine::Postgres) => {
            let rest: Vec<&str> = columns.iter().copied().filter(|column| *column != "seq").collect();
            format!(
                "(SELECT s.seq, {} FROM (SELECT {}, row_number() OVER (ORDER BY xid, seq) AS place FROM outbox) AS o \
                 JOIN (SELECT seq, row_number() OVER (ORDER BY seq) AS place FROM outbox) AS s USING (place)) AS t ORDER BY seq",
                rest.iter().map(|column| format!("o.{}", quoted(column))).collect::<Vec<_>>().join(", "),
                list(&rest)
            )
        }
        ("outbox", Engine::Sqlite) => "outbox AS t ORDER BY seq".to_owned(),
        _ => format!("{} AS t", quoted(table)),
    };
    let column = |column: &&str| {
        match (table, *column, engine) {
        ("webhook", "position", Engine::Sqlite) => "(SELECT '0.' || COALESCE(MAX(o.seq), 0) FROM outbox AS o \
             WHERE o.seq <= CAST(substr(t.position, instr(t.position, '.') + 1) AS INTEGER)) AS position"
            .to_owned(),
        ("webhook", "position", Engine::Postgres) => "(SELECT '0.' || COALESCE(MAX(s.seq), 0) \
             FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS place FROM outbox) AS s WHERE s.place <= (SELECT COUNT(1) FROM outbox AS o \
             WHERE (o.xid, o.seq) <= (split_part(t.position, '.', 1)::xid8, split_part(t.position, '.', 2)::bigint))) AS position"
            .to_owned(),
        // Whoever is carried away stays where he is carried.
        ("meta", "moved_to", Engine::Sqlite) => "NULL AS moved_to".to_owned(),
        ("meta", "moved_to", Engine::Postgres) => "NULL::text AS moved_to".to_owned(),
        (_, column, _) => format!("t.{}", quoted(column)),
    }
    };
    format!("SELECT {} FROM {from}", columns.iter().map(column).collect::<Vec<_>>().join(", "))
}

/// The last number that was given to an event.
pub(crate) fn last_event(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'",
        Engine::Postgres => "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'seq')::regclass), 0)",
    }
}

/// Gives the next event a number above `last`, and tells readers of the outbox where they stand in it: on PostgreSQL all of it was
/// written by the transaction that took it in.
pub(crate) fn go_on_after(engine: Engine, last: i64, webhooks: bool) -> String {
    match engine {
        Engine::Sqlite => {
            format!("DELETE FROM sqlite_sequence WHERE name = 'outbox'; INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', {last})")
        }
        Engine::Postgres => {
            let mut sql = format!("SELECT setval(pg_get_serial_sequence('outbox', 'seq'), {}, {})", Ord::max(last, 1), last > 0);
            if webhooks {
                sql.push_str("; UPDATE webhook SET position = pg_current_xact_id()::text || '.' || split_part(position, '.', 2)");
            }
            sql
        }
    }
}

/// Copies one table of the schema `from` into the schema `to` on PostgreSQL: what holds for its columns, then its rows. Its keys and indexes
/// come from [`copied_keys`].
pub(crate) fn copy_table(from: &str, to: &str, table: &str) -> String {
    let (from, to, table) = (quoted(from), quoted(to), quoted(table));
    format!(
        "CREATE TABLE {to}.{table} (LIKE {from}.{table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING IDENTITY INCLUDING STORAGE); \
         INSERT INTO {to}.{table} OVERRIDING SYSTEM VALUE TABLE {from}.{table}"
    )
}

/// A schema on PostgreSQL.
pub(crate) fn create_schema(name: &str) -> String {
    format!("CREATE SCHEMA {}", quoted(name))
}

/// A schema goes with all that is in it.
pub(crate) fn drop_schema(name: &str) -> String {
    format!("DROP SCHEMA IF EXISTS {} CASCADE", quoted(name))
}

/// Gives a copied table one of its keys.
pub(crate) fn add_key(schema: &str, table: &str, key: &str) -> String {
    format!("ALTER TABLE {}.{} ADD {key}", quoted(schema), quoted(table))
}

/// The words that make keys and indexes of a schema's tables: `(table, statement)`. A key's is what stands behind `ALTER TABLE … ADD`; the other
/// one is whole. Parameter: the schema.
pub(crate) const COPIED_KEYS: &str =
    "SELECT t.relname::text, 'CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), ''
     FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace s ON s.oid = t.relnamespace
     WHERE s.nspname = $1 AND k.contype IN ('p', 'u')
     UNION ALL SELECT t.relname::text, '', pg_get_indexdef(n.oid) FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid
     JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace s ON s.oid = n.relnamespace
     WHERE s.nspname = $1 AND t.relkind = 'r' AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = n.oid)";

// ---- Views for reports ----
