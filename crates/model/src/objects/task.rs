//! The task (任务): what somebody is to do, perhaps about a record.

use super::{field, select, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object's key.
pub const KEY: &str = "task";

/// Values of `task_status`.
pub const OPEN: &str = "open";
pub const DONE: &str = "done";
pub const CANCELLED: &str = "cancelled";

/// The object. Seen by whoever sees the record that it regards, by its owner and by its assignee, who sees that record while it is open.
pub fn object() -> Object {
    let mut fields = vec![
        text("name", "Task", "任务").required(),
        field("regarding", "Regarding", "关于", FieldType::Regarding),
        field("assignee", "Assignee", "执行人", FieldType::Employee).required(),
        field("due_at", "Due at", "截止时间", FieldType::Datetime),
        field("remind_at", "Remind at", "提醒时间", FieldType::Datetime),
        select("priority", "Priority", "优先级", &[("low", "Low", "低"), ("normal", "Normal", "普通"), ("high", "High", "高")])
            .required()
            .default_to("normal"),
        select("task_status", "Status", "状态", &[(OPEN, "Open", "未完成"), (DONE, "Done", "已完成"), (CANCELLED, "Cancelled", "已取消")])
            .required()
            .default_to(OPEN),
        field("done_at", "Done at", "完成时间", FieldType::Datetime).read_only(),
        field("done_by", "Done by", "完成人", FieldType::Employee).read_only(),
        field("description", "Description", "说明", FieldType::LongText),
        field("files", "Files", "附件", FieldType::Attachment),
    ];
    fields.extend(standard_fields(true));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Task", "任务"),
        plural: Label::new("Tasks", "任务"),
        preset: true,
        owned: true,
        base: Base::ByParent("regarding".to_owned()),
        rank: Object::HANGING + 1,
        fields,
        indexes: vec![
            // What somebody has to do, by when.
            super::index(&["assignee", "task_status", "due_at"]),
            // The tasks about a record.
            super::index(&["regarding", "created_at"]),
        ],
        ..Object::default()
    }
}
