//! The quote line (报价单明细): what a quote offers, at which price.

use super::{lines, standard_fields};
use crate::{Base, Label, Object};

/// The object's key.
pub const KEY: &str = "quote_line";

/// The object.
pub fn object() -> Object {
    let mut fields = lines::fields("quote", "Quote", "报价单");
    fields.extend(standard_fields(false));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Quote line", "报价单明细"),
        plural: Label::new("Quote lines", "报价单明细"),
        preset: true,
        owned: false,
        base: Base::ByParent("quote".to_owned()),
        rank: 135,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
