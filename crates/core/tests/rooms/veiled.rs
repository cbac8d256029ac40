//! Fields that a pool hides until somebody has claimed: no way of reading tells what stands there.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::audit::Origin;
use stagecraft_core::exports::{self, ExportRequest};
use stagecraft_core::{Credential, Limits, records, search, timeline};
use testkit::both;

use crate::exported::{Bytes, words};
use crate::office::{Office, refusals};

const HIDDEN: [&str; 5] = ["company", "phone", "amount", "description", "lead_source"];

/// What is not to be told.
const SECRETS: [&str; 5] = ["Zyxwarth", "4477881", "77123", "Quokkastrasse", "advertisement"];

fn fields(name: &str) -> Json {
    json!({
        "name": name, "company": "Zyxwarth", "phone": "+49 228 4477881", "amount": "77123", "description": "Quokkastrasse 5",
        "lead_source": "advertisement", "city": "Bonn",
    })
}

/// A lead in the pool, changed once in all that is hidden; and one of Kim's own with the same in it.
fn world(office: &Office) -> (Id, Id, Id) {
    let pool = office.pool("Bonn", json!({"hidden": HIDDEN}));
    let mut before = fields("Anna");
    before["company"] = "Zyxwarth Old".into();
    let lead = office.system("lead", before);
    office.edits(office.ada, "lead", lead, json!({"company": "Zyxwarth", "amount": "77123.5"})).unwrap();
    office.edits(office.ada, "lead", lead, json!({"amount": "77123"})).unwrap();
    let mut own = fields("Own");
    own["owner"] = json!(office.kim);
    (pool, lead, office.system("lead", own))
}

fn silent(told: &str) {
    for secret in SECRETS {
        assert!(!told.contains(secret), "{secret} is told: {told}");
    }
}

fn filtered(office: &Office, who: Id, field: &str, op: &str, value: &Json) -> Vec<String> {
    let filter = if value.is_null() { json!({"field": field, "op": op}) } else { json!({"field": field, "op": op, "value": value}) };
    office.lists(who, "lead", json!({"filter": filter.to_string(), "sort": "name"})).unwrap().0
}

#[test]
fn nothing_tells_a_hidden_field_until_somebody_has_claimed() {
    both(|database| {
        let office = Office::new(database);
        let (_, lead, own) = world(&office);
        let kim = office.kim;

        // The record, its history and its timeline.
        let shown = office.reads(kim, "lead", lead).unwrap();
        assert!(HIDDEN.iter().all(|field| shown["fields"][*field].is_null()), "{shown:#}");
        assert_eq!(shown["fields"]["city"], "Bonn");
        silent(&shown.to_string());
        let history = office.read(kim, |cx, tx| records::history(cx, tx, "lead", lead, &records::HistoryRequest::default())).unwrap();
        silent(&history.to_string());
        let asked = records::HistoryRequest { field: Some("company".into()), ..records::HistoryRequest::default() };
        assert_eq!(refusals(office.read(kim, |cx, tx| records::history(cx, tx, "lead", lead, &asked))), ["field.unknown:field"]);
        let asked = timeline::TimelineRequest::default();
        silent(&office.read(kim, |cx, tx| timeline::timeline(cx, tx, "lead", lead, &asked)).unwrap().to_string());

        // Lists: what they show, filter and sort by; blank it is, and as such it is found.
        let asked = serde_json::from_value(json!({"filter": r#"{"field": "owner", "op": "is_empty"}"#})).unwrap();
        silent(&office.read(kim, |cx, tx| records::list(cx, tx, "lead", &asked)).unwrap().to_string());
        let amount = json!({"amount": "77000", "currency": "USD"});
        for (field, op, value) in [
            ("company", "contains", json!("zyx")),
            ("phone", "contains", json!("4477")),
            ("amount", "gt", amount),
            ("description", "contains", json!("quokka")),
            ("lead_source", "eq", json!("advertisement")),
            ("company", "is_not_empty", Json::Null),
            ("description", "is_not_empty", Json::Null),
        ] {
            assert_eq!(filtered(&office, kim, field, op, &value), ["Own"], "{field} {op}");
            assert_eq!(filtered(&office, office.mona, field, op, &value), ["Anna", "Own"], "an administrator of the pool: {field} {op}");
        }
        for field in HIDDEN {
            assert_eq!(filtered(&office, kim, field, "is_empty", &Json::Null), ["Anna"], "{field}");
            assert_eq!(filtered(&office, office.ada, field, "is_empty", &Json::Null), Vec::<String>::new(), "{field}");
        }
        for sort in ["company", "-company", "amount", "-amount"] {
            assert_eq!(office.lists(kim, "lead", json!({"sort": sort})).unwrap().0, ["Own", "Anna"], "blank ones come last: {sort}");
        }

        // Words, in the list and in the search over everything.
        for word in ["Zyxwarth", "4477881", "quokkastrasse"] {
            assert_eq!(
                office.lists(kim, "lead", json!({"q": word})).unwrap().0,
                ["Own"]
                    .map(str::to_owned)
                    .into_iter()
                    .filter(|_| {
                        // Which fields are searched is the same for all.
                        office.lists(office.ada, "lead", json!({"q": word})).unwrap().1 > 0
                    })
                    .collect::<Vec<_>>(),
                "{word}"
            );
            let asked: search::SearchRequest = serde_json::from_value(json!({"q": word})).unwrap();
            let found = office.read(kim, |cx, tx| search::search(cx, tx, &asked)).unwrap();
            assert!(!found.to_string().contains(&lead.to_string()), "{word}: {found:#}");
        }

        // Groups and sums.
        for (group, sums) in [("lead_source", "amount"), ("company", "amount"), ("city", "amount")] {
            let asked = serde_json::from_value(json!({"group": group, "sums": sums})).unwrap();
            let told = office.read(kim, |cx, tx| records::groups(cx, tx, "lead", &asked)).unwrap().to_string();
            assert!(told.contains("77123.00") && !told.contains("154246"), "his own alone: {told}");
        }

        // What he takes away with him. (He may not export; Sven may, and is in no pool.)
        let wanted: ExportRequest = serde_json::from_value(json!({"format": "csv"})).unwrap();
        let (mut text, sven) = (Bytes(Vec::new()), Credential::Person(office.sven));
        exports::run(&office.house, &sven, &Origin::from(Via::Api), Limits::default(), "lead", &wanted, words, &mut text).unwrap();
        let text = String::from_utf8(text.0).unwrap();
        assert!(text.contains("Anna"), "he may assign it: {text}");
        silent(&text);

        // Claimed, it is read whole; and nothing has been lost meanwhile.
        office.claims_it(kim, "lead", lead).unwrap();
        let claimed = office.reads(kim, "lead", lead).unwrap()["fields"].clone();
        let mine = office.reads(kim, "lead", own).unwrap()["fields"].clone();
        assert!(HIDDEN.iter().all(|field| claimed[*field] == mine[*field]), "{claimed:#}");
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}

#[test]
fn who_changes_what_he_may_not_read_changes_nothing_else() {
    both(|database| {
        let office = Office::new(database);
        let (_, lead, _) = world(&office);
        // Sven may assign, and so write, what nobody has; the hidden fields are blank to him, and not his to fill.
        let edited = office.edits(office.sven, "lead", lead, json!({"city": "Ulm"})).unwrap();
        silent(&edited.to_string());
        assert_eq!(refusals(office.edits(office.sven, "lead", lead, json!({"company": "Mine"}))), ["field.no_access:company"]);
        let conflict = office.edits_version(office.sven, "lead", lead, Some(1), json!({"city": "Bonn"}));
        let Err(stagecraft_core::Error::Conflict { record }) = conflict else { panic!("{conflict:?}") };
        silent(&record.to_string());
        let whole = office.reads(office.mona, "lead", lead).unwrap()["fields"].clone();
        assert_eq!(
            (&whole["city"], &whole["company"], &whole["description"]),
            (&json!("Ulm"), &json!("Zyxwarth"), &json!("Quokkastrasse 5"))
        );
    });
}

#[test]
fn a_hidden_name_is_told_by_no_reference() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Open", json!({"object": "account", "condition": null, "hidden": ["name"]}));
        let account = office.system("account", json!({"name": "Zyxwarth", "owner": office.karl}));
        let deal = office.system("opportunity", json!({"name": "Rail", "owner": office.kim, "account": account}));
        office.gives_back(office.karl, "account", account, json!({"reason": "x", "pool": pool})).unwrap();
        silent(&office.reads(office.kim, "opportunity", deal).unwrap().to_string());
        let by_name = |who: Id| {
            let filter = json!({"field": "account.name", "op": "contains", "value": "zyx"}).to_string();
            office.lists(who, "opportunity", json!({ "filter": filter })).unwrap().1
        };
        assert_eq!((by_name(office.kim), by_name(office.ada)), (0, 1));
        assert_eq!(office.lists(office.kim, "account", json!({})).unwrap().0, [""]);
    });
}
