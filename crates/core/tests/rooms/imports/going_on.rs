//! Imports that were broken off, and people who may import less than everything.

use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};
use stagecraft_core::imports::{Options, run};
use stagecraft_core::records::{Create, create};
use stagecraft_core::{Credential, Error, House, Limits};
use testkit::both;

use super::{SYSTEM, count, house, import, records};

#[test]
fn an_import_that_was_broken_off_goes_on_where_it_stopped() {
    both(|database| {
        let house = house(database);
        let file = (0..400).fold("name,employees\n".to_owned(), |text, n| text + format!("Account {n},{n}\n").as_str());
        let accounts = || json!({"object": "account"});
        let first = import(&house, accounts(), file.as_bytes()).unwrap();
        assert_eq!(count(&first, "created"), 400);
        // As if the server had been killed after 150 rows, some minutes ago.
        let id: model::Id = first["id"].as_str().unwrap().parse().unwrap();
        house
            .write(&SYSTEM, Limits::default(), model::Via::System, |_, tx| {
                let row = tx.one(Query::select().column("doc").from("import_job").and_where(Expr::col("id").eq(id.0)))?;
                let mut doc: Json = serde_json::from_str(&row.get::<String>("doc")?).unwrap();
                (doc["state"], doc["done"], doc["moved_at"], doc["counts"]["created"]) =
                    (json!("running"), json!(150), json!(0), json!(150));
                tx.execute(
                    Query::update()
                        .table("import_job")
                        .value("doc", doc.to_string())
                        .value("state", "running")
                        .and_where(Expr::col("id").eq(id.0)),
                )?;
                Ok(())
            })
            .unwrap();
        let second = import(&house, accounts(), file.as_bytes()).unwrap();
        assert_eq!((&second["id"], &second["state"], count(&second, "done")), (&first["id"], &json!("done"), 400));
        assert_eq!((count(&second, "created"), count(&second, "unchanged")), (150, 250), "the first 150 rows are not looked at again");
        let third = import(&house, accounts(), file.as_bytes()).unwrap();
        assert_ne!(third["id"], first["id"]);
        assert_eq!((count(&third, "unchanged"), records(&house, "account").len()), (400, 400));
    });
}

/// Somebody with a role.
fn person(house: &House, name: &str, role: &str) -> Credential {
    let fields = json!({"name": name, "email": format!("{name}@own.example"), "roles": [role]});
    let wanted = Create { fields: fields.as_object().unwrap().clone(), external_ids: Vec::new(), dry_run: false };
    let answer = house.write(&SYSTEM, Limits::default(), model::Via::System, |cx, tx| create(cx, tx, "employee", &wanted)).unwrap();
    Credential::Person(answer["record"]["id"].as_str().unwrap().parse().unwrap())
}

#[test]
fn one_imports_within_ones_rights() {
    both(|database| {
        let house = house(database);
        let [lee, mona, ada] =
            [("lee", "salesperson"), ("mona", "sales_manager"), ("ada", "administrator")].map(|(name, role)| person(&house, name, role));
        let go = |who: &Credential, options: Json, text: &str| {
            let options: Options = serde_json::from_value(options).unwrap();
            run(&house, who, Limits::default(), &options, "test.csv", text.as_bytes())
        };
        let deals =
            || json!({"object": "opportunity", "keys": {"external_source": "old", "external_column": "id"}, "mapping": {"id": null}});
        assert!(matches!(go(&lee, deals(), "id,name\n1,Deal\n"), Err(Error::Forbidden { .. })));
        let past = || json!({"object": "opportunity", "history": true});
        assert!(matches!(go(&mona, past(), "name,created_at\nDeal,2025-01-01\n"), Err(Error::Forbidden { .. })));

        let answer = go(&mona, deals(), "id,name,owner\n1,For lee,lee\n2,For me,\n").unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "problem_count")), (2, 0), "{answer}");
        let answer = go(&mona, deals(), "id,name,owner\n1,For lee,mona\n2,For me,\n").unwrap();
        assert_eq!(count(&answer, "failed"), 1, "what one does not see, one does not change: {answer}");
        let answer = go(&ada, deals(), "id,name,owner\n1,For lee,mona\n2,For me,\n").unwrap();
        assert_eq!((count(&answer, "updated"), count(&answer, "unchanged")), (1, 1), "a change of owner is an act of its own: {answer}");

        let answer = go(&ada, past(), "name,created_at,stage,closed_at,amount\nDeal,2025-01-01,Won,2025-02-01,1000\n").unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "problem_count"), count(&answer, "notices")), (1, 0, 0), "{answer}");
        let deal = records(&house, "opportunity").into_iter().find(|deal| deal["fields"]["name"] == "Deal").unwrap();
        assert_eq!(deal["fields"]["closed_at"], "2025-02-01T00:00:00.000000Z");
    });
}
