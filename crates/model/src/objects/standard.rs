//! Fields that every object has.

use super::{field, select};
use crate::Field;
use crate::field::FieldType;

/// Values of `lifecycle_status`: what approvals and the recycle bin have made of a record (spec/00).
pub mod lifecycle {
    pub const INEFFECTIVE: &str = "ineffective";
    pub const UNDER_REVIEW: &str = "under_review";
    pub const NORMAL: &str = "normal";
    pub const IN_CHANGE: &str = "in_change";
    pub const VOIDED: &str = "voided";

    /// What counts in pipelines, forecasts and sums.
    pub const COUNTING: [&str; 2] = [NORMAL, IN_CHANGE];

    /// True for a status of what counts; also for records that have none.
    pub fn counts(status: &str) -> bool {
        !matches!(status, INEFFECTIVE | UNDER_REVIEW | VOIDED)
    }
}

/// The standard fields of an object. The product writes them all: an owner is changed by acts, never by an edit.
pub fn standard_fields(owned: bool) -> Vec<Field> {
    let mut fields = Vec::new();
    if owned {
        fields.push(field("owner", "Owner", "负责人", FieldType::Employee));
        fields.push(field("owner_department", "Owner's department", "负责人主属部门", FieldType::Department));
    }
    let status = select(
        "lifecycle_status",
        "Lifecycle status",
        "生命状态",
        &[
            (lifecycle::INEFFECTIVE, "Ineffective", "未生效"),
            (lifecycle::UNDER_REVIEW, "Under review", "审核中"),
            (lifecycle::NORMAL, "Normal", "正常"),
            (lifecycle::IN_CHANGE, "In change", "变更中"),
            (lifecycle::VOIDED, "Voided", "作废"),
        ],
    );
    fields.push(status.default_to(lifecycle::NORMAL));
    let waits = select(
        crate::approval::FIELD,
        "In approval",
        "等待审批",
        &[
            ("create", "Creation", "新建"),
            ("edit", "Edit", "编辑"),
            ("void", "Voiding", "作废"),
            ("restore", "Restoring", "恢复"),
            ("delete", "Deleting", "删除"),
            ("change_owner", "Change of owner", "变更负责人"),
            ("claim", "Claim", "领取"),
            ("return", "Return", "退回"),
            ("stage", "Stage", "阶段"),
            ("convert", "Conversion", "转换"),
            ("import", "Import", "导入"),
        ],
    );
    fields.push(waits);
    fields.push(field("locked", "Locked", "锁定", FieldType::Boolean).default_to(false));
    fields.push(field("created_at", "Created at", "创建时间", FieldType::Datetime).fast());
    fields.push(field("created_by", "Created by", "创建人", FieldType::Employee));
    fields.push(field("updated_at", "Last changed at", "最后修改时间", FieldType::Datetime));
    fields.push(field("updated_by", "Last changed by", "最后修改人", FieldType::Employee));
    fields.into_iter().map(|field| field.system().read_only()).collect()
}
