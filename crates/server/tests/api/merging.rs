//! Records that become one, as the API has it.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::office::{both, one};

#[test]
fn records_become_one_once_however_often_it_is_asked_and_are_several_again() {
    both(|office| {
        let (kim, mona) = (office.kim(), office.mona());
        let winner = kim.creates("account", &json!({"name": "Nordwind"}));
        let loser = kim.creates("account", &json!({"name": "Nordwind GmbH", "city": "Bremen"}));
        let contact = kim.creates("contact", &json!({"name": "Cara", "account": loser.id}));
        let path = format!("{}/merge", winner.path());
        let body = json!({"losers": [loser.id], "fields": {"city": loser.id}, "reason": "the same"});
        kim.posts(&path, &body).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let asked = mona.posts(&format!("{path}?dry_run=true"), &body).is_ok().body;
        assert_eq!((&asked["moved"], &asked["merge"]), (&json!({"contact": 1}), &json!(null)));
        let choices = asked["choices"].as_array().unwrap();
        assert!(["name", "owner", "description"].iter().all(|key| choices.contains(&json!(key))));
        assert!(["lifecycle_status", "pool", "created_at"].iter().all(|key| !choices.contains(&json!(key))));
        assert_eq!(kim.sees(&loser).is_ok().field("lifecycle_status"), "normal");

        let once = [("idempotency-key", "a-merge")];
        let merged = mona.asks(Method::POST, &path, &once, Some(&body)).is_ok().body;
        let again = mona.asks(Method::POST, &path, &once, Some(&body)).is_ok().body;
        assert_eq!((&again["merge"], &again["moved"]), (&merged["merge"], &merged["moved"]));
        assert_eq!(merged["record"]["fields"]["city"], "Bremen");
        assert_eq!(kim.sees(&contact).is_ok().field("account"), &json!(winner.id));
        assert_eq!(kim.sees(&loser).is_ok().body["merged_into"]["name"], "Nordwind");
        let merges = kim.gets(&format!("{}/merges", loser.path())).is_ok().body;
        assert_eq!((&merges["items"][0]["id"], &merges["items"][0]["can"]), (&merged["merge"], &json!([])));

        let merge = format!("/merges/{}", merged["merge"].as_str().unwrap());
        assert_eq!(mona.gets(&merge).is_ok().body["can"], json!(["undo"]));
        kim.posts(&format!("{merge}/undo"), &json!({})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let undone = mona.posts(&format!("{merge}/undo"), &json!({})).is_ok().body;
        assert_eq!((&undone["restored"], &undone["record"]["fields"]["city"]), (&json!([loser.id]), &json!(null)));
        assert_eq!(kim.sees(&contact).is_ok().field("account"), &json!(loser.id));
        mona.posts(&format!("{merge}/undo"), &json!({})).is_invalid(&["merge.undone"]);
    });
}

#[test]
fn what_stands_against_it_is_told_with_its_code() {
    one(|office| {
        let (ada, mona) = (office.ada(), office.mona());
        let account = |name: &str| mona.creates("account", &json!({ "name": name }));
        let (a, b, c) = (account("Nordwind"), account("Nordwind 2"), account("Nordwind 3"));
        let merge = |winner: &crate::office::Known, body: serde_json::Value| mona.posts(&format!("{}/merge", winner.path()), &body);
        merge(&a, json!({"losers": []})).is_invalid(&["merge.number:losers"]);
        merge(&a, json!({"losers": [b.id], "fields": {"created_at": b.id}})).is_invalid(&["merge.field_not_chosen:fields/created_at"]);
        mona.edits(&b, &json!({"parent": a.id})).is_ok();
        merge(&a, json!({"losers": [b.id], "fields": {"parent": b.id}})).is_invalid(&["merge.refers_to_itself:fields/parent"]);
        let stale = json!({"losers": [b.id], "versions": {(b.id.clone()): 1}});
        merge(&a, stale).refused(StatusCode::CONFLICT, "record.version_conflict");

        let first = merge(&a, json!({"losers": [b.id]})).is_ok().body;
        let path = |merged: &serde_json::Value| format!("/merges/{}/undo", merged["merge"].as_str().unwrap());
        assert_eq!(merge(&c, json!({"losers": [b.id]})).body["violations"][0]["code"], "merge.voided");
        let second = merge(&c, json!({"losers": [a.id]})).is_ok().body;
        mona.posts(&path(&first), &json!({})).is_invalid(&["merge.merged_again"]);
        mona.posts(&path(&second), &json!({})).is_ok();
        mona.posts(&format!("{}/void", a.path()), &json!({})).is_ok();
        mona.posts(&path(&first), &json!({})).is_invalid(&["merge.winner_voided"]);
        mona.posts(&format!("{}/restore", a.path()), &json!({})).is_ok();
        ada.posts(&format!("{}/delete", b.path()), &json!({})).is_ok();
        mona.posts(&path(&first), &json!({})).is_invalid(&["merge.deleted"]);

        let lead = |name: &str| mona.creates("lead", &json!({"name": name, "company": "Ostwind"}));
        let (one, other) = (lead("Anna"), lead("Anna again"));
        mona.posts(&format!("{}/convert", other.path()), &json!({"account": {"fields": {"name": "Ostwind"}}})).is_ok();
        assert_eq!(merge(&one, json!({"losers": [other.id]})).body["violations"][0]["code"], "merge.converted");
    });
}

#[test]
fn what_is_there_twice_is_looked_for_listed_and_set_aside() {
    both(|office| {
        let (ada, mona) = (office.ada(), office.mona());
        for rule in ada.gets("/duplicate-rules").is_ok().body["items"].as_array().unwrap() {
            let path = format!("/duplicate-rules/{}", rule["id"].as_str().unwrap());
            ada.asks(Method::DELETE, &path, &[], None).is(StatusCode::NO_CONTENT);
        }
        mona.posts("/duplicates/scan", &json!({"object": "contact"})).is_invalid(&["duplicate.no_rule:object"]);
        let empty = mona.gets("/duplicate-groups?object=contact").is_ok().body;
        assert_eq!((&empty["items"], &empty["scan"]), (&json!([]), &json!(null)));
        office.kim().gets("/duplicate-groups?object=contact").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        mona.gets("/duplicate-groups?object=employee").is_not_found();
        let rule = json!({"object": "contact", "name": "Mail", "groups": [{"rows": [{"field": "email", "method": "exact"}]}]});
        ada.posts("/duplicate-rules", &rule).is(StatusCode::CREATED);
        let scan = mona.posts("/duplicates/scan", &json!({"object": "contact"})).is_ok().body;
        let again = mona.posts("/duplicates/scan", &json!({"object": "contact"})).is_ok().body;
        assert_eq!(scan["id"], again["id"], "one goes on at a time");
    });
}
