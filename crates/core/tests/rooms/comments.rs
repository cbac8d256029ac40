//! Comments: whom they reach, and whose they are.

use std::thread;
use std::time::Duration;

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::comments::{self, Wanted};
use stagecraft_core::{Error, Result, audit, events, notices};
use testkit::both;

use crate::office::{Office, refusals};
use crate::together::at_once;

impl Office {
    pub fn says(&self, who: Id, deal: Id, text: &str) -> Result<Json> {
        let wanted = Wanted { text: text.to_owned() };
        self.write(who, |cx, tx| comments::create(cx, tx, "opportunity", deal, &wanted))
    }

    fn said(&self, who: Id, deal: Id) -> Vec<String> {
        let list = self.read(who, |cx, tx| comments::list(cx, tx, "opportunity", deal, &Default::default())).unwrap();
        list["items"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
    }

    fn mentions_of(&self, who: Id) -> usize {
        let list = self.read(who, |cx, tx| notices::list(cx, tx, &Default::default())).unwrap();
        list["items"].as_array().unwrap().iter().filter(|notice| notice["kind"] == "mention").count()
    }

    fn words_anew(&self, who: Id, comment: &Json, seen: Option<i64>, text: &str) -> Result<Json> {
        let id: Id = comment["id"].as_str().unwrap().parse().unwrap();
        let wanted = Wanted { text: text.to_owned() };
        self.write(who, |cx, tx| comments::edit(cx, tx, id, seen, &wanted))
    }
}

#[test]
fn those_mentioned_are_told_who_see_the_record_and_the_author_learns_who_does_not() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let said = office.says(office.kim, deal, &format!("@[Mona](employee:{}) @[Lee](employee:{})", office.mona, office.lee)).unwrap();
        assert_eq!(said["not_seeing"], json!([office.lee]));
        assert_eq!(said["refs"][office.lee.to_string()]["name"], "Lee");
        assert_eq!((office.mentions_of(office.mona), office.mentions_of(office.lee)), (1, 0));
        // A department means everybody in it and below; nobody is told twice of one comment, nor of his own.
        let anew = format!("@[Sales](department:{}) @[Mona](employee:{})", office.named("department", "Sales"), office.mona);
        let again = office.words_anew(office.kim, &said, Some(1), &anew).unwrap();
        assert_eq!((office.mentions_of(office.mona), office.mentions_of(office.hanna), office.mentions_of(office.kim)), (1, 1, 0));
        let mut unseeing: Vec<&str> = again["not_seeing"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        unseeing.sort_unstable();
        let mut due = [office.karl, office.lee, office.sven].map(|id| id.to_string());
        due.sort_unstable();
        assert_eq!(unseeing, due);
        // The team's eyes count like everybody's.
        let members = serde_json::from_value::<Vec<_>>(json!([{"person": office.lee, "access": "read"}])).unwrap();
        office.write(office.kim, |cx, tx| stagecraft_core::records::set_team(cx, tx, "opportunity", deal, &members)).unwrap();
        let now = office.says(office.kim, deal, &format!("@[Lee](employee:{})", office.lee)).unwrap();
        assert_eq!((now["not_seeing"].clone(), office.mentions_of(office.lee)), (json!([]), 1));
        let offered = office.read(office.kim, |cx, tx| {
            comments::mentionable(cx, tx, "opportunity", deal, &serde_json::from_value(json!({"q": ""})).unwrap())
        });
        let offered = offered.unwrap();
        let sees: Vec<(&str, bool)> =
            offered["items"].as_array().unwrap().iter().map(|one| (one["name"].as_str().unwrap(), one["sees"] == true)).collect();
        assert_eq!(&sees[..5], [("Ada", true), ("Hanna", true), ("Ines", true), ("Lee", true), ("Mona", true)]);
        assert!(sees.contains(&("Karl", false)) && sees.contains(&("North", false)), "{sees:?}");
    });
}

#[test]
fn everybody_has_his_own_comments() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let kims = office.says(office.kim, deal, "One").unwrap();
        let monas = office.says(office.mona, deal, "Two").unwrap();
        assert_eq!(office.said(office.kim, deal), ["Two", "One"]);
        assert_eq!((&kims["can"]["edit"], &kims["can"]["delete"]), (&json!(true), &json!(true)));
        assert!(matches!(office.words_anew(office.kim, &monas, None, "x"), Err(Error::Forbidden { .. })));
        assert!(matches!(office.words_anew(office.lee, &monas, None, "x"), Err(Error::NotFound)));
        let delete = |who: Id, comment: &Json| {
            let id: Id = comment["id"].as_str().unwrap().parse().unwrap();
            office.write(who, |cx, tx| comments::delete(cx, tx, id))
        };
        assert!(matches!(delete(office.mona, &kims), Err(Error::Forbidden { .. })), "a manager is no administrator");
        delete(office.ada, &monas).unwrap();
        delete(office.kim, &kims).unwrap();
        assert!(office.said(office.kim, deal).is_empty());
        let asked = serde_json::from_value(json!({"kind": "comment"})).unwrap();
        let trace = office.read(office.ada, |cx, tx| audit::log(cx, tx, &asked)).unwrap();
        let acts: Vec<&str> = trace["items"].as_array().unwrap().iter().map(|entry| entry["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["delete", "delete"]);
        assert!(!trace.to_string().contains("Two"), "what was said is not kept there");
        assert!(matches!(office.says(office.ines, deal, "x"), Err(Error::Forbidden { .. })), "who only reads");
        // With the record its comments go.
        office.says(office.kim, deal, "Three").unwrap();
        office.puts_into_the_bin(office.kim, "opportunity", deal);
        assert_eq!(refusals(office.says(office.kim, deal, "Four")), ["record.voided"]);
        office
            .write(office.ada, |cx, tx| stagecraft_core::records::delete_for_good(cx, tx, "opportunity", deal, None, &Default::default()))
            .unwrap();
        office.agrees();
    });
}

#[test]
fn of_two_who_word_one_comment_anew_the_second_is_shown_the_first() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        for round in 0..5 {
            let said = office.says(office.kim, deal, &format!("{round}")).unwrap();
            let (a, b) =
                at_once(|| office.words_anew(office.kim, &said, Some(1), "a"), || office.words_anew(office.kim, &said, Some(1), "b"));
            let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
            let Err(Error::Conflict { record }) = lost else { panic!("{lost:?}") };
            assert_eq!(record["text"], won.unwrap()["text"]);
        }
    });
}

#[test]
fn whoever_has_the_record_open_hears_of_a_comment() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let from = office.read(office.mona, |_, tx| events::position(tx)).unwrap();
        office.says(office.kim, deal, "One").unwrap();
        // A transaction anywhere on the PostgreSQL server holds its horizon, so one waits for it; more than this may then come before it.
        let happened = loop {
            thread::sleep(Duration::from_millis(10));
            let (found, _) = office.read(office.mona, |_, tx| events::after(tx, &from, 10_000)).unwrap();
            if let Some((_, event)) = found.into_iter().find(|(_, event)| event.act == "comment") {
                break event;
            }
        };
        let told = |who: Id| office.read(who, events::listener).unwrap().told(&happened);
        assert!(matches!(told(office.mona), events::Told::Hint(hint) if hint["columns"] == json!(["comments"])));
        assert_eq!(told(office.lee), events::Told::Nothing);
    });
}
