//! Activities: what has been done about a record of any object.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    /// What somebody did about a record.
    pub fn did(&self, who: Id, object: &str, id: Id, fields: Json) -> Id {
        id_of(&self.tries_to_log(who, object, id, fields).unwrap())
    }

    pub fn tries_to_log(&self, who: Id, object: &str, id: Id, fields: Json) -> stagecraft_core::Result<Json> {
        let mut all = json!({"activity_type": "call", "regarding": {"object": object, "id": id}});
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        self.creates(who, "activity", all)
    }

    pub fn puts_into_the_bin(&self, who: Id, object: &str, id: Id) {
        self.write(who, |cx, tx| records::void(cx, tx, object, id, None, &Default::default())).unwrap();
    }

    pub fn bins_and_deletes(&self, who: Id, object: &str, id: Id) -> stagecraft_core::Result<Json> {
        self.puts_into_the_bin(who, object, id);
        self.write(who, |cx, tx| records::delete_for_good(cx, tx, object, id, None, &Default::default()))
    }
}

#[test]
fn an_activity_is_seen_with_what_it_regards() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let call = office.did(office.kim, "opportunity", deal, json!({"content": "  \nAsked for the drawings.\nThey will send them."}));
        let shown = office.reads(office.mona, "activity", call).unwrap();
        assert_eq!(shown["fields"]["name"], "Asked for the drawings.", "its first words are its subject");
        assert_eq!(shown["fields"]["regarding"], json!({"object": "opportunity", "id": deal}));
        assert_eq!(shown["refs"][deal.to_string()]["name"], "Rail");
        assert!(shown["fields"]["happened_at"].is_string(), "now, where nothing else is said");
        assert!(matches!(office.reads(office.lee, "activity", call), Err(Error::NotFound)));
        let about = |who: Id, value: Json| {
            office
                .lists(who, "activity", json!({"filter": json!({"field": "regarding", "op": "eq", "value": value}).to_string()}))
                .unwrap()
                .1
        };
        assert_eq!(about(office.mona, json!({"object": "opportunity", "id": deal})), 1);
        assert_eq!(about(office.mona, json!(deal)), 1);
        assert_eq!(about(office.lee, json!(deal)), 0);
        // Everybody reads accounts, so everybody reads what was done about them; the one who did it corrects it.
        let account = id_of(&office.creates(office.kim, "account", json!({"name": "Lindenthal"})).unwrap());
        let visit = office.did(office.lee, "account", account, json!({"name": "Coffee", "activity_type": "visit"}));
        assert_eq!(about(office.karl, json!(account)), 1);
        office.edits(office.lee, "activity", visit, json!({"outcome": "positive"})).unwrap();
        let others = office.edits(office.karl, "activity", visit, json!({"outcome": "negative"}));
        assert!(matches!(others, Err(Error::Forbidden { .. })));
        office.edits(office.kim, "activity", visit, json!({"outcome": "neutral"})).unwrap();
    });
}

#[test]
fn what_cannot_be_regarded_is_refused() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let line = json!({"opportunity": deal, "name": "Sensor", "quantity": "1", "price": "1"});
        let line = id_of(&office.creates(office.kim, "opportunity_line", line).unwrap());
        let call = office.did(office.kim, "opportunity", deal, json!({"name": "Call"}));
        let log = |object: &str, id: Id| refusals(office.tries_to_log(office.kim, object, id, json!({"name": "x"})));
        assert_eq!(log("opportunity_line", line), ["regarding.not_possible:regarding"]);
        assert_eq!(log("activity", call), ["regarding.not_possible:regarding"]);
        assert_eq!(log("account", deal), ["field.reference_not_found:regarding"], "there is no such account");
        assert_eq!(log("x_nothing", deal), ["field.reference_not_found:regarding"]);
        let hidden = office.deal(office.lee, "Bridge");
        assert_eq!(log("opportunity", hidden), ["field.reference_not_found:regarding"], "what one does not see is not there");
        assert_eq!(refusals(office.creates(office.kim, "activity", json!({"name": "x"}))), ["field.required:regarding"]);
        let tomorrow = json!({"name": "x", "happened_at": "2099-01-01T00:00:00Z"});
        assert_eq!(refusals(office.tries_to_log(office.kim, "opportunity", deal, tomorrow)), ["activity.in_future:happened_at"]);
        let sorted = office.lists(office.kim, "activity", json!({"sort": "regarding"}));
        assert_eq!(refusals(sorted), ["field.not_sortable:regarding"]);
        let by = serde_json::from_value(json!({"group": "regarding"})).unwrap();
        assert_eq!(refusals(office.read(office.kim, |cx, tx| records::groups(cx, tx, "activity", &by))), ["field.not_groupable:regarding"]);
    });
}

#[test]
fn what_becomes_of_a_record_becomes_of_what_hangs_on_it() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let call = office.did(office.kim, "opportunity", deal, json!({"name": "Call"}));
        let about = json!({"object": "opportunity", "id": deal});
        let task = id_of(&office.creates(office.kim, "task", json!({"name": "Send the offer", "regarding": about})).unwrap());
        // A lock holds what the deal says, not what is done about it.
        office.write(office.ada, |cx, tx| records::lock(cx, tx, "opportunity", deal, None, &Default::default())).unwrap();
        office.did(office.kim, "opportunity", deal, json!({"name": "Another call"}));
        office.write(office.ada, |cx, tx| records::unlock(cx, tx, "opportunity", deal, None, &Default::default())).unwrap();
        office.puts_into_the_bin(office.kim, "opportunity", deal);
        let late = office.tries_to_log(office.kim, "opportunity", deal, json!({"name": "Late"}));
        assert_eq!(refusals(late), ["record.voided:regarding"]);
        office.write(office.kim, |cx, tx| records::complete_task(cx, tx, task, None, &Default::default())).unwrap();
        let gone = office.write(office.ada, |cx, tx| records::delete_for_good(cx, tx, "opportunity", deal, None, &Default::default()));
        let gone = gone.unwrap();
        assert_eq!(gone["along"]["activity"], 2, "activities cannot be without: {gone:#}");
        assert!(matches!(office.reads(office.kim, "activity", call), Err(Error::NotFound)));
        assert_eq!(office.reads(office.kim, "task", task).unwrap()["fields"]["regarding"], Json::Null, "tasks can");
        office.agrees();
    });
}

#[test]
fn gates_and_lists_ask_for_what_was_done() {
    both(|database| {
        let office = Office::new(database);
        let (deal, other) = (office.deal(office.kim, "Rail"), office.deal(office.kim, "Bridge"));
        let visited = json!({"exists": {"object": "activity", "where": {"field": "activity_type", "op": "eq", "value": "visit"}}});
        let mut process = office.read(office.ada, |cx, _| Ok(stagecraft_core::processes::list(cx))).unwrap()["items"][0].clone();
        process["stages"][1]["entry_condition"] = visited.clone();
        let id = process["id"].as_str().unwrap().to_owned();
        office.write(office.ada, |cx, tx| stagecraft_core::processes::save_process(cx, tx, Some(&id), None, &process, false)).unwrap();
        let refused = office.moves(office.kim, deal, None, json!({"stage": "qualification"}));
        assert_eq!(refusals(refused), ["stage.entry_condition:stage"]);
        office.did(office.kim, "opportunity", deal, json!({"name": "On site", "activity_type": "visit"}));
        office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
        office.did(office.kim, "opportunity", other, json!({"name": "Rang", "activity_type": "call"}));
        assert_eq!(office.lists(office.kim, "opportunity", json!({"filter": visited.to_string()})).unwrap().0, ["Rail"]);
    });
}

#[test]
fn own_objects_are_regarded_too() {
    both(|database| {
        let office = Office::new(database);
        let plan = office.makes_object(json!({"label": {"en": "Plan"}, "plural": {"en": "Plans"}, "key": "plan", "base": "private"}));
        let one = id_of(&office.creates(office.kim, &plan, json!({"name": "Two years"})).unwrap());
        let call = office.did(office.kim, &plan, one, json!({"name": "Talked it over"}));
        assert_eq!(office.reads(office.mona, "activity", call).unwrap()["refs"][one.to_string()]["object"], plan);
        assert!(office.reads(office.lee, "activity", call).is_err());
        office.did(office.mona, &plan, one, json!({"name": "Again"}));
        office.agrees();
    });
}
