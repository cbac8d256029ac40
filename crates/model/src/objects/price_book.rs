//! The price book (价格表): what products cost whom, in one currency, for a time.

use super::{field, lines, select, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object's key.
pub const KEY: &str = "price_book";

/// The object. Its currency is one of the organisation's; its entries' prices are in it.
pub fn object() -> Object {
    let mut fields = vec![
        text("name", "Price book", "价格表名称").required().unique(),
        select(lines::CURRENCY, "Currency", "币种", &[]).required(),
        field("valid_from", "Valid from", "生效日期", FieldType::Date),
        field("valid_until", "Valid until", "失效日期", FieldType::Date),
        // Where a deal names none, the one that is standard in its currency holds.
        field("standard", "Standard in its currency", "该币种标准价格表", FieldType::Boolean).default_to(false),
        field("active", "Active", "启用", FieldType::Boolean).default_to(true),
        field("description", "Description", "备注", FieldType::LongText),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Price book", "价格表"),
        plural: Label::new("Price books", "价格表"),
        preset: true,
        owned: false,
        base: Base::PublicRead,
        rank: 32,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
