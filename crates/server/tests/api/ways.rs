//! One gate for all ways (spec/02, Running): each requirement is provoked on every way on which it can arise, and each way answers with the
//! same list of codes.
//!
//! Pairs that are impossible:
//! - Creating a deal (form, import of a new row, conversion of a lead) cannot meet `stage.task_open` and `stage.completion_condition`, since a
//!   new deal has no stage to complete; `stage.locked`, since nothing is there yet to be locked; `stage.reason_required` and
//!   `stage.back_forbidden`, since there is nothing to go back from; `stage.not_permitted`, since creating is an act of its own, refused at
//!   the door (`access.act_not_allowed`).
//! - `stage.not_permitted` is told by the path, and by a move that wants to pass gates by: only there `bypass` can be asked for. Whoever may
//!   not move at all is refused at the door of every other way with `access.act_not_allowed`, before anything is judged.
//! - `stage.approval_pending` arises nowhere until approvals run; the tests of `model::process::moves` let one stand in the way.

use std::process::Command;

use axum::http::StatusCode;
use serde_json::{Value as Json, json};
use testkit::Database;

use crate::imports;
use crate::office::{Known, Office, Person};

/// Codes, sorted, each as often as it was told.
type Codes = Vec<String>;

fn sorted(codes: impl IntoIterator<Item = String>) -> Codes {
    let mut codes: Codes = codes.into_iter().collect();
    codes.sort();
    codes
}

fn told(found: &Json) -> Codes {
    sorted(found.as_array().into_iter().flatten().filter_map(|one| one["code"].as_str()).map(str::to_owned))
}

/// The office with Mona, who may also import, and the program that runs beside it on the same database.
struct Sales<'a> {
    office: &'a Office,
    database: &'a Database,
}

impl Sales<'_> {
    fn mona(&self) -> Person<'_> {
        self.office.mona()
    }

    /// The process of these stages is in force.
    fn follows(&self, change: &dyn Fn(&mut Json)) {
        let ada = self.office.ada();
        let present = ada.gets("/processes").is_ok().body["items"][0].clone();
        let mut process = json!({
            "name": present["name"], "stages": [
                {"stage": "prospecting"}, {"stage": "qualification"}, {"stage": "proposal"},
                {"stage": "won"}, {"stage": "lost", "ignore_normal": true},
            ],
        });
        change(&mut process);
        ada.puts(&format!("/processes/{}", present["id"].as_str().unwrap()), &process).is_ok();
    }

    /// `stagecraft import`, in Mona's name.
    fn at_the_command_line(&self, file: &str, more: &[&str]) -> Codes {
        let folder = std::env::temp_dir().join(format!("stagecraft-ways-{}-{:?}", std::process::id(), std::thread::current().id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (rows, problems) = (folder.join("deals.csv"), folder.join("problems.csv"));
        std::fs::write(&rows, file).unwrap();
        let out = Command::new(env!("CARGO_BIN_EXE_stagecraft"))
            .args(["import", "opportunity", rows.to_str().unwrap(), "--as", "mona@example.com", "--problems", problems.to_str().unwrap()])
            .args(more)
            .args(["--database-url", self.database.url()])
            .output()
            .unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert_eq!(out.status.code(), Some(2), "rows stay out: {said}");
        let table = std::fs::read_to_string(&problems).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        // file, object, line, column, code, value, reason
        sorted(table.lines().skip(1).filter_map(|line| line.split(',').nth(4)).map(str::to_owned))
    }

    /// An existing deal to a stage, by every way.
    fn existing(&self, deal: &Known, stage: &str) -> Vec<(&'static str, Codes)> {
        let mona = self.mona();
        let unmet = |answer: crate::office::Answer| {
            told(&answer.refused(StatusCode::UNPROCESSABLE_ENTITY, "stage.requirements_unmet").body["violations"])
        };
        let path = mona.gets(&format!("{}/path", deal.path())).is_ok().body;
        let on_path = path["stages"].as_array().unwrap().iter().find(|one| one["key"] == stage);
        let row = format!("id,stage\n{},{stage}\n", deal.id);
        let by_id = json!({"object": "opportunity", "mapping": {"stage": "stage"}, "mode": "update", "keys": {"id_column": "id"}});
        let mut ways = vec![
            (
                "board",
                unmet(mona.asks(
                    axum::http::Method::POST,
                    &format!("{}/move", deal.path()),
                    &[("if-match", &format!("\"v{}\"", path["version"]))],
                    Some(&json!({"stage": stage})),
                )),
            ),
            ("plain edit", unmet(mona.patches(&deal.path(), &json!({"fields": {"stage": stage}})))),
            ("API, dry run", unmet(mona.posts(&format!("{}/move?dry_run=true", deal.path()), &json!({"stage": stage})))),
            ("bulk, dry run", self.in_bulk(deal, stage, true)),
            ("bulk", self.in_bulk(deal, stage, false)),
            ("import", told(&imports::sends(mona, &row, &by_id).is_ok().body["problems"])),
            ("command line", self.at_the_command_line(&row, &["--key", "id:id", "--mode", "update"])),
        ];
        // What is no stage of the process stands on no path.
        ways.extend(on_path.map(|stage| ("path", told(&stage["requirements"]))));
        ways
    }

    fn in_bulk(&self, deal: &Known, stage: &str, dry_run: bool) -> Codes {
        let body = json!({"ids": [deal.id], "act": "move", "stage": stage, "dry_run": dry_run});
        let done = self.mona().posts("/records/opportunity/bulk", &body).is_ok().body;
        assert_eq!(done["results"][0]["code"], "stage.requirements_unmet");
        told(&done["results"][0]["violations"])
    }

    /// A new deal in a stage, or where deals begin, by every way.
    fn fresh(&self, stage: Option<&str>) -> Vec<(&'static str, Codes)> {
        let mona = self.mona();
        let mut fields = json!({"name": "Pumps for Bremen"});
        if let Some(stage) = stage {
            fields["stage"] = stage.into();
        }
        let made = mona.tries_to_create("opportunity", &fields);
        let lead = mona.creates("lead", &json!({"name": "Anna Holm", "company": "Lindental"}));
        let converted = mona.posts(&format!("{}/convert", lead.path()), &json!({"opportunity": {"fields": fields}}));
        let (row, mapping) = match stage {
            Some(stage) => (format!("name,stage\nPumps for Bremen,{stage}\n"), json!({"name": "name", "stage": "stage"})),
            None => ("name\nPumps for Bremen\n".to_owned(), json!({"name": "name"})),
        };
        let options = json!({"object": "opportunity", "mapping": mapping, "mode": "insert"});
        vec![
            ("form", told(&made.refused(StatusCode::UNPROCESSABLE_ENTITY, "stage.requirements_unmet").body["violations"])),
            ("conversion", told(&converted.refused(StatusCode::UNPROCESSABLE_ENTITY, "stage.requirements_unmet").body["violations"])),
            ("import", told(&imports::sends(mona, &row, &options).is_ok().body["problems"])),
            ("command line", self.at_the_command_line(&row, &["--mode", "insert"])),
        ]
    }
}

/// A requirement, and how it comes about.
struct Case {
    /// All that stands against it.
    codes: &'static [&'static str],
    process: fn(&mut Json),
    /// Of a deal that is there: what happens to it first.
    before: fn(&Sales<'_>, &Known),
    stage: Option<&'static str>,
}

fn stage<'a>(process: &'a mut Json, key: &str) -> &'a mut Json {
    process["stages"].as_array_mut().unwrap().iter_mut().find(|stage| stage["stage"] == key).unwrap()
}

fn to_qualification(sales: &Sales<'_>, deal: &Known) {
    sales.mona().moves(deal, "qualification").is_ok();
}

fn is_locked(sales: &Sales<'_>, deal: &Known) {
    sales.office.ada().posts(&format!("{}/lock", deal.path()), &json!({})).is_ok();
}

const NOTHING: fn(&Sales<'_>, &Known) = |_, _| {};
const PLAIN: fn(&mut Json) = |_| {};

/// Of a deal that stands in its first stage.
const EXISTING: [Case; 12] = [
    Case {
        codes: &["stage.task_open", "stage.task_open"],
        process: |process| {
            let task = |key: &str| json!({"key": key, "name": key, "act": {"kind": "checklist_item"}});
            stage(process, "prospecting")["tasks"] = json!([task("call"), task("write")]);
        },
        before: NOTHING,
        stage: Some("qualification"),
    },
    Case {
        codes: &["stage.completion_condition"],
        process: |process| stage(process, "prospecting")["completion_condition"] = json!({"field": "next_step", "op": "is_not_empty"}),
        before: NOTHING,
        stage: Some("qualification"),
    },
    Case { codes: &["stage.not_skippable"], process: PLAIN, before: NOTHING, stage: Some("proposal") },
    Case {
        codes: &["stage.entry_condition"],
        process: |process| stage(process, "qualification")["entry_condition"] = json!({"field": "next_step", "op": "is_not_empty"}),
        before: NOTHING,
        stage: Some("qualification"),
    },
    Case {
        codes: &["stage.missing_field", "stage.missing_field"],
        process: |process| stage(process, "qualification")["required_fields"] = json!(["next_step", "expected_close_date"]),
        before: NOTHING,
        stage: Some("qualification"),
    },
    Case {
        codes: &["stage.terminal_action", "stage.terminal_action"],
        process: |process| {
            stage(process, "lost")["required_fields"] = json!(["lost_reason"]);
            stage(process, "lost")["creates"] = json!([{"object": "task", "link": "regarding"}]);
        },
        before: NOTHING,
        stage: Some("lost"),
    },
    Case { codes: &["stage.locked"], process: PLAIN, before: is_locked, stage: Some("qualification") },
    Case { codes: &["stage.unknown"], process: PLAIN, before: NOTHING, stage: Some("negotiation") },
    Case {
        codes: &["stage.prerequisite_stage"],
        process: |process| stage(process, "lost")["must_have_completed"] = json!(["qualification"]),
        before: NOTHING,
        stage: Some("lost"),
    },
    Case { codes: &["stage.reason_required"], process: PLAIN, before: to_qualification, stage: Some("prospecting") },
    Case {
        codes: &["stage.back_forbidden", "stage.reason_required"],
        process: |process| process["back_moves"] = false.into(),
        before: to_qualification,
        stage: Some("prospecting"),
    },
    // All at once, in whatever way.
    Case {
        codes: &["stage.completion_condition", "stage.entry_condition", "stage.missing_field", "stage.not_skippable", "stage.task_open"],
        process: |process| {
            let first = stage(process, "prospecting");
            first["tasks"] = json!([{"key": "call", "name": "Call", "act": {"kind": "checklist_item"}}]);
            first["completion_condition"] = json!({"field": "next_step", "op": "is_not_empty"});
            let target = stage(process, "proposal");
            target["entry_condition"] = json!({"field": "account", "op": "is_not_empty"});
            target["required_fields"] = json!(["expected_close_date"]);
        },
        before: NOTHING,
        stage: Some("proposal"),
    },
];

/// Of a deal that is about to begin.
const FRESH: [Case; 5] = [
    Case { codes: &["stage.not_skippable"], process: PLAIN, before: NOTHING, stage: Some("qualification") },
    Case {
        codes: &["stage.entry_condition"],
        process: |process| stage(process, "prospecting")["entry_condition"] = json!({"field": "next_step", "op": "is_not_empty"}),
        before: NOTHING,
        stage: None,
    },
    Case {
        codes: &["stage.missing_field"],
        process: |process| stage(process, "prospecting")["required_fields"] = json!(["next_step"]),
        before: NOTHING,
        stage: None,
    },
    Case {
        codes: &["stage.not_skippable", "stage.prerequisite_stage", "stage.terminal_action"],
        process: |process| {
            stage(process, "lost")["required_fields"] = json!(["lost_reason"]);
            stage(process, "lost")["must_have_completed"] = json!(["qualification"]);
            stage(process, "lost")["ignore_normal"] = false.into();
        },
        before: NOTHING,
        stage: Some("lost"),
    },
    Case { codes: &["stage.unknown"], process: PLAIN, before: NOTHING, stage: Some("negotiation") },
];

#[test]
fn every_requirement_is_told_alike_on_every_way() {
    testkit::both(|database| {
        let office = Office::on(database);
        let sales = Sales { office: &office, database };
        for case in EXISTING {
            // What arises on entering must be asked for when the deal enters.
            sales.follows(&case.process);
            let deal = sales.mona().opens_a_deal(&json!({}));
            (case.before)(&sales, &deal);
            let version = sales.mona().sees(&deal).known().version;
            for (way, codes) in sales.existing(&deal, case.stage.unwrap()) {
                assert_eq!(codes, case.codes, "{way}");
            }
            assert_eq!(sales.mona().sees(&deal).known().version, version, "nothing has changed");
        }
        for case in FRESH {
            sales.follows(&case.process);
            for (way, codes) in sales.fresh(case.stage) {
                assert_eq!(codes, case.codes, "{way} of a new deal");
            }
        }
    });
}

#[test]
fn what_a_role_does_not_allow_is_told_on_the_path_and_refused_at_every_door() {
    testkit::both(|database| {
        let office = Office::on(database);
        let sales = Sales { office: &office, database };
        let (ada, kim) = (office.ada(), office.kim());
        sales.follows(&PLAIN);
        let deal = kim.opens_a_deal(&json!({}));
        // Passing gates by is an act of its own.
        kim.moves_with(&deal, &json!({"stage": "proposal", "bypass": true, "reason": "x"}))
            .is_blocked(&["stage.not_permitted:stage", "stage.not_skippable:stage"]);
        let mut role = ada.gets("/roles/salesperson").is_ok().body;
        role["objects"]["opportunity"]["acts"].as_array_mut().unwrap().retain(|act| act != "move");
        ada.puts("/roles/salesperson", &role).is_ok();
        let path = kim.gets(&format!("{}/path", deal.path())).is_ok().body;
        assert_eq!(path["can"]["move"], false);
        assert_eq!(told(&path["stages"][1]["requirements"]), ["stage.not_permitted"]);
        let to = json!({"stage": "qualification"});
        kim.moves_with(&deal, &to).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        kim.patches(&deal.path(), &json!({"fields": to})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let bulk = json!({"ids": [deal.id], "act": "move", "stage": "qualification"});
        kim.posts("/records/opportunity/bulk", &bulk).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}
