//! Saved views: whose they are, who else uses them, and what lists make of them.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, views};
use testkit::{Database, both};

use crate::hidden::hide_amount;
use crate::office::{Office, refusals};

/// One that every organisation begins with.
const SHIPPED: &str = "Overdue in their stage";

impl Office {
    fn saves(&self, who: Id, id: Option<Id>, seen: Option<i64>, document: &Json) -> Result<Json> {
        let wanted: views::Wanted = serde_json::from_value(document.clone()).unwrap();
        self.write(who, |cx, tx| views::save(cx, tx, id, seen, &wanted))
    }

    fn keeps(&self, who: Id, name: &str, more: Json) -> Json {
        self.saves(who, None, None, &view(name, more)).unwrap()
    }

    fn has(&self, who: Id) -> (Vec<String>, Option<String>) {
        let answer = self.read(who, |cx, tx| views::list(cx, tx, Some("opportunity"))).unwrap();
        let items = answer["items"].as_array().unwrap();
        let default = items.iter().find(|view| view["id"] == answer["default"]).map(|view| view["name"].as_str().unwrap().to_owned());
        let made = items.iter().map(|view| view["name"].as_str().unwrap().to_owned()).filter(|name| name != SHIPPED);
        (made.collect(), default)
    }

    fn lists_view(&self, who: Id, view: &Json, mut query: Json) -> Vec<String> {
        query["view"] = view["id"].clone();
        self.lists(who, "opportunity", query).unwrap().0
    }
}

fn view(name: &str, more: Json) -> Json {
    let mut document = json!({"object": "opportunity", "name": name});
    for (key, value) in more.as_object().unwrap() {
        document[key] = value.clone();
    }
    document
}

fn id_of(view: &Json) -> Id {
    view["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn ones_own_are_nobody_elses_and_administrators_share() {
    both(|database| {
        let office = Office::new(database);
        let (kim, mona, ada) = (office.kim, office.mona, office.ada);
        let own = office.keeps(kim, "  Mine ", json!({}));
        assert_eq!((own["name"].as_str(), own["mine"].as_bool(), &own["can"]), (Some("Mine"), Some(true), &json!(["edit", "delete"])));
        office.keeps(ada, "For sellers", json!({"sharing": {"scope": "roles", "roles": ["salesperson"]}}));
        office.keeps(ada, "All of us", json!({"sharing": {"scope": "everybody"}}));
        assert_eq!(office.has(kim).0, ["All of us", "For sellers", "Mine"]);
        assert_eq!(office.has(mona).0, ["All of us"]);
        assert_eq!(office.has(ada).0, ["All of us", "For sellers"]);
        for other in [mona, ada] {
            let gone = office.read(other, |cx, tx| views::one(cx, tx, id_of(&own)));
            assert!(matches!(gone, Err(Error::NotFound)));
            assert!(matches!(office.saves(other, Some(id_of(&own)), None, &own), Err(Error::NotFound)));
            assert!(matches!(office.write(other, |cx, tx| views::delete(cx, tx, id_of(&own))), Err(Error::NotFound)));
        }
        let shared = office.keeps(ada, "Shared", json!({"sharing": {"scope": "everybody"}}));
        let forbidden = office.saves(kim, Some(id_of(&shared)), None, &view("Kim's", json!({})));
        assert!(matches!(forbidden, Err(Error::Forbidden { .. })));
        assert_eq!(
            refusals(office.saves(kim, None, None, &view("x", json!({"sharing": {"scope": "everybody"}, "default_for": ["salesperson"]})))),
            ["view.sharing_not_allowed:sharing", "view.sharing_not_allowed:default_for"]
        );
        office.write(kim, |cx, tx| views::delete(cx, tx, id_of(&own))).unwrap();
        assert_eq!(office.has(kim).0, ["All of us", "For sellers", "Shared"]);
    });
}

#[test]
fn a_role_begins_with_one_view_and_a_view_serves_several_roles() {
    both(|database| {
        let office = Office::new(database);
        let everybody = json!({"scope": "everybody"});
        let one = office.keeps(office.ada, "One", json!({"sharing": everybody, "default_for": ["salesperson", "sales_manager"]}));
        assert_eq!(one["default_for"], json!(["sales_manager", "salesperson"]));
        let begins = |who| office.has(who).1;
        assert_eq!((begins(office.kim), begins(office.mona), begins(office.ada)), (Some("One".into()), Some("One".into()), None));
        office.keeps(office.ada, "Two", json!({"sharing": everybody, "default_for": ["salesperson"]}));
        assert_eq!((begins(office.kim), begins(office.mona)), (Some("Two".into()), Some("One".into())));
        // Whoever has the first one open is told that it has changed.
        let late = office.saves(office.ada, Some(id_of(&one)), one["version"].as_i64(), &one);
        let Err(Error::Conflict { record }) = late else { panic!("{late:?}") };
        assert_eq!((record["version"].as_i64(), &record["default_for"]), (Some(2), &json!(["sales_manager"])));
        assert_eq!(
            refusals(office.saves(
                office.ada,
                None,
                None,
                &view(
                    "x",
                    json!({
                        "sharing": {"scope": "roles", "roles": ["auditor", "nobody"]}, "default_for": ["auditor", "salesperson"],
                    })
                )
            )),
            ["field.reference_not_found:sharing/roles/nobody", "view.default_not_shared:default_for/salesperson"]
        );
        office.write(office.ada, |cx, tx| views::delete(cx, tx, id_of(&record))).unwrap();
        assert_eq!(begins(office.mona), None);
    });
}

#[test]
fn lists_take_its_filter_besides_their_own_and_its_order_and_columns_where_they_have_none() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        for (name, step) in [("Alder", "Call"), ("Birch", "Call"), ("Cedar", "Write"), ("Douglas fir", "Call")] {
            office.creates(kim, "opportunity", json!({"name": name, "next_step": step})).unwrap();
        }
        office.deal(office.lee, "Elm");
        let calls = json!({"field": "next_step", "op": "eq", "value": "call"});
        let saved =
            office.keeps(kim, "Calls", json!({"filter": calls, "sort": "-name", "columns": ["name", "next_step", "name", "overdue"]}));
        assert_eq!(saved["columns"], json!(["name", "next_step", "overdue"]));
        assert_eq!(office.lists_view(kim, &saved, json!({})), ["Douglas fir", "Birch", "Alder"]);
        let more = json!({"field": "name", "op": "lt", "value": "c"}).to_string();
        assert_eq!(office.lists_view(kim, &saved, json!({"filter": more, "sort": "name"})), ["Alder", "Birch"]);
        assert_eq!(office.lists_view(kim, &saved, json!({"q": "bir"})), ["Birch"]);
        let fields = |query: Json| {
            let mut query = query;
            query["view"] = saved["id"].clone();
            let wanted = serde_json::from_value(query).unwrap();
            let page = office.read(kim, |cx, tx| stagecraft_core::records::list(cx, tx, "opportunity", &wanted)).unwrap();
            page["items"][0]["fields"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(fields(json!({})), ["name", "next_step", "overdue"]);
        assert_eq!(fields(json!({"fields": "stage"})), ["stage"]);
        let board = |view: Option<&Json>| {
            let wanted = serde_json::from_value(json!({"view": view.map(|view| &view["id"])})).unwrap();
            let board = office.read(kim, |cx, tx| stagecraft_core::processes::board(cx, tx, &wanted)).unwrap();
            board["columns"].as_array().unwrap().iter().map(|column| column["count"].as_i64().unwrap()).sum::<i64>()
        };
        assert_eq!((board(None), board(Some(&saved))), (4, 3));
        // A view of another object's, and one of somebody else's.
        let other = office.saves(kim, None, None, &json!({"object": "account", "name": "x"})).unwrap();
        assert!(matches!(office.lists(kim, "opportunity", json!({"view": other["id"]})), Err(Error::NotFound)));
        assert!(matches!(office.lists(office.mona, "opportunity", json!({"view": saved["id"]})), Err(Error::NotFound)));
    });
}

#[test]
fn a_view_that_chooses_by_what_one_may_not_know_is_not_there_for_him() {
    both(|database| {
        let office = Office::new(database);
        let large = json!({"field": "amount", "op": "gt", "value": "1"});
        let shared = |name: &str, more: Json| {
            let mut more = more;
            more["sharing"] = json!({"scope": "everybody"});
            office.keeps(office.ada, name, more)
        };
        let by_filter = shared("filter", json!({"filter": {"any": [large.clone()]}}));
        shared("sort", json!({"sort": "-amount"}));
        shared(
            "child",
            json!({"filter": {"exists": {"object": "opportunity_line", "where": {"field": "opportunity.amount", "op": "is_empty"}}}}),
        );
        let columns = shared("columns", json!({"columns": ["name", "amount", "stage"], "default_for": ["salesperson"]}));
        let own = office.keeps(office.kim, "own", json!({"filter": large}));
        assert_eq!(office.has(office.kim).0, ["child", "columns", "filter", "own", "sort"]);
        hide_amount(&office);
        assert_eq!(office.has(office.kim), (vec!["columns".to_owned()], Some("columns".to_owned())));
        let seen = office.read(office.kim, |cx, tx| views::one(cx, tx, id_of(&columns))).unwrap();
        assert_eq!(seen["columns"], json!(["name", "stage"]));
        for gone in [&by_filter, &own] {
            assert!(matches!(office.lists(office.kim, "opportunity", json!({"view": gone["id"]})), Err(Error::NotFound)));
        }
        assert_eq!(office.has(office.mona).0, ["child", "columns", "filter", "sort"]);
        let refused = |more: Json| refusals(office.saves(office.kim, None, None, &view("x", more)));
        assert_eq!(refused(json!({"columns": ["amount"]})), ["field.unknown:columns/amount"]);
        assert_eq!(refused(json!({"filter": {"field": "amount", "op": "is_empty"}})), ["field.unknown:amount"]);
    });
}

#[test]
fn this_day_is_the_readers_own_in_his_views_and_the_organisations_in_shared_ones() {
    both(|database: &Database| {
        let office = Office::new(database);
        // 23:30 in UTC, where the organisation is, on the 5th; in Tokyo it is the 6th.
        database.advance(14 * 3600 + 1800);
        let wanted = serde_json::from_value(json!({"time_zone": "Asia/Tokyo"})).unwrap();
        office.write(office.kim, |cx, tx| stagecraft_core::identity::update_me(cx, tx, &wanted)).unwrap();
        for day in ["2026-01-05", "2026-01-06"] {
            office.creates(office.kim, "opportunity", json!({"name": day, "expected_close_date": day})).unwrap();
        }
        let today = json!({"filter": {"field": "expected_close_date", "op": "within", "value": "today"}});
        let own = office.keeps(office.kim, "own", today.clone());
        let mut shared = today;
        shared["sharing"] = json!({"scope": "everybody"});
        let shared = office.keeps(office.ada, "shared", shared);
        assert_eq!(office.lists_view(office.kim, &own, json!({})), ["2026-01-06"]);
        assert_eq!(office.lists_view(office.kim, &shared, json!({})), ["2026-01-05"]);
    });
}

#[test]
fn what_cannot_be_a_view() {
    both(|database| {
        let office = Office::new(database);
        let refused = |more: Json| refusals(office.saves(office.kim, None, None, &view("x", more)));
        assert_eq!(refused(json!({"name": " "})), ["field.required:name"]);
        assert_eq!(refused(json!({"name": "n".repeat(101), "kind": "pie"})), ["field.too_long:name", "field.not_an_option:kind"]);
        assert_eq!(
            refused(
                json!({"columns": ["nmae"], "sort": "description", "group": "created_at", "filter": {"field": "nmae", "op": "is_empty"}})
            ),
            [
                "field.unknown:columns/nmae",
                "field.not_sortable:sort/description",
                "field.not_groupable:group/created_at",
                "field.unknown:nmae"
            ]
        );
        assert_eq!(refused(json!({"filter": {"field": "name"}})), ["condition.invalid"]);
        let saved = office.keeps(office.kim, "x", json!({}));
        let elsewhere = json!({"object": "account", "name": "x"});
        assert_eq!(refusals(office.saves(office.kim, Some(id_of(&saved)), None, &elsewhere)), ["field.read_only:object"]);
    });
}

#[test]
fn nobody_keeps_more_than_two_hundred() {
    both(|database| {
        let office = Office::new(database);
        for n in 0..views::MOST_PRIVATE {
            office.keeps(office.kim, &format!("{n}"), json!({}));
        }
        assert_eq!(refusals(office.saves(office.kim, None, None, &view("one more", json!({})))), ["view.too_many"]);
        office.keeps(office.karl, "his first", json!({}));
    });
}

#[test]
fn the_uses_of_a_field_are_found_in_every_place() {
    both(|database| {
        let office = Office::new(database);
        office.keeps(
            office.kim,
            "filter",
            json!({"filter": {"not": {"field": "account.sector", "op": "is_empty"}}, "columns": ["account"]}),
        );
        office.keeps(office.kim, "columns", json!({"columns": ["next_step"]}));
        office.keeps(office.lee, "sort", json!({"sort": "-next_step", "columns": ["next_step"]}));
        office.keeps(office.ada, "group", json!({"group": "next_step", "sharing": {"scope": "everybody"}}));
        let uses = |object: &str, field: &str| {
            let uses = office.read(office.ada, |cx, tx| views::uses_of(tx, &cx.meta.schema, object, field)).unwrap();
            let mut uses: Vec<(String, &str)> =
                uses.into_iter().map(|found| (found.name, found.path)).filter(|(name, _)| name != SHIPPED).collect();
            uses.sort();
            uses
        };
        let named = |pairs: &[&'static str]| pairs.iter().map(|name| ((*name).to_owned(), *name)).collect::<Vec<_>>();
        assert_eq!(uses("opportunity", "next_step"), named(&["columns", "group", "sort"]));
        assert_eq!(uses("account", "sector"), named(&["filter"]));
        assert_eq!(uses("opportunity", "account"), named(&["filter"]));
        assert_eq!(uses("account", "next_step"), named(&[]));
    });
}

#[test]
fn every_organisation_begins_with_a_view_of_what_is_overdue_in_its_stage() {
    both(|database| {
        let office = Office::new(database);
        let (late, moved, lost) = (office.deal(office.kim, "Late"), office.deal(office.kim, "Moved"), office.deal(office.kim, "Lost"));
        let answer = office.read(office.kim, |cx, tx| views::list(cx, tx, Some("opportunity"))).unwrap();
        let view = answer["items"].as_array().unwrap().iter().find(|view| view["name"] == SHIPPED).unwrap().clone();
        assert!(office.lists_view(office.kim, &view, json!({})).is_empty());
        let due = office.field_of(office.kim, "opportunity", late, "stage_due_at");
        assert!(due.is_string(), "the shipped process gives the first stage its time");
        database.advance(15 * 86_400);
        office.moves(office.kim, moved, None, json!({"stage": "qualification"})).unwrap();
        office.moves(office.kim, lost, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        assert_eq!(office.lists_view(office.kim, &view, json!({})), ["Late"]);
        // In lists it says so itself, to whoever may know when it was due.
        let shown = |who: Id| office.reads(who, "opportunity", late).unwrap()["fields"]["overdue"].clone();
        assert_eq!(shown(office.kim), true);
        office.hides("salesperson", "opportunity", &[("stage_due_at", "hidden")]);
        assert_eq!((shown(office.kim), shown(office.mona)), (Json::Null, true.into()));
    });
}
