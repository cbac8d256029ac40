//! Clones: what comes along, and what stays behind.

use model::Id;
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    fn clones(&self, who: Id, object: &str, id: Id, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| records::clone(cx, tx, object, id, &wanted))
    }
}

#[test]
fn a_deal_is_cloned_with_its_lines_and_begins_anew() {
    both(|database| {
        let office = Office::new(database);
        let account = id_of(&office.creates(office.kim, "account", json!({"name": "Acme"})).unwrap());
        let contact = id_of(&office.creates(office.kim, "contact", json!({"name": "Cara"})).unwrap());
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"account": account, "next_step": "Call", "win_rate": "77"})).unwrap();
        office.creates(office.kim, "contact_role", json!({"opportunity": deal, "contact": contact, "role": "user"})).unwrap();
        for price in ["10", "20"] {
            office.line(office.kim, deal, price).unwrap();
        }
        let gone = office.line(office.kim, deal, "40").unwrap();
        office.write(office.kim, |cx, tx| records::void(cx, tx, "opportunity_line", gone, None, &Default::default())).unwrap();
        let team = serde_json::from_value::<Vec<records::TeamMember>>(json!([{"person": office.karl, "access": "read"}])).unwrap();
        office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &team)).unwrap();
        office.moves(office.kim, deal, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();

        let body = json!({"with": ["opportunity_line", "contact_role"], "team": true, "fields": {"name": "Rail again"}});
        // Mona leads Kim: hers becomes her own.
        let tried = office.clones(office.mona, "opportunity", deal, json!({"with": ["opportunity_line"], "dry_run": true})).unwrap();
        assert_eq!((&tried["dry_run"], &tried["taken"]), (&json!(true), &json!({"opportunity_line": 2})));
        let made = office.clones(office.mona, "opportunity", deal, body).unwrap();
        assert_eq!(made["taken"], json!({"contact_role": 1, "opportunity_line": 2}));
        let fields = &made["record"]["fields"];
        assert_eq!(
            (&fields["name"], &fields["stage"], &fields["owner"]),
            (&json!("Rail again"), &json!("prospecting"), &json!(office.mona.to_string()))
        );
        assert_eq!((&fields["account"], &fields["next_step"]), (&json!(account.to_string()), &json!("Call")));
        assert_eq!((&fields["closed_at"], &fields["lost_reason"], &fields["locked"]), (&Json::Null, &Json::Null, &json!(false)));
        assert_eq!(fields["lines_total"]["amount"], "30.00");
        assert_ne!(fields["win_rate"], "77");
        let left: Vec<&str> = made["not_copied"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
        assert_eq!(left, ["forecast_category", "lost_reason", "sales_process", "stage", "win_rate"]);
        // The dry run left nothing.
        assert_eq!(office.lists(office.mona, "opportunity", json!({})).unwrap().1, 2);
        assert_eq!(office.lists(office.mona, "opportunity_line", json!({})).unwrap().1, 4);
        let new = id_of(&made);
        let members = office.read(office.mona, |cx, tx| records::team(cx, tx, "opportunity", new)).unwrap();
        assert_eq!(members["members"][0]["person"], office.karl.to_string());
        office.agrees();
    });
}

#[test]
fn what_one_may_not_know_or_write_is_not_copied() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("account", json!({"key": "x_code", "label": {"en": "Code"}, "type": "text", "unique": true}));
        let account = id_of(
            &office
                .creates(
                    office.kim,
                    "account",
                    json!({"name": "Acme", "x_code": "A1", "phone": "12345", "website": "https://acme.example"}),
                )
                .unwrap(),
        );
        let select = Query::select().column("doc").from("role").and_where(Expr::col("key").eq("salesperson")).to_owned();
        office
            .write(office.ada, |_, tx| {
                let mut role: Json = serde_json::from_str(&tx.one(&select)?.get::<String>(0)?).unwrap();
                role["objects"]["account"]["fields"] = json!({"phone": "hidden", "website": "read"});
                tx.execute(Query::update().table("role").value("doc", role.to_string()).and_where(Expr::col("key").eq("salesperson")))?;
                tx.publish_meta()?;
                Ok(())
            })
            .unwrap();
        let made = office.clones(office.kim, "account", account, json!({})).unwrap();
        assert_eq!(made["not_copied"], json!(["website", "x_code"]), "the hidden one is not even told");
        let stored = office.reads(office.ada, "account", id_of(&made)).unwrap();
        assert_eq!(
            (&stored["fields"]["phone"], &stored["fields"]["website"], &stored["fields"]["x_code"]),
            (&Json::Null, &Json::Null, &Json::Null)
        );
        assert_eq!(refusals(office.clones(office.kim, "account", account, json!({"fields": {"phone": "54321"}}))), ["field.unknown:phone"]);
        assert_eq!(refusals(office.clones(office.kim, "account", account, json!({"with": ["opportunity"]}))), ["clone.no_part:with/0"]);
        assert!(matches!(office.clones(office.ines, "account", account, json!({})), Err(Error::Forbidden { .. })));
        let deal = office.deal(office.kim, "Rail");
        assert!(matches!(office.clones(office.lee, "opportunity", deal, json!({})), Err(Error::NotFound)), "not his to see");
    });
}

#[test]
fn a_clone_is_whole_or_it_is_not() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.line(office.kim, deal, "10").unwrap();
        let rule = json!({"key": "dear", "active": true, "message": {"en": "Too cheap"},
            "condition": {"field": "price", "op": "lt", "value": "100"}, "field": "price"});
        let wanted = serde_json::from_value(json!({"validations": [rule]})).unwrap();
        office.write(office.ada, |cx, tx| stagecraft_core::objects::update_object(cx, tx, "opportunity_line", None, &wanted)).unwrap();
        let refused = office.clones(office.kim, "opportunity", deal, json!({"with": ["opportunity_line"]}));
        assert_eq!(refusals(refused), ["validation.failed:with/opportunity_line/0/price"]);
        assert_eq!(office.lists(office.kim, "opportunity", json!({})).unwrap().1, 1);
    });
}
