//! The win/loss review (赢输单复盘): why a deal ended as it did, and what is to be learnt from it.

use super::{field, reference, select, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object's key.
pub const KEY: &str = "win_loss_review";

/// The object. It has the rights of its deal.
pub fn object() -> Object {
    let mut fields = vec![
        text("name", "Subject", "复盘主题").required(),
        reference("opportunity", "Opportunity", "商机", "opportunity").required().fast(),
        select("outcome", "Outcome", "结果", &[("won", "Won", "赢单"), ("lost", "Lost", "输单"), ("invalid", "Invalid", "无效")])
            .required(),
        select(
            "main_reason",
            "Main reason",
            "主要原因",
            &[
                ("price", "Price", "价格"),
                ("product", "Product", "产品"),
                ("relationship", "Relationship", "客情关系"),
                ("service", "Service", "服务"),
                ("delivery", "Delivery", "交付"),
                ("timing", "Timing", "时机"),
                ("budget", "Budget", "预算"),
                ("competitor", "Competitor", "竞争对手"),
                ("other", "Other", "其他"),
            ],
        )
        .required(),
        reference("competitor", "Competitor", "竞争对手", "competitor"),
        field("price_gap", "Difference in price", "价格差距", FieldType::Currency),
        field("went_well", "What went well", "做得好的地方", FieldType::LongText),
        field("do_better", "What to do better", "改进之处", FieldType::LongText),
        field("customer_said", "What the customer said", "客户反馈", FieldType::LongText),
        field("reviewed_by", "Reviewed by", "复盘人", FieldType::Employee),
        field("reviewed_on", "Reviewed on", "复盘日期", FieldType::Date),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Win/loss review", "赢输单复盘"),
        plural: Label::new("Win/loss reviews", "赢输单复盘"),
        preset: true,
        owned: false,
        base: Base::ByParent("opportunity".to_owned()),
        rank: 114,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
