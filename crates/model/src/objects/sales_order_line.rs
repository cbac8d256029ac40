//! The order line (销售订单明细): what was ordered, at which price.

use super::{lines, standard_fields};
use crate::{Base, Label, Object};

/// The object's key.
pub const KEY: &str = "sales_order_line";

/// The object.
pub fn object() -> Object {
    let mut fields = lines::fields("sales_order", "Sales order", "销售订单");
    fields.extend(standard_fields(false));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Order line", "销售订单明细"),
        plural: Label::new("Order lines", "销售订单明细"),
        preset: true,
        owned: false,
        base: Base::ByParent("sales_order".to_owned()),
        rank: 145,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
