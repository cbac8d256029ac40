//! The account (客户): an organisation that buys.

use super::{field, number, reference, sales_order, select, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object, pool};

/// The object. Everybody reads accounts; one that nobody has lies in a pool, or waits for those who give out.
pub fn object() -> Object {
    let mut fields = vec![
        text("name", "Account name", "客户名称").required(),
        select(
            "status",
            "Status",
            "客户状态",
            &[
                ("prospect", "Prospect", "潜在客户"),
                ("customer", "Customer", "成交客户"),
                ("partner", "Partner", "合作伙伴"),
                ("former", "Former customer", "流失客户"),
            ],
        )
        .default_to("prospect"),
        text("sector", "Sector", "行业"),
        reference("parent", "Parent account", "上级客户", "account"),
        field("website", "Website", "网址", FieldType::Url),
        field("phone", "Phone", "电话", FieldType::Phone),
        text("country", "Country", "国家/地区"),
        text("city", "City", "城市"),
        number("employees", "Employees", "员工人数", 0),
        field("annual_revenue", "Annual revenue", "年营业额", FieldType::Currency),
        number("founded_year", "Founded in", "成立年份", 0),
        field("ordered_amount", "Ordered amount", "订单金额", sales_order::ordered("account")).read_only(),
        select(pool::FIELD, "Pool", "公海", &[]).read_only(),
        field("last_followed_at", "Last followed up at", "最后跟进时间", FieldType::Datetime).read_only(),
        field("description", "Description", "备注", FieldType::LongText),
    ];
    fields.extend(standard_fields(true));
    Object {
        key: "account".to_owned(),
        label: Label::new("Account", "客户"),
        plural: Label::new("Accounts", "客户"),
        preset: true,
        owned: true,
        ownerless: true,
        base: Base::PublicRead,
        rank: 50,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
