//! Fields that a pool hides until somebody has claimed: what tells of records without showing them tells no more than reading does.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::comments::{self, Wanted};
use stagecraft_core::{Credential, Error, bulk, duplicates, events, files, imports, records, seeing, timeline};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    /// A pool of deals that hides some fields; Kim and Lee are in it, Mona administers it.
    fn deals_pool(&self, hidden: &[&str]) -> Id {
        self.pool("Open", json!({"object": "opportunity", "condition": null, "hidden": hidden}))
    }

    /// A deal that Karl has given up into the pool.
    fn given_up(&self, pool: Id, fields: Json) -> Id {
        let deal = id_of(&self.creates(self.karl, "opportunity", fields).unwrap());
        self.gives_back(self.karl, "opportunity", deal, json!({"reason": "No time", "pool": pool})).unwrap();
        deal
    }

    fn may_import(&self, object: &str) {
        let mut role = self.role("salesperson");
        role["objects"][object]["acts"].as_array_mut().unwrap().push("import".into());
        self.puts_role("salesperson", None, &role).unwrap();
    }

    fn imports_as(&self, who: Id, options: Json, text: &str) -> Json {
        let options = serde_json::from_value(options).unwrap();
        imports::run(&self.house, &Credential::Person(who), &options, "a.csv", text.as_bytes()).unwrap()
    }

    /// Columns of which a person hears when the record is edited by Ada.
    fn hears_of(&self, who: Id, object: &str, id: Id, fields: Json) -> Json {
        let from = self.read(self.ada, |_, tx| events::position(tx)).unwrap();
        let revision = self.edits(self.ada, object, id, fields).unwrap()["record"]["revision"].as_i64();
        loop {
            let hint = self.read(who, |cx, tx| {
                let (found, _) = events::after(tx, &from, 1_000)?;
                let listener = events::listener(cx, tx)?;
                Ok(found
                    .iter()
                    .find(|(_, event)| event.record == id && Some(event.revision) == revision)
                    .map(|(_, event)| listener.told(event)))
            });
            match hint.unwrap() {
                Some(events::Told::Hint(hint)) => return hint["columns"].clone(),
                Some(other) => panic!("no hint: {other:?}"),
                // Behind the horizon of whoever else writes just now.
                None => std::thread::sleep(std::time::Duration::from_millis(10)),
            }
        }
    }
}

fn usd(amount: &str) -> Json {
    json!({"amount": amount, "currency": "USD"})
}

#[test]
fn figures_of_other_records_do_not_tell_it() {
    both(|database| {
        let office = Office::new(database);
        let sum = json!({"key": "x_total", "label": {"en": "Total"}, "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": "amount"});
        office.adds_field("account", sum);
        let large = json!({"field": "amount", "op": "gt", "value": usd("500")});
        let count = json!({"key": "x_large", "label": {"en": "Large"}, "type": "statistical", "of": "opportunity", "via": "account", "function": "count", "condition": large});
        office.adds_field("account", count);
        let all = json!({"key": "x_deals", "label": {"en": "Deals"}, "type": "statistical", "of": "opportunity", "via": "account", "function": "count"});
        office.adds_field("account", all);
        let double = json!({"key": "x_double", "label": {"en": "Double"}, "type": "calculated", "formula": "x_total + x_total", "result": "currency"});
        office.adds_field("account", double);
        let next = json!({"key": "x_next", "label": {"en": "Next"}, "type": "calculated", "formula": "account.phone", "result": "text", "indexed": true});
        office.adds_field("opportunity", next);
        let account = id_of(&office.creates(office.kim, "account", json!({"name": "Harbour", "phone": "+49 228 4477881"})).unwrap());
        let pool = office.deals_pool(&["amount"]);
        office.given_up(pool, json!({"name": "Rail", "amount": "77123", "account": account}));
        let figures = |who: Id| {
            let fields = office.reads(who, "account", account).unwrap()["fields"].clone();
            ["x_total", "x_double", "x_large", "x_deals"].map(|key| fields[key].clone())
        };
        let filter = json!({"field": "x_total", "op": "gt", "value": usd("77000")}).to_string();
        assert_eq!(figures(office.kim), [Json::Null, Json::Null, Json::Null, json!("1")], "how many there are is no secret");
        assert_eq!(refusals(office.lists(office.kim, "account", json!({ "filter": filter }))), ["field.unknown:x_total"]);
        for who in [office.mona, office.ada] {
            assert_eq!(figures(who), [usd("77123.00"), usd("154246.00"), json!("1"), json!("1")]);
            assert_eq!(office.lists(who, "account", json!({ "filter": filter })).unwrap().1, 1);
        }
        // As in the rows themselves: blank to everybody but those who look after the pool, and as before once nothing is hidden.
        office.changes_pool(pool, json!({"hidden": []}));
        assert_eq!(figures(office.kim)[0], usd("77123.00"));

        // What is kept on a deal of its account's hidden phone.
        let own = id_of(&office.creates(office.karl, "opportunity", json!({"name": "Own", "account": account})).unwrap());
        assert_eq!(office.reads(office.karl, "opportunity", own).unwrap()["fields"]["x_next"], "+49 228 4477881");
        let members = json!([{"kind": "person", "id": office.karl}]);
        let accounts = office.pool("Accounts", json!({"object": "account", "condition": null, "hidden": ["phone"], "members": members}));
        office.gives_back(office.kim, "account", account, json!({"reason": "x", "pool": accounts})).unwrap();
        let shown = office.reads(office.karl, "opportunity", own).unwrap();
        assert!(shown["fields"].get("x_next").is_none() && !shown.to_string().contains("4477881"), "{shown:#}");
    });
}

#[test]
fn what_slipped_tells_no_hidden_amount_or_day() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.deals_pool(&["amount", "expected_close_date"]);
        let deal = id_of(
            &office
                .creates(office.karl, "opportunity", json!({"name": "Rail", "amount": "77123", "expected_close_date": "2027-03-21"}))
                .unwrap(),
        );
        office.edits(office.karl, "opportunity", deal, json!({"amount": "66123", "expected_close_date": "2027-04-22"})).unwrap();
        office.gives_back(office.karl, "opportunity", deal, json!({"reason": "No time", "pool": pool})).unwrap();
        let told = |who: Id| {
            let slips = office.slips(who, deal, json!({})).unwrap();
            let line =
                office.read(who, |cx, tx| timeline::timeline(cx, tx, "opportunity", deal, &timeline::TimelineRequest::default())).unwrap();
            (slips["items"].as_array().unwrap().len(), slips["days"].clone(), slips["counts"]["amount"].clone(), format!("{slips} {line}"))
        };
        let (many, days, cuts, text) = told(office.kim);
        assert_eq!((many, days, cuts), (0, json!(0), json!(0)), "{text}");
        for secret in ["77123", "66123", "2027-03-21", "2027-04-22"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        let (many, days, cuts, _) = told(office.mona);
        assert_eq!((many, days, cuts), (2, json!(32), json!(1)));
        office.claims_it(office.kim, "opportunity", deal).unwrap();
        assert_eq!(told(office.kim).0, 2);
    });
}

#[test]
fn nobody_hears_that_a_hidden_field_has_changed() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({"hidden": ["phone"]}));
        let lead = office.pooled("Anna", "Bonn");
        let change = |phone: &str, title: &str| json!({"phone": phone, "title": title});
        assert_eq!(office.hears_of(office.kim, "lead", lead, change("+49 228 1", "A")), json!(["title"]));
        assert_eq!(office.hears_of(office.mona, "lead", lead, change("+49 228 2", "B")), json!(["phone", "title"]));
        office.claims_it(office.kim, "lead", lead).unwrap();
        assert_eq!(office.hears_of(office.kim, "lead", lead, change("+49 228 3", "C")), json!(["phone", "title"]));
    });
}

#[test]
fn a_file_in_a_hidden_field_is_not_there() {
    both(|database| {
        let office = Office::new(database);
        let papers = office.adds_field("lead", json!({"key": "x_papers", "label": {"en": "Papers"}, "type": "attachment"}));
        office.pool("Bonn", json!({"hidden": [papers]}));
        let lead = office.pooled("Anna", "Bonn");
        let kept = office.write(office.ada, |cx, tx| files::keep(cx, tx, "offer.txt", b"Zyxwarth")).unwrap();
        let file: Id = kept["id"].as_str().unwrap().parse().unwrap();
        office.edits(office.ada, "lead", lead, json!({"x_papers": [file]})).unwrap();
        let read = |who: Id| office.read(who, |cx, tx| files::read(cx, tx, file));
        assert!(matches!(read(office.kim), Err(Error::NotFound)));
        assert!(!office.reads(office.kim, "lead", lead).unwrap().to_string().contains("offer.txt"));
        assert_eq!(read(office.mona).unwrap().name, "offer.txt");
        office.claims_it(office.kim, "lead", lead).unwrap();
        assert_eq!(read(office.kim).unwrap().name, "offer.txt");
    });
}

#[test]
fn an_import_neither_finds_nor_fills_what_is_hidden() {
    both(|database| {
        let office = Office::new(database);
        office.may_import("lead");
        office.adds_field("lead", json!({"key": "x_code", "label": {"en": "Code"}, "type": "text", "unique": true}));
        office.pool("Bonn", json!({"hidden": ["email", "x_code", "company"]}));
        let lead = office.pooled("Anna", "Bonn");
        office.edits(office.ada, "lead", lead, json!({"x_code": "Zyxwarth"})).unwrap();
        let counts = |told: &Json| ["created", "updated", "skipped", "failed"].map(|key| told[key].as_u64().unwrap_or_default());
        // What one may not read finds nothing, whether or not somebody has it: a row of its own, and not "several", nor "may not".
        for (key, own, other) in [("email", "info@lindental.example", "else@lindental.example"), ("x_code", "zyxwarth", "quagga")] {
            let run = |who: Id, value: &str, dry_run: bool| {
                let options = json!({"object": "lead", "mode": "upsert", "keys": {"field": key}, "dry_run": dry_run});
                let told = office.imports_as(who, options, &format!("name,{key}\nAnna B,{value}\n"));
                (counts(&told), told["problems"].to_string().replace(value, "…"))
            };
            assert_eq!(run(office.kim, own, true), run(office.kim, other, true), "{key}");
            assert_eq!(run(office.mona, own, true).0, [0, 1, 0, 0], "an administrator of the pool finds it by {key}");
        }
        // By its id one finds it, and may not write.
        let by_id = json!({"object": "lead", "mode": "update", "keys": {"id_column": "id"}, "mapping": {"id": null}});
        let told = office.imports_as(office.kim, by_id.clone(), &format!("id,company\n{lead},Mine\n"));
        assert_eq!(counts(&told), [0, 0, 0, 1], "{told:#}");
        let told = office.imports_as(office.sven, by_id, &format!("id,company,city\n{lead},Mine,Bonn\n"));
        assert_eq!((counts(&told), &told["problems"][0]["code"]), ([0, 0, 0, 1], &json!("field.no_access")), "{told:#}");
        assert_eq!(office.reads(office.mona, "lead", lead).unwrap()["fields"]["company"], "Lindental");
        // A reference by a hidden name.
        let accounts = office.pool("Accounts", json!({"object": "account", "condition": null, "hidden": ["name"]}));
        let account = office.system("account", json!({"name": "Zyxwarth", "owner": office.karl}));
        office.gives_back(office.karl, "account", account, json!({"reason": "x", "pool": accounts})).unwrap();
        office.may_import("contact");
        let run = |name: &str| {
            let told = office.imports_as(office.kim, json!({"object": "contact", "dry_run": true}), &format!("name,account\nZoe,{name}\n"));
            (counts(&told), format!("{} {}", told["problems"], told["offered_values"]).replace(name, "…"))
        };
        assert_eq!(run("Zyxwarth"), run("Quaggarth"));
    });
}

#[test]
fn what_is_alike_in_a_hidden_field_is_not_told_of_which_record() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({"hidden": ["phone"]}));
        let lead = office.pooled("Anna Weber", "Bonn");
        office.edits(office.ada, "lead", lead, json!({"phone": "+49 228 4477881"})).unwrap();
        office.rule(json!({
            "object": "lead", "name": "Alike", "active": true, "kinds": {"new": true, "import": true, "tool": true},
            "scope": {"voided": true, "unseen": true},
            "groups": [
                {"object": "lead", "rows": [{"field": "phone", "other": "phone", "method": "exact"}]},
                {"object": "lead", "rows": [{"field": "name", "other": "name", "method": "exact"}]},
            ],
            "strictness": {"new": "warn", "import": "warn"}, "shows": [{"object": "lead", "fields": ["name", "phone", "owner"]}],
        }));
        let check = |who: Id, fields: Json| {
            let wanted = serde_json::from_value(json!({"object": "lead", "fields": fields})).unwrap();
            let told = office.read(who, |cx, tx| duplicates::check(cx, tx, &wanted)).unwrap();
            told["items"][0]["matches"][0].clone()
        };
        let by_phone = json!({"phone": "+49 228 4477881"});
        let told = check(office.kim, by_phone.clone());
        assert_eq!(
            (&told["visible"], &told["id"], &told["name"], &told["reasons"]),
            (&json!(false), &Json::Null, &Json::Null, &json!([])),
            "{told:#}"
        );
        assert_eq!((&told["fields"], &told["can"]), (&json!({}), &json!([])));
        let told = check(office.kim, json!({"name": "Anna Weber"}));
        assert_eq!(
            (&told["id"], &told["fields"], &told["can"]),
            (&json!(lead), &json!({"name": "Anna Weber", "owner": null}), &json!(["open", "claim"])),
            "{told:#}"
        );
        let told = check(office.mona, by_phone.clone());
        assert_eq!(
            (&told["id"], &told["reasons"][0]["other"], &told["fields"]["phone"]),
            (&json!(lead), &json!("phone"), &json!("+49 228 4477881"))
        );
        // A refused save tells the same.
        let met = crate::duplicates::met(office.creates(office.kim, "lead", json!({"name": "Other", "phone": "+49 228 4477881"})));
        assert!(!json!(met).to_string().contains("Anna") && !json!(met).to_string().contains(&lead.to_string()), "{met:?}");
        office.claims_it(office.kim, "lead", lead).unwrap();
        assert_eq!(check(office.kim, by_phone)["id"], json!(lead));
    });
}

#[test]
fn bulk_acts_comments_and_who_sees_it_tell_nothing_hidden() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({"hidden": ["name", "company", "email"]}));
        let lead = office.pooled("Zyxwarth", "Bonn");
        let silent = |told: Json| assert!(!told.to_string().contains("Zyxwarth") && !told.to_string().contains("indental"), "{told:#}");
        for body in [json!({"act": "claim"}), json!({"act": "edit", "fields": {"city": "Ulm"}})] {
            let mut body = body;
            (body["ids"], body["dry_run"]) = (json!([lead]), true.into());
            let wanted = serde_json::from_value(body).unwrap();
            silent(bulk::begin(&office.house, &Credential::Person(office.kim), Via::Api, "lead", &wanted).unwrap());
        }
        let wanted = Wanted { text: "Who takes this one?".into() };
        silent(office.write(office.kim, |cx, tx| comments::create(cx, tx, "lead", lead, &wanted)).unwrap());
        silent(office.read(office.kim, |cx, tx| comments::list(cx, tx, "lead", lead, &Default::default())).unwrap());
        silent(office.read(office.kim, |cx, tx| seeing::everyone(cx, tx, "lead", lead, &Default::default())).unwrap());
        // Told by a notice, it has no name either.
        let wanted = Wanted { text: format!("@[Kim](employee:{}) yours?", office.kim) };
        office.write(office.mona, |cx, tx| comments::create(cx, tx, "lead", lead, &wanted)).unwrap();
        let (told, unread) = office.told(office.kim);
        assert_eq!(unread, 1);
        silent(json!(told));
        // A copy has nothing of it.
        let copied = office.write(office.kim, |cx, tx| {
            records::clone(cx, tx, "lead", lead, &serde_json::from_value(json!({"fields": {"name": "Copy"}})).unwrap())
        });
        silent(copied.unwrap());
        let asked = serde_json::from_value(json!({"object": "lead", "person": office.kim})).unwrap();
        silent(office.read(office.kim, |cx, tx| stagecraft_core::holding::check(cx, tx, &asked)).unwrap());
    });
}
