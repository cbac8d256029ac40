//! Values bound to statements: from sea-query's to each engine's.

use std::error::Error as StdError;

use model::Id;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use rusqlite::types::{ToSqlOutput, ValueRef};
use sea_query::Value;
use uuid::Uuid;

use crate::Error;

/// One bound value. Its type is known even when it is null, so PostgreSQL never has to guess.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    Int(Option<i64>),
    Text(Option<String>),
    Id(Option<Uuid>),
    Bytes(Option<Vec<u8>>),
    /// Columns of rows that go in together; PostgreSQL only.
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Ids(Vec<Option<Uuid>>),
    Blobs(Vec<Option<Vec<u8>>>),
}

impl Param {
    /// The type as PostgreSQL calls it.
    pub(crate) fn postgres_type(&self) -> Type {
        match self {
            Param::Int(_) => Type::INT8,
            Param::Text(_) => Type::TEXT,
            Param::Id(_) => Type::UUID,
            Param::Bytes(_) => Type::BYTEA,
            Param::Ints(_) => Type::INT8_ARRAY,
            Param::Texts(_) => Type::TEXT_ARRAY,
            Param::Ids(_) => Type::UUID_ARRAY,
            Param::Blobs(_) => Type::BYTEA_ARRAY,
        }
    }

    /// An empty column of the same type with room for `n` values, for rows that go in together.
    pub(crate) fn column(&self, n: usize) -> Param {
        match self {
            Param::Int(_) | Param::Ints(_) => Param::Ints(Vec::with_capacity(n)),
            Param::Text(_) | Param::Texts(_) => Param::Texts(Vec::with_capacity(n)),
            Param::Id(_) | Param::Ids(_) => Param::Ids(Vec::with_capacity(n)),
            Param::Bytes(_) | Param::Blobs(_) => Param::Blobs(Vec::with_capacity(n)),
        }
    }

    /// Adds a value to a column. Error: it is of another type.
    pub(crate) fn push(&mut self, value: Param) -> Result<(), Error> {
        match (self, value) {
            (Param::Ints(column), Param::Int(n)) => column.push(n),
            (Param::Texts(column), Param::Text(text)) => column.push(text),
            (Param::Ids(column), Param::Id(id)) => column.push(id),
            (Param::Blobs(column), Param::Bytes(bytes)) => column.push(bytes),
            (_, value) => return Err(Error::Engine(format!("rows of one insert differ in type: {value:?}"))),
        }
        Ok(())
    }
}

impl From<i64> for Param {
    fn from(n: i64) -> Param {
        Param::Int(Some(n))
    }
}
impl From<&str> for Param {
    fn from(text: &str) -> Param {
        Param::Text(Some(text.to_owned()))
    }
}
impl From<String> for Param {
    fn from(text: String) -> Param {
        Param::Text(Some(text))
    }
}
impl From<Id> for Param {
    fn from(id: Id) -> Param {
        Param::Id(Some(id.0))
    }
}

/// The bound form of a sea-query value: whole numbers and truth as BIGINT, ids, text, bytes. There is nothing else in the tables.
pub(crate) fn from_value(value: Value) -> Result<Param, Error> {
    Ok(match value {
        Value::Bool(b) => Param::Int(b.map(i64::from)),
        Value::TinyInt(n) => Param::Int(n.map(i64::from)),
        Value::SmallInt(n) => Param::Int(n.map(i64::from)),
        Value::Int(n) => Param::Int(n.map(i64::from)),
        Value::BigInt(n) => Param::Int(n),
        Value::TinyUnsigned(n) => Param::Int(n.map(i64::from)),
        Value::SmallUnsigned(n) => Param::Int(n.map(i64::from)),
        Value::Unsigned(n) => Param::Int(n.map(i64::from)),
        Value::BigUnsigned(n) => match n.map(i64::try_from).transpose() {
            Ok(n) => Param::Int(n),
            Err(_) => return Err(Error::Engine("a number is too large to be stored".into())),
        },
        Value::String(text) => Param::Text(text),
        Value::Char(c) => Param::Text(c.map(String::from)),
        Value::Bytes(bytes) => Param::Bytes(bytes),
        Value::Uuid(id) => Param::Id(id),
        other => return Err(Error::Engine(format!("values of this type are not stored: {other:?}"))),
    })
}

impl ToSql for Param {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Param::Int(v) => v.to_sql(ty, out),
            Param::Text(v) => v.to_sql(ty, out),
            Param::Id(v) => v.to_sql(ty, out),
            Param::Bytes(v) => v.to_sql(ty, out),
            Param::Ints(v) => v.to_sql(ty, out),
            Param::Texts(v) => v.to_sql(ty, out),
            Param::Ids(v) => v.to_sql(ty, out),
            Param::Blobs(v) => v.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl rusqlite::ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Param::Int(Some(n)) => ValueRef::Integer(*n),
            Param::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Param::Id(Some(id)) => ValueRef::Blob(id.as_bytes()),
            Param::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            _ => ValueRef::Null,
        }))
    }
}
