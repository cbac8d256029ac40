//! The competitor in a deal (商机竞争对手): who else is after it, how strong, and at which price.

use super::{field, reference, select, standard_fields, text};
use crate::field::FieldType;
use crate::{Base, Label, Object};

/// The object's key.
pub const KEY: &str = "opportunity_competitor";

/// The object. Seen by whoever sees the opportunity.
pub fn object() -> Object {
    let mut fields = vec![
        field("opportunity", "Opportunity", "商机", FieldType::Master { object: "opportunity".to_owned() }).required().fast(),
        text("name", "What they offer", "对手方案").required(),
        reference("competitor", "Competitor", "竞争对手", "competitor").required().fast(),
        field("quoted_price", "Quoted price", "对手报价", FieldType::Currency),
        select(
            "standing",
            "Standing",
            "竞争态势",
            &[("ahead", "Ahead of us", "领先于我方"), ("level", "Level with us", "与我方持平"), ("behind", "Behind us", "落后于我方")],
        ),
        field("strengths", "Strengths in this deal", "本单优势", FieldType::LongText),
        field("weaknesses", "Weaknesses in this deal", "本单劣势", FieldType::LongText),
        field("won", "Won the deal", "对手赢单", FieldType::Boolean).default_to(false),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: KEY.to_owned(),
        label: Label::new("Competitor in a deal", "商机竞争对手"),
        plural: Label::new("Competitors in deals", "商机竞争对手"),
        preset: true,
        owned: false,
        base: Base::ByParent("opportunity".to_owned()),
        rank: 112,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
