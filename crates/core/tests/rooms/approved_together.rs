//! Two who act on an approval in the same instant, an act that comes twice, an act broken off anywhere: it moves once, and what was asked for
//! happens once. One house on SQLite, three on PostgreSQL.

use db::Limits;
use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, House, Result, approvals, processes};
use testkit::{Database, both};

use crate::approvals::approval_of;
use crate::office::{Office, id_of};
use crate::together::at_once;

fn houses(office: &Office, database: &Database) -> Vec<House> {
    match office.house.db().engine() {
        db::Engine::Sqlite => Vec::new(),
        db::Engine::Postgres => (0..2).map(|_| House::open(database.again()).unwrap()).collect(),
    }
}

/// The one of a round: the office's own first.
fn house<'a>(office: &'a Office, others: &'a [House], n: usize) -> &'a House {
    let own: &House = &office.house;
    std::iter::once(own).chain(others).nth(n % (others.len() + 1)).unwrap()
}

fn decides(house: &House, who: Id, approval: Id, body: &Json) -> Result<Json> {
    let acting: approvals::Acting = serde_json::from_value(body.clone()).unwrap();
    house.write(&Credential::Person(who), Limits::default(), Via::Api, |cx, tx| approvals::act(cx, tx, approval, &acting))
}

fn moves(house: &House, who: Id, deal: Id, body: &Json) -> Result<Json> {
    let wanted: processes::MoveStage = serde_json::from_value(body.clone()).unwrap();
    house.write(&Credential::Person(who), Limits::default(), Via::Api, |cx, tx| processes::move_stage(cx, tx, deal, None, &wanted))
}

impl Office {
    /// The approval has one end, and the deal has been in so many stages.
    fn ended_once(&self, approval: Id, deal: Id, stages: usize) -> Json {
        let shown = self.read(self.ada, |cx, tx| approvals::one(cx, tx, approval)).unwrap();
        let ends = shown["trail"].as_array().unwrap().iter().filter(|entry| entry["what"] == "ended").count();
        assert_eq!(ends, 1, "{shown:#}");
        let stays = self.read(self.ada, |cx, tx| processes::stays(cx, tx, deal)).unwrap();
        assert_eq!(stays["items"].as_array().unwrap().len(), stages, "{stays:#}");
        assert_eq!(self.reads(self.ada, "opportunity", deal).unwrap()["fields"]["in_approval"], Json::Null);
        shown["outcome"].clone()
    }
}

#[test]
fn of_two_approvers_in_one_instant_one_moves_the_deal() {
    both(|database| {
        let office = Office::new(database);
        office.redraws(|process| process["stages"][0]["approval"] = json!(true));
        office.flow("stage", &[&[office.lee, office.mona]], json!({}));
        let others = houses(&office, database);
        for round in 0..6 {
            let deal = office.deal(office.kim, &format!("Turbine {round}"));
            let approval = approval_of(&office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap());
            let agree = json!({"act": "agree"});
            let second = if round % 2 == 0 { (office.mona, agree.clone()) } else { (office.lee, agree.clone()) };
            let (a, b) = at_once(
                || decides(house(&office, &others, 1), office.lee, approval, &agree),
                || decides(house(&office, &others, 2), second.0, approval, &second.1),
            );
            assert!(a.is_ok() != b.is_ok(), "round {round}: {a:?} {b:?}");
            let refused = if a.is_ok() { b } else { a };
            let Err(Error::Invalid(found)) = refused else { panic!("{refused:?}") };
            assert!(["approval.over", "approval.decided", "approval.not_asked"].contains(&found[0].code), "{found:?}");
            assert_eq!(office.ended_once(approval, deal, 2), "approved");
        }
    });
}

#[test]
fn of_an_agreement_and_what_crosses_it_one_holds() {
    both(|database| {
        let office = Office::new(database);
        office.redraws(|process| {
            process["stages"][0]["approval"] = json!(true);
            for stage in process["stages"].as_array_mut().unwrap() {
                if stage["stage"] == "lost" {
                    stage["ignore_normal"] = json!(true);
                }
            }
        });
        office.flow("stage", &[&[office.lee]], json!({}));
        let others = houses(&office, database);
        let begun = |name: String| {
            let deal = office.deal(office.kim, &name);
            (deal, approval_of(&office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap()))
        };
        for round in 0..4 {
            let (deal, approval) = begun(format!("Pump {round}"));
            let (agreed, withdrawn) = at_once(
                || decides(house(&office, &others, 1), office.lee, approval, &json!({"act": "agree"})),
                || decides(house(&office, &others, 2), office.kim, approval, &json!({"act": "withdraw"})),
            );
            assert!(agreed.is_ok() != withdrawn.is_ok(), "{agreed:?} {withdrawn:?}");
            let (outcome, stages) = if agreed.is_ok() { ("approved", 2) } else { ("withdrawn", 1) };
            assert_eq!(office.ended_once(approval, deal, stages), outcome);
            let (deal, approval) = begun(format!("Valve {round}"));
            let lost = json!({"stage": "lost", "fields": {"lost_reason": "price"}});
            let (agreed, lost) = at_once(
                || decides(house(&office, &others, 1), office.lee, approval, &json!({"act": "agree"})),
                || moves(house(&office, &others, 2), office.kim, deal, &lost),
            );
            assert!(lost.is_ok(), "to lose a deal is open in either order: {lost:?}");
            let (outcome, stages) = if agreed.is_ok() { ("approved", 3) } else { ("superseded", 2) };
            assert_eq!(office.ended_once(approval, deal, stages), outcome);
        }
    });
}

/// Breaks an act off at every statement, the commit too: what is stored is then what was stored before, to the last row. Gives what it answers
/// when it is done at last.
fn breaks_off_everywhere(office: &Office, act: impl Fn() -> Result<Json>) -> Json {
    let before = db::failpoint::digests(office.house.db()).unwrap();
    // The first statement is the beginning itself.
    let mut n = 1;
    loop {
        n += 1;
        let (done, broken) = db::failpoint::at(n, &act);
        if !broken {
            assert!(n > 20, "{n} statements");
            eprintln!("{:?}: {} statements, each broken off", office.house.db().engine(), n - 2);
            return done.unwrap();
        }
        assert!(matches!(done, Err(Error::Db(_))), "statement {n}: {done:?}");
        let after = db::failpoint::digests(office.house.db()).unwrap();
        let differ: Vec<_> = after.iter().filter(|(table, digest)| before.get(*table) != Some(digest)).collect();
        assert!(differ.is_empty(), "statement {n} left something behind: {differ:?}");
    }
}

/// Each last agreement, done at last, is done once.
#[test]
fn an_agreement_that_breaks_off_anywhere_leaves_nothing_behind() {
    both(|database| {
        let office = Office::new(database);
        office.redraws(|process| process["stages"][0]["approval"] = json!(true));
        for (trigger, more) in [
            ("stage", json!({"approved": [{"type": "set", "field": "next_step", "value": "Call"}]})),
            ("create", json!({})),
            (
                "edit",
                json!({"fields": ["name"], "approved": [{"type": "create_task", "subject": "Look", "who": [{"type": "owner"}], "due_in_days": 1}]}),
            ),
        ] {
            office.flow(trigger, &[&[office.lee]], more);
        }
        let agree = |approval| decides(&office.house, office.lee, approval, &json!({"act": "agree"}));
        let create = |name: &str| {
            let answer = office.creates(office.kim, "opportunity", json!({"name": name})).unwrap();
            (id_of(&answer), approval_of(&answer))
        };
        // Whatever is noted at the first use has been noted.
        let (deal, approval) = create("Turbine");
        agree(approval).unwrap();
        let moved = || approval_of(&office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap());
        let edited = || approval_of(&office.edits(office.kim, "opportunity", deal, json!({"name": "Pump"})).unwrap());
        let begin: [&dyn Fn() -> (Id, Id); 3] = [&|| create("Valve"), &|| (deal, moved()), &|| (deal, edited())];
        for begin in begin {
            let (deal, approval) = begin();
            let done = breaks_off_everywhere(&office, || agree(approval));
            assert_eq!(done["outcome"], "approved");
            assert!(matches!(agree(approval), Err(Error::Invalid(_))), "it comes again");
            assert_eq!(office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["in_approval"], Json::Null);
        }
        let stays = office.read(office.ada, |cx, tx| processes::stays(cx, tx, deal)).unwrap();
        assert_eq!(stays["items"].as_array().unwrap().len(), 2);
        let fields = &office.reads(office.kim, "opportunity", deal).unwrap()["fields"];
        assert_eq!((&fields["name"], &fields["stage"], &fields["next_step"]), (&json!("Pump"), &json!("qualification"), &json!("Call")));
        assert_eq!(office.lists(office.kim, "task", json!({})).unwrap().0, ["Look"]);
        office.stays_sound();
    });
}

/// Asking, rejecting, withdrawing and agreeing to what is no edit: each of them happens whole or not at all, and once.
#[test]
fn whatever_begins_or_ends_an_approval_breaks_off_anywhere_and_leaves_nothing_behind() {
    both(|database| {
        let office = Office::new(database);
        let (deal, lead) = (office.deal(office.kim, "Turbine"), office.lead_of(office.kim, json!({})));
        for (trigger, object) in [("edit", "opportunity"), ("change_owner", "opportunity"), ("void", "opportunity"), ("convert", "lead")] {
            office.flow(trigger, &[&[office.lee]], json!({ "object": object }));
        }
        let says = |who: Id, approval: Id, act: &str| decides(&office.house, who, approval, &json!({"act": act, "comment": "So"}));
        let edits = || office.edits(office.kim, "opportunity", deal, json!({"next_step": "Visit"}));
        let convert = json!({"account": {"fields": {"name": "Lindental"}}, "opportunity": {"fields": {"name": "Bottling line"}}});
        // Whatever is noted at the first use has been noted.
        says(office.kim, approval_of(&edits().unwrap()), "withdraw").unwrap();
        let asked = approval_of(&breaks_off_everywhere(&office, edits));
        assert!(matches!(edits(), Err(Error::Invalid(_))), "asked for once");
        assert_eq!(breaks_off_everywhere(&office, || says(office.lee, asked, "reject"))["outcome"], "rejected");
        let asked = approval_of(&edits().unwrap());
        assert_eq!(breaks_off_everywhere(&office, || says(office.kim, asked, "withdraw"))["outcome"], "withdrawn");
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["next_step"], Json::Null);
        let asked = approval_of(&office.hands(office.ada, deal, office.karl).unwrap());
        assert_eq!(breaks_off_everywhere(&office, || says(office.lee, asked, "agree"))["outcome"], "approved");
        assert_eq!(office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["owner"], json!(office.karl));
        let asked = approval_of(&office.bins(office.karl, deal).unwrap());
        assert_eq!(breaks_off_everywhere(&office, || says(office.lee, asked, "agree"))["outcome"], "approved");
        assert_eq!(office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["lifecycle_status"], "voided");
        let asked = approval_of(&office.converts(office.kim, lead, convert).unwrap());
        let made = || office.lists(office.ada, "account", json!({})).unwrap().1;
        let before = made();
        assert_eq!(breaks_off_everywhere(&office, || says(office.lee, asked, "agree"))["outcome"], "approved");
        assert_eq!(made(), before + 1, "what it becomes comes to be once");
        office.stays_sound();
    });
}
