//! The department (部门): a place in the tree of the organisation.

use super::{field, reference, references, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object. Assistants see what the head sees.
pub fn object() -> Object {
    let mut fields = vec![
        text("name", "Department name", "部门名称").required(),
        reference("parent", "Parent department", "上级部门", "department"),
        field("head", "Head", "部门负责人", FieldType::Employee),
        references("assistants", "Assistants", "部门助理", "employee"),
        field("description", "Description", "备注", FieldType::LongText),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: "department".to_owned(),
        label: Label::new("Department", "部门"),
        plural: Label::new("Departments", "部门"),
        preset: true,
        owned: false,
        base: Base::PublicRead,
        rank: 10,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
