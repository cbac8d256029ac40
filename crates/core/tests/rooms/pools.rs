//! Pools: who sees what lies in them, who takes it, gives it out and gives it back.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, leads, pools, records, seeing};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    /// A pool of leads of the city of Bonn, in which Kim and Lee are; Mona administers it. `more` is laid over it.
    pub fn pool(&self, name: &str, more: Json) -> Id {
        let mut wanted = json!({
            "object": "lead", "name": name, "mode": "claimable",
            "condition": {"field": "city", "op": "eq", "value": name},
            "members": [{"kind": "person", "id": self.kim}, {"kind": "person", "id": self.lee}],
            "administrators": [{"kind": "person", "id": self.mona}],
        });
        for (key, value) in more.as_object().unwrap() {
            wanted[key] = value.clone();
        }
        id_of_pool(&self.saves_pool(self.ada, None, wanted).unwrap())
    }

    pub fn saves_pool(&self, who: Id, id: Option<Id>, wanted: Json) -> Result<Json> {
        let wanted: pools::Wanted = serde_json::from_value(wanted).unwrap();
        self.write(who, |cx, tx| pools::save(cx, tx, id, None, &wanted))
    }

    /// The pool as an administrator reads it, with something else in it.
    pub fn changes_pool(&self, pool: Id, more: Json) -> Json {
        let mut wanted = self.read(self.ada, |cx, tx| pools::one(cx, tx, pool)).unwrap();
        for (key, value) in more.as_object().unwrap() {
            wanted[key] = value.clone();
        }
        self.saves_pool(self.ada, Some(pool), wanted).unwrap()
    }

    /// A lead of a city, that nobody has.
    pub fn pooled(&self, name: &str, city: &str) -> Id {
        self.system("lead", json!({"name": name, "company": "Lindental", "city": city, "email": "info@lindental.example"}))
    }

    pub fn claims_it(&self, who: Id, object: &str, id: Id) -> Result<Json> {
        self.write(who, |cx, tx| pools::claim(cx, tx, object, id, None, &pools::Claim::default()))
    }

    pub fn gives_back(&self, who: Id, object: &str, id: Id, body: Json) -> Result<Json> {
        let wanted: pools::Return = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| pools::take_back(cx, tx, object, id, None, &wanted))
    }

    pub fn moves_pool(&self, who: Id, object: &str, id: Id, to: Id) -> Result<Json> {
        let wanted: pools::MovePool = serde_json::from_value(json!({"pool": to})).unwrap();
        self.write(who, |cx, tx| pools::move_pool(cx, tx, object, id, None, &wanted))
    }

    fn pool_log(&self, pool: Id) -> Vec<String> {
        let told = self.read(self.ada, |cx, tx| pools::log_of(cx, tx, pool, &pools::LogRequest::default())).unwrap();
        told["items"].as_array().unwrap().iter().rev().map(|item| item["act"].as_str().unwrap().to_owned()).collect()
    }

    fn consistent(&self) {
        let check = self.read(self.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    }
}

fn id_of_pool(answer: &Json) -> Id {
    answer["id"].as_str().unwrap().parse().unwrap()
}

fn can(record: &Json) -> Vec<String> {
    record["can"].as_array().unwrap().iter().map(|act| act.as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_lies_in_a_pool_is_seen_by_its_members_and_claimed() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({}));
        let (lead, other) = (office.pooled("Anna", "Bonn"), office.pooled("Bruno", "Ulm"));
        for who in [office.kim, office.lee] {
            assert_eq!(office.lists(who, "lead", json!({})).unwrap().0, ["Anna"]);
            assert!(matches!(office.claims_it(who, "lead", other), Err(Error::NotFound)), "in no pool");
        }
        assert!(matches!(office.reads(office.karl, "lead", lead), Err(Error::NotFound)), "no member");
        let why = office.read(office.ada, |cx, tx| seeing::one(cx, tx, "lead", lead, office.kim)).unwrap();
        assert_eq!(
            (&why["reasons"][0]["why"], &why["reasons"][0]["name"], &why["level"]),
            (&json!("pool"), &json!("Bonn"), &json!("read"))
        );
        let shown = office.reads(office.kim, "lead", lead).unwrap();
        assert_eq!((can(&shown).contains(&"claim".to_owned()), can(&shown).contains(&"edit".to_owned())), (true, false));
        assert!(matches!(office.edits(office.kim, "lead", lead, json!({"name": "Mine"})), Err(Error::Forbidden { .. })));

        let claimed = office.claims_it(office.kim, "lead", lead).unwrap();
        let fields = &claimed["record"]["fields"];
        assert_eq!((&fields["owner"], &fields["pool"], &fields["lead_status"]), (&json!(office.kim), &json!(pool), &json!("pending")));
        assert_eq!(office.lists(office.lee, "lead", json!({})).unwrap().1, 0, "it is Kim's now");
        assert_eq!(refusals(office.claims_it(office.lee, "lead", lead)), ["pool.claimed_already"]);
        assert!(matches!(office.claims_it(office.karl, "lead", lead), Err(Error::NotFound)));

        // Given back for a reason, to where it came from.
        assert_eq!(refusals(office.gives_back(office.kim, "lead", lead, json!({}))), ["pool.reason_required:reason"]);
        office.gives_back(office.kim, "lead", lead, json!({"reason": "No time"})).unwrap();
        assert_eq!(refusals(office.gives_back(office.mona, "lead", lead, json!({"reason": "x"}))), ["pool.nobody_has_it"]);
        let fields = office.reads(office.lee, "lead", lead).unwrap()["fields"].clone();
        assert_eq!(
            (&fields["owner"], &fields["owner_department"], &fields["lead_status"]),
            (&Json::Null, &Json::Null, &json!("unassigned"))
        );
        assert_eq!(office.pool_log(pool), ["put", "claim", "return"]);
        office.consistent();
    });
}

#[test]
fn who_joins_a_pool_sees_it_at_once_and_who_leaves_it_does_not() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({}));
        let lead = office.pooled("Anna", "Bonn");
        let north = office.reads(office.ada, "employee", office.kim).unwrap()["fields"]["department"].clone();
        office.changes_pool(pool, json!({"members": [{"kind": "department", "id": north}]}));
        assert!(office.reads(office.karl, "lead", lead).is_ok());
        assert!(matches!(office.reads(office.lee, "lead", lead), Err(Error::NotFound)));
        office.consistent();
    });
}

#[test]
fn administrators_of_a_pool_give_it_out_whatever_their_role() {
    both(|database| {
        let office = Office::new(database);
        // Karl sells, and so may not assign; in this pool he may.
        let karl = json!([{"kind": "person", "id": office.karl}]);
        let pool = office.pool("Bonn", json!({"administrators": karl, "mode": "assigned_only"}));
        let other = office.pool("Ulm", json!({}));
        let (a, b, foreign) = (office.pooled("Anna", "Bonn"), office.pooled("Bruno", "Bonn"), office.pooled("Clara", "Ulm"));
        assert_eq!(refusals(office.claims_it(office.kim, "lead", a)), ["pool.not_claimable"]);
        assert!(can(&office.reads(office.karl, "lead", a).unwrap()).contains(&"assign".to_owned()));
        office.assigns(office.karl, a, office.lee).unwrap();
        assert!(matches!(office.assigns(office.kim, b, office.kim), Err(Error::Forbidden { .. })));
        assert!(matches!(office.assigns(office.karl, foreign, office.kim), Err(Error::NotFound)));
        office.moves_pool(office.karl, "lead", b, other).unwrap();
        assert!(matches!(office.moves_pool(office.karl, "lead", b, pool), Err(Error::NotFound)), "it is in another's pool now");
        assert_eq!(refusals(office.moves_pool(office.ada, "lead", a, other)), ["pool.has_owner"]);
        assert_eq!(office.pool_log(pool), ["put", "put", "assign", "move"]);
        assert_eq!(office.pool_log(other), ["put", "move"]);
        assert!(matches!(
            office.read(office.kim, |cx, tx| pools::log_of(cx, tx, pool, &pools::LogRequest::default())),
            Err(Error::Forbidden { .. })
        ));
        let read = office.read(office.karl, |cx, tx| pools::log_of(cx, tx, pool, &pools::LogRequest::default()));
        assert_eq!(read.unwrap()["items"].as_array().unwrap().len(), 4);
    });
}

#[test]
fn what_lies_in_a_pool_is_only_claimed_or_given_out() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({}));
        let lead = office.pooled("Anna", "Bonn");
        let wanted = serde_json::from_value(json!({"owner": office.kim})).unwrap();
        let given = office.write(office.mona, |cx, tx| records::change_owner(cx, tx, "lead", lead, None, &wanted));
        assert_eq!(refusals(given), ["owner.use_assign:owner"]);
        let wanted: leads::conversion::Convert = serde_json::from_value(json!({"account": {"fields": {"name": "Lindental"}}})).unwrap();
        let converted = office.write(office.mona, |cx, tx| leads::conversion::convert(cx, tx, lead, None, &wanted));
        assert_eq!(refusals(converted), ["pool.claim_first"]);
        assert_eq!(refusals(office.edits(office.mona, "lead", lead, json!({"pool": null}))), ["field.read_only:pool"]);
    });
}

#[test]
fn claims_of_a_day_are_counted_however_many_come_at_once() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({"claims_per_day": 3}));
        let some: Vec<Id> = (0..8).map(|n| office.pooled(&format!("Lead {n}"), "Bonn")).collect();
        let take = |ids: &[Id]| {
            let told = |claimed: Result<Json>| if claimed.is_ok() { Vec::new() } else { refusals(claimed) };
            ids.iter().map(|id| told(office.claims_it(office.kim, "lead", *id))).collect::<Vec<_>>()
        };
        let (a, b) = at_once(|| take(&some[..4]), || take(&some[4..]));
        let outcomes: Vec<Vec<String>> = a.into_iter().chain(b).collect();
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_empty()).count(), 3, "{outcomes:?}");
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == ["pool.daily_limit"]).count(), 5, "{outcomes:?}");
        let shown = office.read(office.kim, |cx, tx| pools::one(cx, tx, pool)).unwrap();
        assert_eq!((&shown["left_today"], &shown["records"], &shown["can"]), (&json!(0), &json!(5), &json!(["claim"])));
        assert!(shown.get("members").is_none() && shown.get("condition").is_none(), "the definition is the administrators'");
        assert!(
            office.claims_it(office.lee, "lead", some[7]).is_ok() || office.claims_it(office.lee, "lead", some[0]).is_ok(),
            "each has his own"
        );
    });
}

#[test]
fn of_two_who_claim_one_record_one_gets_it() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({}));
        for round in 0..10 {
            let lead = office.pooled(&format!("Lead {round}"), "Bonn");
            let (a, b) = at_once(|| office.claims_it(office.kim, "lead", lead), || office.claims_it(office.lee, "lead", lead));
            let refused = if a.is_ok() { b } else { a };
            assert_eq!(refusals(refused), ["pool.claimed_already"]);
        }
    });
}

#[test]
fn what_one_had_is_not_claimed_again_for_a_while() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({"not_again_for_days": 7}));
        let lead = office.pooled("Anna", "Bonn");
        office.claims_it(office.kim, "lead", lead).unwrap();
        office.gives_back(office.kim, "lead", lead, json!({"reason": "No time"})).unwrap();
        assert_eq!(refusals(office.claims_it(office.kim, "lead", lead)), ["pool.not_again_yet"]);
        office.claims_it(office.lee, "lead", lead).unwrap();
        office.gives_back(office.lee, "lead", lead, json!({"reason": "No time"})).unwrap();
        office.changes_pool(pool, json!({"not_again_for_days": null, "active": false}));
        assert_eq!(refusals(office.claims_it(office.kim, "lead", lead)), ["pool.inactive"]);
        office.changes_pool(pool, json!({"active": true}));
        office.claims_it(office.kim, "lead", lead).unwrap();
    });
}

#[test]
fn a_record_loses_in_a_pool_what_the_pool_clears() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({"clears": {"team": true, "fields": ["source_detail"]}}));
        let lead = id_of(&office.creates(office.karl, "lead", json!({"name": "Anna", "source_detail": "Fair"})).unwrap());
        let members: Vec<records::TeamMember> = serde_json::from_value(json!([{"person": office.sven, "access": "read"}])).unwrap();
        office.write(office.mona, |cx, tx| records::set_team(cx, tx, "lead", lead, &members)).unwrap();
        assert_eq!(refusals(office.gives_back(office.karl, "lead", lead, json!({"reason": "x"}))), ["pool.none_takes_it:pool"]);
        let nowhere = office.gives_back(office.karl, "lead", lead, json!({"reason": "x", "pool": lead}));
        assert_eq!(refusals(nowhere), ["field.reference_not_found:pool"]);
        office.gives_back(office.karl, "lead", lead, json!({"reason": "x", "pool": pool})).unwrap();
        let shown = office.reads(office.kim, "lead", lead).unwrap();
        assert_eq!(shown["fields"]["source_detail"], Json::Null);
        let team = office.read(office.mona, |cx, tx| records::team(cx, tx, "lead", lead)).unwrap();
        assert_eq!(team["members"], json!([]));
        office.consistent();
    });
}

#[test]
fn accounts_and_opportunities_lie_in_pools_as_well() {
    both(|database| {
        let office = Office::new(database);
        for object in ["account", "opportunity"] {
            let pool = office.pool("Open", json!({"object": object, "condition": null}));
            let record = id_of(&office.creates(office.karl, object, json!({"name": "Rail"})).unwrap());
            office.gives_back(office.karl, object, record, json!({"reason": "x", "pool": pool})).unwrap();
            office.claims_it(office.kim, object, record).unwrap();
            assert_eq!(refusals(office.claims_it(office.lee, object, record)), ["pool.claimed_already"]);
            let open = office.creates(office.kim, object, json!({"name": "Left open", "owner": null})).unwrap();
            assert_eq!(open["result"], "saved");
            let all = office.lists(office.ada, object, json!({"filter": r#"{"field": "owner", "op": "is_empty"}"#})).unwrap();
            assert_eq!(all.0, ["Left open"]);
        }
        let held = office.system("contact", json!({"name": "Anna"}));
        assert!(matches!(office.claims_it(office.kim, "contact", held), Err(Error::NotFound)));
        office.consistent();
    });
}

#[test]
fn a_pool_that_does_not_hold_together_is_refused() {
    both(|database| {
        let office = Office::new(database);
        let wrong = json!({
            "object": "lead", "name": "", "mode": "claimable", "members": [{"kind": "person", "id": office.ada}, {"kind": "person", "id": office.ada}],
            "condition": {"field": "account.name", "op": "eq", "value": "x"}, "hidden": ["owner", "nothing"], "claims_per_day": 0,
            "clears": {"fields": ["name"]},
            "reclaim": [{"key": "idle", "without": "stage_progress", "days": 10, "warn_days_before": [10]}],
        });
        assert_eq!(
            refusals(office.saves_pool(office.ada, None, wrong)),
            [
                "field.required:name",
                "field.not_unique:members/1/id",
                "field.out_of_range:claims_per_day",
                "field.unknown:hidden/1",
                "pool.field_not_hidden:hidden/0",
                "pool.field_not_cleared:clears/fields/0",
                "pool.no_stages:reclaim/0/without",
                "pool.warning_out_of_range:reclaim/0/warn_days_before",
                "sharing.condition_not_own:condition",
            ]
        );
        let none = json!({"object": "contact", "name": "x", "mode": "claimable"});
        assert_eq!(refusals(office.saves_pool(office.ada, None, none.clone())), ["pool.object_without_pools:object"]);
        assert!(matches!(office.saves_pool(office.hanna, None, none), Err(Error::Forbidden { .. })));
        let pool = office.pool("Bonn", json!({}));
        assert!(matches!(office.read(office.karl, |cx, tx| pools::one(cx, tx, pool)), Err(Error::NotFound)));
        office.pooled("Anna", "Bonn");
        assert_eq!(refusals(office.write(office.ada, |cx, tx| pools::delete(cx, tx, pool, None))), ["pool.in_use"]);
        let unused = office.pool("Ulm", json!({}));
        assert!(matches!(office.write(office.ada, |cx, tx| pools::delete(cx, tx, unused, Some(7))), Err(Error::Conflict { .. })));
        office.write(office.ada, |cx, tx| pools::delete(cx, tx, unused, Some(1))).unwrap();
    });
}
