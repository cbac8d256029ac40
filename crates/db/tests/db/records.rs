//! Records go in and come out.

use std::collections::{BTreeMap, BTreeSet};

use db::page::Cursor;
use db::records::{self, Query, Scope, Sort};
use db::search::{self, Words};
use db::{Db, Engine, Error, Read};
use model::{Amount, Base, Id, Instant, Number, Object, Record, Schema, Value};
use sea_query::{Expr, Query as Sql};
use testkit::rand::RngExt;
use testkit::rand::seq::IndexedRandom;
use testkit::{Database, Ids, both};

use crate::objects::{deal, money, object, text};

const ALL: Scope<'static> = Scope::All("the test");

fn full(ids: &Ids) -> Record {
    let mut record = Record::new("deal", ids.next());
    record.set("name", "Ärzte  GmbH");
    record.set("code", format!("C-{}", record.id));
    record.set("notes", "a long story\nof two lines");
    record.set("score", Number::parse("-12.345678").unwrap());
    record.set("amount", money("1054.50", "EUR"));
    record.mains.insert("amount".into(), Amount::parse("1159.95").unwrap());
    record.set("hot", true);
    record.set("close_date", "2026-11-23".parse::<model::Date>().unwrap());
    record.set("seen_at", Instant(1_234_567));
    record.set("stage", "open");
    record.set("tags", Value::Keys(vec!["blue".into(), "red".into()]));
    record.set("parent", ids.next());
    record.set("about", Value::Regarding { object: "account".into(), id: ids.next() });
    record.set("owner", ids.next());
    record.set("lifecycle_status", "normal");
    record
}

fn prepared(db: &Db) -> (Object, Schema) {
    let deal = deal();
    db::ddl::ensure(db, &deal).unwrap();
    (deal.clone(), Schema::new([deal]))
}

fn load(db: &Db, schema: &Schema, object: &Object, id: Id) -> Option<Record> {
    db.read(|tx| records::load(tx, schema, object, &ALL, &[id])).unwrap().pop()
}

#[test]
fn every_kind_of_value_comes_back() {
    both(|database| {
        let (db, ids) = (database.db(), Ids::new());
        let (deal, schema) = prepared(db);
        let (one, blank) = (full(&ids), Record::new("deal", ids.next()));
        db.write::<_, Error>(|tx| records::insert(tx, &deal, &[one.clone(), blank.clone()])).unwrap();
        assert_eq!(load(db, &schema, &deal, one.id), Some(one.clone()));
        assert_eq!(load(db, &schema, &deal, blank.id), Some(blank.clone()));
        assert_eq!(load(db, &schema, &deal, ids.next()), None);
        let names = db.read(|tx| records::names(tx, &schema, &deal, &ALL, &[one.id, blank.id])).unwrap();
        assert_eq!(names.into_iter().collect::<BTreeMap<_, _>>(), [(one.id, "Ärzte  GmbH".to_owned()), (blank.id, String::new())].into());
    });
}

#[test]
fn an_update_stores_what_differs_where_the_version_matches() {
    both(|database| {
        let (db, ids) = (database.db(), Ids::new());
        let (deal, schema) = prepared(db);
        let before = full(&ids);
        db.write::<_, Error>(|tx| records::insert(tx, &deal, std::slice::from_ref(&before))).unwrap();
        let mut after = before.clone();
        (after.version, after.revision) = (2, 2);
        after.set("name", "Other");
        after.set("notes", Value::Null);
        after.set("amount", Value::Null);
        after.mains.clear();
        after.set("tags", Value::Keys(vec!["green".into()]));
        let update = |expected| db.write::<_, Error>(|tx| records::update(tx, &deal, expected, &before, &after)).unwrap();
        assert!(!update(7), "another version");
        assert_eq!(load(db, &schema, &deal, before.id).as_ref(), Some(&before));
        assert!(update(1));
        assert_eq!(load(db, &schema, &deal, before.id).as_ref(), Some(&after));
        assert!(!update(1), "somebody was faster");
        after.set("notes", "again");
        let bare = Record { values: after.values.clone().into_iter().filter(|(key, _)| key != "notes").collect(), ..after.clone() };
        assert!(db.write::<_, Error>(|tx| records::update(tx, &deal, 2, &bare, &after)).unwrap());
        assert_eq!(load(db, &schema, &deal, before.id).unwrap().text("notes"), "again");
        db.write::<_, Error>(|tx| records::delete(tx, &deal, &[before.id])).unwrap();
        assert_eq!(load(db, &schema, &deal, before.id), None);
    });
}

#[test]
fn a_unique_field_is_unique_folded() {
    both(|database| {
        let (db, ids) = (database.db(), Ids::new());
        let (deal, _) = prepared(db);
        let coded = |code: &str| {
            let mut record = Record::new("deal", ids.next());
            record.set("code", code);
            record
        };
        let one = coded("ABC");
        db.write::<_, Error>(|tx| records::insert(tx, &deal, std::slice::from_ref(&one))).unwrap();
        let second = db.write::<_, Error>(|tx| records::insert(tx, &deal, &[coded("ａｂｃ")]));
        assert_eq!(second, Err(Error::Unique { constraint: "r_deal.code_fold".into() }));
        let asked: Vec<Value> = ["aBc", "xyz"].map(Value::from).to_vec();
        assert_eq!(db.read::<_, Error>(|tx| records::find_by(tx, &deal, "code", &asked)), Ok(vec![("aBc".into(), one.id)]));
    });
}

#[test]
fn what_the_product_looks_up_for_itself() {
    both(|database| {
        let (db, ids) = (database.db(), Ids::new());
        let (deal, _) = prepared(db);
        let one = full(&ids);
        db.write::<_, Error>(|tx| {
            records::insert(tx, &deal, std::slice::from_ref(&one))?;
            db::external::insert(tx, &deal, &[(one.id, "crm".into(), "17".into())])
        })
        .unwrap();
        db.read::<_, Error>(|tx| {
            assert_eq!(records::all_with_key(tx, &deal, "tags", "red")?, [one.id]);
            assert!(records::all_with_key(tx, &deal, "tags", "green")?.is_empty());
            assert!(records::holds_any(tx, &deal, "amount")?);
            assert!(records::holds_value(tx, &deal, "stage", &"open".into())?);
            assert!(!records::holds_value(tx, &deal, "stage", &"won".into())?);
            assert_eq!(records::all_references(tx, &deal, "parent")?, [(one.id, one.reference("parent"))]);
            let eur = "EUR".parse().unwrap();
            let amounts = records::amounts_in(tx, &deal, "amount", eur, None, None, 10)?;
            assert_eq!(amounts, [(one.id, Amount(10_545_000), Some(Amount(11_599_500)))]);
            assert!(records::amounts_in(tx, &deal, "amount", eur, None, Some(one.id), 10)?.is_empty());
            assert_eq!(db::external::find(tx, &deal, "crm", &["16".into(), "17".into()])?, [("17".into(), one.id)]);
            assert_eq!(db::external::of(tx, &deal, &[one.id])?, [(one.id, "crm".into(), "17".into())]);
            Ok(())
        })
        .unwrap();
        db.write::<_, Error>(|tx| records::set_mains(tx, &deal, "amount", &[(one.id, Amount(5))])).unwrap();
        let stored = db.read(|tx| records::amounts_in(tx, &deal, "amount", "EUR".parse().unwrap(), None, None, 10)).unwrap();
        assert_eq!(stored[0].2, Some(Amount(5)));
    });
}

#[test]
fn history_is_typed() {
    both(|database| {
        let (db, ids) = (database.db(), Ids::new());
        let one = full(&ids);
        let entry = |revision: i64, changes| db::history::Entry {
            object: "deal".into(),
            record: one.id,
            revision,
            at: Instant(revision),
            by: Id::SYSTEM,
            via: "api".into(),
            act: "edit".into(),
            reason: (revision == 2).then(|| "because".into()),
            origin: Some(7),
            changes,
        };
        let entries = [
            entry(1, model::change::differences(None, &one)),
            entry(2, model::change::differences(Some(&one), &Record::new("deal", one.id))),
            entry(3, Vec::new()),
        ];
        db.write::<_, Error>(|tx| db::history::insert(tx, &entries)).unwrap();
        let list = |before, limit| db.read::<_, Error>(|tx| db::history::list(tx, "deal", one.id, before, limit)).unwrap();
        assert_eq!(list(None, 10), entries.iter().rev().cloned().collect::<Vec<_>>());
        assert_eq!(list(Some(3), 1), [entries[1].clone()]);
    });
}

/// Many records whose values repeat and are often blank.
fn crowd(db: &Db, deal: &Object, n: usize) -> Vec<Record> {
    let ids = Ids::new();
    let mut dice = testkit::random(7);
    let names = ["acme", "Acme", "Ärzte", "深圳 腾讯", "zeta", "ＡＣＭＥ", "100%", "a_b"];
    let mut records: Vec<Record> = (0..n)
        .map(|_| {
            let mut record = Record::new("deal", ids.next());
            if dice.random_bool(0.7) {
                record.set("name", *names.choose(&mut dice).unwrap());
            }
            if dice.random_bool(0.7) {
                record.set("score", Number::whole(dice.random_range(-2..3)));
            }
            if dice.random_bool(0.7) {
                record.set("amount", money(["5", "7.5", "1000"].choose(&mut dice).unwrap(), ["USD", "JPY"].choose(&mut dice).unwrap()));
                record.mains.insert("amount".into(), Amount::parse("5").unwrap());
            }
            if dice.random_bool(0.7) {
                record.set("seen_at", Instant(dice.random_range(0..5)));
            }
            record.set("stage", *["open", "won", "lost"].choose(&mut dice).unwrap());
            if dice.random_bool(0.1) {
                record.set("lifecycle_status", "voided");
            }
            record
        })
        .collect();
    db.write::<_, Error>(|tx| records::insert(tx, deal, &records)).unwrap();
    records.retain(|record| record.text("lifecycle_status") != "voided");
    records
}

fn query(sort: Sort, cursor: Option<Cursor>, limit: u32) -> Query<'static> {
    Query { condition: None, words: None, sort, cursor, limit, bin: records::Bin::Out }
}

#[test]
fn pages_follow_each_other_over_blanks_without_gap_or_repeat() {
    both(|database| {
        let db = database.db();
        let (deal, schema) = prepared(db);
        let crowd = crowd(db, &deal, 120);
        for field in ["name", "score", "amount", "seen_at", "stage", "id"] {
            for descending in [false, true] {
                let sort = Sort { field: field.into(), descending };
                let mut wanted: Vec<&Record> = crowd.iter().collect();
                wanted.sort_by_cached_key(|record| (place(record, field), record.id));
                if descending {
                    wanted.reverse();
                    let (blank, valued): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|record| place(record, field).is_none());
                    wanted = valued.into_iter().chain(blank).collect();
                } else {
                    let (blank, valued): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|record| place(record, field).is_none());
                    wanted = valued.into_iter().chain(blank).collect();
                }
                let mut listed = Vec::new();
                let mut cursor = None;
                loop {
                    let page = db.read(|tx| records::list(tx, &schema, &deal, &ALL, &query(sort.clone(), cursor.clone(), 7))).unwrap();
                    listed.extend(page.records.iter().map(|record| record.id));
                    let Some(next) = page.next else { break };
                    cursor = Some(Cursor::decode(&next.encode(), &sort).unwrap());
                }
                assert_eq!(listed, wanted.iter().map(|record| record.id).collect::<Vec<_>>(), "{field} {descending}");
            }
        }
        assert_eq!(db.read(|tx| records::count(tx, &schema, &deal, &ALL, None, None, records::Bin::Out)).unwrap(), crowd.len() as i64);
    });
}

/// What a record is sorted by.
fn place(record: &Record, field: &str) -> Option<(i64, String)> {
    match record.get(field) {
        _ if field == "id" => Some((0, String::new())),
        Value::Null => None,
        Value::Text(text) if field == "name" => Some((0, model::text::fold(text))),
        Value::Text(text) => Some((0, text.clone())),
        Value::Number(n) => Some((n.0, String::new())),
        Value::Money(_) => record.mains.get(field).map(|main| (main.0, String::new())),
        Value::Instant(at) => Some((at.0, String::new())),
        other => panic!("{other:?}"),
    }
}

#[test]
fn cursors_cannot_be_made_up() {
    both(|database| {
        let db = database.db();
        let (deal, schema) = prepared(db);
        crowd(db, &deal, 20);
        let sort = Sort::descending("score");
        let page = |cursor: Option<Cursor>| db.read(|tx| records::list(tx, &schema, &deal, &ALL, &query(sort.clone(), cursor.clone(), 5)));
        let text = page(None).unwrap().next.unwrap().encode();
        assert!(page(Some(Cursor::decode(&text, &sort).unwrap())).is_ok());
        assert_eq!(Cursor::decode(&text, &Sort::ascending("score")).err(), Some(Error::Cursor));
        assert_eq!(Cursor::decode("", &sort).err(), Some(Error::Cursor));
        assert_eq!(Cursor::decode("zz", &sort).err(), Some(Error::Cursor));
        let forged = format!("{}{}", if text.starts_with('0') { "1" } else { "0" }, &text[1..]);
        let outcome = page(Some(Cursor::decode(&forged, &sort).unwrap()));
        assert_eq!(outcome.err(), Some(Error::Cursor));
    });
}

#[test]
fn the_boards_totals_are_one_statement() {
    both(|database| {
        let db = database.db();
        let (deal, schema) = prepared(db);
        let crowd = crowd(db, &deal, 200);
        let mut wanted: BTreeMap<(String, Option<String>), (i64, i128, i128)> = BTreeMap::new();
        for record in &crowd {
            let money = record.get("amount").as_money();
            let sum = wanted.entry((record.text("stage").into(), money.map(|m| m.currency.code().into()))).or_default();
            sum.0 += 1;
            sum.1 += money.map_or(0, |m| m.amount.0.into());
            sum.2 += record.mains.get("amount").map_or(0, |main| main.0.into());
        }
        let (totals, trips) = db
            .read::<_, Error>(|tx| {
                Ok((records::totals(tx, &schema, &deal, &ALL, None, None, "stage", "amount", &["amount"], None)?, tx.statements()))
            })
            .unwrap();
        assert_eq!(trips, 2);
        let found: BTreeMap<_, _> = totals
            .into_iter()
            .map(|t| ((t.group.as_text().unwrap_or("").to_owned(), t.currency.map(|c| c.code().into())), (t.count, t.sums[0], t.mains[0])))
            .collect();
        assert_eq!(found, wanted);
    });
}

#[test]
fn words_are_found_in_names() {
    both(|database| {
        let (db, ids) = (database.db(), Ids::new());
        let (deal, schema) = prepared(db);
        let named = |name: &str| {
            let mut record = Record::new("deal", ids.next());
            record.set("name", name);
            record
        };
        let all = ["Acme Rockets", "Rocket 100%", "深圳腾讯科技", "crocket"].map(named);
        db.write::<_, Error>(|tx| records::insert(tx, &deal, &all)).unwrap();
        let found = |question: &str| {
            let words = Words::of(question, vec!["name".to_owned()]);
            let query = Query { words: words.as_ref(), ..query(Sort::ascending("id"), None, 10) };
            let page = db.read(|tx| records::list(tx, &schema, &deal, &ALL, &query)).unwrap();
            page.records.iter().map(|record| record.text("name").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("ROCK"), ["Acme Rockets", "Rocket 100%"]);
        assert_eq!(found("rock acme"), ["Acme Rockets"]);
        assert_eq!(found("腾讯"), ["深圳腾讯科技"]);
        assert_eq!(found("100%"), ["Rocket 100%"]);
        assert_eq!(found("%"), Vec::<String>::new());
        assert_eq!(found("  "), ["Acme Rockets", "Rocket 100%", "深圳腾讯科技", "crocket"]);
    });
}

#[test]
fn words_follow_their_record() {
    both(|database| {
        let (db, ids) = (database.db(), Ids::new());
        let (deal, schema) = prepared(db);
        let mut record = Record::new("deal", ids.next());
        record.set("name", "Rail for Bremen");
        db.write::<_, Error>(|tx| records::insert(tx, &deal, std::slice::from_ref(&record))).unwrap();
        let found = |question: &str| {
            let words = Words::of(question, vec!["name".to_owned()]);
            db.read(|tx| records::count(tx, &schema, &deal, &ALL, None, words.as_ref(), records::Bin::Out)).unwrap() == 1
        };
        let agree = |record: &Record| {
            let stored = db.read(|tx| search::stored(tx, &deal, &[record.id])).unwrap();
            assert_eq!(stored, search::due(&deal, std::slice::from_ref(record)));
        };
        assert!(found("bremen rail") && !found("port"));
        agree(&record);
        let mut after = record.clone();
        after.set("name", "Port for Bremen");
        after.version = 2;
        after.revision = 2;
        assert!(db.write::<_, Error>(|tx| records::update(tx, &deal, 1, &record, &after)).unwrap());
        assert!(found("bremen port") && !found("rail"));
        agree(&after);
        // Nothing is known of a hidden field.
        let hidden = Words::of("port", vec!["code".to_owned()]);
        assert_eq!(db.read(|tx| records::count(tx, &schema, &deal, &ALL, None, hidden.as_ref(), records::Bin::Out)).unwrap(), 0);
        db.write::<_, Error>(|tx| search::enter_anew(tx, &deal, std::slice::from_ref(&after))).unwrap();
        agree(&after);
        db.write::<_, Error>(|tx| records::delete(tx, &deal, &[after.id])).unwrap();
        assert!(!found("port"));
        assert!(db.read(|tx| search::stored(tx, &deal, &[after.id])).unwrap().is_empty());
    });
}

#[test]
fn a_field_is_added_while_the_table_is_in_use() {
    both(|database| {
        let (db, other, ids) = (database.db(), database.again(), Ids::new());
        let (deal, schema) = prepared(db);
        let one = full(&ids);
        other.write::<_, Error>(|tx| records::insert(tx, &deal, std::slice::from_ref(&one))).unwrap();
        assert!(load(&other, &schema, &deal, one.id).is_some());
        let mut wider = deal.clone();
        wider.fields.push(text("x_extra").unique());
        db::ddl::ensure(db, &wider).unwrap();
        db::ddl::ensure(db, &wider).unwrap();
        let mut with = one.clone();
        with.set("x_extra", "here");
        with.revision = 2;
        assert!(db.write::<_, Error>(|tx| records::update(tx, &wider, 1, &one, &with)).unwrap());
        assert_eq!(load(db, &Schema::new([wider.clone()]), &wider, one.id).as_ref(), Some(&with));
        // A server that has not heard of it yet goes on with its prepared statements.
        assert_eq!(load(&other, &schema, &deal, one.id).unwrap().text("name"), one.text("name"));
        assert!(other.write::<_, Error>(|tx| records::update(tx, &deal, 1, &one, &Record { revision: 3, ..one.clone() })).unwrap());
    });
}

#[test]
fn a_program_older_than_its_database_refuses_it() {
    let database = Database::postgres();
    database.behind_its_back("INSERT INTO schema_migration (number, name, checksum, at) VALUES (9999, 'later', '', 0)");
    assert!(matches!(database.db().migrate(), Err(Error::Newer { found: 9999, .. })));
}

/// The statements asked most often, on tables large enough for the planner to care.
#[test]
fn hot_queries_use_their_indexes() {
    both(|database| {
        let db = database.db();
        let ids = Ids::new();
        let mut deal = deal();
        deal.indexes = vec![vec!["stage".into(), "seen_at".into()]];
        deal.key = "hot".into();
        let mut public = object("pub", Base::PublicRead, vec![text("name").fast()]);
        public.rank = 1;
        for made in [&deal, &public] {
            db::ddl::ensure(db, made).unwrap();
        }
        let schema = Schema::new([deal.clone(), public.clone()]);
        let mut dice = testkit::random(1);
        let people: Vec<Id> = (0..200).map(|_| ids.next()).collect();
        let records: Vec<Record> = (0..20_000)
            .map(|n: i64| {
                let mut record = Record::new("hot", ids.next());
                record.set("name", format!("deal {n}"));
                record.set("score", Number::whole(n % 5000));
                record.set("seen_at", Instant(n));
                record.set("stage", *["open", "won", "lost"].choose(&mut dice).unwrap());
                record.set("owner", *people.choose(&mut dice).unwrap());
                record
            })
            .collect();
        db.write::<_, Error>(|tx| records::insert(tx, &deal, &records)).unwrap();
        db.analyse().unwrap();
        let open = model::condition::Resolved::Test(model::condition::Test {
            hops: Vec::new(),
            field: "stage".into(),
            kind: model::field::Kind::Key,
            folded: false,
            check: model::condition::Check::Equal("open".into()),
        });
        let plan = |query: &Query<'_>| db.read(|tx| records::plan(tx, &schema, &deal, &ALL, query)).unwrap();
        let sorted = plan(&query(Sort::descending("score"), None, 50));
        assert_indexed(&sorted, "i_hot_score_id");
        let column = plan(&Query { condition: Some(&open), ..query(Sort::descending("seen_at"), None, 50) });
        assert_indexed(&column, "i_hot_stage_seen_at_id");
        let first = db.read(|tx| records::list(tx, &schema, &deal, &ALL, &query(Sort::descending("score"), None, 50))).unwrap();
        let further = plan(&query(Sort::descending("score"), first.next, 50));
        assert_indexed(&further, "i_hot_score_id");
        let grants = db.read(|tx| explain(tx, &people[..1])).unwrap();
        assert!(!grants.contains("SCAN grant_to\n") && !grants.contains("Seq Scan on grant_to"), "{grants}");
    });
}

fn assert_indexed(plan: &str, index: &str) {
    assert!(plan.contains(index), "{plan}");
    for bad in ["Seq Scan", "SCAN t\n", "ANY(", "TEMP B-TREE", "Sort Key"] {
        assert!(!plan.contains(bad), "{bad} in\n{plan}");
    }
}

/// How grants to people are looked for. An empty table is scanned whatever its indexes are, so only SQLite's word counts.
fn explain(tx: &mut Read, people: &[Id]) -> Result<String, Error> {
    if tx.engine() == Engine::Postgres {
        return Ok(String::new());
    }
    let select = Sql::select()
        .column("record")
        .from("grant_to")
        .and_where(sea_query::ExprTrait::eq(Expr::col("object"), "hot"))
        .and_where(sea_query::ExprTrait::is_in(Expr::col("principal"), people.iter().map(|id| id.0)))
        .to_owned();
    tx.plan(&select)
}

#[test]
fn a_thousand_rows_go_in_together() {
    both(|database| {
        let (db, ids) = (database.db(), Ids::new());
        let (deal, schema) = prepared(db);
        let records: Vec<Record> = (0..2500).map(|_| full(&ids)).collect();
        let trips = db
            .write::<_, Error>(|tx| {
                records::insert(tx, &deal, &records)?;
                Ok(tx.statements())
            })
            .unwrap();
        // Rows, long texts and words of each thousand.
        assert!(trips <= 10, "{trips}");
        let all: Vec<Id> = records.iter().map(|record| record.id).collect();
        let loaded = db.read(|tx| records::load(tx, &schema, &deal, &ALL, &all)).unwrap();
        assert_eq!(loaded.iter().map(|record| record.id).collect::<BTreeSet<_>>(), all.into_iter().collect());
        assert!(loaded.iter().all(|record| record.text("notes").starts_with("a long")));
    });
}
