//! Nobody gets more than a rule has room for, whichever way it comes to him.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::records::{self, ChangeOwner, Reason};
use stagecraft_core::{Credential, Error, Limits, Result, check, holding, objects};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    /// Saves a holding rule as Ada.
    pub fn limits(&self, rule: Json) -> Result<Json> {
        self.changes_limit(None, None, rule)
    }

    pub fn changes_limit(&self, id: Option<Id>, seen: Option<i64>, rule: Json) -> Result<Json> {
        let wanted = serde_json::from_value(rule).unwrap();
        self.write(self.ada, |cx, tx| holding::save(cx, tx, id, seen, &wanted))
    }

    pub fn hands(&self, who: Id, deal: Id, to: Id) -> Result<Json> {
        let wanted = ChangeOwner { owner: to.to_string(), keep_as: None, reason: None, skip_approval: false, dry_run: false };
        self.write(who, |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &wanted))
    }

    pub fn bins(&self, who: Id, deal: Id) -> Result<Json> {
        self.write(who, |cx, tx| records::void(cx, tx, "opportunity", deal, None, &Reason::default()))
    }

    pub fn takes_out(&self, who: Id, deal: Id) -> Result<Json> {
        self.write(who, |cx, tx| records::restore(cx, tx, "opportunity", deal, None, &Reason::default()))
    }

    /// What is kept of who holds what is what the records come to.
    pub fn holdings_are_right(&self) {
        let report = self.house.read(&Credential::System("to check"), Limits::default(), check::holdings).unwrap();
        assert_eq!(report["ok"], true, "{report:#}");
    }

    pub fn department_of(&self, who: Id) -> String {
        self.reads(self.ada, "employee", who).unwrap()["fields"]["department"].as_str().unwrap().to_owned()
    }
}

/// A rule for everybody who sells.
pub fn each(name: &str, limit: u32, counts: Json) -> Json {
    json!({
        "object": "opportunity", "name": name, "counts": counts, "limit": {"kind": "number", "number": limit},
        "subject": {"kind": "employees", "condition": {"field": "roles", "op": "in", "value": ["salesperson"]}},
    })
}

/// Names of the rules that stand against an act, the tightest first.
pub fn met(refused: Result<Json>) -> Vec<String> {
    match refused {
        Err(Error::Invalid(found)) => {
            assert_eq!((found.len(), found[0].code, found[0].path.as_str()), (1, "holding.limit_reached", "owner"), "{found:?}");
            found[0].params["rules"].as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// spec/12: R1 three for a salesperson, R2 one of those from 1000, R3 five for the department North.
#[test]
fn every_rule_must_have_room() {
    both(|database| {
        let office = Office::new(database);
        let (ann, bob) = (office.kim, office.karl);
        let small = |who, name: &str| office.creates(who, "opportunity", json!({"name": name, "amount": "10"}));
        let big = |who, name: &str| office.creates(who, "opportunity", json!({"name": name, "amount": "1000"}));
        office.limits(each("R1", 3, Json::Null)).unwrap();
        let large = json!({"field": "amount", "op": "ge", "value": {"amount": "1000", "currency": "USD"}});
        office.limits(each("R2", 1, large)).unwrap();
        let north = json!({"kind": "departments", "ids": [office.department_of(ann)], "with_sub": false});
        let mut shared = each("R3", 5, Json::Null);
        shared["subject"] = north;
        office.limits(shared).unwrap();
        let first = id_of(&small(ann, "A1").unwrap());
        small(ann, "A2").unwrap();
        big(ann, "A3").unwrap();
        assert_eq!(met(small(ann, "A4")), ["R1"], "Ann has three of three");
        big(bob, "B1").unwrap();
        assert_eq!(met(big(bob, "B2")), ["R2"]);
        small(bob, "B2").unwrap();
        assert_eq!(met(small(bob, "B3")), ["R3"], "North has five of five");
        assert_eq!(met(small(ann, "A4")), ["R1", "R3"], "the least room, then the least limit, come first");
        assert_eq!(met(small(office.mona, "M1")), ["R3"], "the department's limit is everybody's in it");
        office.bins(ann, first).unwrap();
        let again = id_of(&small(ann, "A5").unwrap());
        assert_eq!(met(office.takes_out(ann, first)).len(), 2, "what comes back is judged like what is made");
        office.bins(ann, again).unwrap();
        office.takes_out(ann, first).unwrap();
        office.holdings_are_right();
    });
}

#[test]
fn acts_that_give_are_judged_and_edits_are_not() {
    both(|database| {
        let office = Office::new(database);
        office.limits(each("R", 2, Json::Null)).unwrap();
        let deals: Vec<Id> = ["A", "B"].map(|name| office.deal(office.kim, name)).into();
        let spare = office.deal(office.mona, "Spare");
        assert_eq!(met(office.hands(office.mona, spare, office.kim)), ["R"], "given");
        let made = office.creates(office.mona, "opportunity", json!({"name": "C", "owner": office.kim}));
        assert_eq!(met(made), ["R"], "made for somebody: it is he who would own it");
        // Closed ones do not count, and to open one again is to get it.
        office.moves(office.kim, deals[0], None, json!({"stage": "invalid"})).unwrap();
        office.hands(office.mona, spare, office.kim).unwrap();
        let reopen = serde_json::from_value(json!({"reason": "They called"})).unwrap();
        let reopened = office.write(office.mona, |cx, tx| stagecraft_core::processes::reopen(cx, tx, deals[0], None, &reopen));
        assert_eq!(met(reopened), ["R"], "opened again");
        // Whoever has more than a new limit keeps it, works with it, gives it away, and gets nothing more.
        let rule = office.read(office.ada, |cx, tx| holding::list(cx, tx, None)).unwrap()["items"][0].clone();
        let id: Id = rule["id"].as_str().unwrap().parse().unwrap();
        let mut tighter = rule.clone();
        tighter["limit"]["number"] = 0.into();
        let late = office.changes_limit(Some(id), Some(7), tighter.clone());
        assert!(matches!(late, Err(Error::Conflict { .. })));
        office.changes_limit(Some(id), Some(1), tighter).unwrap();
        office.edits(office.kim, "opportunity", deals[1], json!({"next_step": "Call"})).unwrap();
        office.hands(office.mona, spare, office.mona).unwrap();
        assert_eq!(met(office.hands(office.mona, spare, office.kim)), ["R"]);
        let told = match office.hands(office.mona, spare, office.kim) {
            Err(Error::Invalid(found)) => found[0].params["rules"][0].clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!((&told["held"], &told["limit"], &told["room"], &told["asked"]), (&json!(1), &json!(0), &json!(0), &json!(1)));
        assert_eq!((&told["subject"]["name"], &told["limit_from"]), (&json!("Kim"), &json!("number")));
        // An edit that makes one count is shown as over, and is nobody's refusal.
        let counts = json!({"field": "amount", "op": "ge", "value": {"amount": "5000", "currency": "USD"}});
        office.changes_limit(Some(id), None, each("R", 0, counts)).unwrap();
        office.hands(office.mona, spare, office.kim).unwrap();
        office.edits(office.kim, "opportunity", spare, json!({"amount": "5000"})).unwrap();
        let usage = office.read(office.ada, |cx, tx| holding::usage(cx, tx, id)).unwrap();
        let kims = usage["subjects"].as_array().unwrap().iter().find(|one| one["id"] == office.kim.to_string()).unwrap().clone();
        assert_eq!((&kims["held"], &kims["over"], &usage["over"]), (&json!(1), &json!(true), &json!(1)));
        office.holdings_are_right();
        // Taken back, nothing is kept and nothing stands against anything.
        office.write(office.ada, |cx, tx| holding::delete(cx, tx, id, None)).unwrap();
        office.deal(office.kim, "D");
        office.holdings_are_right();
    });
}

#[test]
fn what_stays_in_a_department_or_group_gains_it_nothing() {
    both(|database| {
        let office = Office::new(database);
        let group = office.system("user_group", json!({"name": "Board", "members": [office.kim, office.lee]}));
        let north = office.department_of(office.kim);
        let sales = office.department_of(office.hanna);
        let shared = |name: &str, limit: u32, subject: Json| {
            let mut rule = each(name, limit, Json::Null);
            rule["subject"] = subject;
            office.limits(rule).unwrap()
        };
        shared("North", 2, json!({"kind": "departments", "ids": [north], "with_sub": false}));
        shared("Group", 2, json!({"kind": "groups", "ids": [group]}));
        shared("Sales", 4, json!({"kind": "departments", "ids": [sales], "with_sub": true}));
        let first = office.deal(office.kim, "A");
        office.deal(office.karl, "B");
        assert_eq!(met(office.creates(office.kim, "opportunity", json!({"name": "C"}))), ["North"]);
        office.hands(office.mona, first, office.karl).unwrap();
        office.hands(office.mona, first, office.kim).unwrap();
        let lees = office.deal(office.lee, "D");
        assert_eq!(
            met(office.hands(office.hanna, lees, office.kim)),
            ["North"],
            "from one of the group to another: the group gains nothing"
        );
        assert_eq!(met(office.creates(office.lee, "opportunity", json!({"name": "E"}))), ["Group"]);
        office.deal(office.sven, "F");
        assert_eq!(met(office.creates(office.sven, "opportunity", json!({"name": "G"}))), ["Sales"]);
        // Whoever moves takes along what he has: nothing is refused, and it counts where he stands now.
        office.edits(office.ada, "employee", office.karl, json!({"department": office.department_of(office.lee)})).unwrap();
        office.bins(office.sven, lees).unwrap();
        office.deal(office.kim, "H");
        office.holdings_are_right();
    });
}

#[test]
fn a_limit_may_be_a_field_of_the_person() {
    both(|database| {
        let office = Office::new(database);
        let field = json!({"key": "x_quota", "label": {"en": "Quota"}, "type": "number", "scale": 1});
        let quota = json!({"kind": "variable", "field": "x_quota"});
        let mut rule = each("Quota", 0, Json::Null);
        rule["limit"] = quota.clone();
        assert_eq!(refusals(office.limits(rule.clone())), ["holding.variable_not_allowed:limit/field"]);
        office.adds_field("employee", field);
        for wrong in ["name", "email", "active", "nothing"] {
            let mut wrong_rule = rule.clone();
            wrong_rule["limit"]["field"] = wrong.into();
            assert_eq!(refusals(office.limits(wrong_rule)), ["holding.variable_not_allowed:limit/field"], "{wrong}");
        }
        let offered = office.read(office.ada, |cx, _| holding::variables(cx)).unwrap();
        assert!(offered["items"].as_array().unwrap().iter().any(|one| one["field"] == "x_quota" && one["kind"] == "number"));
        office.limits(rule).unwrap();
        office.deal(office.kim, "A");
        office.deal(office.kim, "B");
        let set = |who: Id, quota: Json| office.edits(office.ada, "employee", who, json!({"x_quota": quota})).unwrap();
        set(office.kim, "2.9".into());
        assert_eq!(met(office.creates(office.kim, "opportunity", json!({"name": "C"}))), ["Quota"], "fractions are cut");
        set(office.kim, "3".into());
        office.deal(office.kim, "C");
        set(office.karl, "-4".into());
        assert_eq!(met(office.creates(office.karl, "opportunity", json!({"name": "K"}))), ["Quota"], "less than nothing is nothing");
        office.deal(office.lee, "L");
        // Together: what the active members have.
        let mut shared = each("Together", 0, Json::Null);
        shared["subject"] = json!({"kind": "departments", "ids": [office.department_of(office.kim)], "with_sub": false});
        shared["limit"] = quota;
        set(office.karl, "1".into());
        office.limits(shared).unwrap();
        office.deal(office.karl, "K");
        assert_eq!(met(office.creates(office.mona, "opportunity", json!({"name": "M"}))), ["Together"], "3 and 1 for all of North");
        let uses = office.read(office.ada, |cx, tx| objects::uses(cx, tx, "employee", "x_quota")).unwrap();
        assert_eq!(uses["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "holding_rule").count(), 2);
        office.holdings_are_right();
    });
}

#[test]
fn a_rule_that_looks_further_is_counted_by_asking() {
    both(|database| {
        let office = Office::new(database);
        let medical = id_of(&office.creates(office.kim, "account", json!({"name": "Clinic", "sector": "medical"})).unwrap());
        office.limits(each("Medical", 1, json!({"field": "account.sector", "op": "eq", "value": "medical"}))).unwrap();
        let deal = |name: &str, account: Json| office.creates(office.kim, "opportunity", json!({"name": name, "account": account}));
        deal("A", json!(medical)).unwrap();
        deal("B", Json::Null).unwrap();
        assert_eq!(met(deal("C", json!(medical))), ["Medical"]);
        office.edits(office.kim, "account", medical, json!({"sector": "steel"})).unwrap();
        deal("C", json!(medical)).unwrap();
        office.edits(office.kim, "account", medical, json!({"sector": "medical"})).unwrap();
        assert_eq!(met(deal("D", json!(medical))), ["Medical"]);
        office.holdings_are_right();
    });
}

#[test]
fn only_those_with_the_act_pass_and_the_trace_tells() {
    both(|database| {
        let office = Office::new(database);
        let mut all = each("All", 1, Json::Null);
        all["subject"] = json!({"kind": "employees"});
        office.limits(all).unwrap();
        office.deal(office.ada, "A");
        assert_eq!(met(office.creates(office.ada, "opportunity", json!({"name": "B"}))), ["All"], "administrators are not exempt");
        office.deal(office.kim, "K");
        let role = json!({"key": "free", "name": {"en": "Free"}, "objects": {"opportunity": {"acts": ["holding_exempt", "read"]}}});
        let role = serde_json::from_value(role).unwrap();
        office.write(office.ada, |cx, tx| stagecraft_core::roles::create(cx, tx, &role)).unwrap();
        office.edits(office.ada, "employee", office.mona, json!({"roles": ["sales_manager", "free"]})).unwrap();
        office.creates(office.mona, "opportunity", json!({"name": "L", "owner": office.kim})).unwrap();
        let asked = serde_json::from_value(json!({"act": "holding_exempt"})).unwrap();
        let trace = office.read(office.ada, |cx, tx| stagecraft_core::audit::log(cx, tx, &asked)).unwrap();
        assert_eq!(trace["items"].as_array().unwrap().len(), 1, "{trace:#}");
        assert_eq!(trace["items"][0]["detail"]["rules"][0]["held"], 1);
        assert_eq!(met(office.creates(office.kim, "opportunity", json!({"name": "M"}))), ["All"]);
        office.holdings_are_right();
    });
}

#[test]
fn a_preview_tells_who_would_be_over() {
    both(|database| {
        let office = Office::new(database);
        for name in ["A", "B", "C"] {
            office.deal(office.kim, name);
        }
        office.deal(office.lee, "D");
        let previewed = |rule: Json| {
            let wanted = serde_json::from_value(rule).unwrap();
            office.read(office.ada, |cx, tx| holding::preview(cx, tx, &wanted)).unwrap()
        };
        let told = previewed(each("R", 2, Json::Null));
        assert_eq!((&told["people"], &told["over"], &told["newly_over"]), (&json!(3), &json!(1), &json!(1)), "{told:#}");
        assert_eq!((&told["subjects"][0]["id"], &told["subjects"][0]["held"]), (&json!(office.kim), &json!(3)), "the fullest first");
        let saved = office.limits(each("R", 2, Json::Null)).unwrap();
        let mut tighter = saved.clone();
        tighter["limit"]["number"] = 0.into();
        let told = previewed(tighter);
        assert_eq!((&told["over"], &told["newly_over"]), (&json!(2), &json!(1)));
        let none = serde_json::from_value(json!({"condition": {"field": "amount", "op": "is_empty"}})).unwrap();
        let told = office.read(office.ada, |cx, tx| holding::preview_definition(cx, tx, "opportunity", &none)).unwrap();
        assert_eq!((&told["over"], &told["rules"][0]["rule"]["name"]), (&json!(0), &json!("R")));
        office.write(office.ada, |cx, tx| holding::define(cx, tx, "opportunity", Some(0), &none)).unwrap();
        office.deal(office.kim, "E");
        office.holdings_are_right();
        let late = office.write(office.ada, |cx, tx| holding::define(cx, tx, "opportunity", Some(0), &none));
        assert!(matches!(late, Err(Error::Conflict { .. })));
        assert!(matches!(
            office.write(office.kim, |cx, tx| holding::define(cx, tx, "opportunity", None, &none)),
            Err(Error::Forbidden { .. })
        ));
        office.holdings_are_right();
    });
}

#[test]
fn one_sees_what_one_holds_and_what_would_free_room() {
    both(|database| {
        let office = Office::new(database);
        let mut north = each("North", 5, Json::Null);
        north["subject"] = json!({"kind": "departments", "ids": [office.department_of(office.kim)], "with_sub": false});
        north["note"] = "All of you".into();
        office.limits(north).unwrap();
        office.limits(each("Each", 2, Json::Null)).unwrap();
        let first = office.deal(office.kim, "Old");
        office.deal(office.kim, "New");
        office.deal(office.karl, "K");
        let mine = office.read(office.kim, |cx, tx| holding::me(cx, tx, &holding::Request::default())).unwrap();
        let told = |item: &Json| {
            let part = |key: &str| item[key].as_i64().unwrap();
            (item["rule"]["name"].as_str().unwrap().to_owned(), part("held"), part("mine"), part("limit"), part("room"))
        };
        let items = mine["items"].as_array().unwrap();
        assert_eq!(items.iter().map(told).collect::<Vec<_>>(), [("Each".to_owned(), 2, 2, 2, 0), ("North".to_owned(), 3, 2, 5, 2)]);
        let (listed, count) = office.lists(office.kim, "opportunity", json!({"filter": items[0]["filter"].to_string()})).unwrap();
        assert_eq!((listed.len(), count), (2, 2), "the filter finds what counts");
        let check = |who: Id, asked: Json| {
            let asked = serde_json::from_value(asked).unwrap();
            office.read(who, |cx, tx| holding::check(cx, tx, &asked))
        };
        let full = check(office.kim, json!({"object": "opportunity", "fields": {"amount": "5"}})).unwrap();
        assert_eq!((&full["allowed"], &full["rules"][0]["rule"]["name"]), (&json!(false), &json!("Each")), "{full:#}");
        assert_eq!((&full["frees"][0]["id"], full["frees"].as_array().unwrap().len()), (&json!(first), 2), "{full:#}");
        let alone = check(office.kim, json!({"object": "opportunity", "rule": items[1]["rule"]["id"]})).unwrap();
        assert_eq!((&alone["allowed"], &alone["frees"]), (&json!(true), &json!([])), "under that rule there is room: {alone:#}");
        let alone = check(office.kim, json!({"object": "opportunity", "rule": items[0]["rule"]["id"]})).unwrap();
        assert_eq!((&alone["rules"][0]["rule"]["name"], &alone["frees"][0]["id"]), (&json!("Each"), &json!(first)), "{alone:#}");
        assert!(matches!(check(office.kim, json!({"object": "opportunity", "rule": first})), Err(Error::NotFound)));
        assert_eq!(check(office.mona, json!({"object": "opportunity"})).unwrap()["allowed"], true);
        assert_eq!(check(office.mona, json!({"object": "opportunity", "person": office.kim})).unwrap()["allowed"], false);
        let others = check(office.lee, json!({"object": "opportunity", "person": office.kim}));
        assert!(matches!(others, Err(Error::NotFound)), "who gives nothing to others learns nothing of them");
        let many = json!({"object": "opportunity", "person": office.karl, "records": [first]});
        let within = check(office.mona, many).unwrap();
        assert_eq!(within["allowed"], true, "from one of North to another: North gains nothing, and Karl has room");
        // Managers see their people; others do not.
        let team = office.read(office.mona, |cx, tx| holding::team(cx, tx, &holding::Request::default())).unwrap();
        assert_eq!((team["people"].as_array().unwrap().len(), team["shared"][0]["held"].clone()), (3, json!(3)), "{team:#}");
        let alone = |who: Id| {
            let wanted = holding::Request { person: Some(office.kim.to_string()), ..holding::Request::default() };
            let team = office.read(who, |cx, tx| holding::team(cx, tx, &wanted)).unwrap();
            team["people"].as_array().unwrap().iter().map(|one| one["person"].clone()).collect::<Vec<_>>()
        };
        assert_eq!((alone(office.mona), alone(office.karl)), (vec![json!(office.kim)], vec![]));
        let one = |who: Id| office.read(who, |cx, tx| holding::person(cx, tx, office.kim, &holding::Request::default()));
        assert_eq!(one(office.mona).unwrap()["items"].as_array().unwrap().len(), 2);
        assert!(matches!(one(office.karl), Err(Error::NotFound)));
        office.holdings_are_right();
    });
}

#[test]
fn whoever_is_first_in_line_is_told_once_when_there_is_room() {
    both(|database| {
        let office = Office::new(database);
        let mut north = each("North", 1, Json::Null);
        north["subject"] = json!({"kind": "departments", "ids": [office.department_of(office.kim)], "with_sub": false});
        office.limits(north).unwrap();
        let deal = office.deal(office.mona, "M");
        let waits = |who: Id| {
            let wanted = serde_json::from_value(json!({"object": "opportunity"})).unwrap();
            office.write(who, |cx, tx| holding::wait(cx, tx, &wanted)).unwrap()["place"].as_i64().unwrap()
        };
        assert_eq!((waits(office.karl), waits(office.kim), waits(office.karl)), (1, 2, 1));
        let other = stagecraft_core::House::open(database.again()).unwrap();
        let told = |who: Id| {
            let read = office.house.read(&Credential::Person(who), Limits::default(), |_, tx| {
                use sea_query::{Expr, ExprTrait, Query};
                let mut select = Query::select();
                select.column("id").from("notice").and_where(Expr::col("person").eq(who.0)).and_where(Expr::col("kind").eq("holding_room"));
                Ok(tx.all(&select)?.len())
            });
            read.unwrap()
        };
        let both_tell = || {
            crate::together::at_once(|| holding::tell_waiting(&office.house).unwrap(), || holding::tell_waiting(&other).unwrap());
        };
        both_tell();
        assert_eq!((told(office.karl), told(office.kim)), (0, 0), "there is no room");
        office.bins(office.mona, deal).unwrap();
        both_tell();
        both_tell();
        assert_eq!((told(office.karl), told(office.kim)), (1, 0), "the first in line, and he once");
        let mine = office.read(office.karl, holding::waits).unwrap();
        let id: Id = mine["items"][0]["id"].as_str().unwrap().parse().unwrap();
        assert!(matches!(office.write(office.kim, |cx, tx| holding::leave(cx, tx, id)), Err(Error::NotFound)));
        office.write(office.karl, |cx, tx| holding::leave(cx, tx, id)).unwrap();
        both_tell();
        assert_eq!((told(office.karl), told(office.kim)), (1, 1), "he leaves it to the next");
        office.holdings_are_right();
    });
}
