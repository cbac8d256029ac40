//! Numbers and percents.

use serde_json::Value as Json;

use super::{Field, FieldType};
use crate::{Number, Value, Violation};

pub fn parse(field: &Field, json: &Json) -> Result<Value, Violation> {
    let text = match json {
        Json::String(text) => text.clone(),
        Json::Number(n) => n.to_string(),
        _ => return Err(field.invalid("a number")),
    };
    let number = Number::parse(&text).ok_or_else(|| field.invalid("a plain decimal number, as 12.5"))?;
    let (scale, min, max) = match &field.kind {
        FieldType::Number { scale, min, max } => (*scale, min.as_deref(), max.as_deref()),
        FieldType::Percent { scale } => (*scale, Some("0"), Some("100")),
        _ => (6, None, None),
    };
    if !number.fits_scale(scale) {
        return Err(field.invalid(if scale == 0 { "a whole number" } else { "fewer digits after the point" }).with("scale", scale));
    }
    let below = min.and_then(Number::parse).is_some_and(|min| number < min);
    let above = max.and_then(Number::parse).is_some_and(|max| number > max);
    if below || above {
        return Err(Violation::new("field.out_of_range", &field.key).with("min", min).with("max", max));
    }
    Ok(Value::Number(number))
}
