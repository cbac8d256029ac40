//! Roll-ups: what the records that refer to one come to together.

use serde::{Deserialize, Serialize};

use super::{Field, FieldType, Kind, ResultType};

/// How a statistical field reckons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    Count,
    Sum,
    Min,
    Max,
    Average,
}

impl Function {
    /// As the API says it.
    pub fn key(self) -> &'static str {
        match self {
            Function::Count => "count",
            Function::Sum => "sum",
            Function::Min => "min",
            Function::Max => "max",
            Function::Average => "average",
        }
    }

    /// What comes of reckoning over `field`; `None` where the function does not go with it.
    pub fn result(self, field: Option<&Field>) -> Option<ResultType> {
        let scale = field.and_then(|field| field.kind.scale());
        let kind = field.map(|field| field.kind.kind());
        Some(match (self, kind) {
            (Function::Count, None) => ResultType::Number { scale: 0 },
            (Function::Average, Some(Kind::Number)) => ResultType::Number { scale: scale.unwrap_or(0).max(2) },
            (Function::Sum | Function::Min | Function::Max, Some(Kind::Number)) => ResultType::Number { scale: scale.unwrap_or(6) },
            (Function::Sum | Function::Min | Function::Max | Function::Average, Some(Kind::Money)) => ResultType::Currency,
            (Function::Min | Function::Max, Some(Kind::Date)) => ResultType::Date,
            (Function::Min | Function::Max, Some(Kind::Instant)) => ResultType::Datetime,
            _ => return None,
        })
    }
}

impl FieldType {
    /// Digits after the point of a number or percent.
    pub fn scale(&self) -> Option<u32> {
        match self {
            FieldType::Number { scale, .. } | FieldType::Percent { scale } => Some(*scale),
            FieldType::Calculated { result, .. } | FieldType::Statistical { result, .. } => match result {
                ResultType::Number { scale } | ResultType::Percent { scale } => Some(*scale),
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Label;

    #[test]
    fn a_function_comes_to_what_its_field_is() {
        let field = |kind| Field::new("x_a", Label::default(), kind);
        let number = field(FieldType::Number { scale: 1, min: None, max: None });
        let money = field(FieldType::Currency);
        let day = field(FieldType::Date);
        let text = field(FieldType::Email);
        assert_eq!(Function::Count.result(None), Some(ResultType::Number { scale: 0 }));
        assert_eq!(Function::Count.result(Some(&number)), None);
        assert_eq!(Function::Sum.result(Some(&number)), Some(ResultType::Number { scale: 1 }));
        assert_eq!(Function::Average.result(Some(&number)), Some(ResultType::Number { scale: 2 }));
        assert_eq!(Function::Average.result(Some(&money)), Some(ResultType::Currency));
        assert_eq!(Function::Max.result(Some(&day)), Some(ResultType::Date));
        assert_eq!([Function::Sum.result(Some(&day)), Function::Max.result(Some(&text)), Function::Sum.result(None)], [None, None, None]);
    }
}
