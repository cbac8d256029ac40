//! What is told of records that are alike, to whom and where: with the rows of an import, on the record, among what waits, and to nobody who may
//! not know.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::imports::result_csv;
use stagecraft_core::notices::{NoticesRequest, deputies};
use stagecraft_core::{Credential, Error, Limits, duplicates, imports, records, timeline, todo};
use testkit::{Database, both};

use crate::duplicates::{met, tokens};
use crate::office::{Office, id_of};

impl Office {
    fn imports_leads(&self, options: Json, text: &str) -> Json {
        let mut options = options;
        options["object"] = "lead".into();
        let options = serde_json::from_value(options).unwrap();
        imports::run(&self.house, &Credential::Person(self.ada), &options, "leads.csv", text.as_bytes()).unwrap()
    }

    fn happened(&self, who: Id, object: &str, id: Id) -> Vec<Json> {
        let wanted = serde_json::from_value(json!({"kinds": "alike"})).unwrap();
        let told = self.read(who, |cx, tx| timeline::timeline(cx, tx, object, id, &wanted)).unwrap();
        told["items"].as_array().unwrap().clone()
    }

    fn history_of(&self, who: Id, object: &str, id: Id) -> Vec<Json> {
        let told = self.read(who, |cx, tx| records::history(cx, tx, object, id, &Default::default())).unwrap();
        told["items"].as_array().unwrap().iter().map(|item| item["alike"].clone()).collect()
    }

    fn joins(&self, who: Id, token: &str) -> Json {
        let wanted = serde_json::from_value(json!({"token": token, "reason": "We talk to them as well"})).unwrap();
        self.write(who, |cx, tx| duplicates::join(cx, tx, &wanted)).unwrap()
    }

    fn todo_of(&self, who: Id) -> Json {
        self.read(who, |cx, tx| todo::list(cx, tx, &Default::default())).unwrap()
    }

    pub fn noticed(&self, who: Id, kind: &str) -> Vec<Json> {
        let told = self.read(who, |cx, tx| stagecraft_core::notices::list(cx, tx, &NoticesRequest::default())).unwrap();
        told["items"].as_array().unwrap().iter().filter(|notice| notice["kind"] == kind).cloned().collect()
    }
}

/// A file of leads that are unlike each other, but for two that stand far apart.
fn far_apart() -> String {
    let row = |n: usize| {
        let word: String = "qwertzuiopasdfghjklyxcvbnm".chars().cycle().skip(n * 7 % 26).step_by(n % 5 + 1).take(9).collect();
        format!("{word} {n},p{n}@firm{n}.example\n")
    };
    let mut text = "name,email\nAnna Weber,anna@lindental.example\n".to_owned();
    text.extend((0..280).map(row));
    text.push_str("A. Weber,Anna@Lindental.example\nKim's own,known@kim.example\n");
    text
}

#[test]
fn rows_that_are_alike_meet_however_far_apart_they_stand_in_the_check_as_in_the_run() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let known = id_of(&office.creates(office.kim, "lead", json!({"name": "Known", "email": "known@kim.example"})).unwrap());
        let text = far_apart();
        let told = |answer: &Json| -> Vec<Json> {
            let problems = answer["problems"].as_array().unwrap().iter();
            problems.map(|it| json!([it["line"], it["code"], it["outcome"], it["met"]["line"], it["met"]["id"]])).collect()
        };
        let counts = |answer: &Json| ["created", "updated", "skipped", "failed", "notices"].map(|key| answer[key].as_u64().unwrap());
        let check = |then: &str| office.imports_leads(json!({"dry_run": true, "duplicates": {"then": then}}), &text);
        let line_before = |outcome: &str| json!([283, "duplicate.in_file", outcome, 2, null]);
        let line_last = |outcome: &str| json!([284, "duplicate.found", outcome, null, known]);
        for (then, outcome, expected) in [
            ("create", "created", [283, 0, 0, 0, 2]),
            ("skip", "skipped", [281, 0, 2, 0, 2]),
            ("refuse", "failed", [281, 0, 0, 2, 0]),
            ("update", "updated", [281, 2, 0, 0, 2]),
        ] {
            let checked = check(then);
            assert_eq!(counts(&checked), expected, "{then}");
            assert_eq!(told(&checked), [line_before(outcome), line_last(outcome)], "{then}");
        }
        assert_eq!(office.lists(office.ada, "lead", json!({})).unwrap().1, 1, "a check stores nothing");
        // The run tells the same, with the record of the other row, and says so in its file.
        let done = office.imports_leads(json!({}), &text);
        let (first, second) = (&told(&done)[0], &told(&done)[1]);
        assert_eq!((&first[0], &first[1], &first[2], &first[3]), (&json!(283), &json!("duplicate.in_file"), &json!("created"), &json!(2)));
        let met: Id = first[4].as_str().unwrap().parse().unwrap();
        assert_eq!(office.reads(office.ada, "lead", met).unwrap()["fields"]["name"], "Anna Weber");
        assert_eq!(second, &line_last("created"));
        let message = |answer: &Json, at: usize| answer["problems"][at]["message"].as_str().unwrap().to_owned();
        assert_eq!(message(&done, 0), "Row 2 of the file is like it (E-mail 100 %; Same person among the leads).");
        assert_eq!(message(&done, 1), "There is a record like it: Known (E-mail 100 %; Same person among the leads).");
        let mut file = Vec::new();
        let (id, ada) = (done["id"].as_str().unwrap().parse().unwrap(), Credential::Person(office.ada));
        result_csv(&office.house, &ada, &Limits::default(), id, &mut file).unwrap();
        let file = String::from_utf8(file).unwrap();
        assert!(file.trim_start_matches('\u{feff}').starts_with("file,line,outcome,object,id,note\n"), "{file}");
        let line = |n: u64| file.lines().find(|line| line.starts_with(&format!("leads.csv,{n},created,lead,"))).unwrap().to_owned();
        assert!(line(283).contains("Row 2 of the file is like it") && line(284).contains("a record like it: Known"), "{}", line(283));
        assert!(line(3).ends_with(','), "{}", line(3));
        // Whoever does not want it told is not told.
        let unchecked = office.imports_leads(json!({"dry_run": true, "duplicates": {"check": false}}), &text);
        assert_eq!((told(&unchecked), counts(&unchecked)[4]), (Vec::new(), 0));
    });
}

#[test]
fn over_what_it_was_saved_stands_on_the_timeline_and_in_the_history_for_the_readers_eyes() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let fields = json!({"name": "Anna Weber", "email": "anna@lindental.example", "company": "Lindental"});
        let first = id_of(&office.creates(office.kim, "lead", fields.clone()).unwrap());
        let again = json!({"name": "A. Weber", "email": "anna@lindental.example"});
        let warned = met(office.creates(office.lee, "lead", again.clone()));
        let made = id_of(&office.creates_over(office.lee, "lead", &again, &tokens(&warned)).unwrap());
        // Lee, who does not see it, is told what the rule shows of it.
        let lees = office.happened(office.lee, "lead", made);
        assert_eq!((lees.len(), &lees[0]["by"]), (1, &json!(office.lee)));
        let over = &lees[0]["alike"][0];
        assert_eq!((&over["found"]["id"], &over["found"]["name"], &over["score"]), (&Json::Null, &json!("Anna Weber"), &json!(100)));
        assert_eq!((&over["how"], &over["rule"]["name"]), (&json!("warned"), &json!("Same person among the leads")));
        // Hanna, who sees both, goes there; the history tells the same.
        let hannas = office.happened(office.hanna, "lead", made);
        assert_eq!(hannas[0]["alike"][0]["found"]["id"], json!(first));
        assert_eq!(office.history_of(office.hanna, "lead", made), [hannas[0]["alike"].clone()]);
        // A later edit that goes on over another stands with that edit.
        office.creates(office.kim, "lead", json!({"name": "Other", "phone": "+49 731 555010"})).unwrap();
        database.advance(60);
        let patch = json!({"phone": "0049 731 555010"});
        let warned = met(office.edits(office.lee, "lead", made, patch.clone()));
        let wanted = serde_json::from_value(json!({"fields": patch, "stage_reason": null})).unwrap();
        let tokens = tokens(&warned);
        office.write(office.lee, |cx, tx| records::update(&cx.accepting(tokens.clone()), tx, "lead", made, None, &wanted)).unwrap();
        let told = office.history_of(office.hanna, "lead", made);
        let names = |alike: &Json| -> Vec<String> {
            let mut names: Vec<String> =
                alike.as_array().unwrap().iter().map(|one| one["found"]["name"].as_str().unwrap().to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(told.iter().map(names).collect::<Vec<_>>(), [vec!["Anna Weber", "Other"], vec!["Anna Weber"]]);
        assert_eq!(office.happened(office.hanna, "lead", made).len(), 2);
        // By a field that one may not know of nothing is told.
        office.hides("salesperson", "lead", &[("email", "hidden")]);
        let told = office.happened(office.lee, "lead", made);
        assert_eq!(told.iter().map(|item| names(&item["alike"])).collect::<Vec<_>>(), [["Other"]]);
        assert!(!json!(office.history_of(office.lee, "lead", made)).to_string().contains("Anna"));
    });
}

fn asked(office: &Office) -> (Id, Json) {
    let fields = json!({"name": "Anna Weber", "email": "anna@lindental.example"});
    let lead = id_of(&office.creates(office.kim, "lead", fields.clone()).unwrap());
    let token = tokens(&met(office.creates(office.lee, "lead", fields))).remove(0);
    (lead, office.joins(office.lee, &token))
}

fn deputy(office: &Office, of: Id, deputy: Id) {
    let wanted = serde_json::from_value(json!({ "deputy": deputy })).unwrap();
    office.write(of, |cx, tx| deputies::save(cx, tx, None, &wanted)).unwrap();
}

#[test]
fn a_request_to_join_waits_for_the_owner_until_it_is_answered_or_over() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let (lead, request) = asked(&office);
        let waits = |who: Id| -> Vec<Json> {
            let all = office.todo_of(who);
            let items = all["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "join_request").cloned().collect::<Vec<_>>();
            assert_eq!(all["counts"]["kinds"]["join_request"], items.len());
            items
        };
        let item = waits(office.kim).remove(0);
        assert_eq!((&item["id"], &item["title"], &item["record"]), (&request["id"], &json!("Anna Weber"), &json!(lead)));
        assert_eq!((&item["by"], &item["due_at"], &item["overdue"]), (&json!(office.lee), &request["answer_by"], &json!(false)));
        // It counts beside the menu from the first day on; the lead itself waits as well.
        let counts = office.todo_of(office.kim)["counts"].clone();
        assert_eq!((&counts["badge"], &counts["later"], &counts["today"]), (&json!(1), &json!(1), &json!(0)));
        assert!(waits(office.lee).is_empty() && waits(office.mona).is_empty());
        let only: todo::TodoRequest = serde_json::from_value(json!({"kind": "join_request"})).unwrap();
        let only = office.read(office.kim, |cx, tx| todo::list(cx, tx, &only)).unwrap();
        assert_eq!((only["items"].as_array().unwrap().len(), &only["next_cursor"]), (1, &Json::Null));
        // Page by page it comes once.
        let (mut seen, mut cursor) = (0, Json::Null);
        loop {
            let page = serde_json::from_value(json!({"limit": 1, "cursor": cursor})).unwrap();
            let page = office.read(office.kim, |cx, tx| todo::list(cx, tx, &page)).unwrap();
            seen += page["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "join_request").count();
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(seen, 1);
        // On the last day it is due today; then it is over, the asker and the owner's manager are told, and nobody else.
        database.advance(7 * 86_400 - 3_600);
        assert_eq!(office.todo_of(office.kim)["counts"]["today"], 1);
        while stagecraft_core::reminders::work(&office.house).unwrap() {}
        assert!(office.noticed(office.lee, "join_expired").is_empty());
        database.advance(7_200);
        assert!(waits(office.kim).is_empty());
        while stagecraft_core::reminders::work(&office.house).unwrap() {}
        let (lees, monas) = (office.noticed(office.lee, "join_expired"), office.noticed(office.mona, "join_expired"));
        assert_eq!((lees.len(), &lees[0]["record"]), (1, &Json::Null), "the asker learns nothing by it");
        assert_eq!((monas.len(), &monas[0]["record"]), (1, &json!(lead)), "the manager is led to the record");
        assert!(office.noticed(office.kim, "join_expired").is_empty() && office.noticed(office.karl, "join_expired").is_empty());
    });
}

#[test]
fn whoever_stands_in_for_the_owner_answers_for_him_and_nobody_answers_himself() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let (lead, request) = asked(&office);
        let id: Id = request["id"].as_str().unwrap().parse().unwrap();
        let answers = |who: Id| office.write(who, |cx, tx| duplicates::turn(cx, tx, id, duplicates::Turn::Accept, &Default::default()));
        // The one who asked stands in: he may not let himself in.
        deputy(&office, office.kim, office.lee);
        assert!(matches!(answers(office.lee), Err(Error::NotFound)));
        deputy(&office, office.kim, office.mona);
        let item = office.todo_of(office.mona)["items"].as_array().unwrap().iter().find(|item| item["kind"] == "join_request").cloned();
        assert_eq!(item.unwrap()["on_behalf_of"], json!(office.kim));
        answers(office.mona).unwrap();
        office.reads(office.lee, "lead", lead).unwrap();
        assert_eq!(office.noticed(office.lee, "join_answered").len(), 1);
    });
}

/// Two leads that Kim sees; what is hidden from him makes them the same in one of the worlds alone.
fn world(office: Office, secret: &str) -> (Office, Id, Id) {
    for object in ["lead", "contact"] {
        office.adds_field(object, json!({"key": "x_secret", "label": {"en": "Secret"}, "type": "text"}));
    }
    office.without_rules();
    office.rule(json!({
        "object": "lead", "name": "Same secret", "strictness": {"new": "warn", "import": "warn"},
        "groups": [
            {"rows": [{"field": "x_secret", "method": "exact"}]},
            {"rows": [{"field": "name", "method": "fuzzy", "threshold": 50}, {"field": "x_secret", "method": "fuzzy", "threshold": 50}]},
            {"object": "contact", "rows": [{"field": "company", "other": "x_secret", "method": "exact"}]},
        ],
        "shows": [{"object": "lead", "fields": ["name", "x_secret"]}, {"object": "contact", "fields": ["name", "x_secret"]}],
    }));
    office.rule(json!({
        "object": "lead", "name": "Same city of those with a zebra", "when": {"field": "x_secret", "op": "eq", "value": "Zebra"},
        "groups": [{"rows": [{"field": "city", "method": "exact"}]}],
    }));
    office.rule(json!({
        "object": "lead", "name": "Same country among zebras", "scope": {"condition": {"field": "x_secret", "op": "eq", "value": "Zebra"}},
        "groups": [{"rows": [{"field": "country", "method": "exact"}]}],
    }));
    let hidden = json!({"x_secret": secret, "city": "Ulm", "country": "DE"});
    let lead = |name: &str, fields: &Json| {
        let mut fields = fields.clone();
        fields["name"] = name.into();
        office.system("lead", {
            fields["owner"] = json!(office.kim);
            fields
        })
    };
    let first = lead("Rail", &json!({"x_secret": "Zebra", "city": "Ulm", "country": "DE"}));
    let second = lead("Bridge", &hidden);
    office.system("contact", json!({"name": "Cara", "x_secret": secret, "owner": office.kim}));
    // Somebody who knows it saves one over it.
    let fields = json!({"name": "Third", "x_secret": "Zebra", "owner": office.kim});
    let told = office.creates(office.ada, "lead", fields.clone());
    let third = match told {
        Ok(made) => id_of(&made),
        told => id_of(&office.creates_over(office.ada, "lead", &fields, &tokens(&met(told))).unwrap()),
    };
    for object in ["lead", "contact"] {
        office.hides("salesperson", object, &[("x_secret", "hidden")]);
    }
    let _ = first;
    (office, second, third)
}

#[test]
fn what_a_role_hides_is_not_found_out_by_asking_what_is_alike() {
    both(|database| {
        let beside = match database.engine() {
            db::Engine::Sqlite => Database::sqlite(),
            db::Engine::Postgres => Database::postgres(),
        };
        let worlds = [world(Office::with_duplicate_rules(database), "Zebra"), world(Office::with_duplicate_rules(&beside), "Quagga")];
        let tries: [(&str, fn(&Office, Id, Id) -> Json); 8] = [
            ("checks the company against it", |office, _, _| {
                checks(office, json!({"object": "lead", "fields": {"name": "New", "company": "Zebra"}}))
            }),
            ("names the field itself", |office, _, _| {
                checks(office, json!({"object": "lead", "fields": {"name": "New", "x_secret": "Zebra"}}))
            }),
            ("checks a lead as he edits it", |office, second, _| {
                checks(office, json!({"object": "lead", "id": second, "fields": {"name": "Rail", "city": "Ulm", "country": "DE"}}))
            }),
            ("checks what a trigger looks at", |office, second, _| {
                checks(office, json!({"object": "lead", "id": second, "fields": {"city": "Bonn", "country": "FR"}}))
            }),
            ("searches for its text", |office, _, _| searches(office, json!({"text": "Zebra"}))),
            ("searches by a field", |office, _, _| {
                searches(office, json!({"object": "lead", "fields": {"company": "Zebra", "x_secret": "Zebra"}}))
            }),
            ("asks what is like a record", |office, second, _| {
                office.read(office.kim, |cx, tx| duplicates::of_record(cx, tx, "lead", second)).unwrap()
            }),
            ("asks over what it was saved", |office, _, third| {
                let told = office.read(office.kim, |cx, tx| duplicates::of_record(cx, tx, "lead", third)).unwrap();
                json!([told, office.happened(office.kim, "lead", third), office.history_of(office.kim, "lead", third)])
            }),
        ];
        for (name, attempt) in tries {
            let [a, b] = worlds.each_ref().map(|(office, second, third)| attempt(office, *second, *third));
            for told in [&a, &b] {
                let text = told.to_string();
                let empty = ["Rail", "Bridge", "Cara", "Zebra", "Quagga", "x_secret"].iter().all(|word| !text.contains(word));
                assert!(empty, "who {name} is told {told:#}");
            }
        }
        // Where a save meets one by it, he is told that there is one, and neither by what nor how much: no score, no reason, no value.
        let (office, ..) = &worlds[0];
        let told = met(office.creates(office.kim, "lead", json!({"name": "New", "company": "Zebra"})));
        let found = &told[0]["matches"][0];
        assert_eq!((&found["score"], &found["reasons"], &found["fields"]), (&Json::Null, &json!([]), &json!({"name": "Cara"})));
        assert!(!json!(told).to_string().contains("x_secret"));
        let made = office.creates_over(office.kim, "lead", &json!({"name": "New", "company": "Zebra"}), &tokens(&told)).unwrap();
        assert!(office.happened(office.kim, "lead", id_of(&made)).is_empty(), "what it was is kept, for those who may know");
        assert_eq!(office.happened(office.ada, "lead", id_of(&made))[0]["alike"][0]["score"], 100);
    });
}

fn checks(office: &Office, body: Json) -> Json {
    let wanted = serde_json::from_value(body).unwrap();
    let mut told = office.read(office.kim, |cx, tx| duplicates::check(cx, tx, &wanted)).unwrap();
    // What is watched is told by its own fields alone, which he sees.
    let watched = told.as_object_mut().unwrap().remove("watched").unwrap();
    assert!(!watched.to_string().contains("x_secret"));
    told
}

fn searches(office: &Office, body: Json) -> Json {
    let wanted = serde_json::from_value(body).unwrap();
    office.read(office.kim, |cx, tx| duplicates::search(cx, tx, &wanted)).unwrap()
}
