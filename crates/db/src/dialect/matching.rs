//! What is asked of the engines to find alike records, by their entries or by a value of their own.

use model::Id;

use super::{array_type, quoted};
use crate::Engine;
use crate::param::Param;

/// How many entries each of some keys of a part has, counted no further than a limit: `(key, count)`. Parameters: part, limit, keys.
pub(crate) fn count_entries(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT k.value, (SELECT COUNT(1) FROM (SELECT 1 FROM match_entry WHERE part = ?1 AND key = k.value LIMIT ?2)) FROM json_each(?3) AS k"
        }
        Engine::Postgres => {
            "SELECT k.key, (SELECT COUNT(1) FROM (SELECT 1 FROM match_entry AS e WHERE e.part = $1 AND e.key = k.key LIMIT $2) AS few) \
             FROM UNNEST($3::bigint[]) AS k(key)"
        }
    }
}

/// Records that have enough of some keys, those that have most of them first: `(ask, record, how many)`. On PostgreSQL for many asks at once, on
/// SQLite for one. Parameters: part, most records an ask, most entries a key; then the ask, its keys and how many of them a record must
/// have, on PostgreSQL as three columns with a row for each key.
pub(crate) fn sharing_entries(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT ?4, e.record, COUNT(1) AS shared FROM match_entry AS e \
             WHERE e.part = ?1 AND e.key IN (SELECT value FROM json_each(?5)) AND ?3 > 0 \
             GROUP BY e.record HAVING COUNT(1) >= ?6 ORDER BY shared DESC, e.record LIMIT ?2"
        }
        // The limit of a key keeps it to the index, key by key, however many the planner thinks that there are.
        Engine::Postgres => {
            "SELECT f.ask, f.record, f.shared FROM (SELECT a.ask, e.record, COUNT(1) AS shared, \
             ROW_NUMBER() OVER (PARTITION BY a.ask ORDER BY COUNT(1) DESC, e.record) AS place \
             FROM UNNEST($4::bigint[], $5::bigint[], $6::bigint[]) AS a(ask, key, least) \
             CROSS JOIN LATERAL (SELECT record FROM match_entry WHERE part = $1 AND key = a.key LIMIT $3) AS e \
             GROUP BY a.ask, e.record HAVING COUNT(1) >= MIN(a.least)) AS f WHERE f.place <= $2 ORDER BY f.ask, f.place"
        }
    }
}

/// Records that have one of some keys of a part, on SQLite: `(key, record)`. Parameters: part, keys, most records a key.
pub(crate) const ENTRIES_OF_KEYS: &str = "SELECT k.value, e.record FROM json_each(?2) AS k CROSS JOIN match_entry AS e \
    WHERE e.part = ?1 AND e.key = k.value AND e.record IN (SELECT record FROM match_entry WHERE part = ?1 AND key = k.value LIMIT ?3)";

/// Those of some entries of a part that are there: `(key, record)`. Parameters: part, then [`pairs`].
pub(crate) fn those_entered(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT e.key, e.record FROM json_each(?2) AS t CROSS JOIN match_entry AS e \
             ON e.part = ?1 AND e.key = json_extract(t.value, '$[0]') AND e.record = unhex(json_extract(t.value, '$[1]'))"
        }
        Engine::Postgres => {
            "SELECT e.key, e.record FROM UNNEST($2::bigint[], $3::uuid[]) AS t(key, record) \
             JOIN match_entry AS e ON e.part = $1 AND e.key = t.key AND e.record = t.record"
        }
    }
}

/// Records that have a value in one column and lie in a range by another, the latest in it first: `(ask, id)`. On PostgreSQL for many asks at
/// once, on SQLite for one; `value` is one of the values. Parameters: most records an ask; then ask, value, and the ends of the range, on
/// PostgreSQL as columns.
pub(crate) fn having_within(engine: Engine, table: &str, (column, between): (&str, &str), value: &Param) -> String {
    let (table, column, between) = (quoted(table), quoted(column), quoted(between));
    // Nothing is added to what the order goes by, so that no index of that alone is gone through for its sake.
    match engine {
        Engine::Sqlite => format!(
            "SELECT ?2, \"id\" FROM {table} WHERE {column} = ?3 AND {between} BETWEEN ?4 AND ?5 ORDER BY {between} + 0 DESC, \"id\" DESC LIMIT ?1"
        ),
        Engine::Postgres => format!(
            "SELECT a.ask, f.id FROM UNNEST($2::bigint[], $3::{}, $4::bigint[], $5::bigint[]) AS a(ask, value, first, last) \
             CROSS JOIN LATERAL (SELECT \"id\" FROM {table} WHERE {column} = a.value AND {between} BETWEEN a.first AND a.last \
             ORDER BY {between} + 0 DESC, \"id\" DESC LIMIT $1) AS f",
            array_type(&value.column(0))
        ),
    }
}

/// Numbers with ids: a text of JSON on SQLite, two columns on PostgreSQL.
pub(crate) fn pairs(engine: Engine, pairs: &[(i64, Id)]) -> Vec<Param> {
    match engine {
        Engine::Sqlite => {
            let pairs: Vec<(i64, String)> = pairs.iter().map(|(number, id)| (*number, id.0.simple().to_string())).collect();
            vec![Param::Text(Some(serde_json::to_string(&pairs).unwrap_or_default()))]
        }
        Engine::Postgres => vec![
            Param::Ints(pairs.iter().map(|(number, _)| Some(*number)).collect()),
            Param::Ids(pairs.iter().map(|(_, id)| Some(id.0)).collect()),
        ],
    }
}

/// Numbers as one parameter: a text of JSON on SQLite, an array on PostgreSQL.
pub(crate) fn numbers(engine: Engine, numbers: &[i64]) -> Param {
    match engine {
        Engine::Sqlite => Param::Text(Some(serde_json::to_string(numbers).unwrap_or_default())),
        Engine::Postgres => Param::Ints(numbers.iter().copied().map(Some).collect()),
    }
}
