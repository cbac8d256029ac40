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
        let from = db::audit::From { address: "192.0.2.7".to_owned(), agent: "Firefox".to_owned(), token: None };
        assert_eq!(places.into_values().collect::<Vec<_>>(), [from]);
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

/// `act kind name-or-subject outcome` of a page of the log.
fn lines(answer: &Json) -> Vec<String> {
    let line = |item: &Json| {
        let named = item["record"].as_str().and_then(|id| answer["refs"][id]["name"].as_str());
        let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {} {}", text("act"), text("kind"), named.map_or_else(|| text("subject"), str::to_owned), text("outcome"))
    };
    answer["items"].as_array().unwrap().iter().map(line).collect()
}

fn log(office: &Office, who: Id, request: Json) -> stagecraft_core::Result<Json> {
    let request = serde_json::from_value(request).unwrap();
    office.read(who, |cx, tx| stagecraft_core::audit::log(cx, tx, &request))
}

#[test]
fn an_auditor_reads_changes_acts_and_refusals_in_one_list() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        assert!(!refusals(office.moves(office.kim, deal, None, json!({"stage": "won"}))).is_empty());
        let wanted = serde_json::from_value(json!({"currency": "EUR", "day": "2026-01-01", "rate": "1.1"})).unwrap();
        office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();

        let all = log(&office, office.ines, json!({"limit": 200})).unwrap();
        let told = lines(&all);
        for line in ["create record Rail done", "edit record Rail done", "move record Rail refused", "create currency_rate EUR done"] {
            assert!(told.contains(&line.to_owned()), "{line}: {told:?}");
        }
        let edit = all["items"].as_array().unwrap().iter().find(|item| item["act"] == "edit").unwrap();
        assert_eq!(edit["changes"], json!([{"field": "next_step", "old": null, "new": "Call"}]));

        // By each filter alone.
        let told = |request: Json| lines(&log(&office, office.ines, request).unwrap());
        assert_eq!(told(json!({"outcome": "refused"})), ["move record Rail refused"]);
        assert_eq!(told(json!({"code": "stage."})), ["move record Rail refused"]);
        assert_eq!(told(json!({"q": "eur"})), ["create currency_rate EUR done"]);
        assert_eq!(told(json!({"kind": "currency_rate", "by": office.ada.to_string()})).len(), 1);
        assert_eq!(told(json!({"kind": "currency_rate", "by": office.kim.to_string()})).len(), 0);
        let mut of_record = told(json!({"object": "opportunity", "record": deal.to_string()}));
        of_record.sort();
        assert_eq!(of_record, ["create record Rail done", "edit record Rail done", "move record Rail refused"]);
        assert_eq!(told(json!({"record": deal.to_string(), "outcome": "done"})).len(), 2);
        assert_eq!(told(json!({"object": "opportunity", "act": "edit"})), ["edit record Rail done"]);
        assert_eq!(told(json!({"object": "opportunity", "until": "2000-01-01T00:00:00Z"})).len(), 0);
        assert_eq!(told(json!({"object": "opportunity", "from": "2000-01-01T00:00:00Z"})).len(), 3);

        // Nobody else knows that there is such a list.
        for who in [office.kim, office.mona] {
            assert!(matches!(log(&office, who, json!({})), Err(stagecraft_core::Error::NotFound)));
        }
    });
}

#[test]
fn the_log_is_read_page_by_page_without_a_gap() {
    both(|database| {
        let office = Office::new(database);
        // Many of one instant: what is saved together, and refusals between them.
        office
            .write(office.kim, |cx, tx| {
                let mut create = stagecraft_core::save::Change::new("opportunity", stagecraft_core::save::Deed::Create);
                create.patch.insert("name".into(), "Harbour".into());
                Ok(stagecraft_core::save::save_all(cx, tx, "opportunity", vec![create; 20])?.len())
            })
            .unwrap();
        for n in 0..5 {
            let deal = office.deal(office.kim, &format!("Rail {n}"));
            office.moves(office.kim, deal, None, json!({"stage": "won"})).unwrap_err();
        }
        let id = |item: &Json| item["id"].as_str().unwrap().to_owned();
        let whole: Vec<String> =
            log(&office, office.ines, json!({"limit": 200})).unwrap()["items"].as_array().unwrap().iter().map(id).collect();
        let (mut read, mut cursor) = (Vec::new(), Json::Null);
        loop {
            let page = log(&office, office.ines, json!({"limit": 7, "cursor": cursor})).unwrap();
            read.extend(page["items"].as_array().unwrap().iter().map(id));
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(read, whole);
        assert!(whole.len() > 35, "{}", whole.len());
        assert!(matches!(log(&office, office.ines, json!({"cursor": "nonsense"})), Err(stagecraft_core::Error::Malformed(_))));
    });
}

#[test]
fn the_log_hides_what_the_readers_roles_hide() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"amount": "2000", "next_step": "Call"})).unwrap();
        office.creates(office.kim, "account", json!({"name": "Acme"})).unwrap();
        // An auditor who may not know amounts, nor accounts at all.
        let select = Query::select().column("doc").from("role").and_where(Expr::col("key").eq("auditor")).to_owned();
        office
            .write(office.ada, |_, tx| {
                let mut role: Json = serde_json::from_str(&tx.one(&select)?.get::<String>(0)?).unwrap();
                role["objects"]["opportunity"] = json!({"acts": ["read"], "fields": {"amount": "hidden"}});
                role["objects"]["account"] = json!({"acts": []});
                tx.execute(Query::update().table("role").value("doc", role.to_string()).and_where(Expr::col("key").eq("auditor")))?;
                tx.publish_meta()?;
                Ok(())
            })
            .unwrap();
        let answer = log(&office, office.ines, json!({"limit": 200})).unwrap();
        assert!(!lines(&answer).iter().any(|line| line.contains("Acme")), "{:?}", lines(&answer));
        assert!(answer["items"].as_array().unwrap().iter().all(|item| item["object"] != "account"));
        let edit = answer["items"].as_array().unwrap().iter().find(|item| item["act"] == "edit").unwrap();
        assert_eq!(edit["changes"], json!([{"field": "next_step", "old": null, "new": "Call"}]));
    });
}

#[test]
fn the_history_of_a_record_is_narrowed_and_tells_of_its_team() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        let team = |members: Json| {
            let members: Vec<records::TeamMember> = serde_json::from_value(members).unwrap();
            office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &members)).unwrap();
        };
        team(json!([{"person": office.karl, "access": "read"}]));
        office.edits(office.mona, "opportunity", deal, json!({"next_step": "Write", "description": "Long"})).unwrap();
        team(json!([]));
        let history = |request: Json| {
            let request = serde_json::from_value(request).unwrap();
            office.read(office.kim, |cx, tx| records::history(cx, tx, "opportunity", deal, &request))
        };
        let acts = |answer: &Json| {
            let mut acts: Vec<String> =
                answer["items"].as_array().unwrap().iter().map(|item| item["act"].as_str().unwrap().to_owned()).collect();
            acts.sort();
            acts
        };
        let all = history(json!({})).unwrap();
        assert_eq!(acts(&all), ["create", "edit", "edit", "team", "team"]);
        let joined = all["items"].as_array().unwrap().iter().find(|item| item["team"]["new"][0].is_object()).unwrap();
        assert_eq!(joined["team"]["new"][0]["person"], office.karl.to_string());
        assert_eq!(all["refs"][office.karl.to_string()]["name"], "Karl");
        assert_eq!(acts(&history(json!({"field": "next_step"})).unwrap()), ["edit", "edit"]);
        assert_eq!(acts(&history(json!({"field": "description", "by": office.kim})).unwrap()), Vec::<String>::new());
        assert_eq!(acts(&history(json!({"by": office.mona})).unwrap()), ["edit"]);
        assert_eq!(refusals(history(json!({"field": "nothing"}))), ["field.unknown:field"]);
        // Page by page, each is told once.
        let (mut told, mut cursor) = (Vec::new(), Json::Null);
        loop {
            let page = history(json!({"limit": 1, "cursor": cursor})).unwrap();
            told.extend(acts(&page));
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        told.sort();
        assert_eq!(told, ["create", "edit", "edit", "team", "team"]);
    });
}
