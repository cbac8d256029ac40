//! What holds in a pool: who is in it, how much one claims, what is lost on coming in, and what is kept of all that.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::pools::{self, LogRequest};
use stagecraft_core::{Credential, Error, Result, audit, bulk, people, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::reminders::tells_what_is_due;
use crate::together::at_once;

const DAY: i64 = 86_400;

impl Office {
    /// Act, owner before, owner after and reason of what was done in a pool, the oldest first.
    fn done_in(&self, pool: Id) -> Vec<(String, Json, Json, Json)> {
        let told = self.read(self.ada, |cx, tx| pools::log_of(cx, tx, pool, &LogRequest::default())).unwrap();
        let one = |item: &Json| {
            (item["act"].as_str().unwrap().to_owned(), item["from_owner"].clone(), item["to_owner"].clone(), item["reason"].clone())
        };
        told["items"].as_array().unwrap().iter().rev().map(one).collect()
    }

    fn bulk_claims(&self, who: Id, ids: &[Id]) -> Json {
        let wanted = serde_json::from_value(json!({"ids": ids, "act": "claim"})).unwrap();
        bulk::begin(&self.house, &Credential::Person(who), Via::Api, "lead", &wanted).unwrap()
    }

    fn values(&self, who: Id, object: &str, id: Id) -> Json {
        self.reads(who, object, id).unwrap()["fields"].clone()
    }
}

fn pooled(name: &str) -> Json {
    json!({"field": "city", "op": "eq", "value": name})
}

#[test]
fn departments_and_groups_are_in_a_pool_with_all_who_belong_to_them() {
    both(|database| {
        let office = Office::new(database);
        let of = |who: Id, field: &str| office.values(office.ada, "employee", who)[field].clone();
        let sales = of(office.hanna, "department");
        let group = office.system("user_group", json!({"name": "Hunters", "members": [office.karl]}));
        let to = |kind: &str, id: Json| json!([{"kind": kind, "id": id}]);
        let pool = office.pool("Bonn", json!({"members": to("department", sales.clone()), "administrators": to("group", json!(group))}));
        let lead = office.pooled("Anna", "Bonn");
        // With those below the department; and of a group only its members.
        for who in [office.kim, office.lee, office.hanna] {
            assert_eq!(office.read(who, |cx, tx| pools::one(cx, tx, pool)).unwrap()["can"][0], "claim");
        }
        assert_eq!(office.read(office.karl, |cx, tx| pools::one(cx, tx, pool)).unwrap()["can"], json!(["claim", "assign", "move"]));
        office.assigns(office.karl, lead, office.lee).unwrap();
        // Who leaves the group or the department is in it no more, with the next request.
        let other = office.pooled("Bruno", "Bonn");
        office.edits(office.ada, "user_group", group, json!({"members": [office.kim]})).unwrap();
        assert!(matches!(office.assigns(office.karl, other, office.lee), Err(Error::Forbidden { .. })));
        office.assigns(office.kim, other, office.lee).unwrap();
        let elsewhere = office.system("department", json!({"name": "Service"}));
        let third = office.pooled("Clara", "Bonn");
        office.edits(office.ada, "employee", office.karl, json!({"department": elsewhere})).unwrap();
        assert!(matches!(office.reads(office.karl, "lead", third), Err(Error::NotFound)));
        assert!(matches!(office.read(office.karl, |cx, tx| pools::one(cx, tx, pool)), Err(Error::NotFound)));
        assert!(matches!(office.claims_it(office.karl, "lead", third), Err(Error::NotFound)));
    });
}

#[test]
fn claims_are_counted_by_day_person_and_pool_whatever_way_they_come() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({"claims_per_day": 2}));
        office.pool("Ulm", json!({"claims_per_day": 2}));
        let some: Vec<Id> = (0..6).map(|n| office.pooled(&format!("Bonn {n}"), "Bonn")).collect();
        let more: Vec<Id> = (0..4).map(|n| office.pooled(&format!("Ulm {n}"), "Ulm")).collect();
        // Two of Kim's windows at the same instant, each in another order: neither waits for the other for good.
        let mixed = |ids: [Id; 4]| office.bulk_claims(office.kim, &ids)["changed"].as_i64().unwrap();
        let (a, b) = at_once(|| mixed([some[0], more[0], some[1], more[1]]), || mixed([more[2], some[2], more[3], some[3]]));
        assert_eq!(a + b, 4, "two from each");
        let left = || office.read(office.kim, |cx, tx| pools::one(cx, tx, pool)).unwrap()["left_today"].clone();
        assert_eq!(left(), 0);
        assert_eq!(refusals(office.claims_it(office.kim, "lead", some[5])), ["pool.daily_limit"]);
        // Giving back makes nothing undone, and another has his own.
        let mine = some.iter().find(|id| office.values(office.ada, "lead", **id)["owner"] == json!(office.kim)).unwrap();
        office.gives_back(office.kim, "lead", *mine, json!({"reason": "x"})).unwrap();
        assert_eq!(refusals(office.claims_it(office.kim, "lead", some[5])), ["pool.daily_limit"]);
        office.claims_it(office.lee, "lead", *mine).unwrap();
        // What is given out by an administrator is no claim.
        office.assigns(office.mona, some[4], office.kim).unwrap();
        database.advance(DAY);
        assert_eq!(left(), 2);
        office.claims_it(office.kim, "lead", some[5]).unwrap();
        assert_eq!(left(), 1);
    });
}

#[test]
fn what_stands_against_a_claim_otherwise_takes_no_place_of_the_day() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({"claims_per_day": 1, "not_again_for_days": 5}));
        let (first, second, third) = (office.pooled("A", "Bonn"), office.pooled("B", "Bonn"), office.pooled("C", "Bonn"));
        office.claims_it(office.kim, "lead", first).unwrap();
        office.gives_back(office.mona, "lead", first, json!({"reason": "Taken away"})).unwrap();
        database.advance(DAY);
        office.write(office.ada, |cx, tx| records::lock(cx, tx, "lead", second, None, &records::Reason::default())).unwrap();
        let told = office.bulk_claims(office.kim, &[first, second, third]);
        assert_eq!((told["changed"].as_i64(), told["refused"].as_i64()), (Some(1), Some(2)), "{told:#}");
        assert_eq!(office.values(office.ada, "lead", third)["owner"], json!(office.kim));
    });
}

#[test]
fn not_again_runs_its_days_by_whichever_way_it_was_lost_and_into_whichever_pool() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({"not_again_for_days": 7}));
        let other = office.pool("Ulm", json!({"not_again_for_days": 3}));
        let lead = office.pooled("Anna", "Bonn");
        office.claims_it(office.kim, "lead", lead).unwrap();
        office.gives_back(office.mona, "lead", lead, json!({"reason": "Nothing happens"})).unwrap();
        database.advance(2 * DAY);
        assert_eq!(refusals(office.claims_it(office.kim, "lead", lead)), ["pool.not_again_yet"]);
        // The pool in which it lies says for how long.
        office.moves_pool(office.mona, "lead", lead, other).unwrap();
        assert_eq!(refusals(office.claims_it(office.kim, "lead", lead)), ["pool.not_again_yet"]);
        database.advance(DAY + 60);
        office.claims_it(office.kim, "lead", lead).unwrap();
        // Given to him by an administrator it may be at any time.
        office.gives_back(office.kim, "lead", lead, json!({"reason": "No time"})).unwrap();
        office.assigns(office.mona, lead, office.kim).unwrap();
    });
}

#[test]
fn whatever_brings_it_in_empties_what_the_pool_empties() {
    both(|database| {
        let office = Office::new(database);
        let clears = json!({"team": true, "fields": ["next_step"]});
        let idle = json!([{"key": "still", "without": "stage_progress", "days": 10}]);
        let named = json!({"field": "name", "op": "is_not_empty"});
        let pool = office.pool("Open", json!({"object": "opportunity", "condition": named, "clears": clears, "reclaim": idle}));
        let made = |name: &str| {
            let deal = id_of(&office.creates(office.karl, "opportunity", json!({"name": name, "next_step": "Call"})).unwrap());
            let team: Vec<records::TeamMember> = serde_json::from_value(json!([{"person": office.sven, "access": "read"}])).unwrap();
            office.write(office.mona, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &team)).unwrap();
            deal
        };
        let (returned, bulked, idle) = (made("Returned"), made("In bulk"), made("Idle"));
        let empty = |deal: Id| {
            let team = office.read(office.mona, |cx, tx| records::team(cx, tx, "opportunity", deal)).unwrap();
            let fields = office.values(office.mona, "opportunity", deal);
            assert_eq!((&team["members"], &fields["next_step"], &fields["owner"]), (&json!([]), &Json::Null, &Json::Null));
        };
        office.gives_back(office.karl, "opportunity", returned, json!({"reason": "x", "pool": pool})).unwrap();
        empty(returned);
        let wanted = serde_json::from_value(json!({"ids": [bulked], "act": "return", "reason": "x", "pool": pool})).unwrap();
        bulk::begin(&office.house, &Credential::Person(office.karl), Via::Api, "opportunity", &wanted).unwrap();
        empty(bulked);
        database.advance(11 * DAY);
        tells_what_is_due(&office.house);
        empty(idle);
        let left = made("Left");
        let wanted = serde_json::from_value(json!({"spread": [{"object": "opportunity", "part": "open", "pool": pool}]})).unwrap();
        office.write(office.ada, |cx, tx| people::leaving::disable(cx, tx, office.karl, &wanted)).unwrap();
        empty(left);
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}

#[test]
fn what_is_not_won_in_time_goes_back_and_what_has_ended_stays() {
    both(|database| {
        let office = Office::new(database);
        let rule = json!([{"key": "cold", "without": "win", "days": 30, "warn_days_before": [3]}]);
        office.pool("Bonn", json!({"reclaim": rule}));
        office.pool("Deals", json!({"object": "opportunity", "condition": {"field": "name", "op": "is_not_empty"}, "reclaim": rule}));
        let lead = |name: &str| id_of(&office.creates(office.kim, "lead", json!({"name": name, "city": "Bonn"})).unwrap());
        let (cold, converted, invalid) = (lead("Cold"), lead("Converted"), lead("Invalid"));
        let (open, won) = (office.deal(office.kim, "Open"), office.deal(office.kim, "Won"));
        let wanted = serde_json::from_value(json!({"account": {"fields": {"name": "Lindental"}}})).unwrap();
        office.write(office.kim, |cx, tx| stagecraft_core::leads::conversion::convert(cx, tx, converted, None, &wanted)).unwrap();
        office.marks_invalid(office.kim, invalid, "no_fit").unwrap();
        office.moves(office.ada, won, None, json!({"stage": "won", "bypass": true, "reason": "They signed"})).unwrap();
        // Working on them is not winning them.
        database.advance(20 * DAY);
        office.moves(office.kim, open, None, json!({"stage": "qualification"})).unwrap();
        database.advance(7 * DAY + 60);
        tells_what_is_due(&office.house);
        tells_what_is_due(&office.house);
        let warned = office.told(office.kim).0.iter().filter(|one| one["kind"] == "pool_warning").count();
        assert_eq!(warned, 2, "of each once");
        database.advance(3 * DAY);
        tells_what_is_due(&office.house);
        let owner = |object: &str, id: Id| office.values(office.ada, object, id)["owner"].clone();
        assert_eq!((owner("lead", cold), owner("opportunity", open)), (Json::Null, Json::Null));
        let kim = json!(office.kim);
        assert_eq!([owner("lead", converted), owner("lead", invalid), owner("opportunity", won)], [kim.clone(), kim.clone(), kim]);
        // Nor are they given back by hand.
        for ended in [converted, invalid] {
            let refused = refusals(office.gives_back(office.kim, "lead", ended, json!({"reason": "x"})));
            assert!(refused[0].starts_with("lead."), "{refused:?}");
        }
    });
}

#[test]
fn every_act_is_kept_with_who_whom_and_why() {
    both(|database| {
        let office = Office::new(database);
        let (pool, other) = (office.pool("Bonn", json!({})), office.pool("Ulm", json!({})));
        let lead = office.pooled("Anna", "Bonn");
        office.claims_it(office.kim, "lead", lead).unwrap();
        office.gives_back(office.kim, "lead", lead, json!({"reason": "No time"})).unwrap();
        office.assigns(office.mona, lead, office.lee).unwrap();
        office.gives_back(office.lee, "lead", lead, json!({"reason": "Wrong city", "pool": other})).unwrap();
        let wanted = serde_json::from_value(json!({"pool": pool, "reason": "Right city"})).unwrap();
        office.write(office.mona, |cx, tx| pools::move_pool(cx, tx, "lead", lead, None, &wanted)).unwrap();
        let (kim, lee) = (json!(office.kim), json!(office.lee));
        let act = |act: &str, from: &Json, to: &Json, reason: Json| (act.to_owned(), from.clone(), to.clone(), reason);
        let none = Json::Null;
        let gone = [act("return", &lee, &none, json!("Wrong city")), act("move", &none, &none, json!("Right city"))];
        assert_eq!(
            office.done_in(pool),
            [
                act("put", &none, &none, Json::Null),
                act("claim", &none, &kim, Json::Null),
                act("return", &kim, &none, json!("No time")),
                act("assign", &none, &lee, Json::Null),
                gone[0].clone(),
                gone[1].clone(),
            ]
        );
        assert_eq!(office.done_in(other), gone, "what went from one pool into another stands in both");
        let told = office.read(office.ada, |cx, tx| pools::log_of(cx, tx, other, &LogRequest::default())).unwrap();
        let ways: Vec<(Json, Json)> =
            told["items"].as_array().unwrap().iter().map(|item| (item["from_pool"].clone(), item["pool"].clone())).collect();
        assert_eq!(ways, [(json!(other), json!(pool)), (json!(pool), json!(other))]);
        // Page by page, and of one record.
        for n in 0..60 {
            office.pooled(&format!("Lead {n}"), "Bonn");
        }
        let page = |cursor: Option<String>| {
            office.read(office.mona, |cx, tx| pools::log_of(cx, tx, pool, &LogRequest { cursor: cursor.clone(), record: None })).unwrap()
        };
        let first = page(None);
        let second = page(first["next_cursor"].as_str().map(str::to_owned));
        assert_eq!(
            (first["items"].as_array().unwrap().len(), second["items"].as_array().unwrap().len(), &second["next_cursor"]),
            (50, 16, &Json::Null)
        );
        let of_one = LogRequest { record: Some(lead.to_string()), cursor: None };
        assert_eq!(office.read(office.mona, |cx, tx| pools::log_of(cx, tx, pool, &of_one)).unwrap()["items"].as_array().unwrap().len(), 6);
        // And what administrators do with the pool itself stands in the audit log.
        office.changes_pool(pool, json!({"claims_per_day": 3}));
        let asked = serde_json::from_value(json!({"act": "edit", "object": "lead"})).unwrap();
        let trace = office.read(office.ada, |cx, tx| audit::log(cx, tx, &asked)).unwrap();
        assert!(
            trace["items"].as_array().unwrap().iter().any(|item| item["subject"] == "Bonn" && item["by"] == json!(office.ada)),
            "{trace:#}"
        );
    });
}

#[test]
fn what_lies_in_the_bin_or_in_a_pool_that_is_off_is_nobodys_to_take() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({}));
        let off = office.pool("Ulm", json!({"active": false, "condition": pooled("Ulm")}));
        let lead = office.pooled("Anna", "Bonn");
        office.write(office.mona, |cx, tx| records::void(cx, tx, "lead", lead, None, &records::Reason::default())).unwrap();
        let taken: Result<Json> = office.claims_it(office.kim, "lead", lead);
        assert_eq!(refusals(taken), ["record.voided"]);
        assert_eq!(refusals(office.assigns(office.mona, lead, office.kim)), ["record.voided"]);
        office.write(office.mona, |cx, tx| records::restore(cx, tx, "lead", lead, None, &records::Reason::default())).unwrap();
        assert_eq!(office.values(office.ada, "lead", lead)["pool"], json!(pool), "it lies where it lay");
        assert_eq!(refusals(office.moves_pool(office.mona, "lead", lead, off)), ["pool.inactive:pool"]);
        let outside = office.pooled("Bruno", "Ulm");
        assert_eq!(office.values(office.ada, "lead", outside)["pool"], Json::Null);
        office.claims_it(office.kim, "lead", lead).unwrap();
        assert_eq!(refusals(office.gives_back(office.kim, "lead", lead, json!({"reason": "x", "pool": off}))), ["pool.inactive:pool"]);
        assert!(matches!(office.gives_back(office.lee, "lead", lead, json!({"reason": "x"})), Err(Error::NotFound)), "not his");
        // Given back while its pool is off, it goes where such records go, and nowhere if there is none.
        office.changes_pool(pool, json!({"active": false}));
        assert_eq!(refusals(office.gives_back(office.kim, "lead", lead, json!({"reason": "x"}))), ["pool.none_takes_it:pool"]);
    });
}
