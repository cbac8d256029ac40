//! Deals that are under way when a version of their process is published.

use std::collections::BTreeMap;
use std::time::Duration;

use model::Id;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};
use stagecraft_core::processes::BoardRequest;
use stagecraft_core::save::{Change, Deed, save_all};
use stagecraft_core::{Result, check, jobs, objects, processes, records};
use testkit::both;

use crate::office::{Office, refusals};
use crate::publishing::{Publisher, id, without};
use crate::together::at_once;

/// What is seen of deals under way.
trait Running {
    fn stays_of(&self, deal: Id) -> Vec<Json>;
    fn stage_of(&self, deal: Id) -> String;
    fn path_of(&self, deal: Id) -> Json;
    fn asked_for(&self, deal: Id, stage: &str) -> Json;
    fn is_consistent(&self);
    fn releases(&self, document: &Json, body: Json) -> Result<Json>;
    fn many_deals(&self, many: usize);
    fn standing_in(&self, stage: &str) -> i64;
}

impl Running for Office {
    fn stays_of(&self, deal: Id) -> Vec<Json> {
        self.read(self.ada, |cx, tx| processes::stays(cx, tx, deal)).unwrap()["items"].as_array().unwrap().clone()
    }

    fn stage_of(&self, deal: Id) -> String {
        self.reads(self.ada, "opportunity", deal).unwrap()["fields"]["stage"].as_str().unwrap().to_owned()
    }

    fn path_of(&self, deal: Id) -> Json {
        self.read(self.kim, |cx, tx| processes::path(cx, tx, deal)).unwrap()
    }

    fn asked_for(&self, deal: Id, stage: &str) -> Json {
        let path = self.path_of(deal);
        path["stages"].as_array().unwrap().iter().find(|one| one["key"] == stage).unwrap()["asks"].clone()
    }

    fn is_consistent(&self) {
        let found = self.read(self.ada, check::all).unwrap();
        assert_eq!(found["faults"], json!([]), "{found:#}");
    }

    /// Saves a draft and publishes it.
    fn releases(&self, document: &Json, body: Json) -> Result<Json> {
        let it = id(document);
        if self.draft(it).is_ok() {
            self.write(self.ada, |cx, tx| processes::discard_draft(cx, tx, it, None)).unwrap();
        }
        let mut document = document.clone();
        document["version"] = 0.into();
        self.drafts(it, None, &document).unwrap();
        self.publishes(it, None, body)
    }

    /// Many deals at once.
    fn many_deals(&self, many: usize) {
        let names: Vec<String> = (0..many).map(|n| format!("Deal {n}")).collect();
        for some in names.chunks(200) {
            self.write(self.kim, |cx, tx| {
                let changes = some.iter().map(|name| {
                    let mut change = Change::new("opportunity", Deed::Create);
                    change.patch.insert("name".into(), name.as_str().into());
                    change
                });
                for saved in save_all(cx, tx, "opportunity", changes.collect())? {
                    saved?;
                }
                Ok(())
            })
            .unwrap();
        }
    }

    fn standing_in(&self, stage: &str) -> i64 {
        let filter = json!({"field": "stage", "op": "eq", "value": stage}).to_string();
        self.lists(self.ada, "opportunity", json!({ "filter": filter })).unwrap().1
    }
}

fn asking(process: &Json, stage: usize, field: &str) -> Json {
    let mut changed = process.clone();
    changed["stages"][stage]["required_fields"] = json!([field]);
    changed
}

#[test]
fn running_deals_follow_at_once_and_are_taken_along_where_their_stage_is_given_up() {
    both(|database| {
        let office = Office::new(database);
        let process = office.process();
        let (here, there, gone) = (office.deal(office.kim, "Here"), office.deal(office.kim, "There"), office.deal(office.kim, "Gone"));
        office.moves(office.kim, there, None, json!({"stage": "qualification"})).unwrap();
        office.moves(office.kim, gone, None, json!({"stage": "qualification"})).unwrap();
        office.write(office.ada, |cx, tx| records::void(cx, tx, "opportunity", gone, None, &json_of(json!({"reason": "x"})))).unwrap();
        let next = without(&asking(&process, 2, "next_step"), "qualification");
        assert_eq!(refusals(office.releases(&next, json!({}))), ["process.stage_occupied:stages"]);
        let wrong = json!({"mapping": {"qualification": "won", "prospecting": "proposal", "negotiation": "nowhere"}});
        assert_eq!(
            refusals(office.releases(&next, wrong)),
            [
                "process.mapping_invalid:mapping/negotiation",
                "process.mapping_invalid:mapping/prospecting",
                "process.mapping_invalid:mapping/qualification"
            ]
        );
        let mapped = json!({"mapping": {"qualification": "proposal"}, "note": "Shorter", "dry_run": true});
        let preview = office.releases(&next, mapped.clone()).unwrap();
        let moved = json!([{"stage": "qualification", "to": "proposal", "count": 2}]);
        assert_eq!(preview["running"], json!({"open": 3, "following": 3, "staying": 0, "moved": moved, "job": null}));
        assert_eq!(office.stage_of(there), "qualification");

        let mut wanted = mapped;
        wanted["dry_run"] = false.into();
        let published = office.releases(&next, wanted).unwrap();
        assert_eq!(published["running"], preview["running"]);
        assert_eq!((office.stage_of(there).as_str(), office.stage_of(here).as_str()), ("proposal", "prospecting"));
        let stays = office.stays_of(there);
        let last = stays.last().unwrap();
        assert_eq!((&last["how"], &last["reason"], &last["run"]), (&json!("follow"), &json!("Shorter"), &json!(1)));
        assert_eq!((&last["process_version"], &last["entered_by"]), (&json!(2), &json!(office.ada.to_string())));
        // What the recycle bin holds may come back.
        office.write(office.ada, |cx, tx| records::restore(cx, tx, "opportunity", gone, None, &json_of(json!({})))).unwrap();
        assert_eq!(office.stage_of(gone), "proposal");
        // Those whose stage there still is obey it as well.
        assert_eq!(office.asked_for(here, "proposal"), json!(["next_step"]));
        assert_eq!(refusals(office.moves(office.kim, here, None, json!({"stage": "proposal"}))), ["stage.missing_field:next_step"]);
        let versions = office.read(office.ada, |cx, tx| processes::versions(cx, tx, id(&process))).unwrap();
        let told: Vec<Json> =
            versions["items"].as_array().unwrap().iter().map(|one| json!([one["version"], one["running"], one["open"]])).collect();
        assert_eq!(told, [json!([2, "follow", 3]), json!([1, null, 0])]);
        office.is_consistent();
    });
}

fn json_of<T: serde::de::DeserializeOwned>(body: Json) -> T {
    serde_json::from_value(body).unwrap()
}

#[test]
fn running_deals_stay_with_their_version_until_they_move() {
    both(|database| {
        let office = Office::new(database);
        let process = office.process();
        let old = office.deal(office.kim, "Old");
        let stays = json!({"running": "stay", "note": "From now on"});
        let mut second = without(&asking(&process, 2, "next_step"), "qualification");
        second["stages"][1]["win_rate"] = "60".into();
        let published = office.releases(&second, stays).unwrap();
        assert_eq!(published["running"], json!({"open": 1, "following": 0, "staying": 1, "moved": [], "job": null}));
        let path = office.path_of(old);
        assert_eq!((&path["process"]["version"], &path["process"]["pinned"]), (&json!(1), &json!(true)));
        assert_eq!(path["stages"][1]["key"], "qualification");
        let new = office.deal(office.kim, "New");
        assert_eq!(office.path_of(new)["process"]["pinned"], false);
        assert_eq!(refusals(office.moves(office.kim, new, None, json!({"stage": "proposal"}))), ["stage.missing_field:next_step"]);

        // A third version reaches those that follow, not those that are pinned.
        let third = asking(&second, 1, "expected_close_date");
        let published = office.releases(&third, json!({"running": "follow"})).unwrap();
        assert_eq!(published["running"], json!({"open": 2, "following": 1, "staying": 1, "moved": [], "job": null}));
        assert_eq!(office.asked_for(new, "proposal"), json!(["expected_close_date"]));
        office.is_consistent();

        // It moves by its own version to a stage that only that one has, and is pinned still.
        office.moves(office.kim, old, None, json!({"stage": "qualification"})).unwrap();
        let path = office.path_of(old);
        assert_eq!((&path["process"]["version"], &path["process"]["pinned"]), (&json!(1), &json!(true)));
        let board = office.read(office.kim, |cx, tx| processes::board(cx, tx, &BoardRequest::default())).unwrap();
        let columns: Vec<Json> =
            board["columns"].as_array().unwrap().iter().map(|one| json!([one["stage"], one["given_up"], one["count"]])).collect();
        assert_eq!(columns[..3], [json!(["prospecting", false, 1]), json!(["qualification", true, 1]), json!(["proposal", false, 0])]);
        // From there into one that the newest has too: judged by the old one, it obeys the newest from then on.
        assert_eq!(office.asked_for(old, "proposal"), json!([]));
        let moved = office.moves(office.kim, old, None, json!({"stage": "proposal"})).unwrap();
        assert_eq!((&moved["record"]["fields"]["process_version"], &moved["record"]["fields"]["win_rate"]), (&json!("3"), &json!("60")));
        let path = office.path_of(old);
        assert_eq!((&path["process"]["version"], &path["process"]["pinned"]), (&json!(3), &json!(false)));
        let versions: Vec<Json> = office.stays_of(old).iter().map(|stay| stay["process_version"].clone()).collect();
        assert_eq!(versions, [json!(1), json!(1), json!(3)]);
        office.is_consistent();
        // Nobody obeys the first any more, so it is not kept.
        office.releases(&third, json!({})).unwrap();
        assert!(office.read(office.ada, |cx, _| Ok(cx.meta.earlier(id(&process)).kept.is_empty())).unwrap());
    });
}

#[test]
fn many_deals_are_taken_along_by_a_job_which_goes_on_where_it_was() {
    both(|database| {
        let office = Office::new(database);
        office.many_deals(520);
        let process = office.process();
        let next = without(&process, "prospecting");
        let published = office.releases(&next, json!({"mapping": {"prospecting": "qualification"}, "note": "Shorter"})).unwrap();
        let job: Id = published["running"]["job"].as_str().unwrap().parse().unwrap();
        assert_eq!((office.standing_in("prospecting"), published["running"]["moved"][0]["count"].as_i64()), (520, Some(520)));
        office.is_consistent();
        // They obey the version before, but go nowhere that the next has given up.
        let (names, _) = office.lists(office.kim, "opportunity", json!({})).unwrap();
        assert!(!names.is_empty());
        let fresh = office.deal(office.kim, "Fresh");
        assert_eq!(office.stage_of(fresh), "qualification");
        assert_eq!(refusals(office.releases(&process, json!({}))), ["process.still_following"]);
        // A worker does a little and falls.
        jobs::run(&office.house, job, Duration::ZERO).unwrap();
        let left = office.standing_in("prospecting");
        assert!(left > 0 && left < 520, "{left}");
        office.is_consistent();
        while jobs::work(&office.house).unwrap() {}
        assert_eq!((office.standing_in("prospecting"), office.standing_in("qualification")), (0, 521));
        office.is_consistent();
        assert!(office.read(office.ada, |cx, _| Ok(cx.meta.earlier(id(&process)).kept.is_empty())).unwrap());
        let told = office.read(office.ada, |cx, tx| jobs::one(cx, tx, job)).unwrap();
        assert_eq!((&told["state"], &told["done"], &told["total"]), (&json!("done"), &json!(520), &json!(520)));
        office.releases(&process, json!({})).unwrap();
    });
}

#[test]
fn what_a_failed_job_has_left_behind_goes_with_the_next_version() {
    both(|database| {
        let office = Office::new(database);
        office.many_deals(501);
        let process = office.process();
        let mut next = without(&process, "prospecting");
        let published = office.releases(&next, json!({"mapping": {"prospecting": "qualification"}})).unwrap();
        let job: Id = published["running"]["job"].as_str().unwrap().parse().unwrap();
        jobs::run(&office.house, job, Duration::ZERO).unwrap();
        let left = office.standing_in("prospecting");
        office
            .write(office.ada, |_, tx| {
                let mut update = sea_query::Query::update();
                update.table("job").value("state", "failed").and_where(sea_query::ExprTrait::eq(sea_query::Expr::col("id"), job.0));
                Ok(tx.execute(update.to_owned())?)
            })
            .unwrap();
        next["description"] = "again".into();
        assert_eq!(refusals(office.releases(&next, json!({}))), ["process.stage_occupied:stages"]);
        let published = office.releases(&next, json!({"mapping": {"prospecting": "proposal"}})).unwrap();
        assert_eq!(published["running"]["moved"], json!([{"stage": "prospecting", "to": "proposal", "count": left}]));
        assert_eq!((office.standing_in("prospecting"), office.standing_in("proposal")), (0, left));
        // Tried again, it finds that another version has said where they go.
        office.write(office.ada, |cx, tx| jobs::retry(cx, tx, job)).unwrap();
        while jobs::work(&office.house).unwrap() {}
        assert_eq!(office.standing_in("proposal"), left);
        office.is_consistent();
    });
}

#[test]
fn a_deal_that_moves_while_one_publishes_is_waited_for_or_waits() {
    both(|database| {
        let office = Office::new(database);
        let process = office.process();
        let mut next = without(&process, "qualification");
        for round in 0..4 {
            let deal = office.deal(office.kim, &format!("Rail {round}"));
            let (moved, published) = at_once(
                || office.moves(office.kim, deal, None, json!({"stage": "qualification"})),
                || office.releases(&next, json!({"mapping": {"qualification": "proposal"}})),
            );
            published.unwrap();
            match moved {
                Ok(_) => assert_eq!(office.stage_of(deal), "proposal"),
                Err(refused) => {
                    assert_eq!(refusals(Err::<(), _>(refused)), ["stage.unknown:stage"]);
                    assert_eq!(office.stage_of(deal), "prospecting");
                }
            }
            office.is_consistent();
            office.releases(&process, json!({})).unwrap();
            next["description"] = format!("{round}").into();
        }
    });
}

#[test]
fn a_stage_that_was_ever_used_is_not_deleted() {
    both(|database| {
        let office = Office::new(database);
        let object = office.read(office.ada, |cx, _| objects::one(cx, "opportunity")).unwrap();
        let before = object["fields"].as_array().unwrap().iter().find(|f| f["key"] == "stage").unwrap()["options"].clone();
        let set = |options: &Json| {
            let wanted = serde_json::from_value(json!({ "options": options })).unwrap();
            office.write(office.ada, |cx, tx| objects::set_options(cx, tx, "opportunity", "stage", &wanted))
        };
        let less =
            |options: &Json, key: &str| -> Json { options.as_array().unwrap().iter().filter(|o| o["key"] != key).cloned().collect() };
        let mut more = before.clone();
        more.as_array_mut().unwrap().push(json!({"key": "pilot", "label": {"en": "Pilot"}, "stage_type": "in_progress", "active": true}));
        more.as_array_mut().unwrap().push(json!({"key": "trial", "label": {"en": "Trial"}, "stage_type": "in_progress", "active": true}));
        set(&more).unwrap();
        // One that nothing names goes.
        set(&less(&more, "trial")).unwrap();
        set(&more).unwrap();
        // A draft names it.
        let process = office.process();
        let mut with = process.clone();
        with["stages"].as_array_mut().unwrap().insert(1, json!({"stage": "trial"}));
        office.drafts(id(&process), None, &with).unwrap();
        assert_eq!(refusals(set(&less(&more, "trial"))), ["field.option_in_use:options"]);
        office.write(office.ada, |cx, tx| processes::discard_draft(cx, tx, id(&process), None)).unwrap();
        set(&less(&more, "trial")).unwrap();
        set(&more).unwrap();
        // A version that nobody obeys any more names it, and no deal was ever there.
        office.releases(&with, json!({})).unwrap();
        office.releases(&process, json!({})).unwrap();
        assert_eq!(refusals(set(&less(&more, "trial"))), ["field.option_in_use:options"]);
        // A deal was there, and all have moved on.
        let mut pilot = process.clone();
        pilot["stages"].as_array_mut().unwrap().insert(1, json!({"stage": "pilot"}));
        office.releases(&pilot, json!({})).unwrap();
        let deal = office.deal(office.kim, "Rail");
        office.moves(office.kim, deal, None, json!({"stage": "pilot"})).unwrap();
        office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
        office.releases(&process, json!({})).unwrap();
        assert_eq!(refusals(set(&less(&more, "pilot"))), ["field.option_in_use:options"]);
        let mut retyped = more.clone();
        retyped.as_array_mut().unwrap().iter_mut().find(|o| o["key"] == "pilot").unwrap()["stage_type"] = "lost".into();
        let at = retyped.as_array().unwrap().iter().position(|o| o["key"] == "pilot").unwrap();
        assert_eq!(refusals(set(&retyped)), [format!("field.option_type_in_use:options/{at}/stage_type")]);
        // The deal deleted for good, its stays gone: the versions name it still.
        office.write(office.ada, |cx, tx| records::void(cx, tx, "opportunity", deal, None, &json_of(json!({"reason": "x"})))).unwrap();
        assert_eq!(refusals(set(&less(&more, "pilot"))), ["field.option_in_use:options"]);
    });
}

const STAGES: [&str; 4] = ["prospecting", "qualification", "proposal", "negotiation"];

/// What happens in the property test.
#[derive(Clone, Debug)]
enum Step {
    Start,
    Move { deal: usize, to: usize },
    Lose { deal: usize },
    Reopen { deal: usize },
    Void { deal: usize },
    Publish { stages: Vec<usize>, stay: bool, to: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let stages = proptest::sample::subsequence((0..STAGES.len()).collect::<Vec<_>>(), 1..=STAGES.len()).prop_shuffle();
    prop_oneof![
        2 => Just(Step::Start),
        4 => (0..8usize, 0..STAGES.len()).prop_map(|(deal, to)| Step::Move { deal, to }),
        1 => (0..8usize).prop_map(|deal| Step::Lose { deal }),
        1 => (0..8usize).prop_map(|deal| Step::Reopen { deal }),
        1 => (0..8usize).prop_map(|deal| Step::Void { deal }),
        4 => (stages, any::<bool>(), 0..STAGES.len()).prop_map(|(stages, stay, to)| Step::Publish { stages, stay, to }),
    ]
}

/// Whatever is published, every open deal stands in a stage of the version that it obeys.
#[test]
fn publishing_any_draft_leaves_every_open_deal_in_a_stage_of_its_version() {
    both(|database| {
        let mut runner = TestRunner::new_with_rng(
            Config { cases: 1, ..Config::default() },
            proptest::test_runner::TestRng::deterministic_rng(Default::default()),
        );
        let office = Office::new(database);
        let mut process = office.process();
        for rules in process["stages"].as_array_mut().unwrap() {
            // What a deal must have is told elsewhere; here they shall go about freely.
            rules["required_fields"] = json!([]);
            if STAGES.contains(&rules["stage"].as_str().unwrap()) {
                rules["allow_skip"] = true.into();
            }
        }
        let rules: BTreeMap<String, Json> =
            process["stages"].as_array().unwrap().iter().map(|one| (one["stage"].as_str().unwrap().to_owned(), one.clone())).collect();
        let mut deals: Vec<Id> = Vec::new();
        let steps = proptest::collection::vec(step(), 120..=120).new_tree(&mut runner).unwrap().current();
        let (mut published, mut moved, mut stayed) = (0, 0, 0);
        for step in steps {
            let deal = |at: usize| deals.get(at % deals.len().max(1)).copied();
            match &step {
                Step::Start => deals.push(office.deal(office.kim, &format!("Deal {}", deals.len()))),
                // What is refused is refused: the invariant is what counts.
                Step::Move { deal: at, to } => {
                    if let Some(deal) = deal(*at) {
                        let _ = office.moves(office.kim, deal, None, json!({"stage": STAGES[*to], "reason": "x"}));
                    }
                }
                Step::Lose { deal: at } => {
                    if let Some(deal) = deal(*at) {
                        let _ = office.moves(office.kim, deal, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}}));
                    }
                }
                Step::Reopen { deal: at } => {
                    if let Some(deal) = deal(*at) {
                        let wanted = json_of(json!({"reason": "x"}));
                        let _ = office.write(office.mona, |cx, tx| processes::reopen(cx, tx, deal, None, &wanted));
                    }
                }
                Step::Void { deal: at } => {
                    if let Some(deal) = deal(*at) {
                        let back = office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["lifecycle_status"] == "voided";
                        let reason = json_of(json!({"reason": "x"}));
                        let _ = office.write(office.ada, |cx, tx| match back {
                            true => records::restore(cx, tx, "opportunity", deal, None, &reason),
                            false => records::void(cx, tx, "opportunity", deal, None, &reason),
                        });
                    }
                }
                Step::Publish { stages, stay, to } => {
                    let mut next = process.clone();
                    let kept = stages.iter().map(|at| STAGES[*at]).chain(["won", "lost", "invalid"]);
                    next["stages"] = kept.map(|key| rules[key].clone()).collect();
                    let target = STAGES[stages[to % stages.len()]];
                    let mapping: BTreeMap<&str, &str> =
                        (0..STAGES.len()).filter(|at| !*stay && !stages.contains(at)).map(|at| (STAGES[at], target)).collect();
                    let running = if *stay { "stay" } else { "follow" };
                    let answer = office.releases(&next, json!({"running": running, "mapping": mapping})).unwrap();
                    published += 1;
                    moved += answer["running"]["moved"].as_array().unwrap().len();
                    stayed += answer["running"]["staying"].as_i64().unwrap();
                }
            }
            let found = office.read(office.ada, check::all).unwrap();
            assert_eq!(found["faults"], json!([]), "after {step:?}: {found:#}");
        }
        assert!(published > 10 && moved > 3 && stayed > 3, "{published} {moved} {stayed}");
    });
}
