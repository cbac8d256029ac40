//! The trace: what was done, what was refused, from where.

use model::{Id, Via};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};
use stagecraft_core::audit::Origin;
use stagecraft_core::{Credential, Limits, identity, organisation, records};
use testkit::both;

use crate::office::{Office, refusals};

/// `by act kind subject codes × times` of every entry, oldest first.
fn told(office: &Office) -> Vec<String> {
    let select = Query::select()
        .columns(["by_id", "act", "kind", "subject", "codes", "times"])
        .from("audit")
        .and_where(Expr::col("act").is_not_in(["create", "edit"]).or(Expr::col("kind").ne("object")))
        .order_by("at", Order::Asc)
        .order_by("id", Order::Asc)
        .to_owned();
    let rows = office.read(office.ada, |_, tx| Ok(tx.all(&select)?)).unwrap();
    let name = |id: Id| if id == office.kim { "kim" } else { "ada" };
    let line = |row: &db::Row| {
        let text = |column: &str| row.get::<String>(column).unwrap();
        let by = name(row.get("by_id").unwrap());
        format!("{by} {} {} {} {} × {}", text("act"), text("kind"), text("subject"), text("codes"), row.get::<i64>("times").unwrap())
    };
    rows.iter().map(line).collect()
}

#[test]
fn what_was_refused_is_kept_although_its_transaction_is_undone() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let skips = || office.moves(office.kim, deal, None, json!({"stage": "won"}));
        assert!(!refusals(skips()).is_empty());
        assert!(!refusals(skips()).is_empty());
        // Who only asks has done nothing.
        assert!(!refusals(office.moves(office.kim, deal, None, json!({"stage": "won", "dry_run": true}))).is_empty());
        // Not allowed at all, and written wrongly, which is no act.
        office.edits(office.kim, "product", deal, json!({"name": "x"})).unwrap_err();
        office.write(office.kim, |cx, tx| organisation::update(cx, tx, &Default::default())).unwrap_err();
        office.edits(office.kim, "opportunity", deal, json!({"amount": "much"})).unwrap_err();
        let told = told(&office);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("kim move record Rail stage."), "{told:?}");
        assert_eq!(told[1], "kim edit   access.act_not_allowed × 1");
    });
}

#[test]
fn rates_are_told_with_what_they_were() {
    both(|database| {
        let office = Office::new(database);
        let sets = |rate: &str| {
            let wanted = serde_json::from_value(json!({"currency": "EUR", "day": "2026-01-01", "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap()
        };
        sets("1.1");
        sets("1.2");
        let select = Query::select()
            .column("detail")
            .from("audit")
            .and_where(Expr::col("kind").eq("currency_rate"))
            .order_by("id", Order::Desc)
            .to_owned();
        let detail: String = office.read(office.ada, |_, tx| Ok(tx.all(&select)?[0].get(0)?)).unwrap();
        let detail: Json = serde_json::from_str(&detail).unwrap();
        assert_eq!(detail["changes"], json!([{"path": "rate", "old": "1.1", "new": "1.2"}]));
    });
}

#[test]
fn a_change_tells_from_where_it_came() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let origin = Origin::at(Via::Screen, "192.0.2.7", "Firefox");
        let wanted = serde_json::from_value(json!({"fields": {"next_step": "Call"}})).unwrap();
        office
            .house
            .write(&Credential::Person(office.kim), Limits::default(), &origin, |cx, tx| {
                records::update(cx, tx, "opportunity", deal, None, &wanted)
            })
            .unwrap();
        let (number, places) = office
            .read(office.kim, |_, tx| {
                let entries = db::history::list(tx, "opportunity", deal, None, 1)?;
                let number = entries[0].origin;
                Ok((number, db::audit::origins(tx, number)?))
            })
            .unwrap();
        assert_eq!(number, origin.id());
        assert_eq!(places.into_values().collect::<Vec<_>>(), [("192.0.2.7".to_owned(), "Firefox".to_owned())]);
    });
}

#[test]
fn a_note_stands_or_falls_with_what_it_tells_of() {
    both(|database| {
        let office = Office::new(database);
        let hash = identity::hash_password("correct horse battery").unwrap();
        let sets = |fails: bool| {
            office.write(office.ada, |cx, tx| {
                identity::set_password(cx, tx, office.kim, &hash)?;
                if fails { Err(stagecraft_core::Error::NotFound) } else { Ok(()) }
            })
        };
        sets(true).unwrap_err();
        assert_eq!(told(&office), Vec::<String>::new());
        sets(false).unwrap();
        assert_eq!(told(&office), ["ada set_password person Kim  × 1"]);
    });
}
