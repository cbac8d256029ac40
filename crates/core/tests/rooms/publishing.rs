//! Drafts and versions of sales processes.

use std::sync::Barrier;

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, processes};
use testkit::both;

use crate::office::{Office, refusals};

/// What an administrator does with processes.
pub trait Publisher {
    fn process(&self) -> Json;
    fn draft(&self, id: Id) -> Result<Json>;
    fn drafts(&self, id: Id, seen: Option<i64>, document: &Json) -> Result<Json>;
    fn publishes(&self, id: Id, seen: Option<i64>, body: Json) -> Result<Json>;
}

impl Publisher for Office {
    fn process(&self) -> Json {
        self.read(self.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone()
    }

    fn draft(&self, id: Id) -> Result<Json> {
        self.read(self.ada, |cx, tx| processes::draft(cx, tx, id))
    }

    fn drafts(&self, id: Id, seen: Option<i64>, document: &Json) -> Result<Json> {
        self.write(self.ada, |cx, tx| processes::save_draft(cx, tx, id, seen, document))
    }

    fn publishes(&self, id: Id, seen: Option<i64>, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(self.ada, |cx, tx| processes::publish(cx, tx, id, seen, &wanted))
    }
}

pub fn id(process: &Json) -> Id {
    process["id"].as_str().unwrap().parse().unwrap()
}

pub fn without(process: &Json, stage: &str) -> Json {
    let mut changed = process.clone();
    changed["stages"].as_array_mut().unwrap().retain(|rules| rules["stage"] != stage);
    changed
}

fn conflict<T: std::fmt::Debug>(result: Result<T>) -> Json {
    match result.unwrap_err() {
        Error::Conflict { record } => *record,
        other => panic!("no conflict: {other}"),
    }
}

#[test]
fn nobody_obeys_a_draft_before_it_is_published() {
    both(|database| {
        let office = Office::new(database);
        let mut process = office.process();
        let it = id(&process);
        process["stages"][1]["required_fields"] = json!(["next_step"]);
        let draft = office.drafts(it, None, &process).unwrap();
        assert_eq!((&draft["version"], &draft["based_on"], &draft["outdated"]), (&json!(1), &json!(1), &json!(false)));
        assert_eq!(draft["differences"][0]["path"], "stages/qualification/required_fields");
        assert_eq!(draft["problems"], json!([]));
        let deal = office.deal(office.kim, "Rail");
        office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();

        let dry = office.publishes(it, Some(1), json!({"dry_run": true})).unwrap();
        assert_eq!(dry["process"]["version"], 2);
        assert_eq!(office.process()["version"], 1);
        let published = office.publishes(it, Some(1), json!({"note": "Next steps"})).unwrap();
        assert_eq!(published["process"]["version"], 2);
        assert!(matches!(office.draft(it), Err(Error::NotFound)));
        let next = office.deal(office.kim, "Road");
        let refused = office.moves(office.kim, next, None, json!({"stage": "qualification"}));
        assert_eq!(refusals(refused), ["stage.missing_field:next_step"]);

        let versions = office.read(office.ada, |cx, tx| processes::versions(cx, tx, it)).unwrap();
        let told: Vec<Json> =
            versions["items"].as_array().unwrap().iter().map(|v| json!([v["version"], v["changes"], v["note"], v["current"]])).collect();
        assert_eq!(told, [json!([2, 1, "Next steps", true]), json!([1, 0, null, false])]);
        let one = office.read(office.ada, |cx, tx| processes::version(cx, tx, it, 2)).unwrap();
        assert_eq!(one["differences"][0]["new"], json!(["next_step"]));
        assert_eq!(one["process"]["stages"][1]["required_fields"], json!(["next_step"]));
        // And back.
        let back =
            office.write(office.ada, |cx, tx| processes::revert(cx, tx, it, None, serde_json::from_value(json!({"version": 1})).unwrap()));
        assert_eq!(back.unwrap()["differences"][0]["kind"], "removed");
        office.publishes(it, Some(1), json!({})).unwrap();
        office.moves(office.kim, next, None, json!({"stage": "qualification"})).unwrap();
    });
}

#[test]
fn a_new_process_is_a_draft_until_it_is_published() {
    both(|database| {
        let office = Office::new(database);
        let half = json!({"name": "", "stages": [{"stage": "proposal"}]});
        let draft = office.write(office.ada, |cx, tx| processes::begin_draft(cx, tx, &half)).unwrap();
        let it = id(&draft["process"]);
        let codes: Vec<&str> = draft["problems"].as_array().unwrap().iter().map(|v| v["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["process.name_missing", "process.missing_terminal"]);
        assert_eq!((&draft["based_on"], &draft["outdated"]), (&json!(0), &json!(false)));
        assert_eq!(refusals(office.publishes(it, None, json!({}))), ["process.name_missing:name", "process.missing_terminal:stages"]);
        let overview = office.read(office.ada, processes::overview).unwrap();
        assert_eq!(overview["drafts"][it.to_string()]["based_on"], 0);
        assert_eq!(overview["items"].as_array().unwrap().len(), 1);
        assert!(office.read(office.kim, processes::overview).unwrap().get("drafts").is_none());
        let whole = json!({"name": "Renewal", "precedence": 5, "stages": [{"stage": "proposal"}, {"stage": "won"}, {"stage": "lost"}]});
        office.drafts(it, Some(1), &whole).unwrap();
        let published = office.publishes(it, Some(2), json!({})).unwrap();
        assert_eq!((&published["process"]["version"], &published["process"]["precedence"]), (&json!(1), &json!(5)));
        // Only administrators know of drafts and versions.
        let refused = office.read(office.kim, |cx, tx| processes::versions(cx, tx, it));
        assert!(matches!(refused, Err(Error::Forbidden { .. })));
        assert!(matches!(office.write(office.kim, |cx, tx| processes::save_draft(cx, tx, it, None, &whole)), Err(Error::Forbidden { .. })));
    });
}

#[test]
fn what_another_has_done_meanwhile_is_not_overwritten() {
    both(|database| {
        let office = Office::new(database);
        let process = office.process();
        let it = id(&process);
        let named = |name: &str| {
            let mut process = office.process();
            process["description"] = name.into();
            process
        };
        office.drafts(it, None, &named("one")).unwrap();
        office.drafts(it, Some(1), &named("two")).unwrap();
        assert_eq!(conflict(office.drafts(it, Some(1), &named("three")))["process"]["description"], "two");
        assert_eq!(conflict(office.publishes(it, Some(1), json!({})))["version"], 2);
        // Somebody publishes past the draft: it is outdated until its author has seen that.
        let text = it.to_string();
        office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(&text), None, &named("past it"), false)).unwrap();
        assert_eq!(office.draft(it).unwrap()["outdated"], true);
        assert_eq!(conflict(office.publishes(it, Some(2), json!({})))["description"], "past it");
        let mut seen = named("both");
        seen["version"] = 2.into();
        assert_eq!(office.drafts(it, Some(2), &seen).unwrap()["outdated"], false);
        office.publishes(it, Some(3), json!({})).unwrap();
        assert_eq!(conflict(office.publishes(it, Some(3), json!({})))["version"], 3);
        // A way back does not throw a draft away that nobody has looked at.
        office.drafts(it, None, &named("unfinished")).unwrap();
        let back = |seen| {
            let wanted = serde_json::from_value(json!({"version": 1})).unwrap();
            office.write(office.ada, |cx, tx| processes::revert(cx, tx, it, seen, wanted))
        };
        assert_eq!(conflict(back(None))["process"]["description"], "unfinished");
        assert_eq!(back(Some(1)).unwrap()["version"], 2);
        office.write(office.ada, |cx, tx| processes::discard_draft(cx, tx, it, Some(2))).unwrap();
        assert!(matches!(office.draft(it), Err(Error::NotFound)));
    });
}

#[test]
fn two_who_publish_at_once_are_one_version() {
    both(|database| {
        let office = Office::new(database);
        let process = office.process();
        let it = id(&process);
        office.drafts(it, None, &process).unwrap();
        let barrier = Barrier::new(2);
        let publish = || {
            barrier.wait();
            office.publishes(it, Some(1), json!({}))
        };
        let outcomes = std::thread::scope(|threads| {
            let both = [threads.spawn(publish), threads.spawn(publish)];
            both.map(|one| one.join().unwrap())
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let lost = outcomes.into_iter().find(Result::is_err).unwrap();
        assert_eq!(conflict(lost)["version"], 2);
        assert_eq!(office.process()["version"], 2);
    });
}

#[test]
fn order_and_being_active_make_no_version() {
    both(|database| {
        let office = Office::new(database);
        let standard = office.process();
        let renewal = json!({"name": "Renewal", "precedence": 7, "stages": [{"stage": "proposal"}, {"stage": "won"}, {"stage": "lost"}]});
        let made = office.write(office.ada, |cx, tx| processes::save_process(cx, tx, None, None, &renewal, false)).unwrap();
        let (first, second) = (id(&standard), id(&made["process"]));
        let order = |ids: &[Id]| {
            let wanted = serde_json::from_value(json!({ "ids": ids })).unwrap();
            office.write(office.ada, |cx, tx| processes::order(cx, tx, &wanted))
        };
        assert_eq!(refusals(order(&[first])), ["process.order_incomplete:ids"]);
        assert_eq!(refusals(order(&[first, first])), ["process.order_incomplete:ids"]);
        order(&[second, first]).unwrap();
        assert_eq!((office.process()["name"].as_str(), &office.process()["version"]), (Some("Renewal"), &json!(1)));
        let deal = office.reads(office.kim, "opportunity", office.deal(office.kim, "Rail")).unwrap();
        assert_eq!(deal["fields"]["stage"], "proposal");
        let off = office.write(office.ada, |cx, tx| processes::deactivate(cx, tx, second)).unwrap();
        assert_eq!((&off["active"], &off["version"]), (&json!(false), &json!(1)));
        let deal = office.reads(office.kim, "opportunity", office.deal(office.kim, "Road")).unwrap();
        assert_eq!(deal["fields"]["stage"], "prospecting");
        // A draft does not turn it on again, and does not move it among the others.
        office.drafts(second, None, &renewal).unwrap();
        let published = office.publishes(second, None, json!({})).unwrap();
        assert_eq!((&published["process"]["active"], &published["process"]["precedence"]), (&json!(false), &json!(1)));
        assert_eq!(office.write(office.ada, |cx, tx| processes::activate(cx, tx, second)).unwrap()["active"], true);
    });
}

#[test]
fn only_a_process_that_nobody_has_used_is_deleted() {
    both(|database| {
        let office = Office::new(database);
        let renewal = json!({"name": "Renewal", "precedence": 7, "stages": [{"stage": "proposal"}, {"stage": "won"}, {"stage": "lost"}]});
        let made = office.write(office.ada, |cx, tx| processes::save_process(cx, tx, None, None, &renewal, false)).unwrap();
        let (standard, renewal) = (id(&office.process()), id(&made["process"]));
        let remove = |it| office.write(office.ada, |cx, tx| processes::remove(cx, tx, it));
        let off = |it| office.write(office.ada, |cx, tx| processes::deactivate(cx, tx, it)).unwrap();
        assert_eq!(refusals(remove(renewal)), ["process.in_use"]);
        office.deal(office.kim, "Rail");
        off(standard);
        off(renewal);
        assert_eq!(refusals(remove(standard)), ["process.in_use"]);
        remove(renewal).unwrap();
        let text = renewal.to_string();
        assert!(matches!(office.read(office.ada, |cx, _| processes::one(cx, &text)), Err(Error::NotFound)));
        assert!(matches!(remove(renewal), Err(Error::NotFound)));
    });
}

#[test]
fn a_stage_with_deals_in_it_is_not_taken_out() {
    both(|database| {
        let office = Office::new(database);
        let process = office.process();
        office.deal(office.kim, "Rail");
        office.drafts(id(&process), None, &without(&process, "prospecting")).unwrap();
        assert_eq!(refusals(office.publishes(id(&process), None, json!({}))), ["process.stage_occupied:stages"]);
    });
}
