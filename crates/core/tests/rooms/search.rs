//! Search over all objects, and what one has looked at last.

use model::Id;
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, House, Limits, check, recent, records, search};
use testkit::both;

use crate::hidden::hide_amount;
use crate::office::{Office, id_of};

impl Office {
    fn searches(&self, who: Id, query: Json) -> Json {
        let wanted = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| search::search(cx, tx, &wanted)).unwrap()
    }

    /// `object:name` of what is found.
    fn finds(&self, who: Id, q: &str) -> Vec<String> {
        let found = self.searches(who, json!({ "q": q }));
        let items = found["items"].as_array().unwrap().iter();
        items.map(|hit| format!("{}:{}", hit["object"].as_str().unwrap(), hit["name"].as_str().unwrap())).collect()
    }

    fn looks_at(&self, who: Id, object: &str, id: Id) -> stagecraft_core::Result<()> {
        let wanted = serde_json::from_value(json!({"object": object, "id": id})).unwrap();
        self.write(who, |cx, tx| recent::note(cx, tx, &wanted))
    }

    fn looked_at(&self, who: Id) -> Vec<String> {
        let answer = self.read(who, recent::list).unwrap();
        answer["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn it_finds_in_scope_by_words_of_names_numbers_and_phones() {
    both(|database| {
        let office = Office::new(database);
        let (kim, lee, mona) = (office.kim, office.lee, office.mona);
        office.deal(kim, "深圳腾讯二期Pro升级");
        office.deal(kim, "Rail for Bremen");
        office.deal(lee, "Rail for Bristol");
        office.creates(kim, "account", json!({"name": "Bremen Ports", "phone": "+49 421 555-1234", "city": "Bremerhaven"})).unwrap();
        assert_eq!(office.finds(kim, "RAIL"), ["opportunity:Rail for Bremen"]);
        assert_eq!(office.finds(mona, "rail br"), ["opportunity:Rail for Bremen"]);
        assert_eq!(office.finds(office.hanna, "rail br").len(), 2);
        for q in ["腾讯", "二期", "pro", "讯二期p", "升级 深圳腾讯二期"] {
            assert_eq!(office.finds(kim, q), ["opportunity:深圳腾讯二期Pro升级"], "{q}");
            assert_eq!(office.finds(lee, q), Vec::<String>::new(), "{q}");
        }
        assert_eq!(office.finds(kim, "bremen").len(), 2);
        assert_eq!(office.finds(lee, "5551"), ["account:Bremen Ports"]);
        assert_eq!(office.finds(kim, "bremerhaven"), Vec::<String>::new(), "a city is not searched");
        assert_eq!(office.finds(kim, "lee@exam"), ["employee:Lee"]);
        for q in ["", "  ", "%", "\u{3000}", "nothing at all"] {
            assert_eq!(office.searches(kim, json!({ "q": q })), json!({"items": [], "more": []}));
        }
        let hit = office.searches(kim, json!({"q": "555-1234"}))["items"][0].clone();
        assert_eq!((&hit["matched"], &hit["name"]), (&json!("phone"), &json!("Bremen Ports")));
        // The list's words are the same ones.
        assert_eq!(office.lists(kim, "account", json!({"q": "1234"})).unwrap(), (vec!["Bremen Ports".to_owned()], 1));
        assert_eq!(office.lists(office.hanna, "opportunity", json!({"q": "for rail"})).unwrap().1, 2);
        let long = office.read(kim, |cx, tx| search::search(cx, tx, &search::SearchRequest { q: "x".repeat(501), ..Default::default() }));
        assert!(matches!(long, Err(Error::Malformed(_))));
    });
}

#[test]
fn three_of_each_then_more_and_the_exact_name_first() {
    both(|database| {
        let office = Office::new(database);
        for name in ["Big Rail", "Rail works", "Rail", "Railway", "Old rail"] {
            office.deal(office.kim, name);
        }
        let found = office.searches(office.kim, json!({"q": "rail"}));
        let names = |found: &Json| {
            found["items"].as_array().unwrap().iter().map(|hit| hit["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&found), ["Rail", "Rail works", "Railway"]);
        assert_eq!(found["more"], json!(["opportunity"]));
        let all = office.searches(office.kim, json!({"q": "rail", "object": "opportunity", "limit": 50}));
        assert_eq!((names(&all).len(), &all["more"]), (5, &json!([])));
        assert_eq!(names(&all)[..3], ["Rail", "Rail works", "Railway"]);
    });
}

#[test]
fn what_is_voided_or_hidden_is_not_found() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.write(office.kim, |cx, tx| records::void(cx, tx, "opportunity", deal, None, &Default::default())).unwrap();
        assert_eq!(office.finds(office.kim, "rail"), Vec::<String>::new());
        office.write(office.kim, |cx, tx| records::restore(cx, tx, "opportunity", deal, None, &Default::default())).unwrap();
        assert_eq!(office.finds(office.kim, "rail").len(), 1);
        office.creates(office.kim, "account", json!({"name": "Ports", "phone": "+49 421 555"})).unwrap();
        hide_amount(&office);
        office.hides("salesperson", "account", &[("phone", "hidden")]);
        assert_eq!(office.finds(office.kim, "421"), Vec::<String>::new());
        assert_eq!(office.finds(office.kim, "ports"), ["account:Ports"]);
        assert_eq!(office.lists(office.kim, "account", json!({"q": "421"})).unwrap().1, 0);
        assert_eq!(office.finds(office.mona, "421"), ["account:Ports"]);
    });
}

const SYSTEM: Credential = Credential::System("a check in a test");

#[test]
fn a_database_from_before_is_entered_when_it_is_opened_and_goes_on_where_it_was_broken_off() {
    both(|database| {
        let office = Office::new(database);
        for n in 0..700 {
            office.deal(office.kim, &format!("Rail {n}"));
        }
        let forget = |counters: &str| {
            database
                .db()
                .write::<_, db::Error>(|tx| {
                    tx.execute(Query::delete().from_table("search_word").to_owned())?;
                    tx.execute(Query::delete().from_table("counter").and_where(Expr::col("key").like(counters)).to_owned())
                })
                .unwrap()
        };
        let sound = |house: &House| house.read(&SYSTEM, Limits::default(), check::all).unwrap();
        assert_eq!(sound(&office.house)["ok"], true);
        forget("search.%");
        assert_eq!(sound(&office.house)["faults"][0]["check"], "word_missing");
        assert_eq!(office.finds(office.kim, "rail"), Vec::<String>::new());
        let reopened = House::open(database.again()).unwrap();
        assert_eq!(sound(&reopened)["faults"], json!([]));
        assert_eq!(office.finds(office.kim, "rail 699"), ["opportunity:Rail 699"]);
        // Broken off in the middle of one object: some entered, the place noted.
        database
            .db()
            .write::<_, db::Error>(|tx| {
                tx.execute(Query::delete().from_table("search_word").and_where(Expr::col("object").eq("opportunity")).to_owned())?;
                let update =
                    Query::update().table("counter").value("n", 1_i64).and_where(Expr::col("key").like("search.opportunity.%")).to_owned();
                tx.execute(update)
            })
            .unwrap();
        assert_eq!(sound(&House::open(database.again()).unwrap())["faults"], json!([]));
    });
}

#[test]
fn the_last_twenty_looked_at_are_remembered_as_far_as_they_are_seen() {
    both(|database| {
        let office = Office::new(database);
        let deals: Vec<Id> = (0..25).map(|n| office.deal(office.kim, &format!("Deal {n}"))).collect();
        for deal in &deals {
            database.advance(60);
            office.looks_at(office.kim, "opportunity", *deal).unwrap();
        }
        database.advance(60);
        office.looks_at(office.kim, "opportunity", deals[7]).unwrap();
        let seen = office.looked_at(office.kim);
        assert_eq!((seen.len(), seen[0].as_str(), seen[1].as_str(), seen[19].as_str()), (20, "Deal 7", "Deal 24", "Deal 5"));
        assert_eq!(office.looked_at(office.mona), Vec::<String>::new());
        assert!(matches!(office.looks_at(office.lee, "opportunity", deals[0]), Err(Error::NotFound)));
        office.write(office.kim, |cx, tx| records::void(cx, tx, "opportunity", deals[24], None, &Default::default())).unwrap();
        let away = serde_json::from_value(json!({"owner": office.lee})).unwrap();
        office.write(office.mona, |cx, tx| records::change_owner(cx, tx, "opportunity", deals[23], None, &away)).unwrap();
        assert_eq!(office.looked_at(office.kim)[..2], ["Deal 7", "Deal 22"]);
        for _ in 0..3 {
            for n in 0..30 {
                database.advance(1);
                let account = office.creates(office.kim, "account", json!({"name": format!("Account {n}")})).unwrap();
                office.looks_at(office.kim, "account", id_of(&account)).unwrap();
            }
        }
        let kept =
            database.db().read::<_, db::Error>(|tx| tx.one(Query::select().expr(Expr::cust("COUNT(1)")).from("recent"))?.get::<i64>(0));
        assert_eq!(kept.unwrap(), 60);
    });
}
