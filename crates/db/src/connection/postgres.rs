//! PostgreSQL: a server, spoken to on the same blocking threads.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use model::Id;
use postgres::config::{SslMode, TargetSessionAttrs};
use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{ToSql, Type};
use postgres::{CancelToken, Client, Config, NoTls, SimpleQueryMessage, Statement};

use tokio_postgres_rustls::MakeRustlsConnect;

use super::Shape;
use super::sqlite::STATEMENTS;
use crate::param::Param;
use crate::row::Cell;
use crate::{Error, Row};

pub(crate) struct Connection {
    /// There until dropped.
    client: Option<Client>,
    statements: HashMap<String, (Statement, u64)>,
    uses: u64,
    encrypted: bool,
}

/// The address with the settings that every connection has. Error: [`Error::Address`].
pub(crate) fn config(url: &str) -> Result<Config, Error> {
    let mut config: Config = url.parse().map_err(|e| Error::Address(format!("the address of the database cannot be read: {e}")))?;
    // "prefer" would have to accept certificates that nobody vouches for, which protects from nothing: TLS is asked for, or left out.
    if config.get_ssl_mode() == SslMode::Prefer {
        config.ssl_mode(SslMode::Disable);
    }
    config
        .application_name("stagecraft")
        .target_session_attrs(TargetSessionAttrs::ReadWrite)
        .connect_timeout(Duration::from_secs(3))
        .tcp_user_timeout(Duration::from_secs(10))
        // A machine that is gone without a word is noticed in less than half a minute, not when its system gives up after two hours.
        .keepalives(true)
        .keepalives_idle(Duration::from_secs(10))
        .keepalives_interval(Duration::from_secs(5))
        .keepalives_retries(3);
    Ok(config)
}

impl Connection {
    /// Connects. `statement_timeout` holds for statements of transactions that name no deadline of their own.
    pub fn open(config: &Config, statement_timeout: Duration) -> Result<Connection, Error> {
        let connected = match config.get_ssl_mode() {
            SslMode::Require => config.connect(tls()?),
            _ => config.connect(NoTls),
        };
        let client = connected.map_err(|e| match error(&e) {
            Error::Engine(text) => Error::Unreachable(text),
            other => other,
        })?;
        let mut connection =
            Connection { client: Some(client), statements: HashMap::new(), uses: 0, encrypted: config.get_ssl_mode() == SslMode::Require };
        connection.batch(&format!(
            "SET statement_timeout = {}; SET lock_timeout = 2000; SET idle_in_transaction_session_timeout = 15000; SET client_min_messages = warning",
            statement_timeout.as_millis()
        ))?;
        Ok(connection)
    }

    /// The driver's own client: for rows that are never all in memory.
    pub fn client(&mut self) -> &mut Client {
        self.client.as_mut().expect("a connection has its client until it is dropped")
    }

    pub fn query(&mut self, sql: &str, params: &[Param], shape: Shape) -> Result<Vec<Row>, Error> {
        let rows = match shape {
            Shape::Fixed => {
                let statement = self.prepared(sql, params)?;
                self.client().query(&statement, &bound(params))
            }
            Shape::Once => self.client().query_typed(sql, &typed(params)),
        };
        read(rows.map_err(|e| error(&e))?)
    }

    /// The ids in the first column.
    pub fn ids(&mut self, sql: &str, params: &[Param]) -> Result<Vec<Id>, Error> {
        let mut found = Vec::new();
        let mut rows = self.client().query_typed_raw(sql, typed(params)).map_err(|e| error(&e))?;
        while let Some(row) = rows.next().map_err(|e| error(&e))? {
            found.push(Id(row.try_get(0).map_err(|e| error(&e))?));
        }
        Ok(found)
    }

    pub fn execute(&mut self, sql: &str, params: &[Param], shape: Shape) -> Result<u64, Error> {
        match shape {
            Shape::Fixed => {
                let statement = self.prepared(sql, params)?;
                self.client().execute(&statement, &bound(params))
            }
            Shape::Once => self.client().execute_typed(sql, &typed(params)),
        }
        .map_err(|e| error(&e))
    }

    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.client().batch_execute(sql).map_err(|e| error(&e))
    }

    /// Runs statements and gives the last row of text values: the first round trip of a transaction.
    pub fn simple(&mut self, sql: &str) -> Result<Vec<Option<String>>, Error> {
        let mut last = Vec::new();
        for message in self.client().simple_query(sql).map_err(|e| error(&e))? {
            if let SimpleQueryMessage::Row(row) = message {
                last = (0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect();
            }
        }
        Ok(last)
    }

    pub fn cancel_token(&mut self) -> Stop {
        Stop { encrypted: self.encrypted, token: self.client().cancel_token() }
    }

    pub fn is_closed(&mut self) -> bool {
        self.client().is_closed()
    }

    pub fn forget_statements(&mut self) {
        self.statements.clear();
    }

    /// The statement of this text, prepared once; the one used longest ago makes room.
    fn prepared(&mut self, sql: &str, params: &[Param]) -> Result<Statement, Error> {
        self.uses += 1;
        if let Some((statement, used)) = self.statements.get_mut(sql) {
            *used = self.uses;
            return Ok(statement.clone());
        }
        let types: Vec<Type> = params.iter().map(Param::postgres_type).collect();
        let statement = self.client().prepare_typed(sql, &types).map_err(|e| error(&e))?;
        if self.statements.len() >= STATEMENTS
            && let Some(oldest) = self.statements.iter().min_by_key(|(_, (_, used))| *used).map(|(text, _)| text.clone())
        {
            self.statements.remove(&oldest);
        }
        self.statements.insert(sql.to_owned(), (statement.clone(), self.uses));
        Ok(statement)
    }
}

impl Drop for Connection {
    /// The client says goodbye to the server, which blocks: on a thread of an async runtime that would end the process (core rule 9).
    fn drop(&mut self) {
        self.statements.clear();
        let client = self.client.take();
        let _ = std::thread::spawn(move || drop(client)).join();
    }
}

/// Asks the server to stop what the connection of `token` runs.
pub(crate) fn cancel(stop: &Stop) {
    let asked = match tls() {
        Ok(tls) if stop.encrypted => stop.token.cancel_query(tls),
        _ => stop.token.cancel_query(NoTls),
    };
    if let Err(e) = asked {
        tracing::warn!("a query could not be cancelled: {e}");
    }
}

/// What it takes to stop a connection's query from another thread.
pub(crate) struct Stop {
    token: CancelToken,
    encrypted: bool,
}

/// TLS that trusts the certificates which the machine trusts (or those that `SSL_CERT_FILE` names). Error: there are none.
fn tls() -> Result<MakeRustlsConnect, Error> {
    static TLS: OnceLock<Result<MakeRustlsConnect, Error>> = OnceLock::new();
    TLS.get_or_init(|| match MakeRustlsConnect::with_native_certs() {
        Ok((tls, _)) => Ok(tls),
        Err(e) => {
            Err(Error::Address(format!("sslmode=require needs trusted certificates: install ca-certificates or set SSL_CERT_FILE ({e:?})")))
        }
    })
    .clone()
}

fn bound(params: &[Param]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn ToSql + Sync)).collect()
}

fn typed(params: &[Param]) -> Vec<(&(dyn ToSql + Sync), Type)> {
    params.iter().map(|p| (p as &(dyn ToSql + Sync), p.postgres_type())).collect()
}

fn read(rows: Vec<postgres::Row>) -> Result<Vec<Row>, Error> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let columns: Arc<[String]> = first.columns().iter().map(|c| c.name().to_owned()).collect();
    let types: Vec<Type> = first.columns().iter().map(|c| c.type_().clone()).collect();
    rows.iter()
        .map(|row| {
            let cells = types.iter().enumerate().map(|(at, ty)| cell(row, at, ty)).collect::<Result<Vec<Cell>, Error>>()?;
            Ok(Row { columns: columns.clone(), cells })
        })
        .collect()
}

fn cell(row: &postgres::Row, at: usize, ty: &Type) -> Result<Cell, Error> {
    let read = || -> Result<Cell, postgres::Error> {
        Ok(match *ty {
            Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map_or(Cell::Null, Cell::Int),
            Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map_or(Cell::Null, |n| Cell::Int(n.into())),
            Type::BOOL => row.try_get::<_, Option<bool>>(at)?.map_or(Cell::Null, |b| Cell::Int(b.into())),
            Type::UUID => row.try_get::<_, Option<uuid::Uuid>>(at)?.map_or(Cell::Null, |id| Cell::Id(model::Id(id))),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.map_or(Cell::Null, Cell::Bytes),
            Type::VOID => Cell::Null,
            _ => row.try_get::<_, Option<String>>(at)?.map_or(Cell::Null, Cell::Text),
        })
    };
    read().map_err(|e| Error::decode(row.columns()[at].name(), format!("{ty}: {e}")))
}

/// An error in the words of [`Error`].
pub(crate) fn error(e: &postgres::Error) -> Error {
    let Some(said) = e.as_db_error() else {
        return if e.is_closed() || is_io(e) { Error::Unreachable(e.to_string()) } else { Error::Engine(e.to_string()) };
    };
    let code = said.code();
    let text = || format!("{}: {}", code.code(), said.message());
    match code {
        c if *c == SqlState::UNIQUE_VIOLATION => {
            Error::Unique { constraint: unique(said.table().unwrap_or(""), said.detail().unwrap_or("")) }
        }
        c if *c == SqlState::T_R_DEADLOCK_DETECTED || *c == SqlState::T_R_SERIALIZATION_FAILURE => Error::Undone(text()),
        c if *c == SqlState::QUERY_CANCELED => Error::Timeout,
        c if *c == SqlState::LOCK_NOT_AVAILABLE || *c == SqlState::TOO_MANY_CONNECTIONS => Error::Busy,
        c if *c == SqlState::DISK_FULL => Error::Full(text()),
        c if *c == SqlState::FEATURE_NOT_SUPPORTED || *c == SqlState::INVALID_SQL_STATEMENT_NAME || *c == SqlState::UNDEFINED_COLUMN => {
            Error::Stale(text())
        }
        // Shut down, killed, or a standby that used to be the primary.
        c if c.code().starts_with("57P0") || c.code().starts_with("08") || c.code() == "25006" || c.code() == "25P03" => {
            Error::Unreachable(text())
        }
        _ => Error::Engine(match said.detail() {
            Some(detail) => format!("{}; {detail}", text()),
            None => text(),
        }),
    }
}

fn is_io(e: &postgres::Error) -> bool {
    std::error::Error::source(e).is_some_and(|source| source.is::<std::io::Error>())
}

/// `Key (a, b)=(1, 2) already exists.` of table `t` as `t.a,b`.
fn unique(table: &str, detail: &str) -> String {
    let columns = detail.strip_prefix("Key (").and_then(|rest| rest.split_once(")=")).map_or("", |(columns, _)| columns);
    format!("{table}.{}", columns.replace(", ", ",").replace('"', ""))
}
