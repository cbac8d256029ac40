//! Approvals: what is caught waits, nobody goes round it, and what was agreed to happens by itself.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, approvals, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    /// A flow in which these are asked one node after another. `more` is laid over it.
    pub fn flow(&self, trigger: &str, nodes: &[&[Id]], more: Json) -> Id {
        let mut drawn = vec![json!({"key": "start", "does": {"type": "start", "next": if nodes.is_empty() { "approved" } else { "n0" }}})];
        for (n, people) in nodes.iter().enumerate() {
            let next = if n + 1 == nodes.len() { "approved".to_owned() } else { format!("n{}", n + 1) };
            let who: Vec<Json> = people.iter().map(|id| json!({"type": "person", "id": id})).collect();
            drawn.push(
                json!({"key": format!("n{n}"), "does": {"type": "approve", "method": {"type": "standard"}, "who": who, "next": next}}),
            );
        }
        drawn.push(json!({"key": "approved", "does": {"type": "approved"}}));
        let mut wanted = json!({
            "id": Id::SYSTEM, "api_name": format!("{trigger}_{}", nodes.len()), "name": format!("Approve {trigger}"), "object": "opportunity",
            "trigger": trigger, "position": 0, "active": true, "nodes": drawn, "version": 0,
        });
        for (key, value) in more.as_object().unwrap() {
            wanted[key] = value.clone();
        }
        let flow: approvals::Wanted = serde_json::from_value(wanted).unwrap();
        let saved = self.write(self.ada, |cx, tx| approvals::save(cx, tx, None, None, &flow)).unwrap();
        saved["id"].as_str().unwrap().parse().unwrap()
    }

    pub fn decides(&self, who: Id, approval: Id, body: Json) -> Result<Json> {
        let acting: approvals::Acting = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| approvals::act(cx, tx, approval, &acting))
    }
}

/// The approval that a save has begun.
pub fn approval_of(answer: &Json) -> Id {
    assert_eq!(answer["result"], "pending_approval", "{answer:#}");
    answer["approval"].as_str().unwrap().parse().unwrap()
}

#[test]
fn what_is_created_counts_when_it_is_approved() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee], &[office.mona]], json!({}));
        let answer = office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap();
        let (deal, approval) = (id_of(&answer), approval_of(&answer));
        let fields = &answer["record"]["fields"];
        assert_eq!(
            (&fields["lifecycle_status"], &fields["in_approval"], &fields["stage_entered_at"]),
            (&json!("under_review"), &json!("create"), &Json::Null)
        );
        assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({"name": "Pump"}))), ["record.in_approval"]);
        assert_eq!(office.reads(office.lee, "opportunity", deal).unwrap()["fields"]["name"], "Turbine", "who is asked sees it");
        assert!(matches!(office.decides(office.karl, approval, json!({"act": "agree", "task": 0})), Err(Error::NotFound)));
        assert_eq!(refusals(office.decides(office.kim, approval, json!({"act": "agree", "task": 0}))), ["approval.not_asked"]);
        office.decides(office.lee, approval, json!({"act": "agree", "task": 0})).unwrap();
        let done = office.decides(office.mona, approval, json!({"act": "agree", "task": 1})).unwrap();
        assert_eq!(done["outcome"], "approved", "{done:#}");
        let deal = office.reads(office.kim, "opportunity", deal).unwrap();
        assert_eq!((&deal["fields"]["lifecycle_status"], &deal["fields"]["in_approval"]), (&json!("normal"), &Json::Null));
        assert!(!deal["fields"]["stage_entered_at"].is_null(), "its process begins");
        assert!(matches!(office.reads(office.lee, "opportunity", id_of(&answer)), Err(Error::NotFound)), "it concerns him no more");
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}

#[test]
fn what_is_not_approved_is_set_aside() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({}));
        let answer = office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap();
        let approval = approval_of(&answer);
        assert_eq!(
            refusals(office.decides(office.lee, approval, json!({"act": "reject", "task": 0}))),
            ["approval.comment_required:comment"]
        );
        office.decides(office.lee, approval, json!({"act": "reject", "task": 0, "comment": "We have that one"})).unwrap();
        let fields = &office.reads(office.kim, "opportunity", id_of(&answer)).unwrap()["fields"];
        assert_eq!((&fields["lifecycle_status"], &fields["in_approval"]), (&json!("ineffective"), &Json::Null));
        // Only what was agreed to and could not be done is asked for as it was.
        let again = |cx: &stagecraft_core::Ctx, tx: &mut db::Write| {
            let wanted = records::Submit { approval: Some(approval.to_string()), ..records::Submit::default() };
            records::submit(cx, tx, "opportunity", id_of(&answer), None, &wanted)
        };
        assert_eq!(refusals(office.write(office.kim, again)), ["approval.not_failed:approval"]);
    });
}

#[test]
fn an_edit_is_held_beside_the_record_and_judged_again() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Turbine");
        office.flow("edit", &[&[office.lee]], json!({"fields": ["name"]}));
        let answer = office.edits(office.kim, "opportunity", deal, json!({"name": "Pump"})).unwrap();
        let approval = approval_of(&answer);
        let fields = &answer["record"]["fields"];
        assert_eq!((&fields["name"], &fields["lifecycle_status"]), (&json!("Turbine"), &json!("in_change")));
        office.decides(office.lee, approval, json!({"act": "agree", "task": 0})).unwrap();
        let fields = &office.reads(office.kim, "opportunity", deal).unwrap()["fields"];
        assert_eq!((&fields["name"], &fields["lifecycle_status"], &fields["in_approval"]), (&json!("Pump"), &json!("normal"), &Json::Null));
    });
}
