//! Limits hold on every way on which somebody gets a record.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::leads::{conversion, rules};
use stagecraft_core::{Credential, Result, holding, imports, pools, records};
use testkit::both;

use crate::holding::each;
use crate::office::{Office, id_of, refusals};

const FULL: [&str; 1] = ["holding.limit_reached:owner"];

impl Office {
    /// A rule for everybody who sells: so many records of an object.
    fn most(&self, object: &str, limit: u32) -> Id {
        let mut rule = each(&format!("{limit} of {object}"), limit, Json::Null);
        rule["object"] = object.into();
        self.limits(rule).unwrap()["id"].as_str().unwrap().parse().unwrap()
    }

    fn owned_by(&self, object: &str, id: Id) -> Json {
        self.reads(self.ada, object, id).unwrap()["fields"]["owner"].clone()
    }

    fn owns(&self, who: Id, object: &str, fields: Json) -> Id {
        let mut fields = fields;
        fields["owner"] = json!(who);
        self.system(object, fields)
    }
}

#[test]
fn claims_gifts_and_returns_go_by_the_room_there_is() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({"claims_per_day": 9}));
        office.most("lead", 2);
        let some: Vec<Id> = (0..5).map(|n| office.pooled(&format!("Lead {n}"), "Bonn")).collect();
        // In their order as far as there is room, each of the others with its reason.
        let told = office.bulk(office.kim, "lead", json!({"ids": some[..3], "act": "claim"}));
        assert_eq!((told["changed"].as_i64(), told["refused"].as_i64()), (Some(2), Some(1)));
        assert_eq!(
            (&told["results"][0]["id"], &told["results"][0]["violations"][0]["code"]),
            (&json!(some[2]), &json!("holding.limit_reached"))
        );
        assert_eq!(refusals(office.claims_it(office.kim, "lead", some[2])), FULL);
        assert_eq!(refusals(office.assigns(office.mona, some[2], office.kim)), FULL, "it is he who would have it");
        // What was refused for want of room is no claim of the day.
        let pool = office.read(office.kim, pools_of).unwrap();
        assert_eq!(pool["left_today"], 7);
        let asked = |who: Id| {
            let wanted = serde_json::from_value(json!({"object": "lead", "records": [some[2]]})).unwrap();
            office.read(who, |cx, tx| holding::check(cx, tx, &wanted)).unwrap()
        };
        let why = asked(office.kim);
        assert_eq!(
            (&why["allowed"], &why["rules"][0]["held"], why["frees"].as_array().unwrap().len()),
            (&json!(false), &json!(2), 2),
            "{why:#}"
        );
        assert_eq!(asked(office.lee)["allowed"], true);
        // To give one back makes room, for a claim and for a gift.
        office.gives_back(office.kim, "lead", some[0], json!({"reason": "No time"})).unwrap();
        office.claims_it(office.kim, "lead", some[2]).unwrap();
        office.gives_back(office.kim, "lead", some[1], json!({"reason": "No time"})).unwrap();
        office.assigns(office.mona, some[3], office.kim).unwrap();
        assert_eq!(refusals(office.claims_it(office.kim, "lead", some[4])), FULL);
        // What lies in a pool is nobody's, and counts for nobody.
        let mine = office.read(office.lee, |cx, tx| holding::me(cx, tx, &holding::Request::default())).unwrap();
        assert_eq!(mine["items"][0]["held"], 0);
        office.holdings_are_right();
    });
}

fn pools_of(cx: &stagecraft_core::Ctx, tx: &mut db::Read) -> Result<Json> {
    Ok(pools::list(cx, tx, None)?["items"][0].clone())
}

#[test]
fn what_is_taken_up_opened_or_brought_back_again_is_judged() {
    both(|database| {
        let office = Office::new(database);
        let lead = |name: &str| id_of(&office.creates(office.kim, "lead", json!({ "name": name })).unwrap());
        let (invalid, binned) = (lead("Invalid"), lead("Binned"));
        office.marks_invalid(office.kim, invalid, "no_fit").unwrap();
        office.write(office.kim, |cx, tx| records::void(cx, tx, "lead", binned, None, &records::Reason::default())).unwrap();
        office.most("lead", 1);
        let other = lead("Other");
        assert_eq!(refusals(office.takes_up(office.mona, invalid)), FULL);
        let back = || office.write(office.mona, |cx, tx| records::restore(cx, tx, "lead", binned, None, &records::Reason::default()));
        assert_eq!(refusals(back()), FULL);
        office.marks_invalid(office.kim, other, "spam").unwrap();
        office.takes_up(office.mona, invalid).unwrap();
        assert_eq!(refusals(back()), FULL);
        // A converted lead has ended, and makes room; what it becomes is judged by the rules of what it becomes.
        office.most("opportunity", 0);
        let wanted = |deal: bool| {
            let deal = if deal { json!({"fields": {"name": "Rail"}}) } else { Json::Null };
            serde_json::from_value(json!({"account": {"fields": {"name": "Lindental"}}, "opportunity": deal})).unwrap()
        };
        let converts = |deal: bool| office.write(office.kim, |cx, tx| conversion::convert(cx, tx, invalid, None, &wanted(deal)));
        let refused = refusals(converts(true));
        assert!(refused.len() == 1 && refused[0].starts_with("holding.limit_reached"), "{refused:?}");
        assert!(office.lists(office.ada, "account", json!({})).unwrap().0.is_empty(), "all of it or nothing");
        converts(false).unwrap();
        back().unwrap();
        office.holdings_are_right();
    });
}

#[test]
fn a_clone_an_import_and_a_merge_are_judged() {
    both(|database| {
        let office = Office::new(database);
        let mut role = office.role("salesperson");
        role["objects"]["account"]["acts"].as_array_mut().unwrap().push("import".into());
        office.puts_role("salesperson", None, &role).unwrap();
        let own = id_of(&office.creates(office.kim, "account", json!({"name": "Own"})).unwrap());
        office.most("account", 2);
        let kim = Credential::Person(office.kim);
        let run = |text: &str, who: &Credential| {
            let by_id = json!({"object": "account", "keys": {"id_column": "id"}, "mapping": {"id": null}});
            let options = if text.starts_with("id") { by_id } else { json!({"object": "account"}) };
            let options = serde_json::from_value(options).unwrap();
            imports::run(&office.house, who, &options, "a.csv", text.as_bytes()).unwrap()
        };
        let counts = |told: &Json| ["created", "updated", "skipped", "failed"].map(|key| told[key].as_u64().unwrap_or_default());
        // Row by row as far as there is room, each of the others with its reason.
        let told = run("name\nFirst\nSecond\nThird\n", &kim);
        assert_eq!(counts(&told), [1, 0, 0, 2], "{told:#}");
        for problem in told["problems"].as_array().unwrap() {
            assert_eq!(problem["code"], "holding.limit_reached");
        }
        let wanted = serde_json::from_value(json!({"fields": {"name": "Copy"}})).unwrap();
        assert_eq!(refusals(office.write(office.kim, |cx, tx| records::clone(cx, tx, "account", own, &wanted))), FULL);
        // A change of owner by a file.
        let monas = id_of(&office.creates(office.mona, "account", json!({"name": "Mona's"})).unwrap());
        let told = run(&format!("id,owner\n{monas},Kim\n"), &Credential::Person(office.mona));
        assert_eq!((counts(&told)[3], &told["problems"][0]["code"]), (1, &json!("holding.limit_reached")), "{told:#}");
        // A merge that would leave him what he has not had.
        let merged = office.merges(office.mona, "account", monas, &[own], json!({"owner": own.to_string()}));
        let merged = merged.unwrap();
        assert_eq!(office.owned_by("account", monas), json!(office.kim), "one for one");
        let third = id_of(&office.creates(office.mona, "account", json!({"name": "Third"})).unwrap());
        assert_eq!(office.hands_account(office.mona, third, office.kim), FULL);
        // Undone, each has again what he had, and it is judged like everything that comes back.
        office.unmerges(office.mona, &merged).unwrap();
        assert_eq!((office.owned_by("account", monas), office.owned_by("account", own)), (json!(office.mona), json!(office.kim)));
        office.holdings_are_right();
    });
}

impl Office {
    fn hands_account(&self, who: Id, id: Id, to: Id) -> Vec<String> {
        let wanted = serde_json::from_value(json!({ "owner": to })).unwrap();
        refusals(self.write(who, |cx, tx| records::change_owner(cx, tx, "account", id, None, &wanted)))
    }
}

#[test]
fn a_leavers_records_go_where_there_is_room_for_them() {
    both(|database| {
        let office = Office::new(database);
        office.most("opportunity", 3);
        let deals: Vec<Id> = (0..3).map(|n| office.deal(office.kim, &format!("Deal {n}"))).collect();
        office.deal(office.karl, "Karl's");
        let given = |receivers: &[Id], named: Json, dry_run: bool| json!({"spread": [{"object": "opportunity", "part": "open", "receivers": receivers, "records": named}], "dry_run": dry_run});
        // Everybody with the room that he has; nobody's limit is nobody's number.
        let preview = office.disables(office.ada, office.kim, given(&[office.karl, office.lee, office.mona], json!([]), true)).unwrap();
        let room = |of: Id| {
            let all = preview["objects"][0]["receivers"].as_array().unwrap();
            all.iter().find(|one| one["person"] == json!(of)).unwrap()["room"].clone()
        };
        assert_eq!((room(office.karl), room(office.lee), room(office.mona)), (json!(2), json!(3), Json::Null));
        // All to Karl is one too many: nothing is handed over, and nobody has left.
        let refused = office.disables(office.ada, office.kim, given(&[office.karl], json!([]), false));
        assert!(refusals(refused).iter().any(|code| code.starts_with("holding.limit_reached")));
        assert!(deals.iter().all(|deal| office.owned_by("opportunity", *deal) == json!(office.kim)));
        let preview = office.disables(office.ada, office.kim, given(&[office.karl], json!([]), true)).unwrap();
        assert!(preview["violations"].as_array().unwrap().iter().any(|one| one["code"] == "holding.limit_reached"), "{preview:#}");
        office.disables(office.ada, office.kim, given(&[office.karl], json!([{"id": deals[0], "to": office.lee}]), false)).unwrap();
        assert_eq!(office.owned_by("opportunity", deals[0]), json!(office.lee));
        office.holdings_are_right();
    });
}

#[test]
fn rules_of_assignment_pass_over_whoever_is_full() {
    both(|database| {
        let office = Office::new(database);
        office.most("lead", 1);
        let to: Vec<Json> = [office.kim, office.lee].iter().map(|id| json!({"kind": "person", "id": id})).collect();
        let rule = serde_json::from_value(json!({"name": "In turn", "to": to})).unwrap();
        office.write(office.ada, |cx, tx| rules::save(cx, tx, None, None, &rule)).unwrap();
        office.owns(office.kim, "lead", json!({"name": "Kim's"}));
        let comes = |name: &str| id_of(&office.creates(office.ada, "lead", json!({"name": name, "owner": null})).unwrap());
        // It would be the turn of both; only Lee has room.
        let first = comes("First");
        assert_eq!(office.owned_by("lead", first), json!(office.lee));
        // Now nobody has: it is taken in all the same, and lies open.
        let second = comes("Second");
        assert_eq!(office.owned_by("lead", second), Json::Null);
        let wanted = serde_json::from_value(json!({"by_rules": true})).unwrap();
        let again = || office.write(office.mona, |cx, tx| stagecraft_core::leads::assign(cx, tx, "lead", second, None, &wanted));
        assert_eq!(refusals(again()), ["lead.no_rule_takes_it"]);
        // In a bulk each gets what is left after the one before it.
        let third = comes("Third");
        office.marks_invalid(office.lee, first, "spam").unwrap();
        let told = office.bulk(office.mona, "lead", json!({"ids": [second, third], "act": "assign", "by_rules": true}));
        assert_eq!((told["changed"].as_i64(), told["refused"].as_i64()), (Some(1), Some(1)), "{told:#}");
        assert_eq!((office.owned_by("lead", second), office.owned_by("lead", third)), (json!(office.lee), Json::Null));
        office.holdings_are_right();
    });
}
