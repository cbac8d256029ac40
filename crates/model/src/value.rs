//! The value of a field.

use crate::{Date, Id, Instant, Money, Number};

/// What a field holds. Which variant belongs to which field type is told by [`crate::field::Kind`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// Nothing: the field is blank.
    #[default]
    Null,
    /// Text, e-mail, phone, url, a select option's key, an auto number.
    Text(String),
    /// A number or a percent.
    Number(Number),
    Money(Money),
    Bool(bool),
    Date(Date),
    Instant(Instant),
    /// A record, an employee, a department.
    Ref(Id),
    /// A record of any object.
    Regarding {
        object: String,
        id: Id,
    },
    /// Option keys of a multi select, ids of several records or files: sorted, without repeats, never empty (that is `Null`).
    Keys(Vec<String>),
}

impl Value {
    /// True when blank.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text of a text-like value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The id of a reference.
    pub fn as_id(&self) -> Option<Id> {
        match self {
            Value::Ref(id) | Value::Regarding { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// The ids of several records or files.
    pub fn ids(&self) -> Vec<Id> {
        match self {
            Value::Keys(keys) => keys.iter().filter_map(|key| key.parse().ok()).collect(),
            _ => Vec::new(),
        }
    }

    /// The day of a date.
    pub fn as_date(&self) -> Option<Date> {
        match self {
            Value::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// The number of a number or percent.
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Value::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// The money of a currency field.
    pub fn as_money(&self) -> Option<Money> {
        match self {
            Value::Money(m) => Some(*m),
            _ => None,
        }
    }

    /// The instant of a datetime.
    pub fn as_instant(&self) -> Option<Instant> {
        match self {
            Value::Instant(at) => Some(*at),
            _ => None,
        }
    }

    /// The truth of a boolean; blank is false.
    pub fn is_true(&self) -> bool {
        matches!(self, Value::Bool(true))
    }
}

impl From<Option<Value>> for Value {
    fn from(value: Option<Value>) -> Value {
        value.unwrap_or(Value::Null)
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}
impl From<Id> for Value {
    fn from(id: Id) -> Value {
        Value::Ref(id)
    }
}
impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Bool(truth)
    }
}
impl From<Instant> for Value {
    fn from(at: Instant) -> Value {
        Value::Instant(at)
    }
}
impl From<Date> for Value {
    fn from(day: Date) -> Value {
        Value::Date(day)
    }
}
impl From<Number> for Value {
    fn from(n: Number) -> Value {
        Value::Number(n)
    }
}
impl From<Money> for Value {
    fn from(m: Money) -> Value {
        Value::Money(m)
    }
}
