//! Who sees an object's records when nothing else gives them: changed, judged, and in force with the next request.

use serde_json::{Value as Json, json};
use stagecraft_core::save::{Change, Deed, save, save_all};
use stagecraft_core::{Error, objects};
use testkit::both;

use crate::office::{Office, id_of, refusals};

#[test]
fn a_base_opens_and_closes_what_everybody_else_owns() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let base = |base: Json| office.changes_object("opportunity", json!({ "base": base })).unwrap();
        assert!(matches!(office.reads(office.lee, "opportunity", deal), Err(Error::NotFound)));
        base(json!("public_read"));
        assert_eq!(office.lists(office.lee, "opportunity", json!({})).unwrap().1, 1);
        assert!(matches!(office.edits(office.lee, "opportunity", deal, json!({"name": "x"})), Err(Error::Forbidden { .. })));
        base(json!("public_write"));
        office.edits(office.lee, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        // What lives in it follows.
        let line = json!({"opportunity": deal, "name": "Crane", "quantity": "1", "price": "5"});
        let line = id_of(&office.creates(office.lee, "opportunity_line", line).unwrap());
        base(json!("private"));
        assert!(matches!(office.reads(office.lee, "opportunity_line", line), Err(Error::NotFound)));
        assert_eq!(office.definition("opportunity")["base"], "private");
    });
}

#[test]
fn a_base_that_cannot_be_is_refused() {
    both(|database| {
        let office = Office::new(database);
        let plan = office.makes_object(json!({"label": {"en": "Plan"}, "plural": {"en": "Plans"}, "key": "plan"}));
        let step =
            office.makes_object(json!({"label": {"en": "Step"}, "plural": {"en": "Steps"}, "key": "step", "base": {"by_parent": plan}}));
        office.adds_field(&plan, json!({"key": "x_first", "label": {"en": "First"}, "type": "reference", "object": step}));
        office.adds_field(&plan, json!({"key": "x_deal", "label": {"en": "Deal"}, "type": "reference", "object": "opportunity"}));
        let with = |object: &str, base: Json| office.changes_object(object, json!({ "base": base }));
        assert_eq!(refusals(with("product", json!("private"))), ["object.base_needs_owner:base"]);
        assert_eq!(refusals(with("opportunity_line", json!("public_read"))), ["object.base_of_sub_object:base"]);
        assert_eq!(refusals(with(&plan, json!({"by_parent": "x_first"}))), ["object.base_circle:base"]);
        assert_eq!(refusals(with(&plan, json!({"by_parent": "x_nothing"}))), ["field.unknown:base"]);
        assert_eq!(refusals(with(&plan, json!({"by_parent": "name"}))), ["field.unknown:base"]);
        with(&plan, json!({"by_parent": "x_deal"})).unwrap();
        // What the base names stays.
        let hide = serde_json::from_value(json!("hide")).unwrap();
        let gone = office.write(office.ada, |cx, tx| objects::act_on_field(cx, tx, &plan, "x_deal", hide));
        assert_eq!(refusals(gone), ["field.essential"]);
        // Whoever sees the deal sees the plan, and so does whoever owns it.
        let deal = office.deal(office.kim, "Rail");
        let own = id_of(&office.creates(office.lee, &plan, json!({"name": "Own"})).unwrap());
        let kims = office.system(&plan, json!({"name": "Kim's", "x_deal": deal, "owner": office.lee}));
        assert!(office.reads(office.mona, &plan, kims).is_ok() && office.reads(office.lee, &plan, kims).is_ok());
        assert!(matches!(office.reads(office.mona, &plan, own), Err(Error::NotFound)));
        office.edits(office.mona, &plan, kims, json!({"name": "Changed by whoever may change the deal"})).unwrap();
    });
}

#[test]
fn rules_cost_a_save_two_statements_and_many_no_more_than_one() {
    both(|database| {
        let office = Office::new(database);
        let statements = |many: usize| {
            office
                .write(office.kim, |cx, tx| {
                    let mut create = Change::new("opportunity", Deed::Create);
                    create.patch.insert("name".into(), "Harbour".into());
                    let before = tx.statements();
                    let saved = save_all(cx, tx, "opportunity", vec![create; many])?;
                    assert!(saved.iter().all(Result::is_ok));
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        let edit = |step: &str| {
            let deal = office.deal(office.kim, "Rail");
            office
                .write(office.kim, |cx, tx| {
                    let mut edit = Change::of("opportunity", deal, Deed::Edit);
                    edit.patch.insert("next_step".into(), step.into());
                    let before = tx.statements();
                    save(cx, tx, edit)?;
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        let (one, edited) = (statements(1), edit("Call"));
        for next in ["Harbour", "Quay"] {
            let rule = json!({
                "object": "opportunity", "name": next, "level": "read", "to": [{"kind": "person", "id": office.lee}],
                "condition": {"any": [{"field": "name", "op": "eq", "value": next}, {"field": "next_step", "op": "eq", "value": "Write"}]},
            });
            office.shares(rule).unwrap();
        }
        assert_eq!(statements(1), one + 1, "what is given is written together");
        assert_eq!(statements(20), one + 1);
        assert_eq!(edit("Call"), edited, "nothing differs");
        assert_eq!(edit("Write"), edited + 1);
    });
}
