//! The employee (员工): a person of the organisation, who signs in with his e-mail address.

use super::{field, references, select, standard_fields, text};
use crate::field::{Choice, FieldType};
use crate::{Base, Label, Object, role};

/// The object.
pub fn object() -> Object {
    let roles = role::shipped().into_iter().map(|role| Choice::new(&role.key, role.name)).collect();
    let mut fields = vec![
        text("name", "Name", "姓名").required(),
        field("email", "E-mail", "邮箱", FieldType::Email).unique(),
        text("title", "Position", "职位"),
        text("job_level", "Job level", "职级"),
        field("department", "Department", "主属部门", FieldType::Department).fast(),
        references("further_departments", "Further departments", "附属部门", "department"),
        field("manager", "Manager", "汇报对象", FieldType::Employee).fast(),
        field("phone", "Phone", "电话", FieldType::Phone),
        field("active", "Active", "启用", FieldType::Boolean).default_to(true),
        field("roles", "Roles", "角色", FieldType::MultiSelect { options: roles }),
        select("language", "Language", "语言", &[("en", "English", "英语"), ("zh-CN", "Simplified Chinese", "简体中文")]),
        text("time_zone", "Time zone", "时区"),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: "employee".to_owned(),
        label: Label::new("Employee", "员工"),
        plural: Label::new("Employees", "员工"),
        preset: true,
        owned: false,
        base: Base::PublicRead,
        rank: 20,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
