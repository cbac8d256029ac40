//! A process tried on the past says of every move what it would have said when the move was made.

use std::collections::{BTreeMap, BTreeSet};

use db::Engine;
use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, processes};
use testkit::rand::RngExt;
use testkit::rand::rngs::StdRng;
use testkit::rand::seq::IndexedRandom;
use testkit::{Database, both, cases, random};

use crate::office::{Office, id_of, refusals};

const DAY: i64 = 86_400;

fn shipped(office: &Office) -> Json {
    office.read(office.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone()
}

fn publish(office: &Office, process: &Json) {
    let id = process["id"].as_str().unwrap();
    office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(id), None, process, false)).unwrap();
}

fn tries(office: &Office, who: Id, process: &Json, body: Json) -> Result<Json> {
    let mut body = body;
    body["process"] = process.clone();
    let wanted = serde_json::from_value(body).unwrap();
    office.read(who, |cx, tx| processes::replay::tries(cx, tx, process["id"].as_str().unwrap(), &wanted))
}

fn keys(report: &Json) -> Vec<(String, i64)> {
    let gates = report["gates"].as_array().unwrap();
    gates.iter().map(|gate| (gate["key"].as_str().unwrap().to_owned(), gate["moves"].as_i64().unwrap())).collect()
}

fn deals(list: &Json) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|row| row["opportunity"].as_str().unwrap().to_owned()).collect()
}

fn amount_from(least: &str) -> Json {
    json!({"field": "amount", "op": "ge", "value": least})
}

#[test]
fn a_deal_is_judged_as_it_was_and_not_as_it_is() {
    both(|database| {
        let office = Office::new(database);
        let (small, grown) = (office.deal(office.kim, "Small"), office.deal(office.kim, "Grown"));
        for deal in [small, grown] {
            database.advance(DAY);
            office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
        }
        database.advance(DAY);
        // What it is worth today does not help a move of yesterday; what came along with the move does.
        office.edits(office.kim, "opportunity", grown, json!({"amount": "9000"})).unwrap();
        office.moves(office.kim, small, None, json!({"stage": "proposal", "fields": {"amount": "9000"}})).unwrap();
        let mut draft = shipped(&office);
        draft["stages"][1]["entry_condition"] = amount_from("5000");
        draft["stages"][2]["entry_condition"] = amount_from("5000");
        let report = tries(&office, office.ada, &draft, json!({"months": 1})).unwrap();
        assert_eq!(keys(&report), [("qualification:entry_condition".to_owned(), 2)]);
        assert_eq!(
            report["moves"],
            json!({
                "judged": 5, "held_back": 2, "passed": 3, "only_asked": 0, "only_new_tasks": 0,
                "left_out": {"bypassed": 0, "imported": 0, "mapped": 0},
            })
        );
        assert_eq!(report["deals"], json!({"judged": 2, "held_back": 2}));
        assert_eq!(deals(&report["held_back"]), [grown.to_string(), small.to_string()], "the latest first");
        let row = &report["held_back"]["items"][0];
        assert_eq!(
            (row["from"].as_str(), row["to"].as_str(), row["how"].as_str()),
            (Some("prospecting"), Some("qualification"), Some("advance"))
        );
        assert_eq!(row["by"], office.kim.to_string());
        assert_eq!(report["refs"][grown.to_string()]["name"], "Grown");
        assert_eq!((report["complete"].as_bool(), report["reached"]["moves"].as_i64()), (Some(true), Some(5)));
        // Pages and gates.
        let page = tries(&office, office.ada, &draft, json!({"months": 1, "limit": 1})).unwrap();
        assert_eq!((deals(&page["held_back"]), page["held_back"]["count"].as_i64()), (vec![grown.to_string()], Some(2)));
        let next = json!({"months": 1, "limit": 1, "list": "held_back", "cursor": page["held_back"]["next_cursor"]});
        let page = tries(&office, office.ada, &draft, next).unwrap();
        assert_eq!((deals(&page["held_back"]), &page["held_back"]["next_cursor"]), (vec![small.to_string()], &Json::Null));
        let other = tries(&office, office.ada, &draft, json!({"months": 1, "gate": "proposal:entry_condition"})).unwrap();
        assert_eq!(other["held_back"]["count"], 0);
        // Older moves than those asked for are none.
        database.advance(60 * DAY);
        assert_eq!(tries(&office, office.ada, &draft, json!({"months": 1})).unwrap()["moves"]["judged"], 0);
        assert_eq!(tries(&office, office.ada, &draft, json!({"months": 6})).unwrap()["moves"]["judged"], 5);
    });
}

#[test]
fn open_deals_that_would_become_overdue_or_stuck_are_told_with_the_reason() {
    both(|database| {
        let office = Office::new(database);
        let (first, second) = (office.deal(office.kim, "First"), office.deal(office.karl, "Second"));
        office.moves(office.karl, second, None, json!({"stage": "qualification"})).unwrap();
        let gone = office.deal(office.kim, "Thrown away");
        office
            .write(office.kim, |cx, tx| {
                stagecraft_core::records::void(cx, tx, "opportunity", gone, None, &serde_json::from_value(json!({})).unwrap())
            })
            .unwrap();
        database.advance(5 * DAY);
        let mut draft = shipped(&office);
        draft["stages"][0]["duration_seconds"] = json!(3 * DAY);
        let report = tries(&office, office.ada, &draft, json!({})).unwrap();
        assert_eq!(deals(&report["overdue"]), [first.to_string()]);
        assert_eq!(report["open"], json!({"judged": 2, "overdue": {"now": 0, "then": 1}, "stuck": {"now": 0, "then": 0}}));
        let mut draft = shipped(&office);
        draft["stages"].as_array_mut().unwrap().remove(1);
        draft["stages"][0]["completion_condition"] = json!({"field": "account", "op": "is_not_empty"});
        let report = tries(&office, office.ada, &draft, json!({})).unwrap();
        let why = |row: &Json| (row["opportunity"].as_str().unwrap().to_owned(), row["why"].as_str().unwrap().to_owned());
        let stuck: BTreeSet<_> = report["stuck"]["items"].as_array().unwrap().iter().map(why).collect();
        assert_eq!(stuck, [(first.to_string(), "nothing_ahead".to_owned()), (second.to_string(), "stage_missing".to_owned())].into());
        // The move into the stage that is gone would not have been made either.
        assert_eq!(keys(&report), [("qualification:unknown".to_owned(), 1)]);
    });
}

#[test]
fn only_administrators_try_and_a_draft_with_problems_is_refused_with_them() {
    both(|database| {
        let office = Office::new(database);
        let draft = shipped(&office);
        for who in [office.kim, office.hanna, office.ines] {
            assert!(matches!(tries(&office, who, &draft, json!({})), Err(Error::Forbidden { .. })));
        }
        for months in [0, 25, -1] {
            assert_eq!(refusals(tries(&office, office.ada, &draft, json!({"months": months}))), ["field.out_of_range:months"]);
        }
        let mut wrong = draft.clone();
        wrong["stages"][1]["entry_condition"] = json!({"field": "nonsense", "op": "eq", "value": "1"});
        assert_eq!(refusals(tries(&office, office.ada, &wrong, json!({}))), ["field.unknown:stages/1/entry_condition/nonsense"]);
        let mut other = draft.clone();
        other["id"] = json!(office.kim.to_string());
        assert!(matches!(tries(&office, office.ada, &other, json!({})), Err(Error::NotFound)));
    });
}

// ---- What was found equals what would have happened ----

/// One thing done, the same in both houses.
#[derive(Clone, Debug)]
enum Done {
    Create(Json),
    Edit(usize, Json),
    Move(usize, Json),
    Reopen(usize, Json),
    /// A task of the stage where the deal stands, by its key.
    Tick(usize, &'static str),
}

const STAGES: [&str; 7] = ["prospecting", "qualification", "proposal", "negotiation", "won", "lost", "invalid"];

fn values(dice: &mut StdRng) -> Json {
    let mut fields = json!({});
    if dice.random_bool(0.4) {
        fields["amount"] = ["", "10", "500", "7000"].choose(dice).map_or(Json::Null, |amount| json!(amount));
    }
    if dice.random_bool(0.3) {
        fields["expected_close_date"] = ["", "2026-01-20", "2026-03-01"].choose(dice).map_or(Json::Null, |day| json!(day));
    }
    if dice.random_bool(0.3) {
        fields["opportunity_type"] = ["new_business", "upsell", "renewal"].choose(dice).map_or(Json::Null, |key| json!(key));
    }
    if dice.random_bool(0.15) {
        fields["win_rate"] = ["15", "60"].choose(dice).map_or(Json::Null, |rate| json!(rate));
    }
    for (_, value) in fields.as_object_mut().unwrap() {
        if value == "" {
            *value = Json::Null;
        }
    }
    fields
}

fn anything(dice: &mut StdRng, deals: usize) -> Done {
    if deals < 3 || dice.random_bool(0.12) {
        let mut fields = values(dice);
        fields["name"] = json!(format!("Deal {deals}"));
        return Done::Create(fields);
    }
    let deal = dice.random_range(0..deals);
    let stage = *STAGES.choose(dice).unwrap();
    match dice.random_range(0..12) {
        0..2 => Done::Tick(deal, ["call", "offer"].choose(dice).unwrap()),
        2..5 => Done::Edit(deal, values(dice)),
        5..11 => {
            let mut fields = values(dice);
            if stage == "lost" && dice.random_bool(0.8) {
                fields["lost_reason"] = json!("price");
            }
            Done::Move(deal, json!({"stage": stage, "fields": fields, "reason": "so it is"}))
        }
        _ => Done::Reopen(deal, json!({"stage": STAGES[dice.random_range(0..4)], "reason": "anew"})),
    }
}

fn condition(dice: &mut StdRng) -> Json {
    let all = [
        amount_from("400"),
        json!({"field": "opportunity_type", "op": "ne", "value": "upsell"}),
        json!({"not": {"field": "expected_close_date", "op": "is_empty"}}),
        json!({"field": "expected_close_date", "op": "within", "value": {"name": "next_n_days", "n": 30}}),
        json!({"any": [{"field": "win_rate", "op": "ge", "value": "50"}, {"field": "owner.name", "op": "eq", "value": "Karl"}]}),
        json!({"field": "stage_type", "op": "eq", "value": "in_progress"}),
    ];
    all.choose(dice).cloned().unwrap()
}

fn task(key: &str) -> Json {
    json!({"key": key, "name": key, "required": false, "act": {"kind": "checklist_item"}})
}

/// The same stages without gates, with tasks as the draft has them: some that were there before, some only for deals that are such, some new.
fn with_tasks(dice: &mut StdRng, lax: &Json) -> Json {
    let mut draft = lax.clone();
    for at in 1..4 {
        let mut tasks = vec![task("call"), task("offer"), task(&format!("new_{at}"))];
        tasks.retain(|_| dice.random_bool(0.7));
        for (n, task) in tasks.iter_mut().enumerate() {
            task["key"] = json!(keyed(task["key"].as_str().unwrap(), at));
            task["repeat"] = json!(dice.random_bool(0.3));
            if dice.random_bool(0.3) {
                task["condition"] =
                    [amount_from("400"), json!({"field": "opportunity_type", "op": "ne", "value": "upsell"})][n % 2].clone();
            }
        }
        draft["stages"][at]["tasks"] = json!(tasks);
    }
    draft
}

/// Keys are the process's, so each stage has its own.
fn keyed(key: &str, stage: usize) -> String {
    if key.starts_with("new") { key.to_owned() } else { format!("{key}_{stage}") }
}

/// The same stages and tasks with gates of all sorts.
fn strict(dice: &mut StdRng, mild: &Json) -> Json {
    let mut draft = mild.clone();
    draft["back_moves"] = json!(dice.random_bool(0.7));
    if dice.random_bool(0.3) {
        draft["entry_condition"] = condition(dice);
    }
    for (at, stage) in draft["stages"].as_array_mut().unwrap().iter_mut().enumerate() {
        if dice.random_bool(0.4) {
            stage["entry_condition"] = condition(dice);
        }
        if dice.random_bool(0.3) {
            stage["required_fields"] = json!(["amount", "opportunity_type", "expected_close_date"].sample(dice, 2).collect::<Vec<_>>());
        }
        if at < 4 {
            stage["allow_skip"] = json!(dice.random_bool(0.5));
            if dice.random_bool(0.4) {
                stage["completion_condition"] = condition(dice);
            }
            let keys: Vec<Json> = stage["tasks"].as_array().into_iter().flatten().map(|task| task["key"].clone()).collect();
            stage["needed_tasks"] = match dice.random_range(0..3) {
                _ if keys.is_empty() => json!({"which": "required"}),
                0 => json!({"which": "chosen", "tasks": keys.sample(dice, 2).collect::<Vec<_>>()}),
                1 => json!({"which": "number", "n": dice.random_range(1..=keys.len())}),
                _ => json!({"which": "required"}),
            };
        } else {
            stage["ignore_normal"] = json!(dice.random_bool(0.5));
            if dice.random_bool(0.3) {
                stage["must_have_completed"] = json!(["qualification"]);
            }
        }
    }
    draft
}

struct House {
    office: Office,
    deals: Vec<Id>,
}

impl House {
    fn new(database: &Database, process: &Json) -> House {
        let office = Office::new(database);
        publish(&office, process);
        House { office, deals: Vec::new() }
    }

    fn does(&mut self, done: &Done) -> Result<Json> {
        let office = &self.office;
        let who = |deal: usize| if deal.is_multiple_of(2) { office.kim } else { office.karl };
        let answer = match done {
            Done::Create(fields) => office.creates(who(self.deals.len()), "opportunity", fields.clone())?,
            Done::Edit(deal, fields) => office.edits(who(*deal), "opportunity", self.deals[*deal], fields.clone())?,
            Done::Move(deal, body) => office.moves(who(*deal), self.deals[*deal], None, body.clone())?,
            Done::Tick(deal, key) => {
                let tasks = office.stage_tasks(office.hanna, self.deals[*deal]);
                let open = tasks
                    .iter()
                    .find(|task| task["key"].as_str().unwrap().starts_with(*key) && task["state"] == "open")
                    .ok_or(Error::NotFound)?;
                office.completes(office.hanna, open["id"].as_str().unwrap().parse().unwrap(), json!({}))?
            }
            Done::Reopen(deal, body) => {
                let wanted = serde_json::from_value(body.clone()).unwrap();
                office.write(office.hanna, |cx, tx| processes::reopen(cx, tx, self.deals[*deal], None, &wanted))?
            }
        };
        if let Done::Create(_) = done {
            self.deals.push(id_of(&answer));
        }
        Ok(answer)
    }

    fn stays(&self, deal: usize) -> Vec<String> {
        let stays = self.office.read(self.office.ada, |cx, tx| processes::stays(cx, tx, self.deals[deal])).unwrap();
        stays["items"].as_array().unwrap().iter().map(|stay| stay["entered_at"].as_str().unwrap().to_owned()).collect()
    }
}

/// What a requirement is, without what differs from house to house.
fn told(code: &str, path: Option<&str>, task: Option<&str>) -> String {
    // A process that a deal may not take is refused where it is chosen.
    if code.starts_with("process.") { "process".to_owned() } else { format!("{code}:{}", task.or(path).unwrap_or("stage")) }
}

/// By deal and the number of its stay: what stood against entering it.
type Refused = BTreeMap<(usize, usize), BTreeSet<String>>;

fn replayed(house: &House, draft: &Json) -> Refused {
    let report = tries(&house.office, house.office.ada, draft, json!({"months": 24, "limit": 1000})).unwrap();
    assert!(report["held_back"]["next_cursor"].is_null());
    let gates: BTreeMap<&str, String> = report["gates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gate| {
            (gate["key"].as_str().unwrap(), told(gate["code"].as_str().unwrap(), gate["path"].as_str(), gate["params"]["key"].as_str()))
        })
        .collect();
    let stays: Vec<Vec<String>> = (0..house.deals.len()).map(|deal| house.stays(deal)).collect();
    assert_eq!(report["moves"]["judged"], stays.iter().map(Vec::len).sum::<usize>());
    let row = |row: &Json| {
        let deal = house.deals.iter().position(|deal| deal.to_string() == row["opportunity"].as_str().unwrap()).unwrap();
        let stay = stays[deal].iter().position(|at| at == row["at"].as_str().unwrap()).unwrap();
        ((deal, stay), row["gates"].as_array().unwrap().iter().map(|key| gates[key.as_str().unwrap()].clone()).collect())
    };
    report["held_back"]["items"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn a_replay_says_what_moving_for_real_would_have_said() {
    both(|database| {
        let (shipped, mut held_back) = (shipped(&Office::new(database)), 0);
        for seed in 0..u64::from(cases(2)) {
            let dice = &mut random(0x7e57 + seed);
            let fresh = || if database.engine() == Engine::Sqlite { Database::sqlite() } else { Database::postgres() };
            let (first, second) = (fresh(), fresh());
            let mut lax = shipped.clone();
            for stage in lax["stages"].as_array_mut().unwrap() {
                stage["required_fields"] = json!([]);
                stage["ignore_normal"] = json!(false);
            }
            (0..4).for_each(|at| lax["stages"][at]["allow_skip"] = json!(true));
            (1..4).for_each(|at| lax["stages"][at]["tasks"] = json!([task(&keyed("call", at)), task(&keyed("offer", at))]));
            let mild = with_tasks(dice, &lax);
            let draft = strict(dice, &mild);
            let mut house = House::new(&first, &lax);
            // The copy is under the draft; what it refuses is done there all the same, without its gates, so that both go the same way.
            let mut copy = House::new(&second, &draft);
            let mut refused = Refused::new();
            for _ in 0..70 {
                let seconds = dice.random_range(1..20_000);
                [&first, &second].into_iter().for_each(|database| database.advance(seconds));
                let done = anything(dice, house.deals.len());
                if house.does(&done).is_err() {
                    continue;
                }
                if let Err(error) = copy.does(&done) {
                    if matches!(done, Done::Tick(..)) {
                        // Under the draft the task never arose.
                        continue;
                    }
                    let (Error::Unmet(list) | Error::Invalid(list)) = error else { panic!("{error}") };
                    let deal = match &done {
                        Done::Create(_) => house.deals.len() - 1,
                        Done::Edit(deal, _) | Done::Move(deal, _) | Done::Reopen(deal, _) | Done::Tick(deal, _) => *deal,
                    };
                    let place = (deal, house.stays(deal).len() - 1);
                    refused.insert(
                        place,
                        list.iter()
                            .map(|unmet| told(unmet.code, Some(&unmet.path), unmet.params.get("key").and_then(Json::as_str)))
                            .collect(),
                    );
                    publish(&copy.office, &mild);
                    copy.does(&done).unwrap();
                    publish(&copy.office, &draft);
                }
            }
            assert_eq!(replayed(&house, &draft), refused, "seed {seed}: {draft:#}");
            held_back += refused.len();
        }
        assert!(held_back > 10, "nothing was tried");
    });
}
