//! Every difference between the two engines' words.
//!
//! Statements are built once with sea-query and rendered here. What sea-query has no common word for is written here, and nowhere else.

mod carrying;
mod matching;
mod reporting;

use model::Id;
use sea_query::{
    Expr, ExprTrait, Func, LockBehavior, LockType, Order, PostgresQueryBuilder, Query, QueryStatement, SelectStatement, SqliteQueryBuilder,
    Value,
};
use sha2::{Digest, Sha256};

use crate::connection::sqlite::KEPT_BY_MUCH;
use crate::param::{self, Param};
use crate::{Engine, Error};

pub(crate) use carrying::*;
pub(crate) use matching::*;
pub(crate) use reporting::*;

/// A statement's text and values.
pub(crate) struct Rendered {
    pub sql: String,
    pub params: Vec<Param>,
}

/// Renders a select.
pub(crate) fn render(engine: Engine, select: &SelectStatement) -> Result<Rendered, Error> {
    let (sql, values) = match engine {
        Engine::Sqlite => select.build(SqliteQueryBuilder),
        Engine::Postgres => select.build(PostgresQueryBuilder),
    };
    bind(sql, values.0)
}

/// Renders an insert, update or delete.
pub(crate) fn render_statement(engine: Engine, statement: &QueryStatement) -> Result<Rendered, Error> {
    macro_rules! build {
        ($s:expr) => {
            match engine {
                Engine::Sqlite => $s.build(SqliteQueryBuilder),
                Engine::Postgres => $s.build(PostgresQueryBuilder),
            }
        };
    }
    let (sql, values) = match statement {
        QueryStatement::Select(s) => build!(s),
        QueryStatement::Insert(s) => build!(s),
        QueryStatement::Update(s) => build!(s),
        QueryStatement::Delete(s) => build!(s),
    };
    bind(sql, values.0)
}

fn bind(sql: String, values: Vec<Value>) -> Result<Rendered, Error> {
    // A prepared `SELECT *` breaks when a column is added (core rule 15).
    debug_assert!(!["SELECT *", "RETURNING *", ".*"].iter().any(|star| sql.contains(star)), "columns are named, never *: {sql}");
    let params = values.into_iter().map(param::from_value).collect::<Result<_, Error>>()?;
    Ok(Rendered { sql, params })
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn list(columns: &[&str]) -> String {
    columns.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(", ")
}

/// An insert of one row on SQLite.
pub(crate) fn insert_one(table: &str, columns: &[&str]) -> String {
    let places = vec!["?"; columns.len()].join(", ");
    format!("INSERT INTO {} ({}) VALUES ({places})", quoted(table), list(columns))
}

/// An insert of any number of rows on PostgreSQL, one array a column; `from` says how many parameters stand before these.
pub(crate) fn insert_unnest(table: &str, columns: &[&str], arrays: &[Param], from: usize) -> String {
    let places: Vec<String> = arrays.iter().enumerate().map(|(at, array)| format!("${}::{}", from + at + 1, array_type(array))).collect();
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM UNNEST({}) AS t({})",
        quoted(table),
        list(columns),
        list(columns),
        places.join(", "),
        list(columns)
    )
}

/// As [`insert_one`]; a row that is there already stays.
pub(crate) fn enter_one(table: &str, columns: &[&str]) -> String {
    format!("{} ON CONFLICT DO NOTHING", insert_one(table, columns))
}

/// As [`insert_unnest`]; rows that are there already stay.
pub(crate) fn enter_unnest(table: &str, columns: &[&str], arrays: &[Param]) -> String {
    format!("{} ON CONFLICT DO NOTHING", insert_unnest(table, columns, arrays, 0))
}

/// A delete of one row by all of its columns on SQLite.
pub(crate) fn delete_one(table: &str, columns: &[&str]) -> String {
    let meets: Vec<String> = columns.iter().map(|column| format!("{} = ?", quoted(column))).collect();
    format!("DELETE FROM {} WHERE {}", quoted(table), meets.join(" AND "))
}

/// A delete of any number of rows by all of their columns on PostgreSQL, one array a column.
pub(crate) fn delete_unnest(table: &str, columns: &[&str], arrays: &[Param]) -> String {
    let places: Vec<String> = arrays.iter().enumerate().map(|(at, array)| format!("${}::{}", at + 1, array_type(array))).collect();
    let meets: Vec<String> = columns.iter().map(|column| format!("r.{0} = t.{0}", quoted(column))).collect();
    format!("DELETE FROM {} AS r USING UNNEST({}) AS t({}) WHERE {}", quoted(table), places.join(", "), list(columns), meets.join(" AND "))
}

/// As [`insert_one`]; where the id is there already, `added` are added to what stands there.
pub(crate) fn add_one(table: &str, columns: &[&str], added: &[&str]) -> String {
    format!("{} {}", insert_one(table, columns), on_conflict_add(table, added))
}

/// As [`insert_unnest`]; where an id is there already, `added` are added to what stands there.
pub(crate) fn add_unnest(table: &str, columns: &[&str], added: &[&str], arrays: &[Param], from: usize) -> String {
    format!("{} {}", insert_unnest(table, columns, arrays, from), on_conflict_add(table, added))
}

fn on_conflict_add(table: &str, added: &[&str]) -> String {
    let table = quoted(table);
    let set: Vec<String> = added.iter().map(|column| format!("{0} = {table}.{0} + excluded.{0}", quoted(column))).collect();
    format!("ON CONFLICT (\"id\") DO UPDATE SET {}", set.join(", "))
}

/// An update of one row by its id on SQLite.
pub(crate) fn update_one(table: &str, columns: &[&str]) -> String {
    let set: Vec<String> = columns.iter().map(|column| format!("{} = ?", quoted(column))).collect();
    format!("UPDATE {} SET {} WHERE \"id\" = ?", quoted(table), set.join(", "))
}

/// An update of any number of rows by their ids on PostgreSQL, one array a column, the ids last.
pub(crate) fn update_unnest(table: &str, columns: &[&str], arrays: &[Param]) -> String {
    let places: Vec<String> = arrays.iter().enumerate().map(|(at, array)| format!("${}::{}", at + 1, array_type(array))).collect();
    let set: Vec<String> = columns.iter().map(|column| format!("{0} = t.{0}", quoted(column))).collect();
    format!(
        "UPDATE {} AS r SET {} FROM UNNEST({}) AS t({}, \"id\") WHERE r.\"id\" = t.\"id\"",
        quoted(table),
        set.join(", "),
        places.join(", "),
        list(columns)
    )
}

fn array_type(array: &Param) -> &'static str {
    match array {
        Param::Int(_) | Param::Ints(_) => "bigint[]",
        Param::Text(_) | Param::Texts(_) => "text[]",
        Param::Id(_) | Param::Ids(_) => "uuid[]",
        Param::Bytes(_) | Param::Blobs(_) => "bytea[]",
    }
}

// ---- Beginning ----

/// Key of the lock that writing transactions share and publishing metadata takes alone.
const META_KEY: i64 = 91_759_315_477_859;

/// Takes the metadata lock alone; in the same transaction that holds it shared.
pub(crate) const LOCK_META: &str = "SELECT pg_advisory_xact_lock(91759315477859)";

/// So many megabytes of pages at hand on SQLite, and a log that is not cut off while it is written again and again.
pub(crate) fn many_pages(megabytes: u32) -> String {
    format!("PRAGMA cache_size = -{}; PRAGMA journal_size_limit = {KEPT_BY_MUCH}", megabytes * 1024)
}

/// How many wait for a lock that this connection has. Whom one waits for is looked up only for those who wait at all.
pub(crate) const IS_WAITED_FOR: &str = "SELECT COUNT(1) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))";

/// How a transaction stands to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It reads one snapshot.
    Reads,
    /// It writes beside others.
    Writes,
    /// It writes while no other does, from its beginning on.
    Alone,
}

impl Turn {
    pub(crate) fn writes(self) -> bool {
        self != Turn::Reads
    }
}

/// The first round trip of a PostgreSQL transaction: begin, the caller's own time limit, the metadata lock, version and clock.
pub(crate) fn begin_postgres(turn: Turn, portable_locks: bool, timeout_ms: Option<u128>) -> String {
    debug_assert_eq!(LOCK_META, format!("SELECT pg_advisory_xact_lock({META_KEY})"));
    let mut sql = String::from(if turn.writes() {
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    } else {
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    });
    if let Some(ms) = timeout_ms {
        sql.push_str(&format!("; SET LOCAL statement_timeout = {}", ms.max(1)));
    }
    match turn {
        Turn::Writes if !portable_locks => sql.push_str(&format!("; SELECT pg_advisory_xact_lock_shared({META_KEY})")),
        Turn::Alone if !portable_locks => sql.push_str(&format!("; {LOCK_META}")),
        _ => {}
    }
    sql.push_str("; SELECT version, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, schema, moved_to FROM meta");
    match turn {
        Turn::Writes if portable_locks => sql.push_str(" FOR SHARE"),
        Turn::Alone if portable_locks => sql.push_str(" FOR UPDATE"),
        _ => {}
    }
    sql
}

/// The beginning of a SQLite transaction. A deferred one that turns to writing would fail at once, hence IMMEDIATE.
pub(crate) fn begin_sqlite(writes: bool) -> &'static str {
    if writes { "BEGIN IMMEDIATE" } else { "BEGIN DEFERRED" }
}

// ---- The database itself ----

/// The engine's version.
pub(crate) fn version(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT sqlite_version()",
        Engine::Postgres => "SELECT current_setting('server_version')",
    }
}

/// Bytes that the database takes up.
pub(crate) fn size(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        Engine::Postgres => "SELECT pg_database_size(current_database())",
    }
}

/// The engine's own clock, in µs since 1970.
pub(crate) fn clock(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT unixepoch() * 1000000",
        Engine::Postgres => "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
    }
}

// ---- Locks ----

/// Takes locks by name, in the order given: advisory ones, or rows of a table where the engine has none (core rule 23).
pub(crate) fn lock_keys(keys: &[String], portable: bool) -> (&'static str, Vec<Param>) {
    if portable {
        let keys = keys.iter().cloned().map(Some).collect();
        return (
            "INSERT INTO lock (key) SELECT k FROM UNNEST($1::text[]) AS t(k) ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING key",
            vec![Param::Texts(keys)],
        );
    }
    let mut numbers: Vec<i64> = keys.iter().map(|key| lock_number(key)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    ("SELECT pg_advisory_xact_lock(k) FROM UNNEST($1::bigint[]) AS t(k)", vec![Param::Ints(numbers.into_iter().map(Some).collect())])
}

/// The number of a lock's name. Two names with one number only wait for each other needlessly.
fn lock_number(key: &str) -> i64 {
    let digest = Sha256::digest(key.as_bytes());
    i64::from_be_bytes(digest[..8].try_into().unwrap_or_default())
}

/// Locks rows by id in their order, against those too who only come to refer to them.
pub(crate) fn select_to_delete(table: &str, ids: &[Id]) -> SelectStatement {
    Query::select()
        .column("id")
        .from(table.to_owned())
        .and_where(Expr::col("id").is_in(padded(ids).into_iter().map(|id| id.0)))
        .order_by("id", Order::Asc)
        .lock(LockType::Update)
        .to_owned()
}

/// A column whose own index is not wanted. SQLite follows an equality wherever it can; PostgreSQL weighs the limit of the page.
pub(crate) fn by_other_ways(engine: Engine, column: &'static str) -> Expr {
    match engine {
        Engine::Sqlite => Expr::cust(format!("+\"{column}\"")),
        Engine::Postgres => Expr::col(column),
    }
}

/// Keeps the rows of a select from being deleted; SQLite has one writer.
pub(crate) fn hold(engine: Engine, select: &mut SelectStatement, table: &'static str) {
    if engine == Engine::Postgres {
        select.lock_with_tables(LockType::KeyShare, [table]);
    }
}

/// Takes rows for oneself and passes over those that somebody else has; SQLite has one writer.
pub(crate) fn skip_taken(engine: Engine, select: &mut SelectStatement) {
    if engine == Engine::Postgres {
        select.lock_with_behavior(LockType::Update, sea_query::LockBehavior::SkipLocked);
    }
}

/// Locks rows by id in their order.
pub(crate) fn select_for_lock(table: &str, ids: &[Id]) -> SelectStatement {
    Query::select()
        .column("id")
        .from(table.to_owned())
        .and_where(Expr::col("id").is_in(padded(ids).into_iter().map(|id| id.0)))
        .order_by("id", Order::Asc)
        .lock(LockType::NoKeyUpdate)
        .to_owned()
}

/// The same ids, the last repeated until their number is a power of two: so the texts of statements with lists are few and stay prepared.
pub(crate) fn padded(ids: &[Id]) -> Vec<Id> {
    let mut padded = ids.to_vec();
    if let Some(last) = ids.last() {
        padded.resize(ids.len().next_power_of_two(), *last);
    }
    padded
}

/// Whose some external ids are, on PostgreSQL: `(external, record)`. Parameters: object, source, external ids. The limit keeps it to the index; a
/// list of hundreds was answered by reading all that there are.
pub(crate) const EXTERNAL_IDS: &str = "SELECT a.external, f.record FROM UNNEST($3::text[]) AS a(external) CROSS JOIN LATERAL \
    (SELECT record FROM external_id WHERE object = $1 AND source = $2 AND external = a.external LIMIT 1) AS f";

// ---- Words in conditions ----

/// True where `text` has `part` in it. LIKE would need escapes and ignores case on SQLite.
pub(crate) fn has_part(engine: Engine, text: Expr, part: &str) -> Expr {
    let name = match engine {
        Engine::Sqlite => "instr",
        Engine::Postgres => "strpos",
    };
    Expr::from(Func::cust(name).args([text, Expr::val(part)])).gt(0_i64)
}

/// True where `text` begins with `part`: a range, so that an index serves.
pub(crate) fn begins_with(text: Expr, part: &str) -> Expr {
    let from = text.clone().gte(part);
    match after_prefix(part) {
        Some(end) => from.and(text.lt(end)),
        None => from,
    }
}

/// The least text that is greater than every text beginning with `prefix`, in the order of code points; `None` if there is none.
pub(crate) fn after_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = match last {
            char::MAX => None,
            '\u{D7FF}' => Some('\u{E000}'),
            c => char::from_u32(c as u32 + 1),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// True where `text` ends with `part`.
pub(crate) fn ends_with(text: Expr, part: &str) -> Expr {
    // The number is ours, not a caller's, and PostgreSQL's substr wants a plain integer.
    let start = Expr::from(Func::cust("length").arg(text.clone())).sub(Expr::cust((part.chars().count() as i32 - 1).to_string()));
    Expr::from(Func::cust("substr").args([text, start])).eq(part)
}

/// Most values that a list has as binds of their own; a longer one is bound as one text.
const SHORT_LIST: usize = 64;

/// `expr` is one of these ids.
pub(crate) fn id_in(engine: Engine, expr: Expr, ids: &[Id]) -> Expr {
    match ids {
        [] => never(),
        ids if ids.len() <= SHORT_LIST => expr.is_in(padded(ids).into_iter().map(|id| id.0)),
        ids => {
            let text = ids.iter().map(|id| id.0.simple().to_string()).collect::<Vec<_>>();
            expr.in_subquery(match engine {
                Engine::Sqlite => json_list("unhex(value)", &text),
                Engine::Postgres => unnest(&text, "uuid"),
            })
        }
    }
}

/// `expr` is among the ids of a subselect of few rows. PostgreSQL looks through the whole table for each `IN (SELECT …)` beside an `OR`;
/// an array it takes to an index.
pub(crate) fn among_few(engine: Engine, expr: Expr, ids: SelectStatement) -> Expr {
    match engine {
        Engine::Sqlite => expr.in_subquery(ids),
        Engine::Postgres => Expr::cust_with_exprs("$1 = ANY(ARRAY $2)", [expr, Expr::SubQuery(None, Box::new(ids.into()))]),
    }
}

/// `expr` is among the ids of a subselect, and no index is to be sought by it: rows are come by in another way. SQLite would fetch all of them by
/// their ids and sort them for one page.
pub(crate) fn among_looked_up(engine: Engine, expr: Expr, ids: SelectStatement) -> Expr {
    match engine {
        Engine::Sqlite => Expr::cust_with_expr("+?", expr).in_subquery(ids),
        Engine::Postgres => expr.in_subquery(ids),
    }
}

/// Has a select within another be reckoned for itself: PostgreSQL would take an order around it for a reason to walk a whole table.
pub(crate) fn first_of_all(engine: Engine, select: &mut SelectStatement) {
    if engine == Engine::Postgres {
        select.offset(0);
    }
}

/// A column by whose index rows are not to be come by: SQLite takes an order for a reason to walk a whole table.
pub(crate) fn not_by_index(engine: Engine, column: Expr) -> Expr {
    match engine {
        Engine::Sqlite => Expr::cust_with_expr("+?", column),
        Engine::Postgres => column,
    }
}

/// `expr` is one of these texts.
pub(crate) fn text_in(engine: Engine, expr: Expr, texts: &[String]) -> Expr {
    match texts {
        [] => never(),
        texts if texts.len() <= SHORT_LIST => expr.is_in(texts.iter().map(String::as_str)),
        texts => expr.in_subquery(match engine {
            Engine::Sqlite => json_list("value", texts),
            Engine::Postgres => unnest(texts, "text"),
        }),
    }
}

/// `expr` is one of these numbers.
pub(crate) fn int_in(engine: Engine, expr: Expr, numbers: &[i64]) -> Expr {
    match numbers {
        [] => never(),
        numbers if numbers.len() <= SHORT_LIST => expr.is_in(numbers.iter().copied()),
        numbers => {
            let text = numbers.iter().map(i64::to_string).collect::<Vec<_>>();
            expr.in_subquery(match engine {
                Engine::Sqlite => json_list("CAST(value AS INTEGER)", &text),
                Engine::Postgres => unnest(&text, "bigint"),
            })
        }
    }
}

fn json_list(read: &'static str, texts: &[String]) -> SelectStatement {
    let json = serde_json::to_string(texts).unwrap_or_default();
    Query::select().expr(Expr::cust(read)).from_function(Func::cust("json_each").arg(json), "list").to_owned()
}

fn unnest(texts: &[String], ty: &'static str) -> SelectStatement {
    // JSON, since texts may hold any separator.
    let json = serde_json::to_string(texts).unwrap_or_default();
    let list = Func::cust("jsonb_array_elements_text").arg(Expr::val(json).cast_as("jsonb"));
    Query::select().expr(Expr::col(("list", "value")).cast_as(ty)).from_function(list, "list").to_owned()
}

/// Nothing meets it.
pub(crate) fn never() -> Expr {
    Expr::cust("1 = 0")
}

/// Everything meets it.
pub(crate) fn always() -> Expr {
    Expr::cust("1 = 1")
}

/// Where the two parts of a sum are divided.
const SUM_UNIT: i64 = 1_000_000;

/// A sum in two parts, each BIGINT on both: one alone would overflow where amounts together come to more than BIGINT holds, and
/// SQLite and PostgreSQL both fail then. [`summed`] puts them together.
pub(crate) fn sum(column: &Expr) -> [Expr; 2] {
    let part = |of: Expr| Expr::from(Func::coalesce([Expr::from(Func::sum(of)).cast_as("BIGINT"), Expr::cust("0")]));
    let unit = || Expr::cust(SUM_UNIT.to_string());
    [part(column.clone().div(unit())), part(column.clone().modulo(unit()))]
}

/// An amount in the two parts of [`sum`].
pub(crate) fn parts(amount: i64) -> [i64; 2] {
    [amount / SUM_UNIT, amount % SUM_UNIT]
}

/// How many rows of a group meet a condition.
pub(crate) fn count_where(condition: Expr) -> Expr {
    let one = sea_query::CaseStatement::new().case(condition, Expr::cust("1")).finally(Expr::cust("0"));
    Expr::from(Func::sum(one)).cast_as("BIGINT")
}

/// The parts of [`sum`] as one.
pub(crate) fn summed([units, rest]: [i64; 2]) -> i128 {
    i128::from(units) * i128::from(SUM_UNIT) + i128::from(rest)
}

// ---- Outbox ----

/// Events after a position that every reader may see, oldest first (core rule 6).
pub(crate) fn outbox_after(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT 0 AS xid, seq, object, record, revision, act, at, by_id, columns, before_ids, after_ids
             FROM outbox WHERE seq > ?2 AND ?1 >= 0 ORDER BY seq LIMIT ?3"
        }
        // The horizon hides every event of a transaction that may still commit below it.
        Engine::Postgres => {
            "SELECT xid::text::bigint AS xid, seq, object, record, revision, act, at, by_id, columns, before_ids, after_ids
             FROM outbox WHERE (xid, seq) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, seq LIMIT $3"
        }
    }
}

/// The values of [`outbox_after`].
pub(crate) fn outbox_place(engine: Engine, xid: i64, seq: i64, limit: u32) -> [Param; 3] {
    let xid = match engine {
        Engine::Sqlite => Param::from(xid),
        Engine::Postgres => Param::from(xid.to_string()),
    };
    [xid, Param::from(seq), Param::from(i64::from(limit))]
}

/// The lowest revisions of records behind a position, those included that are not safe to read yet. PostgreSQL alone asks for it.
pub(crate) const OUTBOX_BEHIND: &str = "SELECT record, MIN(revision) AS revision FROM outbox
     WHERE record = ANY($1::uuid[]) AND (xid, seq) > ($2::text::xid8, $3) GROUP BY record";

/// The values of [`OUTBOX_BEHIND`].
pub(crate) fn outbox_behind(xid: i64, seq: i64, records: &[Id]) -> [Param; 3] {
    [Param::Ids(records.iter().map(|id| Some(id.0)).collect()), Param::from(xid.to_string()), Param::from(seq)]
}

/// Records of an object behind a position with their latest revisions, those included that are not safe to read yet. Parameters: the position
/// (on SQLite its second number alone), the object. SQLite is kept from grouping by the index of records: it would go through all that is kept.
pub(crate) fn outbox_written(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT record, MAX(revision) FROM outbox WHERE seq > ?1 AND object = ?2 GROUP BY +record",
        Engine::Postgres => {
            "SELECT record, MAX(revision) FROM outbox WHERE (xid, seq) > ($1::text::xid8, $2) AND object = $3 GROUP BY record"
        }
    }
}

/// Has a select give only rows that nobody else has locked, and locks them (core rule 6). SQLite has one writer, who finds all of them free.
pub(crate) fn skip_locked(engine: Engine, select: &mut SelectStatement, table: &'static str) {
    if engine == Engine::Postgres {
        select.lock_with_tables_behavior(LockType::NoKeyUpdate, [table], LockBehavior::SkipLocked);
    }
}

/// Locks the rows of a select.
pub(crate) fn lock_rows(engine: Engine, select: &mut SelectStatement, table: &'static str) {
    if engine == Engine::Postgres {
        select.lock_with_tables(LockType::NoKeyUpdate, [table]);
    }
}

/// The position behind everything that readers may see by now.
pub(crate) fn outbox_head(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT 0 AS xid, COALESCE(MAX(seq), 0) AS seq FROM outbox",
        Engine::Postgres => "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 AS xid, 9223372036854775807 AS seq",
    }
}

// ---- Tables ----

/// How a column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Instants in µs, money in 10⁻⁴, numbers in 10⁻⁶, truth as 0 or 1, counters.
    Int,
    /// Compared by bytes on both engines.
    Text,
    /// uuid, or 16 bytes.
    Id,
}

/// A column's type.
pub(crate) fn column_type(engine: Engine, storage: Storage) -> &'static str {
    match (engine, storage) {
        (Engine::Sqlite, Storage::Int) => "INTEGER",
        (Engine::Sqlite, Storage::Text) => "TEXT",
        (Engine::Sqlite, Storage::Id) => "BLOB",
        (Engine::Postgres, Storage::Int) => "bigint",
        (Engine::Postgres, Storage::Text) => "text COLLATE \"C\"",
        (Engine::Postgres, Storage::Id) => "uuid",
    }
}

/// Migrations are written once, with these words for what differs.
pub(crate) fn migration(engine: Engine, text: &str) -> String {
    let (id, bytes, strict, hot) = match engine {
        Engine::Sqlite => ("BLOB", "BLOB", "STRICT", "STRICT"),
        Engine::Postgres => ("uuid", "bytea", "", "WITH (fillfactor = 85)"),
    };
    // Rows that are all key are kept in the key's order alone, where an engine can.
    let clustered = match engine {
        Engine::Sqlite => "STRICT, WITHOUT ROWID",
        Engine::Postgres => "",
    };
    let typed = text
        .replace("{id}", id)
        .replace("{bytes}", bytes)
        .replace("{int}", column_type(engine, Storage::Int))
        .replace("{text}", column_type(engine, Storage::Text))
        .replace("{strict}", strict)
        .replace("{hot}", hot)
        .replace("{clustered}", clustered);
    match engine {
        Engine::Sqlite => {
            typed.replace("{sequence}", "INTEGER PRIMARY KEY AUTOINCREMENT").replace("{xid}", "").replace("{outbox_order}", "")
        }
        Engine::Postgres => typed
            .replace("{sequence}", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
            .replace("{xid}", "xid xid8 NOT NULL DEFAULT pg_current_xact_id(),")
            .replace("{outbox_order}", "CREATE INDEX outbox_order ON outbox (xid, seq);"),
    }
}

/// `CREATE TABLE` for records.
pub(crate) fn create_table(engine: Engine, table: &str, columns: &[(String, Storage)]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|(name, storage)| {
            let rest = match name.as_str() {
                "id" => " NOT NULL PRIMARY KEY",
                "version" | "revision" => " NOT NULL",
                _ => "",
            };
            format!("{} {}{rest}", quoted(name), column_type(engine, *storage))
        })
        .collect();
    let tail = match engine {
        Engine::Sqlite => "STRICT",
        // Room on the page, so that a change of columns without index stays there (core rule 18).
        Engine::Postgres => "WITH (fillfactor = 85)",
    };
    format!("CREATE TABLE IF NOT EXISTS {} ({}) {tail}", quoted(table), columns.join(", "))
}

/// `ALTER TABLE` for one more column: nullable and without default, so it takes no time.
pub(crate) fn add_column(engine: Engine, table: &str, name: &str, storage: Storage) -> String {
    let once = match engine {
        Engine::Sqlite => "",
        Engine::Postgres => "IF NOT EXISTS ",
    };
    format!("ALTER TABLE {} ADD COLUMN {once}{} {}", quoted(table), quoted(name), column_type(engine, storage))
}

/// `CREATE INDEX`. `concurrently` where a table in use must not be held up; PostgreSQL only.
pub(crate) fn create_index(engine: Engine, name: &str, table: &str, columns: &[String], unique: bool, concurrently: bool) -> String {
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    format!(
        "CREATE {}INDEX {}IF NOT EXISTS {} ON {} ({})",
        if unique { "UNIQUE " } else { "" },
        if concurrently && engine == Engine::Postgres { "CONCURRENTLY " } else { "" },
        quoted(name),
        quoted(table),
        list(&columns)
    )
}

/// Names of a table's columns; no rows when there is no such table.
pub(crate) fn table_columns(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT name FROM pragma_table_info(?1)",
        Engine::Postgres => {
            "SELECT attname::text AS name FROM pg_attribute WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped"
        }
    }
}

/// Names of a table's indexes that are fit for use.
pub(crate) fn table_indexes(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT name, 1 AS valid FROM pragma_index_list(?1)",
        Engine::Postgres => {
            "SELECT c.relname::text AS name, i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid = to_regclass(quote_ident($1))"
        }
    }
}

/// Drops an index that is in use: on PostgreSQL without holding anybody up.
pub(crate) fn drop_index_in_use(engine: Engine, name: &str) -> String {
    let concurrently = match engine {
        Engine::Sqlite => "",
        Engine::Postgres => "CONCURRENTLY ",
    };
    format!("DROP INDEX {concurrently}IF EXISTS {}", quoted(name))
}

/// Drops a column.
pub(crate) fn drop_column(table: &str, column: &str) -> String {
    format!("ALTER TABLE {} DROP COLUMN {}", quoted(table), quoted(column))
}

/// Drops a table.
pub(crate) fn drop_table(table: &str) -> String {
    format!("DROP TABLE IF EXISTS {}", quoted(table))
}

// ---- A whole database ----

/// A migration in words of neither engine, for looking at what it makes in memory.
pub(crate) fn plain_migration(text: &str) -> String {
    text.replace("{id}", "UUID")
        .replace("{bytes}", "BYTEA")
        .replace("{int}", "INTEGER")
        .replace("{text}", "TEXT")
        .replace("{strict}", "")
        .replace("{hot}", "")
        .replace("{clustered}", "")
        .replace("{sequence}", "INTEGER PRIMARY KEY AUTOINCREMENT")
        .replace("{xid}", "")
        .replace("{outbox_order}", "")
}

/// About how many rows a table has, without counting them.
pub(crate) fn about_how_many(engine: Engine, table: &str) -> (String, Vec<Param>) {
    match engine {
        // Rows are numbered as they come, and hardly ever taken out.
        Engine::Sqlite => (format!("SELECT COALESCE(MAX(rowid), 0) FROM {}", quoted(table)), Vec::new()),
        Engine::Postgres => {
            ("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(quote_ident($1))".to_owned(), vec![table.into()])
        }
    }
}

/// Said before a select to hear its plan.
pub(crate) fn explain(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "EXPLAIN QUERY PLAN ",
        Engine::Postgres => "EXPLAIN ",
    }
}

/// The column of a plan that is to be read.
pub(crate) fn plan_line(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "detail",
        Engine::Postgres => "QUERY PLAN",
    }
}

/// Names of the tables that are twice as large as when they were counted, on PostgreSQL; small ones become so soon.
pub(crate) const GROWN: &str = "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' \
    AND pg_relation_size(oid) / current_setting('block_size')::bigint > 2 * relpages + 16";

/// Has the engine count what is in its tables. On SQLite every index is marked so that no plan skips through its first column:
/// such a plan was measured to be far slower than it was thought to be (core rule 22). A limit keeps it under a second at any size; one of a
/// thousand rows was tried and took a column with one value for a selective one.
pub(crate) fn analyse(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "PRAGMA analysis_limit = 200000; ANALYZE; UPDATE sqlite_stat1 SET stat = stat || ' noskipscan' WHERE idx IS NOT NULL AND stat NOT LIKE '% noskipscan'; ANALYZE sqlite_schema"
        }
        Engine::Postgres => "ANALYZE",
    }
}
