//! Deleting for good: what goes along, what is let go, what stands against it.

use model::{Id, Via};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, Result, bulk, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    fn voids(&self, who: Id, object: &str, id: Id) -> Result<Json> {
        self.write(who, |cx, tx| records::void(cx, tx, object, id, None, &Default::default()))
    }

    fn restores(&self, who: Id, object: &str, id: Id) -> Result<Json> {
        self.write(who, |cx, tx| records::restore(cx, tx, object, id, None, &Default::default()))
    }

    fn deletes(&self, who: Id, object: &str, id: Id) -> Result<Json> {
        self.write(who, |cx, tx| records::delete_for_good(cx, tx, object, id, None, &Default::default()))
    }

    /// Rows of a table beside the records that name one of them.
    fn rows(&self, table: &'static str, column: &'static str, id: Id) -> i64 {
        let select = Query::select().expr(Expr::cust("COUNT(1)")).from(table).and_where(Expr::col(column).eq(id.0)).to_owned();
        self.read(self.ada, |_, tx| Ok(tx.one(&select)?.get(0)?)).unwrap()
    }
}

#[test]
fn a_deal_goes_with_all_that_hangs_on_it_and_its_history_stays() {
    both(|database| {
        let office = Office::new(database);
        let contact = id_of(&office.creates(office.kim, "contact", json!({"name": "Cara"})).unwrap());
        let deal = office.deal(office.kim, "Rail");
        let line = office.line(office.kim, deal, "10").unwrap();
        office.line(office.kim, deal, "20").unwrap();
        office.creates(office.kim, "contact_role", json!({"opportunity": deal, "contact": contact, "role": "user"})).unwrap();
        office.edits(office.kim, "opportunity", deal, json!({"description": "Long text"})).unwrap();
        let team = serde_json::from_value::<Vec<records::TeamMember>>(json!([{"person": office.karl, "access": "read"}])).unwrap();
        office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &team)).unwrap();

        assert_eq!(refusals(office.deletes(office.ada, "opportunity", deal)), ["delete.not_voided"]);
        office.voids(office.kim, "opportunity", deal).unwrap();
        assert!(matches!(office.deletes(office.kim, "opportunity", deal), Err(Error::Forbidden { .. })));
        assert!(matches!(office.deletes(office.lee, "opportunity", deal), Err(Error::NotFound)));
        let shown = office.reads(office.ada, "opportunity", deal).unwrap();
        assert!(shown["can"].as_array().unwrap().contains(&json!("delete")));

        let wanted = serde_json::from_value(json!({"dry_run": true})).unwrap();
        let asked = office.write(office.ada, |cx, tx| records::delete_for_good(cx, tx, "opportunity", deal, None, &wanted)).unwrap();
        assert_eq!(asked["along"], json!({"contact_role": 1, "opportunity_line": 2}));
        office.reads(office.ada, "opportunity", deal).unwrap();

        let done = office.deletes(office.ada, "opportunity", deal).unwrap();
        assert_eq!((&done["result"], &done["along"]), (&json!("deleted"), &json!({"contact_role": 1, "opportunity_line": 2})));
        assert!(matches!(office.reads(office.ada, "opportunity", deal), Err(Error::NotFound)));
        assert!(matches!(office.reads(office.ada, "opportunity_line", line), Err(Error::NotFound)));
        for (table, column) in [
            ("long_text", "record"),
            ("external_id", "record"),
            ("grant_to", "record"),
            ("search_word", "record"),
            ("recent", "record"),
            ("file", "record"),
            ("stage_stay", "opportunity"),
        ] {
            assert_eq!(office.rows(table, column, deal), 0, "{table}");
        }
        // Who reads the trace still reads what has been, and its name.
        let request = serde_json::from_value(json!({"object": "opportunity", "record": deal.to_string(), "limit": 200})).unwrap();
        let log = office.read(office.ines, |cx, tx| stagecraft_core::audit::log(cx, tx, &request)).unwrap();
        let acts: Vec<&str> = log["items"].as_array().unwrap().iter().map(|item| item["act"].as_str().unwrap()).collect();
        assert!(acts.contains(&"create") && acts.contains(&"void") && acts.contains(&"delete"), "{acts:?}");
        assert_eq!(log["refs"][deal.to_string()], json!({"object": "opportunity", "name": "Rail", "deleted": true}));
        office.agrees();
    });
}

#[test]
fn references_are_taken_away_where_they_may_be() {
    both(|database| {
        let office = Office::new(database);
        let count = json!({"key": "x_deals", "label": {"en": "Deals"}, "type": "statistical", "of": "opportunity", "via": "account", "function": "count"});
        office.adds_field("account", count);
        office.adds_field(
            "opportunity",
            json!({"key": "x_partners", "label": {"en": "Partners"}, "type": "references", "object": "account"}),
        );
        let account = |name: &str| id_of(&office.creates(office.kim, "account", json!({"name": name})).unwrap());
        let (acme, other) = (account("Acme"), account("Other"));
        let (open, binned, held) = (office.deal(office.kim, "Open"), office.deal(office.kim, "Binned"), office.deal(office.kim, "Held"));
        for deal in [open, binned, held] {
            office.edits(office.kim, "opportunity", deal, json!({"account": acme})).unwrap();
        }
        office.edits(office.kim, "opportunity", open, json!({"x_partners": [acme, other]})).unwrap();
        office.voids(office.kim, "opportunity", binned).unwrap();
        office.locks(office.ada, "opportunity", held).unwrap();
        office.voids(office.ada, "account", acme).unwrap();

        let done = office.deletes(office.ada, "account", acme).unwrap();
        assert_eq!(
            done["let_go"],
            json!([{"object": "opportunity", "field": "account", "count": 3}, {"object": "opportunity", "field": "x_partners", "count": 1}])
        );
        // Whatever state they were in; each tells of it in its history.
        for deal in [open, binned, held] {
            let shown = office.reads(office.ada, "opportunity", deal).unwrap();
            assert_eq!(shown["fields"]["account"], Json::Null);
            let history = office.read(office.ada, |cx, tx| records::history(cx, tx, "opportunity", deal, &Default::default())).unwrap();
            let change = &history["items"][0];
            assert_eq!((&change["by"], &change["changes"][0]["field"]), (&json!(office.ada.to_string()), &json!("account")));
            assert_eq!(change["changes"][0]["old"], acme.to_string());
        }
        assert_eq!(office.reads(office.ada, "opportunity", open).unwrap()["fields"]["x_partners"], json!([other.to_string()]));
        office.agrees();
    });
}

#[test]
fn what_others_cannot_be_without_is_not_deleted() {
    both(|database| {
        let office = Office::new(database);
        let contact = id_of(&office.creates(office.kim, "contact", json!({"name": "Cara"})).unwrap());
        let deal = office.deal(office.kim, "Rail");
        let role =
            id_of(&office.creates(office.kim, "contact_role", json!({"opportunity": deal, "contact": contact, "role": "user"})).unwrap());
        office.voids(office.ada, "contact", contact).unwrap();
        let refused = office.deletes(office.ada, "contact", contact);
        let Err(Error::Invalid(found)) = refused else { panic!("{refused:?}") };
        assert_eq!(
            (found[0].code, &found[0].params["object"], &found[0].params["count"]),
            ("delete.in_use", &json!("contact_role"), &json!(1))
        );
        // With the role gone, nothing stands against it.
        office.voids(office.kim, "contact_role", role).unwrap();
        office.deletes(office.ada, "contact_role", role).unwrap();
        office.deletes(office.ada, "contact", contact).unwrap();

        // People who have done something stay in the history, so they are disabled instead.
        office.edits(office.mona, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        office.voids(office.ada, "employee", office.mona).unwrap();
        let codes = refusals(office.deletes(office.ada, "employee", office.mona));
        assert!(codes.contains(&"delete.has_acted".to_owned()) && codes.contains(&"delete.in_use".to_owned()), "{codes:?}");

        // A lock stands against it too.
        let (sven, locked) = (office.sven, office.deal(office.karl, "Locked"));
        office.locks(office.ada, "opportunity", locked).unwrap();
        office.voids(office.ada, "opportunity", locked).unwrap();
        assert!(matches!(office.deletes(sven, "opportunity", locked), Err(Error::NotFound)));
        office.deletes(office.ada, "opportunity", locked).unwrap();
    });
}

#[test]
fn many_are_deleted_out_of_the_recycle_bin_each_for_itself() {
    both(|database| {
        let office = Office::new(database);
        let deals: Vec<Id> = (0..4).map(|n| office.deal(office.kim, &format!("Rail {n}"))).collect();
        for deal in &deals[..3] {
            office.voids(office.kim, "opportunity", *deal).unwrap();
        }
        let wanted = |more: Json| {
            let mut body = json!({"ids": deals, "act": "delete"});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            office.bulk(office.ada, "opportunity", body)
        };
        let tried = wanted(json!({"dry_run": true}));
        assert_eq!((&tried["changed"], &tried["refused"]), (&json!(3), &json!(1)));
        assert_eq!(office.lists(office.ada, "opportunity", json!({"voided": "only"})).unwrap().1, 3);
        let done = wanted(json!({}));
        assert_eq!(
            (&done["changed"], &done["refused"], &done["undo"], &done["state"]),
            (&json!(3), &json!(1), &json!(false), &json!("done"))
        );
        assert_eq!(done["results"][0]["violations"][0]["code"], "delete.not_voided");
        assert_eq!(office.lists(office.ada, "opportunity", json!({"voided": "only"})).unwrap().1, 0);
        assert_eq!(office.lists(office.ada, "opportunity", json!({})).unwrap().1, 1);
        let id: Id = done["id"].as_str().unwrap().parse().unwrap();
        let undone = bulk::undo(&office.house, &Credential::Person(office.ada), Via::Api, id);
        assert_eq!(refusals(undone), ["bulk.cannot_be_undone"]);
    });
}

#[test]
fn of_two_who_restore_and_delete_at_once_one_wins() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..8 {
            let deal = office.deal(office.kim, &format!("Rail {round}"));
            office.line(office.kim, deal, "10").unwrap();
            office.voids(office.kim, "opportunity", deal).unwrap();
            let (restored, deleted) =
                at_once(|| office.restores(office.kim, "opportunity", deal), || office.deletes(office.ada, "opportunity", deal));
            match (restored, deleted) {
                (Ok(_), Err(refused)) => assert_eq!(refusals::<()>(Err(refused)), ["delete.not_voided"]),
                (Err(Error::NotFound), Ok(_)) => assert!(matches!(office.reads(office.ada, "opportunity", deal), Err(Error::NotFound))),
                other => panic!("{other:?}"),
            }
        }
        office.agrees();
    });
}

#[test]
fn a_reference_made_while_its_record_is_deleted_leads_nowhere() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..6 {
            let account = id_of(&office.creates(office.kim, "account", json!({"name": format!("Acme {round}")})).unwrap());
            let deal = office.deal(office.kim, &format!("Rail {round}"));
            office.voids(office.ada, "account", account).unwrap();
            let (referred, deleted) = at_once(
                || office.edits(office.kim, "opportunity", deal, json!({"account": account})),
                || office.deletes(office.ada, "account", account),
            );
            deleted.unwrap();
            if let Err(refused) = referred {
                assert_eq!(refusals::<()>(Err(refused)), ["field.reference_not_found:account"]);
            }
            assert_eq!(office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["account"], Json::Null);
        }
    });
}
