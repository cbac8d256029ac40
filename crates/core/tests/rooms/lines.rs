//! Lines and contact roles: they have the rights and the state of the deal they are in, and their sum is always right.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, organisation, records};
use testkit::{Database, both};

use crate::office::{Office, id_of, refusals};

fn line(office: &Office, who: Id, deal: Id, price: Json) -> stagecraft_core::Result<Json> {
    office.creates(who, "opportunity_line", json!({"opportunity": deal, "name": "Line", "price": price}))
}

fn team(office: &Office, deal: Id, person: Id, access: &str) {
    let members: Vec<records::TeamMember> = serde_json::from_value(json!([{"person": person, "access": access}])).unwrap();
    office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &members)).unwrap();
}

fn total(office: &Office, deal: Id) -> Json {
    office.reads(office.hanna, "opportunity", deal).unwrap()["fields"]["lines_total"].clone()
}

#[test]
fn who_may_only_read_a_deal_adds_nothing_to_it() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let contact = office.system("contact", json!({"name": "Chris", "owner": office.kim}));
        let role = json!({"opportunity": deal, "contact": contact, "role": "decision_maker"});
        team(&office, deal, office.lee, "read");
        assert!(matches!(line(&office, office.lee, deal, json!("5")), Err(Error::Forbidden { .. })));
        assert!(matches!(office.creates(office.lee, "contact_role", role.clone()), Err(Error::Forbidden { .. })));
        let own = office.deal(office.lee, "Port");
        let moved = id_of(&line(&office, office.lee, own, json!("7")).unwrap());
        assert!(matches!(office.edits(office.lee, "opportunity_line", moved, json!({"opportunity": deal})), Err(Error::Forbidden { .. })));
        assert!(total(&office, deal).is_null());
        team(&office, deal, office.lee, "read_write");
        line(&office, office.lee, deal, json!("5")).unwrap();
        office.creates(office.lee, "contact_role", role).unwrap();
        assert_eq!(refusals(line(&office, office.karl, deal, json!("5"))), ["field.reference_not_found:opportunity"]);
    });
}

#[test]
fn a_line_given_to_another_deal_leaves_the_sum_of_the_first() {
    both(|database| {
        let office = Office::new(database);
        let (from, to) = (office.deal(office.kim, "From"), office.deal(office.kim, "To"));
        line(&office, office.kim, from, json!("1")).unwrap();
        let moved = id_of(&line(&office, office.kim, from, json!("10")).unwrap());
        office.edits(office.kim, "opportunity_line", moved, json!({"opportunity": to})).unwrap();
        assert_eq!((total(&office, from)["amount"].as_str(), total(&office, to)["amount"].as_str()), (Some("1.00"), Some("10.00")));
    });
}

#[test]
fn the_lines_of_a_voided_or_locked_deal_stay_as_they_are() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let one = id_of(&line(&office, office.kim, deal, json!("1")).unwrap());
        let none = Default::default();
        let void = |id: Id, object: &str| office.write(office.kim, |cx, tx| records::void(cx, tx, object, id, None, &none));
        lock(database, deal, 1);
        assert_eq!(refusals(line(&office, office.kim, deal, json!("5"))), ["record.locked:opportunity"]);
        assert_eq!(refusals(office.edits(office.kim, "opportunity_line", one, json!({"quantity": "2"}))), ["record.locked:opportunity"]);
        office.edits(office.ada, "opportunity_line", one, json!({"quantity": "3"})).unwrap();
        lock(database, deal, 0);
        void(deal, "opportunity").unwrap();
        assert_eq!(refusals(line(&office, office.kim, deal, json!("5"))), ["record.voided:opportunity"]);
        assert_eq!(refusals(office.edits(office.kim, "opportunity_line", one, json!({"quantity": "2"}))), ["record.voided:opportunity"]);
        assert_eq!(refusals(void(one, "opportunity_line")), ["record.voided:opportunity"]);
        assert_eq!(total(&office, deal)["amount"], "3.00");
    });
}

/// As an act would, without asking anybody.
fn lock(database: &Database, deal: Id, locked: i64) {
    use sea_query::{Expr, ExprTrait, Query};
    database
        .db()
        .write::<_, db::Error>(|tx| {
            tx.execute(Query::update().table("r_opportunity").value("locked", locked).and_where(Expr::col("id").eq(deal.0))).map(|_| ())
        })
        .unwrap();
}

#[test]
fn a_sum_that_no_amount_can_hold_is_refused() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        line(&office, office.kim, deal, json!("900000000000000")).unwrap();
        assert_eq!(refusals(line(&office, office.kim, deal, json!("900000000000000"))), ["money.overflow:lines_total"]);
        assert_eq!(total(&office, deal)["amount"], "900000000000000.00");
    });
}

#[test]
fn the_sum_of_several_currencies_follows_their_rates_while_the_deal_is_open() {
    both(|database| {
        let office = Office::new(database);
        let rate = |day: &str, rate: &str| {
            let wanted = serde_json::from_value(json!({"currency": "EUR", "day": day, "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
        };
        rate("2020-01-01", "2");
        let (open, closed) = (office.deal(office.kim, "Open"), office.deal(office.kim, "Closed"));
        for deal in [open, closed] {
            line(&office, office.kim, deal, json!({"amount": "10", "currency": "EUR"})).unwrap();
            line(&office, office.kim, deal, json!({"amount": "1", "currency": "USD"})).unwrap();
        }
        assert_eq!(total(&office, open), json!({"amount": "21.00", "currency": "USD"}));
        office.moves(office.kim, closed, None, json!({"stage": "invalid"})).unwrap();
        rate("2020-01-02", "3");
        assert_eq!(total(&office, open), json!({"amount": "31.00", "currency": "USD"}));
        assert_eq!(total(&office, closed), json!({"amount": "21.00", "currency": "USD"}));
        let checked = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(checked["ok"], true, "{checked}");
    });
}
