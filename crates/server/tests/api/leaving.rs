//! Somebody leaves; departments and those in them.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Office, Person, both, one};

fn disable(by: Person<'_>, who: Person<'_>, body: &Json) -> crate::office::Answer {
    by.posts(&format!("/people/{}/disable", who.id), body)
}

#[test]
fn a_leaver_is_followed_by_others_once_and_signed_out() {
    both(|office| {
        let (ada, kim, lee, pat) = (office.ada(), office.kim(), office.lee(), office.person("pat"));
        let deals: Vec<String> = (0..5).map(|n| kim.opens_a_deal(&json!({"name": format!("Deal {n}")})).id).collect();
        let standing = ada.gets(&format!("/people/{}", kim.id)).is_ok().body;
        assert_eq!(standing["owns"][0], json!({"object": "opportunity", "part": "open", "count": 5}));
        let seen = lee.gets(&format!("/people/{}", kim.id)).is_ok().body;
        assert_eq!(seen["owns"][0]["count"], 0, "each counts what he sees");
        let body = json!({"spread": [{"object": "opportunity", "part": "open", "receivers": [lee.id.to_string(), pat.id.to_string()]}], "reason": "x"});
        let preview = ada.posts(&format!("/people/{}/disable?dry_run=true", kim.id), &body).is_ok().body;
        assert_eq!(preview["objects"][0]["receivers"].as_array().unwrap().len(), 2);
        kim.gets("/me").is_ok();
        let key = [("idempotency-key", "leaver-1")];
        let path = format!("/people/{}/disable", kim.id);
        let first = ada.asks(Method::POST, &path, &key, Some(&body)).is_ok().body;
        let again = ada.asks(Method::POST, &path, &key, Some(&body)).is_ok().body;
        assert_eq!((first["result"].as_str(), again["repeated"].as_bool()), (Some("disabled"), Some(true)));
        kim.gets("/me").refused(StatusCode::UNAUTHORIZED, "auth.required");
        let owned = |who: Person<'_>| who.gets("/records/opportunity?count=exact").body["count"].as_i64();
        assert_eq!((owned(lee), owned(pat)), (Some(3), Some(2)));
        let answer = disable(ada, kim, &body);
        answer.is_invalid(&["people.inactive_already:"]);
        let enable = format!("/people/{}/enable", kim.id);
        ada.posts(&enable, &json!({})).is_ok();
        ada.posts(&enable, &json!({})).is_invalid(&["people.active_already:"]);
        kim.gets("/me").refused(StatusCode::UNAUTHORIZED, "auth.required");
        assert_eq!(ada.gets(&format!("/records/opportunity/{}", deals[0])).body["fields"]["owner"], json!(lee.id.to_string()));
    });
}

#[test]
fn what_stands_against_it_is_told_in_the_readers_language() {
    one(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        kim.opens_a_deal(&json!({"name": "Rail"}));
        disable(ada, kim, &json!({})).is_invalid(&["disable.not_spread:spread/opportunity/open"]);
        disable(ada, ada, &json!({})).is_invalid(&["people.not_oneself:"]);
        let spread = json!({"object": "opportunity", "part": "open", "receivers": [kim.id.to_string()], "stay": true});
        disable(ada, kim, &json!({"spread": [spread]}))
            .is_invalid(&["disable.may_not_stay:spread/0/stay", "disable.to_himself:spread/0/receivers/0"]);
        ada.patches(&format!("/records/employee/{}", kim.id), &json!({"fields": {"active": false}}))
            .is_invalid(&["people.still_owns:active"]);
        office.lee().posts(&format!("/people/{}/disable", kim.id), &json!({})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        ada.posts("/people/0190f1de-0000-7000-8000-000000000000/disable", &json!({})).is_not_found();
        ada.patches("/me", &json!({"language": "zh-CN"})).is_ok();
        let told = disable(ada, kim, &json!({})).body;
        assert_eq!(told["violations"][0]["message"], "商机：有 1 条记录无人接收，请选择接收人。");
        let preview = disable(ada, kim, &json!({"dry_run": true})).is_ok().body;
        assert_eq!(preview["violations"][0]["message"], "商机：有 1 条记录无人接收，请选择接收人。");
    });
}

#[test]
fn departments_are_a_tree_that_counts_its_people() {
    both(|office: &Office| {
        let ada = office.ada();
        let tree = |who: Person<'_>| who.gets("/departments").is_ok().body;
        let find = |tree: &Json, name: &str| tree["items"].as_array().unwrap().iter().find(|one| one["name"] == name).cloned().unwrap();
        let (north, south) = (find(&tree(ada), "North"), find(&tree(ada), "South"));
        assert_eq!((north["people"].as_i64(), south["people_below"].as_i64()), (Some(3), Some(1)));
        assert_eq!(tree(ada)["without_department"], 2);
        let path = |one: &Json| format!("/records/department/{}", one["id"].as_str().unwrap());
        ada.patches(&path(&south), &json!({"fields": {"parent": north["id"], "head": office.lee().id.to_string()}})).is_ok();
        let now = tree(office.kim());
        assert_eq!((find(&now, "North")["people_below"].as_i64(), find(&now, "North")["people"].as_i64()), (Some(4), Some(3)));
        assert_eq!(now["refs"][office.lee().id.to_string()]["name"], "Lee Moreno");
        ada.patches(&path(&north), &json!({"fields": {"parent": south["id"]}})).is_invalid(&["people.circle:parent"]);
        let void = |one: &Json| ada.posts(&format!("{}/void", path(one)), &json!({}));
        void(&north).is_invalid(&["department.has_people:", "department.has_departments:"]);
        let told = void(&south).body;
        let expected = "There are still people in this department: Lee Moreno (altogether 1). Move them to another one first.";
        assert_eq!(told["violations"][0]["message"], expected);
        ada.patches(&format!("/records/employee/{}", office.lee().id), &json!({"fields": {"department": north["id"]}})).is_ok();
        void(&south).is_ok();
        assert_eq!(tree(ada)["items"].as_array().unwrap().len(), 1);
        ada.patches(&format!("/records/employee/{}", office.lee().id), &json!({"fields": {"department": south["id"]}}))
            .is_invalid(&["people.department_voided:department"]);
    });
}
