//! The activity (跟进记录): what somebody has done about a record: a call, a visit, an e-mail, a note.

use super::{field, reference, select, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object's key.
pub const KEY: &str = "activity";

/// The object. Seen by whoever sees the record that it regards, and by its owner.
pub fn object() -> Object {
    let mut fields = vec![
        text("name", "Subject", "主题").required(),
        select(
            "activity_type",
            "Type",
            "类型",
            &[("call", "Call", "电话"), ("visit", "Visit", "拜访"), ("email", "E-mail", "邮件"), ("note", "Note", "记录")],
        )
        .required()
        .default_to("note"),
        field("regarding", "Regarding", "关于", FieldType::Regarding).required(),
        field("happened_at", "Happened at", "发生时间", FieldType::Datetime).required(),
        reference("contact", "Contact", "联系人", "contact"),
        field("content", "What happened", "内容", FieldType::LongText),
        select(
            "outcome",
            "Outcome",
            "结果",
            &[
                ("positive", "Went well", "进展顺利"),
                ("neutral", "No change", "无变化"),
                ("negative", "Went badly", "进展不利"),
                ("not_reached", "Not reached", "未联系上"),
            ],
        ),
        text("next_step", "Next step", "下一步计划"),
        field("next_step_at", "Next step at", "下一步时间", FieldType::Datetime),
        field("files", "Files", "附件", FieldType::Attachment),
    ];
    fields.extend(standard_fields(true));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Activity", "跟进记录"),
        plural: Label::new("Activities", "跟进记录"),
        preset: true,
        owned: true,
        base: Base::ByParent("regarding".to_owned()),
        // Hangs on records of any object, an administrator's own included.
        rank: Object::HANGING,
        fields,
        indexes: vec![
            // What happened about a record, the newest first; and how long ago that is.
            super::index(&["regarding", "happened_at"]),
            // What somebody has done.
            super::index(&["owner", "happened_at"]),
        ],
        ..Object::default()
    }
}
