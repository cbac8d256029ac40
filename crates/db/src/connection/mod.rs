//! One connection to either engine. What differs in words is in [`crate::dialect`]; what differs in the way of speaking is here.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use model::Id;

use crate::param::Param;
use crate::{Error, Row};

/// A connection.
pub(crate) enum Connection {
    Sqlite(Box<sqlite::Connection>),
    Postgres(Box<postgres::Connection>),
}

/// Whether a statement's text comes again and again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Prepared once and kept.
    Fixed,
    /// Sent once: filters that people make up.
    Once,
}

impl Connection {
    /// Runs a statement that answers with rows.
    pub fn query(&mut self, sql: &str, params: &[Param], shape: Shape) -> Result<Vec<Row>, Error> {
        crate::journal::note(sql, params, true);
        match self {
            Connection::Sqlite(c) => c.query(sql, params, shape),
            Connection::Postgres(c) => c.query(sql, params, shape),
        }
    }

    /// Runs a statement that answers with ids, and is sent once.
    pub fn ids(&mut self, sql: &str, params: &[Param]) -> Result<Vec<Id>, Error> {
        crate::journal::note(sql, params, true);
        match self {
            Connection::Sqlite(c) => c.ids(sql, params),
            Connection::Postgres(c) => c.ids(sql, params),
        }
    }

    /// Runs a statement that answers with a number of rows.
    pub fn execute(&mut self, sql: &str, params: &[Param], shape: Shape) -> Result<u64, Error> {
        crate::journal::note(sql, params, false);
        match self {
            Connection::Sqlite(c) => c.execute(sql, params, shape),
            Connection::Postgres(c) => c.execute(sql, params, shape),
        }
    }

    /// Runs a statement that does not answer once for every row.
    pub fn execute_each(&mut self, sql: &str, rows: &[Vec<Param>]) -> Result<(), Error> {
        rows.iter().for_each(|row| crate::journal::note(sql, row, false));
        match self {
            Connection::Sqlite(c) => c.execute_each(sql, rows),
            Connection::Postgres(c) => rows.iter().try_for_each(|row| c.execute(sql, row, Shape::Fixed).map(|_| ())),
        }
    }

    /// Runs statements without values, separated by semicolons.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match self {
            Connection::Sqlite(c) => c.batch(sql),
            Connection::Postgres(c) => c.batch(sql),
        }
    }

    /// Forgets prepared statements.
    pub fn forget_statements(&mut self) {
        match self {
            Connection::Sqlite(c) => c.forget_statements(),
            Connection::Postgres(c) => c.forget_statements(),
        }
    }
}
