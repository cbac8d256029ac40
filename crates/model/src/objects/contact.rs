//! The contact (联系人): a person at an account.

use super::{field, reference, select, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// How somebody stands to a deal or to us (D16).
pub(super) const ATTITUDES: [(&str, &str, &str); 3] =
    [("supporter", "Supporter", "支持"), ("neutral", "Neutral", "中立"), ("opponent", "Opponent", "反对")];

/// The object.
pub fn object() -> Object {
    let mut fields = vec![
        text("name", "Name", "姓名").required(),
        reference("account", "Account", "客户", "account").fast(),
        text("title", "Job title", "职务"),
        text("section", "Department", "所在部门"),
        field("email", "E-mail", "邮箱", FieldType::Email),
        field("phone", "Phone", "电话", FieldType::Phone),
        field("mobile", "Mobile", "手机", FieldType::Phone),
        select("attitude", "Attitude", "态度", &ATTITUDES),
        field("last_followed_at", "Last followed up at", "最后跟进时间", FieldType::Datetime).read_only(),
        field("description", "Description", "备注", FieldType::LongText),
    ];
    fields.extend(standard_fields(true));
    Object {
        key: "contact".to_owned(),
        label: Label::new("Contact", "联系人"),
        plural: Label::new("Contacts", "联系人"),
        preset: true,
        owned: true,
        base: Base::PublicRead,
        rank: 60,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
