//! Records that there are already: what the rules find, who is told what of it, and how one goes on.

use model::{Id, Via};
use rand::RngExt;
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, Limits, Result, duplicates, records};
use testkit::both;

use crate::office::{Office, id_of};
use crate::together::at_once;

/// What a refusal says of duplicates, one for each rule.
pub fn met<T: std::fmt::Debug>(result: Result<T>) -> Vec<Json> {
    let Err(Error::Invalid(found)) = result else { panic!("not refused: {result:?}") };
    assert!(found.iter().all(|violation| violation.code == "duplicate.found"), "{found:?}");
    found.into_iter().map(|violation| Json::Object(violation.params)).collect()
}

impl Office {
    /// Makes a rule as the administrator.
    pub fn rule(&self, rule: Json) -> Json {
        let wanted = serde_json::from_value(rule).unwrap();
        self.write(self.ada, |cx, tx| duplicates::save(cx, tx, None, None, &wanted)).unwrap()
    }

    /// Takes the rules away that the product comes with.
    pub fn without_rules(&self) {
        for rule in duplicates::shipped() {
            self.write(self.ada, |cx, tx| duplicates::delete(cx, tx, rule.id, None)).unwrap();
        }
    }

    /// Creates a record and goes on over what these tokens stand for.
    pub fn creates_over(&self, who: Id, object: &str, fields: &Json, tokens: &[String]) -> Result<Json> {
        let wanted = serde_json::from_value(json!({ "fields": fields })).unwrap();
        self.write(who, |cx, tx| records::create(&cx.accepting(tokens.to_vec()), tx, object, &wanted))
    }
}

/// A name that is like none of the others.
fn unlike(round: usize) -> String {
    let mut dice = testkit::random(round as u64);
    (0..14).map(|_| char::from(dice.random_range(b'a'..=b'z'))).collect()
}

pub fn tokens(met: &[Json]) -> Vec<String> {
    let matches = met.iter().flat_map(|rule| rule["matches"].as_array().unwrap());
    matches.map(|one| one["token"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_same_name_of_a_customer_blocks_and_a_similar_one_warns() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let lindental = id_of(&office.creates(office.kim, "account", json!({"name": "Lindental Robotics GmbH"})).unwrap());
        for same in ["Lindental Robotics GmbH", "  lindental   ROBOTICS gmbh", "Ｌｉｎｄｅｎｔａｌ Robotics GmbH"] {
            let met = met(office.creates(office.karl, "account", json!({ "name": same })));
            assert_eq!((met.len(), &met[0]["verdict"]), (1, &json!("block")), "{same}");
            let found = &met[0]["matches"][0];
            assert_eq!((&found["id"], &found["score"]), (&json!(lindental.to_string()), &json!(100)));
            // A block is not gone over.
            let again = office.creates_over(office.karl, "account", &json!({ "name": same }), &tokens(&met));
            assert!(matches!(again, Err(Error::Invalid(_))));
        }
        let similar = json!({"name": "Lindenthal Robotics GmbH"});
        let warned = met(office.creates(office.karl, "account", similar.clone()));
        assert_eq!(warned[0]["verdict"], "warn");
        let made = id_of(&office.creates_over(office.karl, "account", &similar, &tokens(&warned)).unwrap());
        let told = office.read(office.karl, |cx, tx| duplicates::of_record(cx, tx, "account", made)).unwrap();
        let kept = &told["items"][0];
        assert_eq!(
            (&kept["how"], &kept["found"]["id"], &kept["by"]),
            (&json!("warned"), &json!(lindental.to_string()), &json!(office.karl.to_string()))
        );
        // An edit is judged where it changes what a rule compares, and only there.
        office.edits(office.karl, "account", made, json!({"city": "Ulm"})).unwrap();
        let met = met(office.edits(office.karl, "account", made, json!({"name": "Lindental Robotics GmbH"})));
        assert_eq!(met[0]["verdict"], "block");
    });
}

#[test]
fn who_may_not_open_what_was_found_is_told_what_the_rule_shows_and_nothing_else() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let fields = json!({"name": "Anna Weber", "email": "anna@lindental.example", "company": "Lindental", "phone": "+49 731 555 010", "description": "secret"});
        let lead = id_of(&office.creates(office.kim, "lead", fields).unwrap());
        let met = met(office.creates(office.lee, "lead", json!({"name": "A. Weber", "email": "Anna@Lindental.example"})));
        let found = &met[0]["matches"][0];
        assert_eq!((&found["id"], &found["visible"], &found["can"]), (&Json::Null, &json!(false), &json!(["join"])));
        assert_eq!(found["owner"], json!(office.kim.to_string()));
        let shown: Vec<&String> = found["fields"].as_object().unwrap().keys().collect();
        assert_eq!(shown, ["company", "lead_status", "name", "owner"]);
        let all = json!(met).to_string();
        assert!(!all.contains(&lead.to_string()) && !all.contains("secret") && !all.contains("731"), "{all}");
        // Whoever sees it goes there.
        let met = self::met(office.creates(office.mona, "lead", json!({"name": "A. Weber", "phone": "0049 731 555010"})));
        assert_eq!((&met[0]["matches"][0]["id"], &met[0]["matches"][0]["can"]), (&json!(lead.to_string()), &json!(["open"])));
        // A rule may leave out what one does not see.
        let mut rule = office.read(office.ada, duplicates::list).unwrap()["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|rule| rule["object"] == "lead")
            .unwrap()
            .clone();
        rule["scope"]["unseen"] = false.into();
        let (id, wanted) = (rule["id"].as_str().unwrap().parse().unwrap(), serde_json::from_value(rule).unwrap());
        office.write(office.ada, |cx, tx| duplicates::save(cx, tx, Some(id), None, &wanted)).unwrap();
        office.creates(office.lee, "lead", json!({"name": "A. Weber", "email": "Anna@Lindental.example"})).unwrap();
    });
}

#[test]
fn a_deal_with_the_same_customer_under_a_similar_name_within_ninety_days_warns() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let account = |name: &str| id_of(&office.creates(office.kim, "account", json!({ "name": name })).unwrap());
        let (rail, grid) = (account("Northern Rail"), account("Solar Grid Partners"));
        let deal = |account: Id, name: &str| office.creates(office.kim, "opportunity", json!({"name": name, "account": account}));
        deal(rail, "Signal sensors phase 2").unwrap();
        assert_eq!(met(deal(rail, "Signal sensor phase 2"))[0]["verdict"], "warn");
        deal(rail, "Maintenance of lifts").unwrap();
        deal(grid, "Signal sensors phase 2").unwrap();
    });
}

#[test]
fn what_lies_in_the_recycle_bin_only_warns_and_what_comes_back_is_judged() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let first = id_of(&office.creates(office.mona, "account", json!({"name": "Bergbahn AG"})).unwrap());
        office
            .write(office.ada, |cx, tx| records::void(cx, tx, "account", first, None, &serde_json::from_value(json!({})).unwrap()))
            .unwrap();
        let warned = met(office.creates(office.ada, "account", json!({"name": "Bergbahn AG"})));
        let found = &warned[0]["matches"][0];
        assert_eq!((&warned[0]["verdict"], &found["voided"], &found["can"]), (&json!("warn"), &json!(true), &json!(["open", "restore"])));
        office.creates_over(office.ada, "account", &json!({"name": "Bergbahn AG"}), &tokens(&warned)).unwrap();
        let back = office
            .write(office.ada, |cx, tx| records::restore(cx, tx, "account", first, None, &serde_json::from_value(json!({})).unwrap()));
        assert_eq!(met(back)[0]["verdict"], "block");
    });
}

#[test]
fn everything_that_stands_against_a_save_is_told_at_once() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        office.creates(office.kim, "lead", json!({"name": "Anna", "email": "anna@lindental.example"})).unwrap();
        let refused = office.creates(office.kim, "lead", json!({"email": "anna@lindental.example"}));
        let Err(Error::Invalid(found)) = refused else { panic!("{refused:?}") };
        assert_eq!(found.iter().map(|violation| violation.code).collect::<Vec<_>>(), ["field.required", "duplicate.found"]);
    });
}

#[test]
fn roles_may_pass_blocks_and_it_is_kept() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        office.without_rules();
        office.rule(json!({
            "object": "account", "name": "One website", "exempt_roles": ["sales_manager"], "when": {"field": "country", "op": "eq", "value": "DE"},
            "scope": {"condition": {"field": "status", "op": "ne", "value": "former"}},
            "groups": [{"rows": [{"field": "website", "method": "same_domain"}]}], "strictness": {"new": "block", "import": "warn"},
        }));
        let page = |country: &str| json!({"name": "Lindental", "website": "https://www.lindental.example/about", "country": country});
        office.creates(office.kim, "account", page("DE")).unwrap();
        // What the trigger does not mean is not judged.
        office.creates(office.kim, "account", page("FR")).unwrap();
        let met = met(office.creates(office.karl, "account", page("DE")));
        assert_eq!((&met[0]["verdict"], met[0]["matches"].as_array().unwrap().len()), (&json!("block"), 2));
        let passed = id_of(&office.creates(office.mona, "account", page("DE")).unwrap());
        let told = office.read(office.mona, |cx, tx| duplicates::of_record(cx, tx, "account", passed)).unwrap();
        assert_eq!(told["items"][0]["how"], "exempt");
        // What lies outside of the scope is not compared with.
        for id in office
            .read(office.ada, |cx, tx| records::list(cx, tx, "account", &serde_json::from_value(json!({"limit": 50})).unwrap()))
            .unwrap()["items"]
            .as_array()
            .unwrap()
        {
            office.edits(office.ada, "account", id["id"].as_str().unwrap().parse().unwrap(), json!({"status": "former"})).unwrap();
        }
        office.creates(office.karl, "account", page("DE")).unwrap();
    });
}

#[test]
fn a_lead_is_compared_with_contacts_and_a_website_is_never_told() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        office.without_rules();
        office.rule(json!({
            "object": "lead", "name": "Known already", "groups": [
                {"object": "contact", "rows": [{"field": "email", "method": "exact"}]},
                {"object": "account", "rows": [{"field": "company", "other": "name", "method": "fuzzy", "threshold": 80}]},
            ],
            "shows": [{"object": "account", "fields": ["name", "owner"]}],
        }));
        office.creates(office.kim, "contact", json!({"name": "Anna Weber", "email": "anna@lindental.example"})).unwrap();
        office.creates(office.kim, "account", json!({"name": "Lindental Robotics"})).unwrap();
        let lead = json!({"name": "A. Weber", "email": "anna@lindental.example", "company": "Lindental Robotic"});
        let met = met(office.creates(office.kim, "lead", lead.clone()));
        let objects: Vec<&Json> = met[0]["matches"].as_array().unwrap().iter().map(|one| &one["object"]).collect();
        assert_eq!((objects, &met[0]["verdict"]), (vec![&json!("contact"), &json!("account")], &json!("block")));
        // A visitor is not asked; what he is like is kept.
        let wanted = serde_json::from_value(json!({ "fields": lead })).unwrap();
        let made = office
            .house
            .write(&Credential::Person(office.kim), Limits::default(), Via::WebForm, |cx, tx| records::create(cx, tx, "lead", &wanted));
        let told = office.read(office.kim, |cx, tx| duplicates::of_record(cx, tx, "lead", id_of(made.as_ref().unwrap()))).unwrap();
        assert!(told["items"].as_array().unwrap().iter().all(|kept| kept["how"] == "unasked"), "{told:#}");
        assert_eq!(told["items"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn of_two_who_save_one_new_customer_one_is_saved_and_the_other_is_told() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let other = Office { house: std::sync::Arc::new(stagecraft_core::House::open(database.again()).unwrap()), ..office.clone() };
        for round in 0..50 {
            let name = unlike(round);
            let (a, b) = at_once(
                || office.creates(office.kim, "account", json!({ "name": name })),
                || other.creates(office.lee, "account", json!({ "name": name.to_uppercase() })),
            );
            let (saved, told) = if a.is_ok() { (a, b) } else { (b, a) };
            let id = id_of(&saved.unwrap());
            let met = met(told);
            assert_eq!(met[0]["verdict"], "block", "{round}");
            assert_eq!(met[0]["matches"][0]["id"], id.to_string());
        }
    });
}

#[test]
fn of_two_who_save_alike_names_one_is_told_where_alike_ones_are_refused() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        office.without_rules();
        office.rule(json!({
            "object": "account", "name": "Alike", "groups": [{"rows": [{"field": "name", "method": "fuzzy"}]}], "strictness": {"new": "block", "import": "block"},
        }));
        let other = Office { house: std::sync::Arc::new(stagecraft_core::House::open(database.again()).unwrap()), ..office.clone() };
        for round in 0..15 {
            let stem: String = "qwertzuiopasdfghjklyxcvbnm".chars().cycle().skip(round * 5).take(12).collect();
            let (a, b) = at_once(
                || office.creates(office.kim, "account", json!({ "name": format!("{stem} instruments") })),
                || other.creates(office.lee, "account", json!({ "name": format!("{stem} instrument") })),
            );
            let refused = if a.is_ok() { b } else { a };
            assert_eq!(met(refused)[0]["verdict"], "block", "{round}");
        }
    });
}

#[test]
fn without_the_lock_both_would_sometimes_be_saved() {
    both(|database| {
        // One writer at a time is lock enough.
        if database.engine() == db::Engine::Sqlite {
            return;
        }
        let office = Office::with_duplicate_rules(database);
        let other = Office { house: std::sync::Arc::new(stagecraft_core::House::open(database.again()).unwrap()), ..office.clone() };
        let mut both_saved = 0;
        for round in 0..60 {
            let name = json!({ "name": unlike(round) });
            let unlocked =
                |office: &Office, who: Id| db::failpoint::without_locks("duplicate:", || office.creates(who, "account", name.clone()));
            let (a, b) = at_once(|| unlocked(&office, office.kim), || unlocked(&other, office.lee));
            both_saved += usize::from(a.is_ok() && b.is_ok());
        }
        assert!(both_saved > 0, "the proof proves nothing: without the lock no two were ever saved");
    });
}

#[test]
fn a_changed_rule_holds_for_the_next_save_on_another_server() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let other = Office { house: std::sync::Arc::new(stagecraft_core::House::open(database.again()).unwrap()), ..office.clone() };
        office.creates(office.kim, "account", json!({"name": "Lindental", "city": "Ulm"})).unwrap();
        for round in 0..5 {
            let made = office.rule(json!({
                "object": "account", "name": "One a city", "groups": [{"rows": [{"field": "city", "method": "exact"}]}],
            }));
            let here = json!({"name": unlike(round), "city": "Ulm"});
            assert_eq!(met(other.creates(office.lee, "account", here.clone()))[0]["rule"]["name"], "One a city");
            office.write(office.ada, |cx, tx| duplicates::delete(cx, tx, made["id"].as_str().unwrap().parse().unwrap(), None)).unwrap();
            let made = other.creates(office.lee, "account", here);
            let id = match made {
                Ok(made) => id_of(&made),
                Err(error) => panic!("{round}: {error:?}"),
            };
            office
                .write(office.ada, |cx, tx| records::void(cx, tx, "account", id, None, &serde_json::from_value(json!({})).unwrap()))
                .unwrap();
        }
    });
}

#[test]
fn the_tool_finds_across_objects_sixty_times_an_hour() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        office.creates(office.kim, "account", json!({"name": "Lindental Robotics", "phone": "+49 731 555010"})).unwrap();
        office
            .creates(office.kim, "lead", json!({"name": "Anna Weber", "email": "anna@lindental.example", "phone": "+49 731 555010"}))
            .unwrap();
        let looks = |who: Id, body: Json| {
            let wanted: duplicates::Search = serde_json::from_value(body).unwrap();
            office.write(who, |cx, tx| duplicates::note_search(cx, tx, &wanted))?;
            office.read(who, |cx, tx| duplicates::search(cx, tx, &wanted))
        };
        let objects = |found: Json| -> Vec<String> {
            let matches = found["items"].as_array().unwrap().iter().flat_map(|hit| hit["matches"].as_array().unwrap().clone());
            matches.map(|one| one["object"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(objects(looks(office.lee, json!({"text": "lindental robotic"})).unwrap()), ["account"]);
        assert_eq!(objects(looks(office.lee, json!({"text": "Anna@Lindental.example"})).unwrap()), ["lead"]);
        assert_eq!(objects(looks(office.lee, json!({"text": "0049 731 555010"})).unwrap()), ["lead"]);
        assert_eq!(
            objects(looks(office.lee, json!({"object": "account", "fields": {"name": "Lindental Robotics"}})).unwrap()),
            ["account"]
        );
        assert!(matches!(looks(office.ines, json!({"text": "Lindental"})), Err(Error::Forbidden { .. })));
        for _ in 4..60 {
            looks(office.lee, json!({"object": "account", "fields": {"name": "Nobody"}})).unwrap();
        }
        let refused = looks(office.lee, json!({"text": "Lindental"}));
        assert!(matches!(refused, Err(Error::TooMany { code: "duplicate.too_often", .. })), "{refused:?}");
        looks(office.kim, json!({"text": "Lindental"})).unwrap();
        database.advance(3_600);
        looks(office.lee, json!({"text": "Lindental"})).unwrap();
    });
}

#[test]
fn who_asks_to_join_is_let_in_by_the_owner_and_learns_nothing_before() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let fields = json!({"name": "Anna Weber", "email": "anna@lindental.example"});
        let lead = id_of(&office.creates(office.kim, "lead", fields.clone()).unwrap());
        let token = tokens(&met(office.creates(office.lee, "lead", fields.clone()))).remove(0);
        let join = |who: Id, token: &str| {
            let wanted = serde_json::from_value(json!({"token": token, "reason": "We talk to them as well"})).unwrap();
            office.write(who, |cx, tx| duplicates::join(cx, tx, &wanted))
        };
        let turns = |who: Id, request: &Json, turn: duplicates::Turn| {
            let (id, answer) =
                (request["id"].as_str().unwrap().parse().unwrap(), serde_json::from_value(json!({"level": "read"})).unwrap());
            office.write(who, |cx, tx| duplicates::turn(cx, tx, id, turn, &answer))
        };
        assert!(matches!(join(office.lee, "nonsense"), Err(Error::NotFound)));
        assert_eq!(crate::office::refusals(join(office.kim, &token)), ["duplicate.nothing_to_join:token"]);
        let asked = join(office.lee, &token).unwrap();
        assert_eq!((&asked["record"], &asked["name"], &asked["state"]), (&Json::Null, &Json::Null, &json!("open")));
        assert_eq!(join(office.lee, &token).unwrap()["id"], asked["id"], "asking twice asks once");
        let waits = office.read(office.kim, |cx, tx| duplicates::requests(cx, tx, "asked")).unwrap();
        assert_eq!((&waits["items"][0]["name"], &waits["items"][0]["can"]), (&json!("Anna Weber"), &json!(["accept", "decline"])));
        assert!(matches!(turns(office.mona, &asked, duplicates::Turn::Accept), Err(Error::NotFound)));
        assert!(matches!(office.reads(office.lee, "lead", lead), Err(Error::NotFound)));
        turns(office.kim, &asked, duplicates::Turn::Accept).unwrap();
        office.reads(office.lee, "lead", lead).unwrap();
        assert_eq!(crate::office::refusals(turns(office.kim, &asked, duplicates::Turn::Decline)), ["duplicate.request_over"]);
        // What nobody answers is over.
        let second = json!({"name": "Bruno Weber", "email": "bruno@lindental.example"});
        office.creates(office.kim, "lead", second.clone()).unwrap();
        let token = tokens(&met(office.creates(office.lee, "lead", second))).remove(0);
        let asked = join(office.lee, &token).unwrap();
        database.advance(8 * 86_400);
        assert_eq!(crate::office::refusals(turns(office.kim, &asked, duplicates::Turn::Accept)), ["duplicate.request_over"]);
        let mine = office.read(office.lee, |cx, tx| duplicates::requests(cx, tx, "mine")).unwrap();
        assert_eq!(mine["items"][0]["state"], "expired");
        while stagecraft_core::reminders::work(&office.house).unwrap() {}
        let told = |who: Id| {
            let wanted = serde_json::from_value(json!({})).unwrap();
            office.read(who, |cx, tx| stagecraft_core::notices::list(cx, tx, &wanted)).unwrap().to_string()
        };
        assert!(told(office.lee).contains("join_expired") && told(office.mona).contains("join_expired"));
        assert!(told(office.kim).contains("join_asked") && !told(office.lee).contains("Bruno"));
    });
}

#[test]
fn an_import_is_held_against_what_there_is_and_against_itself() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let anna = id_of(&office.creates(office.hanna, "lead", json!({"name": "Anna Weber", "email": "anna@lindental.example"})).unwrap());
        let text = "name,email,city\nA. Weber,anna@lindental.example,Ulm\nCarl Maier,carl@maier.example,Bonn\nKarl Maier,carl@maier.example,Bonn\nDora,dora@solo.example,Kiel\n";
        let run = |duplicates: Json, dry_run: bool| {
            let options = serde_json::from_value(json!({"object": "lead", "duplicates": duplicates, "dry_run": dry_run})).unwrap();
            stagecraft_core::imports::run(&office.house, &Credential::Person(office.ada), &options, "leads.csv", text.as_bytes()).unwrap()
        };
        let counts = |answer: &Json| ["created", "updated", "skipped", "failed"].map(|key| answer[key].as_u64().unwrap_or_default());
        let told = |answer: &Json| -> Vec<(u64, String)> {
            let all = answer["problems"].as_array().unwrap().iter();
            all.map(|problem| (problem["line"].as_u64().unwrap(), problem["code"].as_str().unwrap().to_owned())).collect()
        };
        // The check tells row by row and stores nothing.
        let checked = run(json!({"then": "refuse"}), true);
        assert_eq!(counts(&checked), [2, 0, 0, 2], "{checked:#}");
        assert_eq!(told(&checked), [(2, "duplicate.found".to_owned()), (4, "duplicate.in_file".to_owned())]);
        assert!(checked["problems"][1]["message"].as_str().unwrap().contains("Row 3"), "{checked:#}");
        // Chosen for all rows, and for one.
        let skipped = run(json!({"then": "skip", "rows": {"4": "create", "2": "update"}}), false);
        assert_eq!(counts(&skipped), [3, 1, 0, 0], "{skipped:#}");
        assert_eq!(
            office.reads(office.ada, "lead", anna).unwrap()["record"]["fields"]["city"]
                .as_str()
                .or(office.reads(office.ada, "lead", anna).unwrap()["fields"]["city"].as_str()),
            Some("Ulm")
        );
    });
}

/// So many accounts that their names are read into memory for the import.
#[test]
fn an_import_is_held_against_many_and_against_its_own_rows_of_earlier_transactions() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let system = Credential::System("to set the stage");
        office
            .house
            .write(&system, Limits::default(), model::Via::System, |cx, tx| {
                let object = cx.meta.schema.object("account").unwrap().clone();
                let new = |n: usize| {
                    let mut record = model::Record::new("account", cx.new_id());
                    record.set("name", format!("Northgate {n} Ltd"));
                    record.set("owner", office.hanna);
                    record.set("lifecycle_status", "normal");
                    record
                };
                Ok(db::records::insert(tx, &object, &(0..1_100).map(new).collect::<Vec<_>>())?)
            })
            .unwrap();
        let mut text = String::from("name\n");
        for n in 0..240 {
            text += &match n {
                20 | 100 | 200 => format!("Nortgate {n} Ltd\n"),
                230 => "Southfeild 3 GmbH\n".to_owned(),
                231 => "NORTHGATE 7, ltd.\n".to_owned(),
                n => format!("Southfield {n} GmbH\n"),
            };
        }
        let options = serde_json::from_value(json!({"object": "account", "mode": "insert", "duplicates": {"then": "refuse"}})).unwrap();
        let told = stagecraft_core::imports::run(&office.house, &Credential::Person(office.ada), &options, "accounts.csv", text.as_bytes())
            .unwrap();
        assert_eq!((&told["created"], &told["failed"]), (&json!(235), &json!(5)), "{told:#}");
        let lines: Vec<u64> = told["problems"].as_array().unwrap().iter().map(|problem| problem["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, [22, 102, 202, 232, 233], "{told:#}");
    });
}
