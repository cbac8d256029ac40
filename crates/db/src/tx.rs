//! A transaction. Reading and writing ones are two types; neither leaves its thread.

use std::collections::{BTreeMap, HashSet};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Instant as Moment;

use model::{Id, Instant};
use sea_query::{InsertStatement, QueryStatement, SelectStatement, UpdateStatement, Value};

use crate::connection::{Connection, Shape};
use crate::dialect::Rendered;
use crate::followed::Followed;
use crate::later::{Later, together};
use crate::param::{self, Param};
use crate::pool::Lease;
use crate::records::Pending;
use crate::watch::{Step, Watch};
use crate::{Engine, Error, Row, dialect, holdings, sealing};

/// A transaction that reads one snapshot.
pub struct Read {
    lease: Lease,
    engine: Engine,
    now: Instant,
    meta_version: i64,
    statements: u32,
    /// The first failure of a statement; nothing is stored after one (core rule 1).
    failure: Option<Error>,
    open: bool,
    pub(crate) secret: Arc<str>,
    outer: Option<[u8; 32]>,
    pub(crate) portable_locks: bool,
    /// What is added to kept sums when a writing transaction commits.
    pending: Pending,
    /// What is added to counts of what somebody holds, likewise.
    pub(crate) held: holdings::Pending,
    /// What goes in with the next round trip.
    later: Vec<Later>,
    /// Changes of records, by what was done; counted once they are committed.
    pub(crate) stored: BTreeMap<String, u64>,
    watch: Arc<Watch>,
    /// Keeps the transaction on its thread: dropping a PostgreSQL connection on an async one would abort the process (core rule 9).
    here: PhantomData<*const ()>,
}

/// A transaction that writes.
pub struct Write {
    read: Read,
    abandoned: bool,
    /// Rank of the rows locked last (core rule 3).
    locked_rank: Option<u16>,
    /// It holds the metadata alone: no other transaction writes before it has ended.
    alone: bool,
    locked: HashSet<Id>,
    /// Statements up to the last mutex.
    locked_at: u32,
    /// What follows from its writes of records.
    pub(crate) followed: Arc<Followed>,
}

impl Deref for Write {
    type Target = Read;
    fn deref(&self) -> &Read {
        &self.read
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.read
    }
}

/// What the first round trip has told.
pub(crate) struct Begun {
    pub now: Instant,
    pub meta_version: i64,
}

impl Read {
    pub(crate) fn begun(
        lease: Lease,
        engine: Engine,
        begun: Begun,
        secret: Arc<str>,
        outer: Option<[u8; 32]>,
        portable_locks: bool,
        watch: Arc<Watch>,
    ) -> Read {
        Read {
            lease,
            engine,
            now: begun.now,
            meta_version: begun.meta_version,
            statements: 1,
            failure: None,
            open: true,
            secret,
            outer,
            portable_locks,
            pending: Pending::default(),
            held: holdings::Pending::default(),
            later: Vec::new(),
            stored: BTreeMap::new(),
            watch,
            here: PhantomData,
        }
    }

    /// All rows.
    pub fn all(&mut self, select: &SelectStatement) -> Result<Vec<Row>, Error> {
        let rendered = dialect::render(self.engine, select)?;
        self.query(&rendered, Shape::Fixed)
    }

    /// All rows of a statement whose text hardly comes twice, such as a filter that somebody made up: not kept prepared.
    pub fn all_once(&mut self, select: &SelectStatement) -> Result<Vec<Row>, Error> {
        let rendered = dialect::render(self.engine, select)?;
        self.query(&rendered, Shape::Once)
    }

    /// The ids that such a statement answers with, however many: no more than they are is held in memory.
    pub(crate) fn ids_once(&mut self, select: &SelectStatement) -> Result<Vec<Id>, Error> {
        let rendered = dialect::render(self.engine, select)?;
        self.run(Step::Read, &rendered.sql, |c| c.ids(&rendered.sql, &rendered.params))
    }

    /// The first row, if there is one.
    pub fn optional(&mut self, select: &SelectStatement) -> Result<Option<Row>, Error> {
        Ok(self.all(select)?.into_iter().next())
    }

    /// The row. Error: there is none.
    pub fn one(&mut self, select: &SelectStatement) -> Result<Row, Error> {
        self.optional(select)?.ok_or(Error::NoRow)
    }

    /// Rows of a statement in the engine's own words; only [`crate::dialect`] writes such.
    pub(crate) fn all_sql(&mut self, sql: &str, params: &[Param]) -> Result<Vec<Row>, Error> {
        self.query(&Rendered { sql: sql.to_owned(), params: params.to_vec() }, Shape::Fixed)
    }

    /// How the engine would go about a select, in its own words: for tests of indexes, and to find out why something is slow.
    pub fn plan(&mut self, select: &SelectStatement) -> Result<String, Error> {
        let rendered = dialect::render(self.engine, select)?;
        self.plan_sql(&rendered.sql, &rendered.params)
    }

    /// The same of a statement in the engine's own words.
    pub(crate) fn plan_sql(&mut self, sql: &str, params: &[Param]) -> Result<String, Error> {
        let rendered = Rendered { sql: format!("{}{sql}", dialect::explain(self.engine)), params: params.to_vec() };
        let mut plan = String::new();
        for row in self.query(&rendered, Shape::Once)? {
            plan.push_str(&row.get::<String>(dialect::plan_line(self.engine))?);
            plan.push('\n');
        }
        Ok(plan)
    }

    /// The clock of the transaction: PostgreSQL's own, or what the options say; the same for all that happens in it.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// A key of this database for one purpose: the same on all servers, of no use for any other purpose, and never what it is made from.
    pub fn key_for(&self, purpose: &str) -> [u8; 32] {
        use sha2::{Digest, Sha256};
        Sha256::new().chain_update(purpose).chain_update([0]).chain_update(self.secret.as_bytes()).finalize().into()
    }

    /// The key for sealing one thing, made of what is kept outside of the database; none where nothing is.
    pub fn sealing_key(&self, place: &str) -> Option<[u8; 32]> {
        self.outer.map(|outer| sealing::of_place(outer, place))
    }

    /// Version of the metadata as of this transaction.
    pub fn meta_version(&self) -> i64 {
        self.meta_version
    }

    /// Round trips so far, the beginning included.
    pub fn statements(&self) -> u32 {
        self.statements
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    pub(crate) fn query(&mut self, rendered: &Rendered, shape: Shape) -> Result<Vec<Row>, Error> {
        self.run(Step::Read, &rendered.sql, |c| c.query(&rendered.sql, &rendered.params, shape))
    }

    /// Runs a statement of this text.
    pub(crate) fn run<T>(&mut self, step: Step, statement: &str, f: impl FnOnce(&mut Connection) -> Result<T, Error>) -> Result<T, Error> {
        if self.failure.is_some() {
            return Err(Error::Poisoned);
        }
        self.put_later()?;
        self.statements += 1;
        #[cfg(feature = "failpoint")]
        crate::failpoint::pass(self.statements).inspect_err(|e| self.failure = Some(e.clone()))?;
        let began = Moment::now();
        let done = tracing::trace_span!(target: "stagecraft::statement", "statement", step = step.key(), text = statement)
            .in_scope(|| f(self.lease.connection()));
        self.watch.ran(step, statement, began.elapsed());
        done.inspect_err(|e| self.failure = Some(e.clone()))
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.run(Step::Write, sql, |c| c.batch(sql))
    }

    /// Puts in what waits for it.
    fn put_later(&mut self) -> Result<(), Error> {
        if self.later.is_empty() {
            return Ok(());
        }
        let (sql, params) = together(std::mem::take(&mut self.later));
        self.run(Step::Write, &sql, |c| c.execute(&sql, &params, Shape::Fixed)).map(|_| ())
    }

    /// True when kept sums are what the records of this transaction come to.
    pub(crate) fn nothing_pending(&self) -> bool {
        self.pending.is_empty()
    }

    pub(crate) fn failure(&self) -> Option<&Error> {
        self.failure.as_ref()
    }

    /// Ends a reading transaction.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.open = false;
        let ended = self.lease.connection().batch("COMMIT");
        self.lease.spoilt |= ended.is_err();
        match self.failure.take() {
            Some(failure) => Err(swallowed(failure)),
            None => ended,
        }
    }

    pub(crate) fn spoil(&mut self) {
        self.lease.spoilt = true;
    }

    /// The lease, for taking the guards off once the transaction is over.
    pub(crate) fn connection(&mut self) -> &mut Connection {
        self.lease.connection()
    }

    fn roll_back(&mut self) {
        if std::mem::take(&mut self.open) {
            // After a panic nobody knows in which state the connection is.
            let lost = std::thread::panicking() || self.lease.connection().batch("ROLLBACK").is_err();
            self.lease.spoilt |= lost;
        }
    }
}

/// What comes of a failure whose error nobody passed on.
fn swallowed(failure: Error) -> Error {
    match failure {
        // These are run again or told as they are.
        Error::Undone(_) | Error::Stale(_) | Error::Cancelled | Error::Timeout | Error::Full(_) | Error::Unreachable(_) => failure,
        other => {
            tracing::error!("a statement failed and its error was swallowed: {other}");
            Error::Poisoned
        }
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        self.roll_back();
        match self.lease.connection() {
            Connection::Sqlite(c) => {
                c.unguard();
                let idle = c.is_idle();
                self.lease.spoilt |= !idle;
            }
            Connection::Postgres(c) => {
                let closed = c.is_closed();
                self.lease.spoilt |= closed;
            }
        }
    }
}

impl Write {
    pub(crate) fn begun(read: Read) -> Write {
        Write { read, abandoned: false, alone: false, locked_rank: None, locked: HashSet::new(), locked_at: 0, followed: Arc::default() }
    }

    /// Runs an insert, update or delete; how many rows it touched.
    pub fn execute(&mut self, statement: impl Into<Statement>) -> Result<u64, Error> {
        let Rendered { sql, params } = dialect::render_statement(self.read.engine, &statement.into().0)?;
        self.read.run(Step::Write, &sql, |c| c.execute(&sql, &params, Shape::Fixed))
    }

    /// Runs an insert or update with a `RETURNING`; its rows.
    pub fn returning(&mut self, statement: impl Into<Statement>) -> Result<Vec<Row>, Error> {
        let Rendered { sql, params } = dialect::render_statement(self.read.engine, &statement.into().0)?;
        self.read.run(Step::Write, &sql, |c| c.query(&sql, &params, Shape::Fixed))
    }

    /// Rows of one of the product's own tables, each for this transaction alone: those that another has are passed over, so that any number of
    /// servers share what is due (core rule 6).
    pub fn claim(&mut self, select: &SelectStatement) -> Result<Vec<Row>, Error> {
        let mut select = select.clone();
        dialect::skip_taken(self.read.engine, &mut select);
        self.read.all(&select)
    }

    /// Inserts rows together: a text that does not change with their number, so it stays prepared.
    /// All rows have a value, blank or not, of the same type for every column.
    pub fn insert_rows(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>) -> Result<(), Error> {
        self.for_rows(rows, || dialect::insert_one(table, columns), |arrays| dialect::insert_unnest(table, columns, arrays, 0))
    }

    /// As [`Write::insert_rows`], where nothing hangs on the outcome: the rows go in together with whatever else can wait, before the next
    /// statement runs or the transaction commits. An error is told there.
    pub fn insert_later(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>) -> Result<(), Error> {
        self.later(table, columns, &[], rows, || dialect::insert_one(table, columns))
    }

    /// As [`Write::insert_later`], the id first; where it is there already, the columns in `added` are added to what stands there. Rows are locked
    /// in the order given.
    pub(crate) fn add_later(&mut self, table: &str, columns: &[&str], added: &[&str], rows: Vec<Vec<Value>>) -> Result<(), Error> {
        self.later(table, columns, added, rows, || dialect::add_one(table, columns, added))
    }

    fn later(
        &mut self,
        table: &str,
        columns: &[&str],
        added: &[&str],
        rows: Vec<Vec<Value>>,
        one: impl FnOnce() -> String,
    ) -> Result<(), Error> {
        if rows.is_empty() || self.read.engine == Engine::Sqlite {
            return self.for_rows(rows, one, |_| String::new());
        }
        // The rows of one table stay in their order.
        if self.read.later.iter().any(|part| part.table == table) {
            self.read.put_later()?;
        }
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let part = Later { table: table.to_owned(), columns: owned(columns), added: owned(added), arrays: arrays(rows)? };
        self.read.later.push(part);
        Ok(())
    }

    /// As [`Write::insert_rows`]; rows that are there already stay as they are.
    pub(crate) fn enter_rows(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>) -> Result<(), Error> {
        self.for_rows(rows, || dialect::enter_one(table, columns), |arrays| dialect::enter_unnest(table, columns, arrays))
    }

    /// Deletes rows together, each by the values of all of these columns.
    pub(crate) fn delete_rows(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>) -> Result<(), Error> {
        self.for_rows(rows, || dialect::delete_one(table, columns), |arrays| dialect::delete_unnest(table, columns, arrays))
    }

    /// What is added to counts of what somebody holds when this transaction commits.
    pub(crate) fn gained(&mut self) -> &mut holdings::Pending {
        &mut self.read.held
    }

    /// What is added to kept sums when this transaction commits.
    pub(crate) fn pending(&mut self) -> &mut Pending {
        &mut self.read.pending
    }

    /// Sets columns of rows by their ids, together; each row has a value of the same type for every column, and its id last.
    pub(crate) fn update_rows(&mut self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>) -> Result<(), Error> {
        self.for_rows(rows, || dialect::update_one(table, columns), |arrays| dialect::update_unnest(table, columns, arrays))
    }

    /// Says a statement for every row: `one` for each in turn, or `all` with an array for each column.
    fn for_rows(&mut self, rows: Vec<Vec<Value>>, one: impl FnOnce() -> String, all: impl FnOnce(&[Param]) -> String) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        match self.read.engine {
            // A call costs microseconds here: row by row, prepared once.
            Engine::Sqlite => {
                let sql = one();
                let bound = |row: Vec<Value>| row.into_iter().map(param::from_value).collect::<Result<Vec<Param>, Error>>();
                let rows = rows.into_iter().map(bound).collect::<Result<Vec<_>, Error>>()?;
                self.read.run(Step::Write, &sql, |c| c.execute_each(&sql, &rows))
            }
            // A round trip costs: all rows as one array a column.
            Engine::Postgres => {
                let arrays = arrays(rows)?;
                let sql = all(&arrays);
                self.read.run(Step::Write, &sql, |c| c.execute(&sql, &arrays, Shape::Fixed)).map(|_| ())
            }
        }
    }

    /// Runs statements of which one may fail. When `f` fails, what it did is undone and the transaction goes on.
    /// Not for every row of a bulk: judge first, then write (core rule 1).
    pub fn attempt<T>(&mut self, f: impl FnOnce(&mut Write) -> Result<T, Error>) -> Result<Result<T, Error>, Error> {
        self.read.batch("SAVEPOINT attempt")?;
        let (pending, held, stored) = (self.read.pending.clone(), self.read.held.clone(), self.read.stored.clone());
        // What may fail does so in here.
        let outcome = f(self).and_then(|value| self.read.put_later().map(|()| value));
        match outcome {
            Ok(value) if self.read.failure.is_none() => {
                self.read.batch("RELEASE SAVEPOINT attempt")?;
                Ok(Ok(value))
            }
            outcome => {
                let failure = self.read.failure.take();
                let error = outcome.err().or_else(|| failure.clone()).unwrap_or(Error::Poisoned);
                // The engine has undone more than the savepoint, or is gone: there is no going on.
                if matches!(failure, Some(Error::Undone(_) | Error::Unreachable(_) | Error::Full(_) | Error::Stale(_))) {
                    self.read.failure = failure;
                    return Err(error);
                }
                self.read.later.clear();
                self.read.batch("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt")?;
                (self.read.pending, self.read.held, self.read.stored) = (pending, held, stored);
                Ok(Err(error))
            }
        }
    }

    /// Takes mutexes by name until the end of the transaction: sorted, each once, in a statement of their own, so that whatever is read
    /// afterwards is newer than the lock (core rule 2). SQLite has one writer, which is lock enough.
    pub fn lock(&mut self, keys: &[String]) -> Result<(), Error> {
        if keys.is_empty() {
            return Ok(());
        }
        if self.read.engine == Engine::Sqlite {
            self.locked_at = self.read.statements;
            return Ok(());
        }
        let mut keys = keys.to_vec();
        #[cfg(feature = "failpoint")]
        keys.retain(|key| !crate::failpoint::is_off(key));
        keys.sort_unstable();
        keys.dedup();
        let (sql, params) = dialect::lock_keys(&keys, self.read.portable_locks);
        self.read.all_sql(sql, &params)?;
        self.locked_at = self.read.statements;
        Ok(())
    }

    /// Round trips since the last mutex was taken: for as long others wait.
    pub fn statements_since_lock(&self) -> u32 {
        self.read.statements - self.locked_at
    }

    /// Rows of a queue that nobody else is at work on: those of `table` stay locked until the end of the transaction, and locked ones are passed
    /// over.
    pub fn free(&mut self, select: &SelectStatement, table: &'static str) -> Result<Vec<Row>, Error> {
        let mut select = select.clone();
        dialect::skip_locked(self.read.engine, &mut select, table);
        self.all(&select)
    }

    /// The first row, locked until the end of the transaction; waits for whoever has it.
    pub fn held(&mut self, select: &SelectStatement, table: &'static str) -> Result<Option<Row>, Error> {
        let mut select = select.clone();
        dialect::lock_rows(self.read.engine, &mut select, table);
        self.optional(&select)
    }

    /// Locks records, lowest rank first and by id, before anything is read that they guard (core rule 3).
    pub fn lock_rows(&mut self, rows: &[(u16, &str, Vec<Id>)]) -> Result<(), Error> {
        let mut sorted: Vec<(u16, &str, Vec<Id>)> = rows.iter().filter(|(_, _, ids)| !ids.is_empty()).cloned().collect();
        sorted.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        // Whoever writes alone meets nobody, in whatever order.
        if let (Some(before), Some((rank, object, _)), false) = (self.locked_rank, sorted.first(), self.alone) {
            debug_assert!(*rank >= before, "{object} (rank {rank}) is locked after rank {before}: masters before children");
        }
        self.locked_rank = sorted.last().map(|(rank, _, _)| *rank).max(self.locked_rank);
        self.lock_sorted(sorted)
    }

    /// Another act begins in the same transaction: its locks come in an order of their own. Whoever meets somebody else that way risks a
    /// deadlock, which the engine ends and [`crate::Db::write`] runs again.
    pub fn next_act(&mut self) {
        self.locked_rank = None;
    }

    /// Locks records that are about to be deleted: waits for everybody who has come to refer to one of them, and keeps others from it.
    pub fn lock_to_delete(&mut self, object: &str, ids: &[Id]) -> Result<(), Error> {
        if self.read.engine == Engine::Postgres {
            for chunk in ids.chunks(500) {
                self.read.all(&dialect::select_to_delete(&crate::columns::table(object), chunk))?;
            }
        }
        Ok(())
    }

    /// Locks records that turn out only now to be needed: those locked before are left out, so mostly this asks nothing. Whoever comes
    /// here in another order than the ranks' risks a deadlock, which the engine ends and [`crate::Db::write`] runs again.
    pub fn lock_rows_late(&mut self, object: &str, ids: &[Id]) -> Result<(), Error> {
        self.lock_sorted(vec![(0, object, ids.to_vec())])
    }

    fn lock_sorted(&mut self, rows: Vec<(u16, &str, Vec<Id>)>) -> Result<(), Error> {
        for (_, object, mut ids) in rows {
            ids.retain(|id| !self.locked.contains(id));
            ids.sort_unstable();
            ids.dedup();
            if self.read.engine == Engine::Postgres {
                for chunk in ids.chunks(500) {
                    let select = dialect::select_for_lock(&crate::columns::table(object), chunk);
                    self.read.all(&select)?;
                }
            }
            self.locked.extend(ids);
        }
        Ok(())
    }

    /// Raises the version of the metadata and gives it. Waits until every other writing transaction has ended, so that none goes on by the old
    /// rules (core rule 5).
    pub fn publish_meta(&mut self) -> Result<i64, Error> {
        self.alone()?;
        let update = sea_query::Query::update()
            .table("meta")
            .value("version", sea_query::ExprTrait::add(sea_query::Expr::col("version"), 1_i64))
            .returning_col("version")
            .to_owned();
        let version = self.returning(update)?.first().ok_or(Error::NoRow)?.get(0)?;
        self.read.meta_version = version;
        Ok(version)
    }

    /// Waits until every other writing transaction has ended, and lets none begin before this one has; the metadata stay as they are.
    pub fn alone(&mut self) -> Result<(), Error> {
        if self.read.engine == Engine::Postgres {
            if self.read.portable_locks {
                self.execute(sea_query::Query::update().table("meta").value("version", sea_query::Expr::col("version")))?;
            } else {
                self.read.all_sql(dialect::LOCK_META, &[])?;
            }
        }
        self.alone = true;
        Ok(())
    }

    /// It is one of many that write many rows: SQLite keeps so many megabytes of pages at hand for them and a longer log, until
    /// [`crate::Db::let_go`]. With few, an index that is written all over is read and written again and again, and what is changed is put into
    /// the log before its time.
    pub fn writes_much(&mut self, megabytes: u32) -> Result<(), Error> {
        match self.read.engine {
            Engine::Sqlite => self.read.batch(&dialect::many_pages(megabytes)),
            Engine::Postgres => Ok(()),
        }
    }

    /// True while somebody waits for what this transaction has: on SQLite its turn to write, on PostgreSQL any of its locks. Where the engine
    /// cannot tell, somebody does.
    pub fn is_waited_for(&mut self) -> Result<bool, Error> {
        match self.read.engine {
            Engine::Sqlite => Ok(self.read.lease.is_awaited()),
            Engine::Postgres if self.read.portable_locks => Ok(true),
            Engine::Postgres => {
                let rows = self.read.all_sql(dialect::IS_WAITED_FOR, &[])?;
                rows.first().map_or(Ok(false), |row| Ok(row.get::<i64>(0)? > 0))
            }
        }
    }

    /// Nothing of this transaction is stored, whatever it answers: a dry run.
    pub fn abandon(&mut self) {
        self.abandoned = true;
    }

    /// Commits. Error: a statement had failed, or the engine refused; nothing is stored, save for [`Error::OutcomeUnknown`].
    pub(crate) fn commit(mut self) -> Result<(), Error> {
        if let Some(failure) = self.read.failure.take() {
            return Err(swallowed(failure));
        }
        if self.abandoned {
            // What would have failed has.
            return self.read.put_later();
        }
        if !self.read.pending.is_empty() {
            let mut pending = std::mem::take(&mut self.read.pending);
            pending.flush(&mut self)?;
        }
        if !self.read.held.is_empty() {
            std::mem::take(&mut self.read.held).flush(&mut self)?;
        }
        self.read.put_later()?;
        self.read.statements += 1;
        #[cfg(feature = "failpoint")]
        crate::failpoint::pass(self.read.statements)?;
        let began = Moment::now();
        let ended = tracing::trace_span!(target: "stagecraft::statement", "statement", step = Step::Commit.key(), text = "COMMIT")
            .in_scope(|| self.read.lease.connection().batch("COMMIT"));
        self.read.watch.ran(Step::Commit, "COMMIT", began.elapsed());
        match ended {
            Ok(()) => {
                self.read.open = false;
                self.read.watch.committed(std::mem::take(&mut self.read.stored));
                Ok(())
            }
            Err(Error::Unreachable(_)) => {
                self.read.open = false;
                self.read.lease.spoilt = true;
                Err(Error::OutcomeUnknown)
            }
            Err(error) => Err(error),
        }
    }
}

/// Rows as one array a column.
fn arrays(rows: Vec<Vec<Value>>) -> Result<Vec<Param>, Error> {
    let many = rows.len();
    let mut arrays: Vec<Param> = Vec::new();
    for row in rows {
        if arrays.is_empty() {
            arrays = row.iter().map(|v| param::from_value(v.clone()).map(|p| p.column(many))).collect::<Result<_, Error>>()?;
        }
        for (array, value) in arrays.iter_mut().zip(row) {
            array.push(param::from_value(value)?)?;
        }
    }
    Ok(arrays)
}

/// An insert, update or delete.
pub struct Statement(pub(crate) QueryStatement);

macro_rules! statement {
    ($($from:ty => $variant:ident),*) => {$(
        impl From<$from> for Statement {
            fn from(statement: $from) -> Statement {
                Statement(QueryStatement::$variant(statement))
            }
        }
        impl From<&$from> for Statement {
            fn from(statement: &$from) -> Statement {
                Statement(QueryStatement::$variant(statement.clone()))
            }
        }
        impl From<&mut $from> for Statement {
            fn from(statement: &mut $from) -> Statement {
                Statement(QueryStatement::$variant(statement.clone()))
            }
        }
    )*};
}
statement!(InsertStatement => Insert, UpdateStatement => Update, sea_query::DeleteStatement => Delete);
