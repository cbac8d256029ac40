//! The user group (用户组): people and departments to whom records are given together.

use super::{field, references, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object. Whoever is in a department of the group, or below it, is in the group.
pub fn object() -> Object {
    let mut departments = references("departments", "Departments", "部门", "department");
    departments.help = Some(Label::new("With everybody in them and in the departments below", "包含其中及下级部门的所有人员"));
    let mut fields = vec![
        text("name", "Group name", "用户组名称").required().unique(),
        references("members", "Members", "成员", "employee"),
        departments,
        field("description", "Description", "备注", FieldType::LongText),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: "user_group".to_owned(),
        label: Label::new("User group", "用户组"),
        plural: Label::new("User groups", "用户组"),
        preset: true,
        owned: false,
        base: Base::PublicRead,
        rank: 25,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
