//! The product (产品): what is sold.

use super::{field, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object.
pub fn object() -> Object {
    let mut fields = vec![
        text("name", "Product name", "产品名称").required().unique(),
        text("code", "Product code", "产品编码"),
        text("series", "Series", "产品系列"),
        text("unit", "Unit", "单位"),
        field("list_price", "List price", "标准价格", FieldType::Currency),
        field("active", "On sale", "在售", FieldType::Boolean).default_to(true),
        field("description", "Description", "备注", FieldType::LongText),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: "product".to_owned(),
        label: Label::new("Product", "产品"),
        plural: Label::new("Products", "产品"),
        preset: true,
        owned: false,
        base: Base::PublicRead,
        rank: 30,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
