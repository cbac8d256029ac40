//! The quote (报价单): what is offered to a customer in a deal, at which prices, until when.

use super::{field, index, lines, number, reference, select, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Field, Label, Object};

/// The object's key.
pub const KEY: &str = "quote";

/// The field of its state.
pub const STATUS: &str = "quote_status";

/// Values of `quote_status`.
pub mod status {
    /// It is being put together; the only state in which what it offers may be changed.
    pub const DRAFT: &str = "draft";
    /// Its sending waits for an approval.
    pub const IN_REVIEW: &str = "in_review";
    /// The customer has it.
    pub const SENT: &str = "sent";
    /// The customer has agreed; of a deal's quotes at most one.
    pub const ACCEPTED: &str = "accepted";
    pub const REJECTED: &str = "rejected";
}

/// What it offers: fields that may be changed only while it is a draft.
pub const CONTENT: [&str; 12] = [
    "name",
    "opportunity",
    "account",
    "contact",
    "price_book",
    lines::CURRENCY,
    "valid_until",
    "discount",
    "tax_rate",
    "payment_terms",
    "delivery_terms",
    "notes",
];

/// The object. Whoever sees its deal sees it, and so does its owner, who prepares it. It is no part of the deal: neither a lock of the deal nor an
/// approval that runs there holds it.
pub fn object() -> Object {
    let mut fields = what();
    fields.extend(lines::totals("quote_line", KEY));
    fields.extend(terms());
    fields.extend(standard_fields(true));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Quote", "报价单"),
        plural: Label::new("Quotes", "报价单"),
        preset: true,
        owned: true,
        base: Base::ByParent("opportunity".to_owned()),
        rank: 130,
        fields,
        indexes: vec![index(&["quote_status", "valid_until"])],
        ..Object::default()
    }
}

fn what() -> Vec<Field> {
    vec![
        text("name", "Subject", "报价主题").required(),
        text("number", "Quote number", "报价单号").read_only(),
        number("version_no", "Version", "版本", 0).default_to("1").read_only(),
        field("current", "Latest version", "最新版本", FieldType::Boolean).default_to(true).read_only(),
        reference("replaces", "Replaces", "替代的版本", KEY).read_only(),
        select(
            STATUS,
            "Status",
            "报价状态",
            &[
                (status::DRAFT, "Draft", "草稿"),
                (status::IN_REVIEW, "In review", "审核中"),
                (status::SENT, "Sent", "已发送"),
                (status::ACCEPTED, "Accepted", "已接受"),
                (status::REJECTED, "Rejected", "已拒绝"),
            ],
        )
        .required()
        .default_to(status::DRAFT),
        reference("opportunity", "Opportunity", "商机", "opportunity").required().fast(),
        reference("account", "Account", "客户", "account").fast(),
        reference("contact", "Contact", "联系人", "contact"),
        reference("price_book", "Price book", "价格表", "price_book"),
        select(lines::CURRENCY, "Currency", "币种", &[]).required(),
        field("valid_until", "Valid until", "有效期至", FieldType::Date),
    ]
}

fn terms() -> Vec<Field> {
    vec![
        text("payment_terms", "Payment terms", "付款条件"),
        text("delivery_terms", "Delivery terms", "交货条件"),
        field("notes", "Notes to the customer", "致客户说明", FieldType::LongText),
        field("sent_at", "Sent at", "发送时间", FieldType::Datetime).read_only(),
        field("decided_at", "Accepted or rejected at", "客户答复时间", FieldType::Datetime).read_only(),
        text("rejected_reason", "Why rejected", "拒绝原因"),
    ]
}
