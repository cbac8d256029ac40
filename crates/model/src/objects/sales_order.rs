//! The sales order (销售订单): what a customer has ordered.

use super::{field, index, lines, number, reference, select, standard_fields, text};
use crate::condition::{Condition, Op};
use crate::field::{FieldType, Function, ResultType};
use crate::{Base, Field, Label, Object};

/// The object's key.
pub const KEY: &str = "sales_order";

/// The field of its state.
pub const STATUS: &str = "order_status";

/// Values of `order_status`.
pub mod status {
    /// It is being put together; the only state in which it may be changed.
    pub const DRAFT: &str = "draft";
    /// It holds, and counts in what was ordered.
    pub const CONFIRMED: &str = "confirmed";
    pub const CANCELLED: &str = "cancelled";
}

/// The object. Whoever sees its deal sees it, and so does its owner, who prepares it. It is no part of the deal: neither a lock of the deal nor an
/// approval that runs there holds it.
pub fn object() -> Object {
    let mut fields = what();
    fields.extend(lines::totals("sales_order_line", KEY));
    fields.extend(terms());
    fields.extend(standard_fields(true));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Sales order", "销售订单"),
        plural: Label::new("Sales orders", "销售订单"),
        preset: true,
        owned: true,
        base: Base::ByParent("opportunity".to_owned()),
        rank: 140,
        fields,
        indexes: vec![index(&["order_status", "order_date"])],
        ..Object::default()
    }
}

/// What the confirmed orders that name a record by `via` come to.
pub(super) fn ordered(via: &str) -> FieldType {
    FieldType::Statistical {
        of: KEY.to_owned(),
        via: via.to_owned(),
        function: Function::Sum,
        field: Some("total".to_owned()),
        condition: Some(Condition::row(STATUS, Op::Eq, status::CONFIRMED)),
        result: ResultType::Currency,
    }
}

fn what() -> Vec<Field> {
    vec![
        text("name", "Subject", "订单主题").required(),
        field("number", "Order number", "订单编号", FieldType::AutoNumber { pattern: "SO-{yyyy}-{0000}".to_owned() }),
        select(
            STATUS,
            "Status",
            "订单状态",
            &[(status::DRAFT, "Draft", "草稿"), (status::CONFIRMED, "Confirmed", "已确认"), (status::CANCELLED, "Cancelled", "已取消")],
        )
        .required()
        .default_to(status::DRAFT),
        reference("opportunity", "Opportunity", "商机", "opportunity").required().fast(),
        reference("quote", "From the quote", "来源报价单", "quote").fast(),
        reference("account", "Account", "客户", "account").fast(),
        reference("contact", "Contact", "联系人", "contact"),
        reference("price_book", "Price book", "价格表", "price_book"),
        select(lines::CURRENCY, "Currency", "币种", &[]).required(),
        field("order_date", "Ordered on", "下单日期", FieldType::Date),
        field("delivery_date", "Delivery on", "交货日期", FieldType::Date),
        text("customer_reference", "Customer's order number", "客户订单号"),
    ]
}

fn terms() -> Vec<Field> {
    vec![
        text("payment_terms", "Payment terms", "付款条件"),
        text("delivery_terms", "Delivery terms", "交货条件"),
        field("notes", "Notes to the customer", "致客户说明", FieldType::LongText),
        field("confirmed_at", "Confirmed at", "确认时间", FieldType::Datetime).read_only(),
        field("cancelled_at", "Cancelled at", "取消时间", FieldType::Datetime).read_only(),
        text("cancelled_reason", "Why cancelled", "取消原因"),
        number("main_rate", "Exchange rate at confirmation", "确认时汇率", 6).read_only(),
    ]
}
