//! Approvals of what belongs to something else: an offer of a deal, in which lines live. Whoever is asked sees the deal as long as he is.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, records};
use testkit::both;

use crate::approvals::approval_of;
use crate::office::{Office, id_of, refusals};

fn label(name: &str) -> Json {
    json!({"en": name})
}

/// Offers of deals, with lines.
fn offers(office: &Office) {
    let part = |name: &str, of: &str| office.makes_object(json!({"label": label(name), "plural": label(name), "base": {"by_parent": of}}));
    assert_eq!((part("Offer", "opportunity"), part("Offer line", "x_offer")), ("x_offer".into(), "x_offer_line".into()));
}

/// An offer of a deal of Kim's that waits for Karl, who sees nothing of hers.
fn waits(office: &Office) -> (Id, Id, Id) {
    let deal = office.deal(office.kim, "Turbine");
    office.flow("create", &[&[office.karl]], json!({"object": "x_offer"}));
    let answer = office.creates(office.kim, "x_offer", json!({"name": "Offer", "x_opportunity": deal})).unwrap();
    (deal, id_of(&answer), approval_of(&answer))
}

#[test]
fn whoever_is_asked_sees_what_it_belongs_to_while_it_concerns_him() {
    both(|database| {
        let office = Office::new(database);
        offers(&office);
        let (deal, offer, approval) = waits(&office);
        let other = office.deal(office.ada, "Other");
        let merged = office.merges(office.ada, "opportunity", other, &[deal], json!({}));
        assert_eq!(refusals(merged), [format!("record.in_approval:losers/{deal}")], "it stays where it is asked about");
        let sees = |who: Id| {
            let one = |object: &str, id: Id| match office.reads(who, object, id) {
                Ok(_) => true,
                Err(Error::NotFound) => false,
                Err(other) => panic!("{other:?}"),
            };
            (one("x_offer", offer), one("opportunity", deal))
        };
        assert_eq!((sees(office.karl), sees(office.lee)), ((true, true), (false, false)));
        assert!(matches!(office.edits(office.karl, "opportunity", deal, json!({"name": "Mine"})), Err(Error::Forbidden { .. })), "to read");
        office.decides(office.karl, approval, json!({"act": "reassign", "to": office.lee})).unwrap();
        assert_eq!((sees(office.karl), sees(office.lee)), ((false, false), (true, true)));
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        assert_eq!((sees(office.karl), sees(office.lee)), ((false, false), (false, false)));
        assert_eq!(office.reads(office.kim, "x_offer", offer).unwrap()["fields"]["lifecycle_status"], "normal");
        office.stays_sound();
    });
}

#[test]
fn what_lives_in_what_waits_is_held_at_every_depth() {
    both(|database| {
        let office = Office::new(database);
        offers(&office);
        let skipped = |fields: Json, object: &str| {
            let wanted = serde_json::from_value(json!({"fields": fields, "skip_approval": true, "reason": "To try"})).unwrap();
            id_of(&office.write(office.ada, |cx, tx| records::create(cx, tx, object, &wanted)).unwrap())
        };
        let (deal, offer, approval) = waits(&office);
        let other = skipped(json!({"name": "Other", "x_opportunity": deal}), "x_offer");
        let line = |of: Id| office.creates(office.kim, "x_offer_line", json!({"name": "Line", "x_offer": of}));
        assert_eq!(refusals(line(offer)), ["record.in_approval:x_offer"]);
        let free = id_of(&line(other).unwrap());
        let gone = id_of(&line(other).unwrap());
        office.write(office.ada, |cx, tx| records::void(cx, tx, "x_offer_line", gone, None, &records::Reason::default())).unwrap();
        // The deal itself waits: so does all that lives in it.
        office.flow("edit", &[&[office.mona]], json!({}));
        let edit = approval_of(&office.edits(office.kim, "opportunity", deal, json!({"next_step": "Visit"})).unwrap());
        assert_eq!(refusals(line(other)), ["record.in_approval:x_offer"]);
        assert_eq!(refusals(office.edits(office.kim, "x_offer_line", free, json!({"name": "Other"}))), ["record.in_approval:x_offer"]);
        assert_eq!(refusals(office.edits(office.kim, "x_offer", other, json!({"name": "New"}))), ["record.in_approval:x_opportunity"]);
        let deleted = |id: Id| {
            office.write(office.ada, |cx, tx| records::delete_for_good(cx, tx, "x_offer_line", id, None, &records::Reason::default()))
        };
        assert_eq!(refusals(deleted(gone)), ["record.in_approval"]);
        let shown = office.reads(office.kim, "x_offer_line", free).unwrap();
        assert!(!shown["can"].as_array().unwrap().contains(&json!("edit")), "no screen offers what is refused: {shown:#}");
        assert!(shown["cannot"].as_array().unwrap().contains(&json!({"act": "edit", "code": "record.in_approval"})));
        office.decides(office.mona, edit, json!({"act": "agree"})).unwrap();
        deleted(gone).unwrap();
        // What waits keeps what it lives in from going for good.
        office.decides(office.ada, approval, json!({"act": "withdraw"})).unwrap();
        office.flow("edit", &[&[office.karl]], json!({"object": "x_offer", "api_name": "offers"}));
        approval_of(&office.edits(office.kim, "x_offer", other, json!({"name": "New"})).unwrap());
        office.bins(office.ada, deal).unwrap();
        let whole =
            office.write(office.ada, |cx, tx| records::delete_for_good(cx, tx, "opportunity", deal, None, &records::Reason::default()));
        assert_eq!(refusals(whole), ["record.in_approval"]);
        office.is_in_order();
    });
}
