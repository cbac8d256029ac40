//! Who decides in a deal, who else is after it, and why it ended as it did.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Result, check, deals, processes};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    fn has_a_say(&self, deal: Id, name: &str, fields: Json) -> Id {
        let contact = self.system("contact", json!({"name": name, "title": "Head", "owner": self.kim}));
        let mut role = json!({"opportunity": deal, "contact": contact, "role": "user"});
        role.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        id_of(&self.creates(self.kim, "contact_role", role).unwrap())
    }

    fn map(&self, who: Id, deal: Id) -> Result<Json> {
        self.read(who, |cx, tx| deals::decision_map(cx, tx, deal))
    }

    fn gaps(&self, deal: Id) -> Vec<String> {
        let map = self.map(self.kim, deal).unwrap();
        map["gaps"].as_array().unwrap().iter().map(|gap| gap["code"].as_str().unwrap().to_owned()).collect()
    }

    fn reports(&self, role: Id, to: Id) -> Result<Json> {
        self.edits(self.kim, "contact_role", role, json!({"reports_to": to}))
    }

    fn rival(&self, deal: Id, name: &str) -> (Id, Id) {
        let competitor = self.system("competitor", json!({"name": name}));
        let fields = json!({"opportunity": deal, "name": "Their offer", "competitor": competitor, "quoted_price": "900"});
        (id_of(&self.creates(self.kim, "opportunity_competitor", fields).unwrap()), competitor)
    }

    fn loses(&self, deal: Id, fields: Json) {
        self.moves(self.kim, deal, None, json!({"stage": "lost", "fields": fields})).unwrap();
    }

    fn winner(&self, rival: Id) -> Json {
        self.reads(self.ada, "opportunity_competitor", rival).unwrap()["fields"]["won"].clone()
    }

    fn lost_to(&self, deal: Id) -> Json {
        self.reads(self.ada, "opportunity", deal).unwrap()["fields"]["competitor"].clone()
    }
}

#[test]
fn a_map_tells_who_decides_and_what_is_missing() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        assert_eq!(office.gaps(deal), ["no_decision_maker"]);
        let chief = office.has_a_say(deal, "Chief", json!({"role": "decision_maker"}));
        let foe = office.has_a_say(deal, "Foe", json!({"attitude": "opponent", "influence": "high", "reports_to": chief}));
        assert_eq!(office.gaps(deal), ["attitude_unknown", "no_supporter", "opponent_unanswered"]);
        let map = office.map(office.kim, deal).unwrap();
        assert_eq!(map["gaps"][2]["people"], json!([foe]));
        let person = map["people"].as_array().unwrap().iter().find(|one| one["id"] == json!(foe)).unwrap();
        assert_eq!((&person["name"], &person["title"], &person["reports_to"]), (&json!("Foe"), &json!("Head"), &json!(chief)));
        // Whoever is above the opponent and for us answers him.
        office.edits(office.kim, "contact_role", chief, json!({"attitude": "supporter"})).unwrap();
        assert!(office.gaps(deal).is_empty());
        office.edits(office.kim, "contact_role", chief, json!({"attitude": "neutral"})).unwrap();
        office.has_a_say(deal, "Friend", json!({"attitude": "supporter", "influence": "high"}));
        assert!(office.gaps(deal).is_empty());
        // Who does not see the deal finds no map; of what is hidden nothing is concluded.
        assert!(office.map(office.lee, deal).is_err());
        office.hides("salesperson", "contact_role", &[("attitude", "hidden"), ("role", "hidden")]);
        office.hides("salesperson", "contact", &[("name", "hidden")]);
        let map = office.map(office.kim, deal).unwrap();
        assert_eq!(map["gaps"], json!([]));
        assert!(map["people"].as_array().unwrap().iter().all(|one| one["attitude"].is_null() && one["name"].is_null()));
    });
}

#[test]
fn nobody_reports_to_himself_or_out_of_the_deal() {
    both(|database| {
        let office = Office::new(database);
        let (deal, other) = (office.deal(office.kim, "Rail"), office.deal(office.kim, "Port"));
        let roles: Vec<Id> = ["A", "B", "C"].iter().map(|name| office.has_a_say(deal, name, json!({}))).collect();
        let elsewhere = office.has_a_say(other, "D", json!({}));
        assert_eq!(refusals(office.reports(roles[0], elsewhere)), ["contact_role.other_deal:reports_to"]);
        assert_eq!(refusals(office.reports(roles[0], roles[0])), ["contact_role.circle:reports_to"]);
        office.reports(roles[1], roles[0]).unwrap();
        office.reports(roles[2], roles[1]).unwrap();
        assert_eq!(refusals(office.reports(roles[0], roles[2])), ["contact_role.circle:reports_to"]);
        let gone = office.edits(office.kim, "contact_role", roles[0], json!({"opportunity": other}));
        assert_eq!(refusals(gone), ["contact_role.other_deal:opportunity"]);
        for round in 0..6 {
            let (a, b) = (office.has_a_say(deal, &format!("X{round}"), json!({})), office.has_a_say(deal, &format!("Y{round}"), json!({})));
            let (first, second) = at_once(|| office.reports(a, b), || office.reports(b, a));
            assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        }
    });
}

#[test]
fn deal_and_winner_say_the_same() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let ((one, first), (two, second)) = (office.rival(deal, "First"), office.rival(deal, "Second"));
        let wins = |rival: Id, won: bool| office.edits(office.kim, "opportunity_competitor", rival, json!({"won": won}));
        assert_eq!(refusals(wins(one, true)), ["opportunity_competitor.deal_not_lost:won"]);
        // Said with the move, it is marked; marked, it is said.
        office.loses(deal, json!({"lost_reason": "competitor", "competitor": first}));
        assert_eq!((office.winner(one), office.winner(two)), (json!(true), json!(false)));
        assert_eq!(refusals(wins(two, true)), ["opportunity_competitor.won_already:won"]);
        wins(one, false).unwrap();
        wins(two, true).unwrap();
        assert_eq!(office.lost_to(deal), json!(second));
        office.edits(office.kim, "opportunity", deal, json!({"competitor": first})).unwrap();
        assert_eq!((office.winner(one), office.winner(two)), (json!(true), json!(false)));
        let reopen = serde_json::from_value(json!({"reason": "again"})).unwrap();
        office.write(office.mona, |cx, tx| processes::reopen(cx, tx, deal, None, &reopen)).unwrap();
        assert_eq!((office.winner(one), office.winner(two)), (json!(false), json!(false)));
        // Two at the same instant: one of them has won.
        for round in 0..4 {
            let deal = office.deal(office.kim, &format!("Port {round}"));
            let (a, b) = (office.rival(deal, &format!("A{round}")).0, office.rival(deal, &format!("B{round}")).0);
            office.loses(deal, json!({"lost_reason": "price"}));
            let (first, second) = at_once(|| wins(a, true), || wins(b, true));
            assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        }
        assert_eq!(office.read(office.ada, check::all).unwrap()["faults"], json!([]));
    });
}

#[test]
fn a_review_begins_with_how_the_deal_ended() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let review = |fields: Json| {
            let mut all = json!({"opportunity": deal});
            all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            office.creates(office.kim, "win_loss_review", all)
        };
        let early = refusals(review(json!({"outcome": "lost", "main_reason": "price"})));
        assert_eq!(early, ["review.deal_open:opportunity"]);
        let (_, first) = office.rival(deal, "First");
        office.loses(deal, json!({"lost_reason": "no_budget", "competitor": first}));
        let fields = review(json!({"went_well": "The trial"})).unwrap()["record"]["fields"].clone();
        assert_eq!((&fields["outcome"], &fields["main_reason"], &fields["name"]), (&json!("lost"), &json!("budget"), &json!("Rail")));
        assert_eq!((&fields["competitor"], &fields["reviewed_by"]), (&json!(first), &json!(office.kim)));
        assert!(!fields["reviewed_on"].is_null());
        assert_eq!(refusals(review(json!({"outcome": "won", "main_reason": "price"}))), ["review.outcome_differs:outcome"]);
        assert_eq!(review(json!({"main_reason": "service", "competitor": null})).unwrap()["record"]["fields"]["competitor"], Json::Null);
    });
}
