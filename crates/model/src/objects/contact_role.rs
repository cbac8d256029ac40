//! The contact role (联系人角色): what a contact is in an opportunity.

use super::contact::ATTITUDES;
use super::{reference, select, standard_fields, text};
use crate::{Base, Label, Object};

/// The object. Seen by whoever sees the opportunity.
pub fn object() -> Object {
    let mut fields = vec![
        reference("opportunity", "Opportunity", "商机", "opportunity").required().fast(),
        reference("contact", "Contact", "联系人", "contact").required().fast(),
        select(
            "role",
            "Role",
            "角色",
            &[
                ("decision_maker", "Decision maker", "决策人"),
                ("economic_buyer", "Economic buyer", "经济购买者"),
                ("technical_evaluator", "Technical evaluator", "技术评估人"),
                ("user", "User", "使用者"),
                ("influencer", "Influencer", "影响者"),
                ("gatekeeper", "Gatekeeper", "把关人"),
                ("coach", "Coach", "内线"),
                ("other", "Other", "其他"),
            ],
        )
        .required(),
        select("attitude", "Attitude", "态度", &ATTITUDES),
        select("influence", "Influence", "影响力", &[("high", "High", "高"), ("medium", "Medium", "中"), ("low", "Low", "低")]),
        // In the map of a decision: whom this one reports to among the deal's own contacts.
        reference("reports_to", "Reports to", "汇报对象", "contact_role"),
        text("note", "Note", "备注"),
    ];
    fields.extend(standard_fields(false));
    Object {
        key: "contact_role".to_owned(),
        label: Label::new("Contact role", "联系人角色"),
        plural: Label::new("Contact roles", "联系人角色"),
        preset: true,
        owned: false,
        base: Base::ByParent("opportunity".to_owned()),
        rank: 110,
        fields,
        indexes: Vec::new(),
        ..Object::default()
    }
}
