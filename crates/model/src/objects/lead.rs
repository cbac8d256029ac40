//! The lead (线索): somebody who may want to buy, before it is known whether there is a deal.

use super::opportunity::LEAD_SOURCES;
use super::{field, reference, select, standard_fields, text};
use crate::condition::{Condition, Op};
use crate::field::FieldType;
use crate::{Base, Field, Label, Object, pool};

/// The object's key.
pub const KEY: &str = "lead";

/// Values of `lead_status`; the product sets it from what happens to the lead.
pub mod status {
    /// Nobody has it yet.
    pub const UNASSIGNED: &str = "unassigned";
    /// Its owner has not got in touch yet.
    pub const PENDING: &str = "pending";
    /// Somebody is in touch.
    pub const FOLLOWING: &str = "following";
    /// It has become an account, a contact, an opportunity.
    pub const CONVERTED: &str = "converted";
    /// Nothing will come of it, for a reason.
    pub const INVALID: &str = "invalid";
}

/// The object. A lead may lie without an owner until somebody gives it to one.
pub fn object() -> Object {
    let mut fields = who();
    fields.extend(course());
    fields.extend(standard_fields(true));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Lead", "线索"),
        plural: Label::new("Leads", "线索"),
        preset: true,
        owned: true,
        ownerless: true,
        base: Base::Private,
        rank: 45,
        fields,
        // Somebody's leads to follow, and those that nobody has.
        indexes: vec![["owner", "lead_status", "created_at"].map(str::to_owned).to_vec()],
        icon: Some("bulb".to_owned()),
        ..Object::default()
    }
}

/// Who asks, and for what.
fn who() -> Vec<Field> {
    vec![
        text("name", "Name", "姓名").required(),
        text("company", "Company", "公司"),
        text("title", "Job title", "职务"),
        field("email", "E-mail", "邮箱", FieldType::Email).fast(),
        field("phone", "Phone", "电话", FieldType::Phone),
        field("mobile", "Mobile", "手机", FieldType::Phone),
        field("website", "Website", "网址", FieldType::Url),
        text("sector", "Sector", "行业"),
        text("country", "Country", "国家/地区"),
        text("city", "City", "城市"),
        field("amount", "Expected amount", "预计金额", FieldType::Currency),
        select("lead_source", "Lead source", "线索来源", &LEAD_SOURCES),
        text("source_detail", "Source in detail", "来源说明"),
        field("description", "Request", "需求描述", FieldType::LongText),
    ]
}

/// What has become of it.
fn course() -> Vec<Field> {
    let when = |status: &str| Condition::row("lead_status", Op::Eq, status);
    let converted = || when(status::CONVERTED);
    vec![
        select(
            "lead_status",
            "Lead status",
            "线索状态",
            &[
                (status::UNASSIGNED, "Unassigned", "未分配"),
                (status::PENDING, "To follow up", "待跟进"),
                (status::FOLLOWING, "Following", "跟进中"),
                (status::CONVERTED, "Converted", "已转换"),
                (status::INVALID, "Invalid", "无效"),
            ],
        )
        .default_to(status::UNASSIGNED)
        .read_only(),
        select(
            "invalid_reason",
            "Why invalid",
            "无效原因",
            &[
                ("no_interest", "No interest", "无意向"),
                ("not_reachable", "Cannot be reached", "联系不上"),
                ("no_fit", "Not our kind of customer", "不匹配"),
                ("duplicate", "Already known", "重复线索"),
                ("wrong_data", "Wrong details", "信息有误"),
                ("spam", "Advertising or abuse", "垃圾信息"),
                ("other", "Other", "其他"),
            ],
        )
        .read_only()
        .visible_when(when(status::INVALID)),
        field("last_followed_at", "Last followed up at", "最后跟进时间", FieldType::Datetime).read_only(),
        select(pool::FIELD, "Pool", "公海", &[]).read_only(),
        text("web_form", "Web form", "网页表单").read_only(),
        reference("account", "Became the account", "转为客户", "account").read_only().visible_when(converted()),
        reference("contact", "Became the contact", "转为联系人", "contact").read_only().visible_when(converted()),
        reference("opportunity", "Became the opportunity", "转为商机", "opportunity").read_only().visible_when(converted()),
        field("converted_at", "Converted at", "转换时间", FieldType::Datetime).read_only().visible_when(converted()),
        field("converted_by", "Converted by", "转换人", FieldType::Employee).read_only().visible_when(converted()),
    ]
}
