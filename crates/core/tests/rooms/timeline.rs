//! The timeline: everything that happened about a record, once, in its order, and nothing that its reader may not know of.

use std::time::Instant as Moment;

use model::{Id, Value};
use serde_json::{Value as Json, json};
use stagecraft_core::save::{Change, Deed, save_all};
use stagecraft_core::{Error, Result, processes, records, timeline};
use testkit::{Database, both};

use crate::office::{Office, id_of};

impl Office {
    pub fn timeline(&self, who: Id, object: &str, id: Id, query: Json) -> Result<Json> {
        let wanted = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| timeline::timeline(cx, tx, object, id, &wanted))
    }

    /// All of it, page by page.
    fn whole_timeline(&self, who: Id, object: &str, id: Id, mut query: Json) -> Vec<Json> {
        let mut all = Vec::new();
        loop {
            let page = self.timeline(who, object, id, query.clone()).unwrap();
            all.extend(page["items"].as_array().unwrap().iter().cloned());
            query["cursor"] = page["next_cursor"].clone();
            if query["cursor"].is_null() {
                return all;
            }
        }
    }
}

fn kinds(items: &[Json]) -> Vec<&str> {
    items.iter().map(|item| item["kind"].as_str().unwrap()).collect()
}

/// A deal about which everything has happened.
fn busy(office: &Office, database: &Database) -> Id {
    // One thing after the other, also where the clock is moved by hand.
    let then = || database.advance(60);
    let deal = office.deal(office.kim, "Rail");
    then();
    office.did(office.kim, "opportunity", deal, json!({"name": "Long ago", "happened_at": "2020-01-02T08:00:00Z"}));
    then();
    office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
    then();
    office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
    then();
    office.asks(office.kim, office.kim, deal);
    then();
    office.says(office.kim, deal, "Looks good").unwrap();
    let members = serde_json::from_value::<Vec<records::TeamMember>>(json!([{"person": office.lee, "access": "read"}])).unwrap();
    then();
    office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &members)).unwrap();
    let give = serde_json::from_value(json!({"owner": office.karl, "keep_as": "read"})).unwrap();
    then();
    office.write(office.mona, |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &give)).unwrap();
    then();
    office.did(office.mona, "opportunity", deal, json!({"name": "Just now"}));
    deal
}

#[test]
fn everything_comes_once_in_its_order_however_long_a_page_is() {
    both(|database| {
        let office = Office::new(database);
        let deal = busy(&office, database);
        let all = office.whole_timeline(office.mona, "opportunity", deal, json!({"limit": 100}));
        assert_eq!(
            kinds(&all),
            ["activity", "owner", "team", "comment", "task", "stage", "change", "created", "activity"],
            "what the product reckons by itself is not told: {all:#?}"
        );
        assert!(all.windows(2).all(|two| two[0]["at"].as_str() >= two[1]["at"].as_str()));
        for limit in [1, 2, 3] {
            assert_eq!(office.whole_timeline(office.mona, "opportunity", deal, json!({"limit": limit})), all, "{limit} at once");
        }
        let some = office.whole_timeline(office.mona, "opportunity", deal, json!({"limit": 1, "kinds": "stage, activity"}));
        assert_eq!(kinds(&some), ["activity", "stage", "activity"]);
        assert_eq!(all[0]["record"]["can"], json!(["edit", "void"]));
        assert_eq!(all[2]["team"]["new"][0]["person"], json!(office.lee));
        let changed = |item: &Json, field: &str| item["changes"].as_array().unwrap().iter().any(|change| change["field"] == field);
        assert!(changed(&all[1], "owner") && changed(&all[5], "stage") && changed(&all[6], "next_step"));
        assert!(office.timeline(office.lee, "opportunity", deal, json!({})).is_ok(), "he is in the team");
        assert!(matches!(office.timeline(office.ada, "opportunity", office.lee, json!({})), Err(Error::NotFound)));
        let strange = office.timeline(office.mona, "opportunity", deal, json!({"cursor": "1.2.3"}));
        assert!(matches!(strange, Err(Error::Malformed(_))));
    });
}

/// Moves with what they went past, slips, and changes of the process: the log of a sale.
#[test]
fn it_is_the_log_of_a_sale() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, ada, .. } = office;
        office.edits_process(|process| {
            process.stages[1].allow_skip = true;
            process.stages[2].entry_condition = Some(model::Condition::row("next_step", model::condition::Op::IsNotEmpty, Json::Null));
        });
        let mut other = office.read(ada, |cx, _| Ok(json!(cx.meta.processes[0]))).unwrap();
        other["name"] = "Partners".into();
        other["precedence"] = 9.into();
        office.write(ada, |cx, tx| processes::save_process(cx, tx, None, None, &other, false)).unwrap();
        let other = office.read(ada, |cx, _| Ok(cx.meta.processes.iter().find(|p| p.name == "Partners").unwrap().id)).unwrap();
        let deal = office.deal(kim, "Rail");
        database.advance(3 * 86_400);
        office.moves(ada, deal, None, json!({"stage": "proposal", "bypass": true, "reason": "The board wants it"})).unwrap();
        database.advance(60);
        let back = json!({"stage": "prospecting", "reason": "Not yet", "fields": {"expected_close_date": "2026-12-01"}});
        office.moves(kim, deal, None, back).unwrap();
        database.advance(60);
        office.edits(kim, "opportunity", deal, json!({"expected_close_date": "2026-12-31", "amount": "1200"})).unwrap();
        database.advance(60);
        let change = serde_json::from_value(json!({"process": other, "reason": "A partner sells it"})).unwrap();
        office.write(ada, |cx, tx| processes::change_process(cx, tx, deal, None, &change)).unwrap();
        let all = office.whole_timeline(kim, "opportunity", deal, json!({"limit": 100}));
        assert_eq!(kinds(&all), ["process", "slip", "change", "slip", "stage", "stage", "created"], "{all:#?}");
        for limit in [1, 2] {
            assert_eq!(office.whole_timeline(kim, "opportunity", deal, json!({"limit": limit})), all, "{limit} at once");
        }
        assert_eq!((&all[1]["slip"]["days"], &all[1]["at"]), (&json!(30), &all[2]["at"]), "a slip has the instant of its change");
        let fields: Vec<&Json> = all[2]["changes"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
        assert_eq!(fields, ["amount", "expected_close_date"], "what follows from them is no news");
        assert_eq!((&all[3]["slip"]["kind"], &all[3]["reason"]), (&json!("stage"), &json!("Not yet")));
        let moved = &all[5]["move"];
        assert_eq!((&moved["from"], &moved["to"], &moved["how"]), (&json!("prospecting"), &json!("proposal"), &json!("skip")));
        assert_eq!((&moved["skipped"], &moved["bypassed"]), (&json!(["qualification"]), &json!(["stage.entry_condition"])));
        assert!(moved["seconds"].as_i64().unwrap() >= 3 * 86_400);
        let changed = &all[0]["move"];
        assert_eq!((&changed["how"], &changed["process"]["name"]), (&json!("change_process"), &json!("Partners")));
        assert_eq!(changed["from_process"]["version"], 2);
        let some = office.whole_timeline(kim, "opportunity", deal, json!({"kinds": "slip,process"}));
        assert_eq!(kinds(&some), ["process", "slip", "slip"]);
        // Whoever may not know of the stage learns none of it, nor of what slipped there.
        office.hides("salesperson", "opportunity", &[("stage", "hidden"), ("sales_process", "hidden")]);
        let all = office.whole_timeline(kim, "opportunity", deal, json!({}));
        let text = serde_json::to_string(&all).unwrap();
        assert!(kinds(&all).iter().filter(|kind| **kind == "slip").count() == 1 && !kinds(&all).contains(&"process"), "{text}");
        assert!(all.iter().all(|item| item["move"].is_null()));
        assert!(!["proposal", "prospecting", "Partners", "entry_condition"].iter().any(|word| text.contains(word)), "{text}");
    });
}

#[test]
fn what_one_may_not_know_of_is_not_in_it() {
    both(|database| {
        let office = Office::new(database);
        let deal = busy(&office, database);
        let fields = json!({"next_step": "hidden", "stage": "hidden"});
        let role = json!({"key": "half", "name": {"en": "Half"}, "see_all": true, "objects": {
            "opportunity": {"acts": ["read"], "fields": fields}, "activity": {"acts": ["read"], "fields": {"content": "hidden"}},
            "employee": {"acts": ["read"]},
        }});
        office.adds_role(&role).unwrap();
        office.edits(office.ada, "employee", office.sven, json!({"roles": ["half"]})).unwrap();
        let all = office.whole_timeline(office.sven, "opportunity", deal, json!({"limit": 1}));
        let told = kinds(&all);
        assert!(!told.contains(&"task"), "he reads no tasks: {told:?}");
        assert!(!told.contains(&"change"), "nothing but the hidden field was changed there: {told:?}");
        let text = serde_json::to_string(&all).unwrap();
        for word in ["next_step\":\"Call", "qualification", "prospecting", "\"content\""] {
            assert!(!text.contains(word), "{word} in {text}");
        }
        // Whoever may not know when it happened learns at most when it was written down.
        office.hides("half", "activity", &[("happened_at", "hidden")]);
        let all = office.whole_timeline(office.sven, "opportunity", deal, json!({"kinds": "activity"}));
        assert!(all.len() == 2 && !serde_json::to_string(&all).unwrap().contains("2020-01-02"));
        office.hides("half", "activity", &[("regarding", "hidden")]);
        assert!(office.whole_timeline(office.sven, "opportunity", deal, json!({"kinds": "activity"})).is_empty());
    });
}

#[test]
fn an_account_tells_of_those_of_its_deals_that_one_sees() {
    both(|database| {
        let office = Office::new(database);
        let account = id_of(&office.creates(office.kim, "account", json!({"name": "Lindenthal"})).unwrap());
        let of = |who: Id, name: &str| id_of(&office.creates(who, "opportunity", json!({"name": name, "account": account})).unwrap());
        let (kims, lees) = (of(office.kim, "Rail"), of(office.lee, "Bridge"));
        office.did(office.kim, "opportunity", kims, json!({"name": "Rang about the rail"}));
        office.did(office.lee, "opportunity", lees, json!({"name": "Rang about the bridge"}));
        let told = |who: Id, related: bool| {
            let all = office.whole_timeline(who, "account", account, json!({"limit": 2, "related": related}));
            let names = all.iter().filter_map(|item| item["record"]["fields"]["name"].as_str());
            names.map(str::to_owned).collect::<Vec<String>>()
        };
        assert!(told(office.kim, false).is_empty());
        assert_eq!(told(office.kim, true), ["Rang about the rail"]);
        assert_eq!(told(office.hanna, true), ["Rang about the bridge", "Rang about the rail"]);
        let page = office.timeline(office.hanna, "account", account, json!({"related": true})).unwrap();
        assert_eq!(page["related"], json!({"records": 2, "more": false}));
        assert_eq!(page["items"][0]["record_id"], json!(lees));
        assert_eq!(page["refs"][lees.to_string()]["name"], "Bridge");
    });
}

/// A page of a record about which ten thousand things were done and changed costs what one of a new record does.
#[test]
fn what_a_page_costs_does_not_grow_with_what_has_happened() {
    both(|database| {
        let office = Office::new(database);
        let many: usize = std::env::var("TIMELINE_MANY").ok().and_then(|n| n.parse().ok()).unwrap_or(600);
        let fresh = office.deal(office.kim, "Fresh");
        office.did(office.kim, "opportunity", fresh, json!({"name": "Call"}));
        let busy = office.deal(office.kim, "Busy");
        let about = |n: usize| {
            let mut change = Change::new("activity", Deed::Create);
            change.patch.insert("name".into(), format!("Call {n}").into());
            change.patch.insert("regarding".into(), Value::Regarding { object: "opportunity".into(), id: busy });
            change.patch.insert("happened_at".into(), model::Instant(1_500_000_000_000_000 + n as i64 * 60_000_000).into());
            change
        };
        for from in (0..many).step_by(200) {
            let some: Vec<Change> = (from..many.min(from + 200)).map(about).collect();
            office.write(office.kim, |cx, tx| save_all(cx, tx, "activity", some.clone())).unwrap();
        }
        for from in (0..many).step_by(200) {
            office
                .write(office.kim, |cx, tx| {
                    for n in from..many.min(from + 200) {
                        let mut change = Change::of("opportunity", busy, Deed::Edit);
                        change.patch.insert("next_step".into(), format!("Step {n}").into());
                        save_all(cx, tx, "opportunity", vec![change])?.pop().unwrap()?;
                    }
                    Ok(())
                })
                .unwrap();
        }
        database.db().analyse().unwrap();
        let statements = |deal: Id, query: &Json| {
            let wanted = serde_json::from_value(query.clone()).unwrap();
            office
                .read(office.kim, |cx, tx| {
                    let before = tx.statements();
                    timeline::timeline(cx, tx, "opportunity", deal, &wanted)?;
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        let query = json!({"limit": 30});
        assert!(statements(busy, &query) <= statements(fresh, &query) + 2, "as many statements");
        let mut middle = json!(null);
        for _ in 0..5 {
            middle =
                office.timeline(office.kim, "opportunity", busy, json!({"limit": 100, "cursor": middle})).unwrap()["next_cursor"].clone();
        }
        let took = |deal: Id, query: &Json| {
            let runs = (0..9).map(|_| {
                let began = Moment::now();
                office.timeline(office.kim, "opportunity", deal, query.clone()).unwrap();
                began.elapsed()
            });
            let mut runs: Vec<_> = runs.collect();
            runs.sort_unstable();
            runs[4]
        };
        let (of_fresh, first, later) = (took(fresh, &query), took(busy, &query), took(busy, &json!({"limit": 30, "cursor": middle})));
        eprintln!("{many} activities and changes: a fresh record {of_fresh:?}, the first page {first:?}, one in the middle {later:?}");
        let most = of_fresh * 6 + std::time::Duration::from_millis(60);
        assert!(first < most && later < most, "{of_fresh:?} {first:?} {later:?}");
    });
}
