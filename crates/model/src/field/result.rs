//! What a field that the product reckons comes to.

use serde::{Deserialize, Serialize};

use super::{FieldType, Kind};

/// The type of a calculated or statistical field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum ResultType {
    Text,
    /// Rounded half up to `scale` digits after the point, 0 to 6.
    Number {
        #[serde(default)]
        scale: u32,
    },
    /// Rounded half up to the smallest coin of its currency.
    Currency,
    Percent {
        #[serde(default)]
        scale: u32,
    },
    Boolean,
    Date,
    Datetime,
}

impl ResultType {
    /// How its values are kept.
    pub fn kind(self) -> Kind {
        match self {
            ResultType::Text => Kind::Text,
            ResultType::Number { .. } | ResultType::Percent { .. } => Kind::Number,
            ResultType::Currency => Kind::Money,
            ResultType::Boolean => Kind::Bool,
            ResultType::Date => Kind::Date,
            ResultType::Datetime => Kind::Instant,
        }
    }

    /// The type of a field in which people would enter such values.
    pub fn entered(self) -> FieldType {
        match self {
            ResultType::Text => FieldType::Text { max_length: super::text::default_length(), pattern: None },
            ResultType::Number { scale } => FieldType::Number { scale, min: None, max: None },
            ResultType::Currency => FieldType::Currency,
            ResultType::Percent { scale } => FieldType::Percent { scale },
            ResultType::Boolean => FieldType::Boolean,
            ResultType::Date => FieldType::Date,
            ResultType::Datetime => FieldType::Datetime,
        }
    }

    /// The type's name as the API says it.
    pub fn name(self) -> &'static str {
        match self {
            ResultType::Text => "text",
            ResultType::Number { .. } => "number",
            ResultType::Currency => "currency",
            ResultType::Percent { .. } => "percent",
            ResultType::Boolean => "boolean",
            ResultType::Date => "date",
            ResultType::Datetime => "datetime",
        }
    }
}
