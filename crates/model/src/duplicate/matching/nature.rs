//! What the text of a field is, by which it is compared.

use crate::field::{FieldType, Kind, ResultType};
use crate::{Field, Object};

/// What the text of a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    Text,
    /// A company's name: its legal form does not count.
    Company,
    Email,
    Phone,
    Url,
    /// Long text: compared as a whole or not at all.
    Long,
}

/// Fields in which companies stand, by object.
const COMPANIES: [(&str, &str); 3] = [("account", "name"), ("lead", "company"), ("competitor", "name")];

/// What the text of a field is; `None` for fields that hold no text.
pub fn nature(object: &Object, field: &Field) -> Option<Nature> {
    match field.kind {
        FieldType::Text { .. } if COMPANIES.contains(&(object.key.as_str(), field.key.as_str())) => Some(Nature::Company),
        _ => of_type(field),
    }
}

/// The same by the field alone, which does not know of companies.
pub fn of_type(field: &Field) -> Option<Nature> {
    match field.kind {
        FieldType::Text { .. } | FieldType::Calculated { result: ResultType::Text, .. } => Some(Nature::Text),
        FieldType::LongText => Some(Nature::Long),
        FieldType::Email => Some(Nature::Email),
        FieldType::Phone => Some(Nature::Phone),
        FieldType::Url => Some(Nature::Url),
        _ if matches!(field.kind.kind(), Kind::Text) => Some(Nature::Text),
        _ => None,
    }
}
