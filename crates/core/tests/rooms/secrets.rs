//! A hidden field cannot be found out. Two worlds that differ in nothing but what is hidden from Kim answer him alike, whichever way he tries,
//! and no answer names what he has not named himself.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::analysis::{self, preset};
use stagecraft_core::audit::Origin;
use stagecraft_core::exports::{self, ExportRequest};
use stagecraft_core::{
    Credential, Limits, Result, bulk, charts, events, homes, imports, notices, objects, processes, recent, records, search, seeing,
    sharing, todo, views,
};
use testkit::both;

use crate::exported::{Bytes, words};
use crate::office::{Office, id_of};

/// An organisation with a deal that has secrets, and what is needed to ask for them.
struct World {
    office: Office,
    deal: Id,
    account: Id,
    view: Id,
    sorted: Id,
    chart: Id,
}

/// Values that differ, and texts that must not come out.
struct Secret {
    amount: &'static str,
    text: &'static str,
    partner: usize,
}

const SECRETS: [Secret; 2] = [Secret { amount: "777", text: "Zebra", partner: 0 }, Secret { amount: "888", text: "Quagga", partner: 1 }];

fn world(office: Office, secret: &Secret) -> World {
    for body in [
        json!({"key": "x_secret", "label": {"en": "Secret"}, "type": "text", "fast": true}),
        json!({"key": "x_partner", "label": {"en": "Silent partner"}, "type": "reference", "object": "account"}),
        json!({"key": "x_double", "label": {"en": "Double"}, "type": "calculated", "formula": "amount * 2", "result": "currency", "indexed": true}),
        json!({"key": "x_shout", "label": {"en": "Shout"}, "type": "calculated", "formula": "upper(x_secret)", "result": "text"}),
        json!({"key": "x_due", "label": {"en": "Due"}, "type": "text", "required_when": {"field": "x_secret", "op": "eq", "value": "Okapi"}}),
    ] {
        office.adds_field("opportunity", body);
    }
    office.adds_field(
        "account",
        json!({"key": "x_total", "label": {"en": "Total"}, "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": "amount"}),
    );
    let partners: Vec<Id> = ["Hidden hand", "Secret friend"].map(|name| office.system("account", json!({"name": name}))).to_vec();
    let account = id_of(&office.creates(office.kim, "account", json!({"name": "Acme"})).unwrap());
    let deal = id_of(
        &office
            .creates(office.kim, "opportunity", json!({"name": "Rail", "account": account, "expected_close_date": "2026-01-02"}))
            .unwrap(),
    );
    office.tells(&[notices::Notice::new(office.kim, notices::Kind::Mention).about("opportunity", deal)]);
    let secrets = json!({"amount": secret.amount, "x_secret": secret.text, "x_partner": partners[secret.partner]});
    office.edits(office.ada, "opportunity", deal, secrets).unwrap();
    let validations = json!([
        {"condition": {"all": [{"field": "amount", "op": "is_not_empty"}, {"field": "next_step", "op": "eq", "value": "trip"}]}, "message": {"en": "No"}, "field": "amount"},
    ]);
    office.changes_object("opportunity", json!({"validations": validations})).unwrap();
    let mut process = office.read(office.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone();
    process["stages"][1]["required_fields"] = json!(["x_secret", "x_due"]);
    process["stages"][2]["entry_condition"] = json!({"field": "amount", "op": "lt", "value": {"amount": "5", "currency": "USD"}});
    let of = process["id"].as_str().unwrap().to_owned();
    office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(&of), None, &process, false)).unwrap();
    let view = |body: Json| {
        let wanted = serde_json::from_value(body).unwrap();
        let saved = office.write(office.ada, |cx, tx| views::save(cx, tx, None, None, &wanted)).unwrap();
        saved["id"].as_str().unwrap().parse::<Id>().unwrap()
    };
    let filter = json!({"field": "amount", "op": "gt", "value": {"amount": "800", "currency": "USD"}});
    let everybody = json!({"scope": "everybody"});
    let by_amount = view(json!({"object": "opportunity", "name": "Large", "filter": filter, "sharing": everybody}));
    let sorted = view(
        json!({"object": "opportunity", "name": "By secret", "sort": "x_secret", "columns": ["name", "x_secret"], "sharing": everybody}),
    );
    let rule = json!({
        "object": "opportunity", "name": "Given", "level": "read", "to": [{"kind": "person", "id": office.karl}], "condition": filter,
    });
    office.shares(rule).unwrap();
    // A code that nobody shares, by which imports find records.
    office.adds_field("account", json!({"key": "x_code", "label": {"en": "Code"}, "type": "text", "unique": true}));
    office.edits(office.ada, "account", account, json!({"x_code": secret.text})).unwrap();
    office.hides("salesperson", "account", &[("x_code", "hidden")]);
    office.hides("salesperson", "opportunity", &[("amount", "hidden"), ("x_secret", "hidden"), ("x_partner", "hidden")]);
    let drawn = json!({"object": "opportunity", "chart_type": "number", "measure": {"kind": "sum", "field": "amount"}});
    let wanted = serde_json::from_value(json!({"name": "Ours", "chart": drawn, "sharing": everybody})).unwrap();
    let chart =
        office.write(office.ada, |cx, tx| charts::save(cx, tx, None, None, &wanted)).unwrap()["id"].as_str().unwrap().parse().unwrap();
    World { office, deal, account, view: by_amount, sorted, chart }
}

impl World {
    fn reads<T: std::fmt::Debug>(&self, f: impl FnMut(&stagecraft_core::Ctx, &mut db::Read) -> Result<T>) -> String {
        told(self.office.read(self.office.kim, f))
    }

    fn writes(&self, f: impl FnMut(&stagecraft_core::Ctx, &mut db::Write) -> Result<Json>) -> String {
        told(self.office.write(self.office.kim, f))
    }

    fn lists(&self, object: &str, query: Json) -> String {
        let mut query = query;
        query["count"] = "exact".into();
        let wanted = serde_json::from_value(query).unwrap();
        self.reads(|cx, tx| records::list(cx, tx, object, &wanted))
    }

    fn groups(&self, object: &str, query: Json) -> String {
        let wanted = serde_json::from_value(query).unwrap();
        self.reads(|cx, tx| records::groups(cx, tx, object, &wanted))
    }

    fn figures(&self, more: Json) -> String {
        let mut chart = json!({"object": "opportunity", "chart_type": "column", "measure": {"kind": "count"}, "group": {"field": "stage"}});
        more.as_object().unwrap().iter().for_each(|(key, value)| chart[key] = value.clone());
        let wanted = analysis::FiguresRequest { chart: chart.to_string(), ..Default::default() };
        self.reads(|cx, tx| analysis::figures(cx, tx, &wanted))
    }

    fn exports(&self, query: Json) -> String {
        let wanted: ExportRequest = serde_json::from_value(query).unwrap();
        let (mut text, kim) = (Bytes(Vec::new()), Credential::Person(self.office.kim));
        let origin = Origin::from(Via::Api);
        let done = exports::run(&self.office.house, &kim, &origin, Limits::default(), "opportunity", &wanted, words, &mut text);
        format!("{} {}", told(done), String::from_utf8_lossy(&text.0))
    }

    fn edits(&self, fields: Json) -> String {
        told(self.office.edits(self.office.kim, "opportunity", self.deal, fields))
    }

    fn bulk(&self, body: Json) -> String {
        let wanted = serde_json::from_value(body).unwrap();
        let kim = Credential::Person(self.office.kim);
        told(bulk::begin(&self.office.house, &kim, Origin::from(Via::Api), "opportunity", &wanted))
    }

    fn imports(&self, options: Json, text: &str) -> String {
        let kim = Credential::Person(self.office.kim);
        let options = serde_json::from_value(options).unwrap();
        // What the file says itself comes back in its problems.
        let told = told(imports::run(&self.office.house, &kim, &options, "a.csv", text.as_bytes()));
        SECRETS.iter().fold(told, |told, secret| told.replace(secret.text, "…"))
    }

    /// What Kim hears while Ada changes what he may not know of.
    fn hears(&self) -> String {
        let from = self.office.read(self.office.ada, |_, tx| events::position(tx)).unwrap();
        self.office.edits(self.office.ada, "opportunity", self.deal, json!({"x_secret": "Ibex", "next_step": "Call"})).unwrap();
        loop {
            let hint = self.office.read(self.office.kim, |cx, tx| {
                let (found, _) = events::after(tx, &from, 10_000)?;
                let listener = events::listener(cx, tx)?;
                let edit = found.iter().find(|(_, event)| event.act == "edit");
                Ok(edit.map(|(_, event)| format!("{:?}", listener.told(event))))
            });
            match hint.unwrap() {
                Some(hint) => return hint,
                None => std::thread::sleep(std::time::Duration::from_millis(10)),
            }
        }
    }
}

fn told<T: std::fmt::Debug>(result: Result<T>) -> String {
    format!("{result:?}")
}

type Try = (&'static str, bool, fn(&World) -> String);

fn condition(field: &str, op: &str, value: Json) -> String {
    json!({"field": field, "op": op, "value": value}).to_string()
}

fn usd(amount: &str) -> Json {
    json!({"amount": amount, "currency": "USD"})
}

/// Every way that we could think of; `true` where Kim names the field himself.
const TRIES: &[Try] = &[
    ("reads the record", false, |w| w.reads(|cx, tx| records::read(cx, tx, "opportunity", w.deal))),
    ("lists", false, |w| w.lists("opportunity", json!({}))),
    ("lists what refers to it", false, |w| w.lists("account", json!({}))),
    ("filters", true, |w| w.lists("opportunity", json!({"filter": condition("amount", "gt", usd("800"))}))),
    ("filters by a text", true, |w| w.lists("opportunity", json!({"filter": condition("x_secret", "starts_with", json!("z"))}))),
    ("filters for blanks", true, |w| w.lists("opportunity", json!({"filter": json!({"field": "x_secret", "op": "is_empty"}).to_string()}))),
    ("filters by what is calculated from it", true, |w| {
        w.lists("opportunity", json!({"filter": condition("x_double", "gt", usd("1600"))}))
    }),
    ("filters by a forecast", true, |w| w.lists("opportunity", json!({"filter": condition("forecast_amount", "gt", usd("80"))}))),
    ("filters by what is summed from it", true, |w| w.lists("account", json!({"filter": condition("x_total", "gt", usd("800"))}))),
    ("filters across a reference", true, |w| w.lists("opportunity", json!({"filter": condition("account.x_total", "gt", usd("800"))}))),
    ("filters through a hidden reference", true, |w| {
        w.lists("opportunity", json!({"filter": condition("x_partner.name", "starts_with", json!("h"))}))
    }),
    ("filters by other records", true, |w| {
        let inner = json!({"field": "amount", "op": "gt", "value": usd("800")});
        w.lists("account", json!({"filter": json!({"exists": {"object": "opportunity", "where": inner}}).to_string()}))
    }),
    ("filters lines by their deal", true, |w| {
        w.lists("opportunity_line", json!({"filter": condition("opportunity.amount", "gt", usd("1"))}))
    }),
    ("sorts", true, |w| w.lists("opportunity", json!({"sort": "-amount"}))),
    ("sorts by what is calculated", true, |w| w.lists("opportunity", json!({"sort": "x_double"}))),
    ("asks for the column", true, |w| w.lists("opportunity", json!({"fields": "name,amount"}))),
    ("asks for a calculated column", true, |w| w.lists("opportunity", json!({"fields": "x_shout"}))),
    ("counts by its values", true, |w| w.groups("opportunity", json!({"group": "x_secret"}))),
    ("counts by a hidden reference", true, |w| w.groups("opportunity", json!({"group": "x_partner"}))),
    ("sums it", true, |w| w.groups("opportunity", json!({"group": "stage", "sums": "amount"}))),
    ("sums what is calculated", true, |w| w.groups("opportunity", json!({"group": "stage", "sums": "x_double"}))),
    ("sums a forecast", true, |w| w.groups("opportunity", json!({"group": "stage", "sums": "forecast_amount"}))),
    ("draws it", true, |w| w.figures(json!({"measure": {"kind": "sum", "field": "amount"}}))),
    ("draws by it", true, |w| w.figures(json!({"group": {"field": "x_secret"}}))),
    ("draws what is calculated", true, |w| w.figures(json!({"measure": {"kind": "average", "field": "x_double"}}))),
    ("draws whom it is for", true, |w| w.figures(json!({"series": {"field": "x_partner"}}))),
    ("draws those that it chooses", true, |w| w.figures(json!({"filter": {"field": "amount", "op": "gt", "value": usd("800")}}))),
    // As below: what stands behind a figure comes to an amount, of whichever field.
    ("opens what has its words", true, |w| {
        let drawn = json!({"object": "opportunity", "chart_type": "number", "measure": {"kind": "count"}}).to_string();
        let wanted = analysis::RecordsRequest { chart: drawn, q: Some("zebra".into()), ..Default::default() };
        w.reads(|cx, tx| analysis::records(cx, tx, &wanted))
    }),
    ("opens a chart", false, |w| w.reads(|cx, tx| charts::one(cx, tx, w.chart))),
    ("draws a chart that he cannot know of", false, |w| {
        let wanted = analysis::FiguresRequest { chart: w.chart.to_string(), ..Default::default() };
        w.reads(|cx, tx| analysis::figures(cx, tx, &wanted))
    }),
    ("lists charts", false, |w| w.reads(charts::list)),
    ("keeps a chart of it", true, |w| {
        let drawn = json!({"object": "opportunity", "chart_type": "number", "measure": {"kind": "sum", "field": "x_double"}});
        let wanted = serde_json::from_value(json!({"name": "Mine", "chart": drawn})).unwrap();
        w.writes(|cx, tx| charts::save(cx, tx, None, None, &wanted))
    }),
    ("looks at what was won and lost", false, |w| w.reads(|cx, tx| preset::win_loss(cx, tx, &Default::default()))),
    // It has a word of its own that is the field's key as well, and says nothing there.
    ("looks at what has stood for long", true, |w| w.reads(|cx, tx| preset::ageing(cx, tx, &Default::default()))),
    ("looks at who won most", false, |w| w.reads(|cx, tx| preset::leaderboard(cx, tx, &Default::default()))),
    ("begins at home", false, |w| w.reads(homes::mine)),
    ("looks what could stand there", false, |w| w.reads(homes::gallery)),
    ("has a list find its words", false, |w| w.lists("opportunity", json!({"q": "zebra"}))),
    ("searches for its words", false, |w| {
        let wanted = search::SearchRequest { q: "zebra".into(), ..Default::default() };
        w.reads(|cx, tx| search::search(cx, tx, &wanted))
    }),
    ("searches for the name", false, |w| {
        let wanted = search::SearchRequest { q: "rail".into(), ..Default::default() };
        w.reads(|cx, tx| search::search(cx, tx, &wanted))
    }),
    ("sees the board", false, |w| w.reads(|cx, tx| processes::board(cx, tx, &Default::default()))),
    ("filters the board", true, |w| {
        let wanted = serde_json::from_value(json!({"filter": condition("amount", "gt", usd("800"))})).unwrap();
        w.reads(|cx, tx| processes::board(cx, tx, &wanted))
    }),
    ("lists views", false, |w| w.reads(|cx, tx| views::list(cx, tx, None))),
    ("uses a view that filters by it", false, |w| w.lists("opportunity", json!({"view": w.view.to_string()}))),
    ("uses a view that sorts by it", false, |w| w.lists("opportunity", json!({"view": w.sorted.to_string()}))),
    ("saves a view that filters by it", true, |w| {
        let filter = json!({"field": "amount", "op": "gt", "value": usd("800")});
        let wanted = serde_json::from_value(json!({"object": "opportunity", "name": "Mine", "filter": filter})).unwrap();
        w.writes(|cx, tx| views::save(cx, tx, None, None, &wanted))
    }),
    ("exports everything", false, |w| w.exports(json!({"header": "keys"}))),
    ("exports the column", true, |w| w.exports(json!({"fields": "name,amount"}))),
    ("exports in its order", true, |w| w.exports(json!({"fields": "name", "sort": "x_secret"}))),
    ("exports what has its words", false, |w| w.exports(json!({"fields": "name", "q": "quagga"}))),
    ("reads the history", false, |w| w.reads(|cx, tx| records::history(cx, tx, "opportunity", w.deal, &Default::default()))),
    ("reads the history of what sums it", false, |w| w.reads(|cx, tx| records::history(cx, tx, "account", w.account, &Default::default()))),
    ("reads the account", false, |w| w.reads(|cx, tx| records::read(cx, tx, "account", w.account))),
    ("writes it", true, |w| w.edits(json!({"amount": "777"}))),
    ("writes what it is already", true, |w| w.edits(json!({"x_secret": "Zebra"}))),
    ("runs into a rule about it", false, |w| w.edits(json!({"next_step": "trip"}))),
    ("moves where it is asked for", false, |w| told(w.office.moves(w.office.kim, w.deal, None, json!({"stage": "qualification"})))),
    ("moves where a condition looks at it", false, |w| {
        let third = w.office.read(w.office.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0]["stages"][2]["stage"].clone();
        told(w.office.moves(w.office.kim, w.deal, None, json!({ "stage": third })))
    }),
    ("looks at the path", false, |w| w.reads(|cx, tx| processes::path(cx, tx, w.deal))),
    ("looks at the stays", false, |w| w.reads(|cx, tx| processes::stays(cx, tx, w.deal))),
    ("reads the processes", false, |w| w.reads(|cx, _| Ok(processes::list(cx)))),
    ("reads the definitions", false, |w| w.reads(|cx, _| Ok(objects::list(cx)))),
    ("comes late", false, |w| told(w.office.edits_version(w.office.kim, "opportunity", w.deal, Some(1), json!({"name": "Late"})))),
    ("tries many at once", false, |w| w.bulk(json!({"ids": [w.deal], "act": "edit", "fields": {"next_step": "trip"}, "dry_run": true}))),
    ("chooses many by it", true, |w| {
        let filter = json!({"field": "amount", "op": "gt", "value": usd("800")});
        w.bulk(json!({"filter": filter, "act": "edit", "fields": {"next_step": "x"}, "dry_run": true}))
    }),
    ("asks who sees it", false, |w| w.reads(|cx, tx| seeing::one(cx, tx, "opportunity", w.deal, w.office.lee))),
    ("asks what he sees", false, |w| w.reads(|cx, tx| seeing::person(cx, tx, w.office.kim))),
    ("asks for the rules", false, |w| w.reads(|cx, tx| sharing::list(cx, tx, None))),
    ("looks at it again", false, |w| w.reads(recent::list)),
    ("is told of it", false, |w| w.reads(|cx, tx| notices::list(cx, tx, &Default::default()))),
    ("finds it in what waits", false, |w| w.reads(|cx, tx| todo::list(cx, tx, &Default::default()))),
    ("reads the team", false, |w| w.reads(|cx, tx| records::team(cx, tx, "opportunity", w.deal))),
    ("imports by a code that he may not know", true, |w| {
        w.imports(json!({"object": "contact", "dry_run": true}), "name,account\nZoe,Zebra\nYan,Quagga\n")
    }),
    ("imports by a code that he may not know, and says so", true, |w| {
        let by = json!({"account": {"by": "code", "missing": "error"}});
        w.imports(json!({"object": "contact", "dry_run": true, "references": by}), "name,account\nZoe,Zebra\nYan,Quagga\n")
    }),
    ("imports what he may not know", true, |w| {
        w.imports(json!({"object": "opportunity", "dry_run": true, "mapping": {"s": "x_secret"}}), "name,s\nRail,Zebra\n")
    }),
    ("finds deals by what he may not know", true, |w| {
        w.imports(json!({"object": "opportunity", "dry_run": true, "keys": {"field": "x_secret"}}), "name,x_secret\nRail,Zebra\n")
    }),
    ("imports what a rule about it stands against", false, |w| {
        w.imports(json!({"object": "opportunity", "dry_run": true, "mode": "update"}), "name,next step\nRail,trip\n")
    }),
    ("listens", false, |w| w.hears()),
];

#[test]
fn two_worlds_that_differ_in_what_is_hidden_answer_alike() {
    both(|database| {
        // The other world lies beside it, on a database of its own.
        let beside = match database.engine() {
            db::Engine::Sqlite => testkit::Database::sqlite(),
            db::Engine::Postgres => testkit::Database::postgres(),
        };
        let worlds = [world(Office::new(database), &SECRETS[0]), world(Office::new(&beside), &SECRETS[1])];
        // Exports are allowed to those who sell, so that they can be tried.
        for world in &worlds {
            let mut role = world.office.role("salesperson");
            role["objects"]["opportunity"]["acts"].as_array_mut().unwrap().push("export".into());
            for object in ["opportunity", "contact"] {
                role["objects"][object]["acts"].as_array_mut().unwrap().push("import".into());
            }
            world.office.puts_role("salesperson", None, &role).unwrap();
        }
        let mut found: Vec<String> = Vec::new();
        for (name, named, attempt) in TRIES {
            let answers = [attempt(&worlds[0]), attempt(&worlds[1])];
            if answers[0] != answers[1] {
                found.push(format!("who {name} can tell the two apart: {} | {}", answers[0], answers[1]));
            }
            let answer = answers[0].to_lowercase();
            for word in ["777", "1554", "888", "1776", "zebra", "quagga", "hidden hand", "secret friend"] {
                let said = *name == "writes it" && word == "777" || name.starts_with("writes what") && word == "zebra";
                // Both are accounts that everybody may read.
                let an_account = *name == "lists what refers to it" && word.contains(' ');
                if !said && !an_account && answer.contains(word) {
                    found.push(format!("who {name} reads “{word}”: {answer}"));
                }
            }
            for word in ["\"amount\"", "x_secret", "x_partner", "x_double", "x_shout", "x_total", "forecast_amount"] {
                // Lines and leads have amounts of their own, which are not hidden.
                let of_others = word == "\"amount\"" && (answer.contains("opportunity_line") || answer.contains("\"lead\""));
                if !*named && !of_others && answer.contains(word) {
                    found.push(format!("who {name} reads of {word}: {answer}"));
                }
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n\n"));
    });
}

#[test]
fn a_required_field_that_is_hidden_is_filled_by_its_default_or_told_of_without_its_name() {
    both(|database| {
        let office = Office::new(database);
        let field = |key: &str, default: Json| {
            let body = json!({"key": key, "label": {"en": key}, "type": "text", "required": true, "default": default});
            office.adds_field("account", body);
        };
        field("x_class", json!("C"));
        office.hides("salesperson", "account", &[("x_class", "hidden")]);
        let made = id_of(&office.creates(office.kim, "account", json!({"name": "Acme"})).unwrap());
        assert_eq!(office.reads(office.ada, "account", made).unwrap()["fields"]["x_class"], "C");
        field("x_code", Json::Null);
        office.hides("salesperson", "account", &[("x_code", "hidden")]);
        let refused = office.creates(office.kim, "account", json!({"name": "Apex"}));
        assert_eq!(crate::office::refusals(refused), ["field.out_of_sight"]);
        office.edits(office.kim, "account", made, json!({"name": "Acme again"})).unwrap();
    });
}
