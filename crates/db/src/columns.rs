//! Which columns a field has, and how values go in and come out.

use model::field::Kind;
use model::{Amount, Currency, Field, Id, Instant, Money, Number, Object, Record, Value};
use sea_query::Value as Sql;

use crate::dialect::Storage;
use crate::row::Cell;
use crate::{Error, Row};

/// Columns that every record has besides its fields, in this order.
pub(crate) const HEAD: [&str; 3] = ["id", "version", "revision"];

/// The table of an object's records. Known to this crate only: who wants records passes through [`crate::records`] and its scope.
pub(crate) fn table(object: &str) -> String {
    format!("r_{object}")
}

/// The fields of an object which are columns of its table, in their order.
pub(crate) fn fields(object: &Object) -> impl Iterator<Item = &Field> {
    object.columns().filter(|field| !HEAD.contains(&field.key.as_str()))
}

/// All columns of an object's table, in the order in which they are read.
pub(crate) fn all(object: &Object) -> Vec<(String, Storage)> {
    let head = HEAD.iter().map(|name| ((*name).to_owned(), if *name == "id" { Storage::Id } else { Storage::Int }));
    head.chain(fields(object).flat_map(of_field)).collect()
}

/// The columns of one field: its value first, then companions.
pub(crate) fn of_field(field: &Field) -> Vec<(String, Storage)> {
    let key = &field.key;
    let plain = |storage| vec![(key.clone(), storage)];
    match field.kind.kind() {
        // Folded by Rust, since the two engines fold letters differently (core rule 21).
        Kind::Text => vec![(key.clone(), Storage::Text), (format!("{key}_fold"), Storage::Text)],
        Kind::Key | Kind::Keys | Kind::Date => plain(Storage::Text),
        Kind::Number | Kind::Bool | Kind::Instant => plain(Storage::Int),
        // The amount in the main currency is what filters and sorts see (core rule 20).
        Kind::Money => vec![(key.clone(), Storage::Int), (format!("{key}_currency"), Storage::Text), (format!("{key}_main"), Storage::Int)],
        Kind::Ref => plain(Storage::Id),
        Kind::Regarding => vec![(key.clone(), Storage::Id), (format!("{key}_object"), Storage::Text)],
        Kind::LongText => Vec::new(),
    }
}

/// The column by which a field is compared and sorted.
pub(crate) fn compared(field: &str, kind: Kind) -> String {
    match kind {
        Kind::Text => format!("{field}_fold"),
        Kind::Money => format!("{field}_main"),
        _ => field.to_owned(),
    }
}

/// The values of a field's columns, in the order of [`of_field`].
pub(crate) fn encode(field: &Field, record: &Record) -> Vec<Sql> {
    let value = record.get(&field.key);
    match field.kind.kind() {
        Kind::Text => {
            let text = value.as_text();
            vec![Sql::String(text.map(str::to_owned)), Sql::String(text.map(model::text::fold))]
        }
        Kind::Key => vec![Sql::String(value.as_text().map(str::to_owned))],
        Kind::Keys => vec![Sql::String(keys(value))],
        Kind::Date => vec![Sql::String(match value {
            Value::Date(day) => Some(day.to_string()),
            _ => None,
        })],
        Kind::Number => vec![Sql::BigInt(value.as_number().map(|n| n.0))],
        Kind::Bool => vec![Sql::BigInt(match value {
            Value::Bool(truth) => Some(i64::from(*truth)),
            _ => None,
        })],
        Kind::Instant => vec![Sql::BigInt(value.as_instant().map(|at| at.0))],
        Kind::Money => {
            let money = value.as_money();
            let main = money.and_then(|_| record.mains.get(&field.key));
            vec![
                Sql::BigInt(money.map(|m| m.amount.0)),
                Sql::String(money.map(|m| m.currency.code().to_owned())),
                Sql::BigInt(main.map(|amount| amount.0)),
            ]
        }
        Kind::Ref => vec![Sql::Uuid(value.as_id().map(|id| id.0))],
        Kind::Regarding => match value {
            Value::Regarding { object, id } => vec![Sql::Uuid(Some(id.0)), Sql::String(Some(object.clone()))],
            _ => vec![Sql::Uuid(None), Sql::String(None)],
        },
        Kind::LongText => Vec::new(),
    }
}

/// `|a|b|`, so that a key is found with its bars.
fn keys(value: &Value) -> Option<String> {
    match value {
        Value::Keys(keys) if !keys.is_empty() => Some(format!("|{}|", keys.join("|"))),
        _ => None,
    }
}

/// A record from a row that has the columns of [`all`], beginning at the first.
pub(crate) fn decode(object: &Object, row: &Row) -> Result<Record, Error> {
    let mut record = Record::new(&object.key, row.get::<Id>(0)?);
    record.version = row.get(1)?;
    record.revision = row.get(2)?;
    let mut at = HEAD.len();
    for field in fields(object) {
        let kind = field.kind.kind();
        let value = decode_value(kind, row, at).ok_or_else(|| Error::decode(&field.key, format!("{:?}", row.cell(at))))?;
        if kind == Kind::Money
            && !value.is_null()
            && let Cell::Int(main) = row.cell(at + 2)
        {
            record.mains.insert(field.key.clone(), Amount(*main));
        }
        if !value.is_null() {
            record.values.insert(field.key.clone(), value);
        }
        at += width(kind);
    }
    Ok(record)
}

/// How many columns a kind has.
fn width(kind: Kind) -> usize {
    match kind {
        Kind::LongText => 0,
        Kind::Text | Kind::Regarding => 2,
        Kind::Money => 3,
        _ => 1,
    }
}

pub(crate) fn decode_value(kind: Kind, row: &Row, at: usize) -> Option<Value> {
    let cell = row.cell(at);
    if *cell == Cell::Null {
        return Some(Value::Null);
    }
    Some(match (kind, cell) {
        (Kind::Text | Kind::Key, Cell::Text(text)) => Value::Text(text.clone()),
        (Kind::Keys, Cell::Text(text)) => Value::Keys(text.split('|').filter(|key| !key.is_empty()).map(str::to_owned).collect()),
        (Kind::Date, Cell::Text(text)) => Value::Date(text.parse().ok()?),
        (Kind::Number, Cell::Int(n)) => Value::Number(Number(*n)),
        (Kind::Bool, Cell::Int(n)) => Value::Bool(*n != 0),
        (Kind::Instant, Cell::Int(n)) => Value::Instant(Instant(*n)),
        (Kind::Money, Cell::Int(n)) => {
            let Cell::Text(code) = row.cell(at + 1) else { return None };
            Value::Money(Money { amount: Amount(*n), currency: code.parse::<Currency>().ok()? })
        }
        (Kind::Ref, Cell::Id(_) | Cell::Bytes(_)) => Value::Ref(row.get(at).ok()?),
        (Kind::Regarding, Cell::Id(_) | Cell::Bytes(_)) => Value::Regarding { object: row.get(at + 1).ok()?, id: row.get(at).ok()? },
        _ => return None,
    })
}

/// What a value is compared with in SQL: the bound form of a condition's constant or of a cursor's place.
pub(crate) fn constant(value: &Value) -> Option<Sql> {
    Some(match value {
        Value::Null | Value::Keys(_) => return None,
        Value::Text(text) => Sql::String(Some(text.clone())),
        Value::Number(n) => Sql::BigInt(Some(n.0)),
        Value::Money(m) => Sql::BigInt(Some(m.amount.0)),
        Value::Bool(truth) => Sql::BigInt(Some(i64::from(*truth))),
        Value::Date(day) => Sql::String(Some(day.to_string())),
        Value::Instant(at) => Sql::BigInt(Some(at.0)),
        Value::Ref(id) | Value::Regarding { id, .. } => Sql::Uuid(Some(id.0)),
    })
}
