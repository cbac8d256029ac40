//! The competitor (竞争对手): who else wants the deal.

use super::{field, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object.
pub fn object() -> Object {
    let mut fields = vec![
        text("name", "Competitor name", "竞争对手名称").required().unique(),
        field("website", "Website", "网址", FieldType::Url),
        field("strengths", "Strengths", "优势", FieldType::LongText),
        field("weaknesses", "Weaknesses", "劣势", FieldType::LongText),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: "competitor".to_owned(),
        label: Label::new("Competitor", "竞争对手"),
        plural: Label::new("Competitors", "竞争对手"),
        preset: true,
        owned: false,
        base: Base::PublicRead,
        rank: 40,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
