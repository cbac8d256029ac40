//! Dates and instants.

use serde_json::Value as Json;

use super::Field;
use crate::{Date, Instant, Value, Violation};

pub fn parse_date(field: &Field, json: &Json) -> Result<Value, Violation> {
    let text = json.as_str().map(str::trim).filter(|text| text.len() == 10);
    let day = text.and_then(|text| text.parse::<Date>().ok()).filter(|day| day.year() >= 1);
    day.map(Value::Date).ok_or_else(|| field.invalid("a day, as 2026-11-23"))
}

pub fn parse_instant(field: &Field, json: &Json) -> Result<Value, Violation> {
    json.as_str().and_then(Instant::parse).map(Value::Instant).ok_or_else(|| field.invalid("an instant, as 2026-11-23T15:48:00Z"))
}
