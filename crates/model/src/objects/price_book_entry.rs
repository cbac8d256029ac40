//! The price book entry (价格表明细): what one product costs in a price book.

use super::{field, price_book, reference, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object's key.
pub const KEY: &str = "price_book_entry";

/// The object. It has the rights of its price book.
pub fn object() -> Object {
    let mut fields = vec![
        field("price_book", "Price book", "价格表", FieldType::Master { object: price_book::KEY.to_owned() }).required().fast(),
        text("name", "Entry", "明细名称").required(),
        reference("product", "Product", "产品", "product").required().fast(),
        field("price", "Price", "单价", FieldType::Currency).required(),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Price book entry", "价格表明细"),
        plural: Label::new("Price book entries", "价格表明细"),
        preset: true,
        owned: false,
        base: Base::ByParent("price_book".to_owned()),
        rank: 34,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
