//! Text, long text, e-mail, phone, url.

use serde_json::Value as Json;

use super::{Field, FieldType, pattern};
use crate::{Value, Violation, text};

/// Longest text when the field says nothing.
pub fn default_length() -> u32 {
    255
}

const LONG: u32 = 100_000;

pub fn parse(field: &Field, json: &Json) -> Result<Value, Violation> {
    let Some(raw) = json.as_str() else { return Err(field.invalid("text")) };
    if !text::storable(raw) {
        return Err(field.invalid("text without the character U+0000"));
    }
    let value = raw.trim();
    let max = match &field.kind {
        FieldType::Text { max_length, .. } => *max_length,
        FieldType::LongText => LONG,
        _ => default_length(),
    };
    let length = value.chars().count();
    if length > max as usize {
        return Err(Violation::new("field.too_long", &field.key).with("max", max).with("length", length));
    }
    match &field.kind {
        FieldType::Text { pattern: Some(pattern), .. } if !pattern::meets(pattern, value) => {
            Err(Violation::new("field.pattern", &field.key).with("pattern", pattern.as_str()))
        }
        FieldType::Email if !is_email(value) => Err(field.invalid("an e-mail address, as name@example.com")),
        FieldType::Phone if !is_phone(value) => Err(field.invalid("a phone number with at least 5 digits")),
        FieldType::Url if !is_url(value) => Err(field.invalid("a web address, as https://example.com")),
        _ => Ok(Value::Text(value.to_owned())),
    }
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !text.contains(char::is_whitespace)
}

fn is_phone(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 5 && text.chars().all(|c| c.is_ascii_digit() || " +-()/.#*xX".contains(c))
}

/// True for an address that a browser opens, and that runs nothing in it.
pub(crate) fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}
