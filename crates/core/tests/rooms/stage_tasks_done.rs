//! Stage tasks that are done: each of the four sorts, what is refused, and two people at once.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, processes, records, stage_tasks};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::stage_tasks::tick;
use crate::together::at_once;

impl Office {
    fn path_asks(&self, who: Id, deal: Id, stage: &str) -> Vec<String> {
        let path = self.read(who, |cx, tx| processes::path(cx, tx, deal)).unwrap();
        let stage = path["stages"].as_array().unwrap().iter().find(|known| known["key"] == stage).unwrap().clone();
        let open = stage["requirements"].as_array().unwrap().iter().filter(|unmet| unmet["code"] == "stage.task_open");
        open.map(|unmet| unmet["params"]["key"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn a_record_is_filled_in_and_the_next_stage_offered() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        office.sets_tasks(&[(
            "prospecting",
            json!([
                {"key": "fill", "name": "Fill in", "act": {"kind": "edit_object", "fields": ["next_step", "opportunity_type"]}},
                {"key": "know", "name": "Know them", "act": {"kind": "edit_object", "of": "account", "fields": ["city"]}},
            ]),
        )]);
        let deal = office.deal(kim, "Rail");
        let (fill, know) = (office.stage_task(deal, "fill"), office.stage_task(deal, "know"));
        assert_eq!(office.path_asks(kim, deal, "qualification"), ["fill", "know"]);
        assert_eq!(
            refusals(office.completes(kim, fill, json!({"fields": {"next_step": "Call"}}))),
            ["task.fields_missing:opportunity_type"]
        );
        assert!(office.reads(kim, "opportunity", deal).unwrap()["fields"]["next_step"].is_null(), "nothing of it was stored");
        let kept = office.completes(kim, fill, json!({"fields": {"next_step": "Call"}, "keep_open": true})).unwrap();
        assert_eq!((&kept["task"]["state"], &kept["task"]["act"]["missing"]), (&json!("open"), &json!(["opportunity_type"])));
        assert_eq!(
            refusals(office.completes(kim, fill, json!({"fields": {"opportunity_type": "none such"}}))),
            ["field.not_an_option:opportunity_type"]
        );
        let tried = office.completes(kim, fill, json!({"fields": {"opportunity_type": "renewal"}, "dry_run": true})).unwrap();
        assert_eq!((&tried["task"]["state"], &tried["offer"]), (&json!("done"), &Json::Null));
        let done = office.completes(kim, fill, json!({"fields": {"opportunity_type": "renewal"}})).unwrap();
        assert_eq!((&done["task"]["state"], &done["record"]["fields"]["opportunity_type"]), (&json!("done"), &json!("renewal")));
        assert_eq!(done["offer"], Json::Null, "another is needed");
        // The other is about the account, of which there is none yet.
        assert_eq!(refusals(office.completes(kim, know, json!({}))), ["task.no_target:account"]);
        let account = id_of(&office.creates(kim, "account", json!({"name": "Lindenthal"})).unwrap());
        office.edits(kim, "opportunity", deal, json!({"account": account})).unwrap();
        let shown = office.stage_tasks(kim, deal).into_iter().find(|task| task["key"] == "know").unwrap();
        assert_eq!((&shown["act"]["object"], &shown["act"]["record"]["id"]), (&json!("account"), &json!(account)));
        let done = office.completes(kim, know, json!({"fields": {"city": "Ulm"}})).unwrap();
        assert_eq!(done["offer"], json!({"stage": "qualification", "reachable": true}));
        assert_eq!(office.reads(kim, "account", account).unwrap()["fields"]["city"], "Ulm");
        assert_eq!(office.path_asks(kim, deal, "qualification"), [] as [&str; 0]);
        office.moves(kim, deal, None, json!({"stage": "qualification"})).unwrap();
        office.is_in_order();
    });
}

#[test]
fn records_are_created_or_chosen() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        office.sets_tasks(&[(
            "prospecting",
            json!([{
                "key": "visits", "name": "Two visits", "act": {
                    "kind": "create_object", "object": "activity", "link": "regarding", "minimum": 2,
                    "fill": [{"field": "content", "from": "next_step"}],
                    "choose_from": {"field": "activity_type", "op": "eq", "value": "visit"},
                },
            }, {
                "key": "note", "name": "A note", "required": false,
                "act": {"kind": "create_object", "object": "activity", "link": "regarding", "create_only": true},
            }]),
        )]);
        let (deal, other) = (office.deal(kim, "Rail"), office.deal(kim, "Port"));
        office.edits(kim, "opportunity", deal, json!({"next_step": "Bring the drawings"})).unwrap();
        let visits = office.stage_task(deal, "visits");
        let shown = office.stage_tasks(kim, deal)[0].clone();
        assert_eq!(shown["act"]["values"]["content"], "Bring the drawings");
        assert_eq!(shown["act"]["values"]["regarding"]["id"], json!(deal));
        let visit = json!({"fields": {"name": "At their place", "activity_type": "visit"}});
        assert_eq!(refusals(office.completes(kim, visits, json!({"create": [visit]}))), ["task.too_few:create"]);
        assert_eq!(
            refusals(office.completes(kim, visits, json!({"create": [visit, {"fields": {"activity_type": "none"}}]}))),
            ["field.not_an_option:create/1/activity_type"]
        );
        let kept = office.completes(kim, visits, json!({"create": [visit], "keep_open": true})).unwrap();
        assert_eq!(kept["task"]["act"]["linked"].as_array().unwrap().len(), 1);
        let made: Id = kept["task"]["act"]["linked"][0]["record"].as_str().unwrap().parse().unwrap();
        let fields = office.reads(kim, "activity", made).unwrap()["fields"].clone();
        assert_eq!((&fields["content"], &fields["regarding"]["id"]), (&json!("Bring the drawings"), &json!(deal)));
        // One that is there: a visit about this deal may be chosen, a call may not, nor one about another.
        let about = |deal: Id, sort: &str| {
            let fields = json!({"name": sort, "activity_type": sort, "regarding": {"object": "opportunity", "id": deal}});
            id_of(&office.creates(kim, "activity", fields).unwrap())
        };
        let (good, call, elsewhere) = (about(deal, "visit"), about(deal, "call"), about(other, "visit"));
        let offered = office.read(kim, |cx, tx| stage_tasks::choices(cx, tx, visits, &Default::default())).unwrap();
        let offered: Vec<&Json> = offered["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
        assert_eq!(offered, [&json!(good), &json!(made)]);
        assert_eq!(
            refusals(office.completes(kim, visits, json!({"choose": [good, call, elsewhere]}))),
            ["task.not_a_choice:choose/1", "task.not_a_choice:choose/2"]
        );
        // The very one that is linked already counts once.
        assert_eq!(refusals(office.completes(kim, visits, json!({"choose": [made]}))), ["task.too_few:create"]);
        let done = office.completes(kim, visits, json!({"choose": [good]})).unwrap();
        assert_eq!((&done["task"]["state"], &done["offer"]["stage"]), (&json!("done"), &json!("qualification")));
        let note = office.stage_task(deal, "note");
        assert_eq!(refusals(office.completes(kim, note, json!({"choose": [good]}))), ["task.not_a_choice:choose/0"]);
        assert!(matches!(office.completes(kim, note, json!({"fields": {"name": "x"}})), Err(Error::Malformed(_))));
        // What was linked and is gone counts no more.
        let again = serde_json::from_value(json!({"reason": "one was none"})).unwrap();
        office.write(kim, |cx, tx| stage_tasks::reopen(cx, tx, visits, None, &again)).unwrap();
        office.puts_into_the_bin(kim, "activity", made);
        assert_eq!(refusals(office.completes(kim, visits, json!({}))), ["task.too_few:create"]);
        office.is_in_order();
    });
}

#[test]
fn rows_are_added_changed_and_removed_in_a_grid() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        let act = json!({"kind": "edit_sub_objects", "object": "opportunity_line", "minimum": 2});
        office.sets_tasks(&[("prospecting", json!([{"key": "lines", "name": "Lines", "act": act}]))]);
        let (deal, other) = (office.deal(kim, "Rail"), office.deal(kim, "Port"));
        let lines = office.stage_task(deal, "lines");
        let row = |name: &str, price: &str| json!({"fields": {"name": name, "quantity": "1", "price": price}});
        let alien = id_of(&office.creates(kim, "opportunity_line", json!({"opportunity": other, "name": "Theirs", "price": "1"})).unwrap());
        assert_eq!(
            refusals(office.completes(kim, lines, json!({"rows": [row("Motor", "5"), {"id": alien, "fields": {"name": "x"}}]}))),
            ["field.reference_not_found:rows/1/id"]
        );
        assert_eq!(refusals(office.completes(kim, lines, json!({"rows": [row("Motor", "5")]}))), ["task.too_few:rows"]);
        let kept = office.completes(kim, lines, json!({"rows": [row("Motor", "5"), row("Gear", "7")], "keep_open": true})).unwrap();
        assert_eq!((&kept["task"]["act"]["rows"], &kept["record"]["fields"]["lines_total"]["amount"]), (&json!(2), &json!("12.00")));
        let found = office.lists(kim, "opportunity_line", json!({"sort": "name"})).unwrap().0;
        assert_eq!(found, ["Gear", "Motor", "Theirs"]);
        let gear = office.named("opportunity_line", "Gear");
        assert_eq!(refusals(office.completes(kim, lines, json!({"rows": [{"id": gear, "delete": true}]}))), ["task.too_few:rows"]);
        let stale = office.completes(kim, lines, json!({"rows": [{"id": gear, "version": 7, "fields": {"price": "8"}}]}));
        assert!(matches!(stale, Err(Error::Conflict { .. })));
        let done = office.completes(kim, lines, json!({"rows": [{"id": gear, "version": 1, "fields": {"price": "8"}}]})).unwrap();
        assert_eq!((&done["task"]["state"], &done["record"]["fields"]["lines_total"]["amount"]), (&json!("done"), &json!("13.00")));
        office.is_in_order();
    });
}

#[test]
fn who_may_do_it_and_who_may_not() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, karl, lee, mona, ada, ines, .. } = office;
        office.sets_tasks(&[("prospecting", json!([tick("call"), tick("visit"), tick("write")]))]);
        let deal = office.deal(kim, "Rail");
        let (call, visit, write) = (office.stage_task(deal, "call"), office.stage_task(deal, "visit"), office.stage_task(deal, "write"));
        assert!(matches!(office.completes(lee, call, json!({})), Err(Error::NotFound)), "what he does not see is not there");
        assert!(matches!(office.read(lee, |cx, tx| stage_tasks::list(cx, tx, deal)), Err(Error::NotFound)));
        let cans = |who: Id| office.stage_tasks(who, deal)[0]["can"].clone();
        // Kim's manager sees and edits the deal; the task is not hers, but she may take it.
        assert_eq!(
            (cans(mona), cans(kim), cans(ada)),
            (json!(["reassign"]), json!(["complete", "reassign"]), json!(["complete", "reassign"]))
        );
        assert!(matches!(office.completes(mona, call, json!({})), Err(Error::Forbidden { .. })));
        office.reassigns(mona, call, mona).unwrap();
        office.completes(mona, call, json!({})).unwrap();
        assert_eq!(cans(ines), json!([]), "an auditor reads");
        assert!(matches!(office.reassigns(ines, visit, ines), Err(Error::Forbidden { .. })));
        // Somebody to whom it is given may do it, the owner still, and an administrator.
        office.reassigns(kim, visit, karl).unwrap();
        assert!(matches!(office.reassigns(karl, visit, lee), Err(Error::Invalid(_))), "he may not show others a deal that he only reads");
        office.completes(kim, visit, json!({})).unwrap();
        office.completes(ada, write, json!({})).unwrap();
        // A lock holds the tasks, too.
        let reason = serde_json::from_value(json!({})).unwrap();
        office.write(ada, |cx, tx| records::lock(cx, tx, "opportunity", deal, None, &Default::default())).unwrap();
        assert_eq!(refusals(office.write(kim, |cx, tx| stage_tasks::reopen(cx, tx, write, None, &reason))), ["record.locked"]);
        office.is_in_order();
    });
}

#[test]
fn of_two_who_do_one_task_one_has_done_it() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        let act = json!({"kind": "create_object", "object": "activity", "link": "regarding"});
        office.sets_tasks(&[("prospecting", json!([{"key": "visit", "name": "Visit", "act": act}]))]);
        for round in 0..6 {
            let deal = office.deal(kim, &format!("Rail {round}"));
            let task = office.stage_task(deal, "visit");
            let visit = |who: Id| {
                office.completes_version(who, task, Some(1), json!({"create": [{"fields": {"name": "Visit", "activity_type": "visit"}}]}))
            };
            let (a, b) = at_once(|| visit(kim), || visit(office.ada));
            let lost = match (a, b) {
                (Ok(_), lost) | (lost, Ok(_)) => lost,
                both => panic!("neither: {both:?}"),
            };
            let Err(Error::Conflict { record }) = lost else { panic!("both, or for another reason: {lost:?}") };
            assert_eq!((&record["state"], &record["version"]), (&json!("done"), &json!(2)), "he is shown what has become of it");
        }
        assert_eq!(office.lists(kim, "activity", json!({})).unwrap().1, 6, "of the others nothing is stored");
    });
}

#[test]
fn a_task_is_done_before_the_deal_moves_on_or_not_at_all() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, mona, .. } = office;
        let mut optional = tick("call");
        optional["required"] = false.into();
        office.sets_tasks(&[("prospecting", json!([optional]))]);
        for round in 0..6 {
            let deal = office.deal(kim, &format!("Rail {round}"));
            let task = office.stage_task(deal, "call");
            let (done, moved) =
                at_once(|| office.completes(kim, task, json!({})), || office.moves(mona, deal, None, json!({"stage": "qualification"})));
            moved.unwrap();
            let state = if done.is_ok() { "call:done" } else { "call:skipped" };
            if let Err(error) = done {
                assert_eq!(refusals::<()>(Err(error)), ["task.not_open"]);
            }
            assert_eq!(office.states(deal), [state]);
        }
        office.is_in_order();
    });
}
