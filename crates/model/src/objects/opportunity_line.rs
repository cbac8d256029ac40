//! The opportunity line (商机明细): a product with its quantity and price, living in an opportunity.

use super::{lines, standard_fields};
use crate::{Base, Label, Object};

/// The object's key.
pub const KEY: &str = "opportunity_line";

/// The object.
pub fn object() -> Object {
    let mut fields = lines::fields("opportunity", "Opportunity", "商机");
    fields.extend(standard_fields(false));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Opportunity line", "商机明细"),
        plural: Label::new("Opportunity lines", "商机明细"),
        preset: true,
        owned: false,
        base: Base::ByParent("opportunity".to_owned()),
        rank: 120,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
