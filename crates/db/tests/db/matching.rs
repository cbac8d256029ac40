//! Records that may be alike are found.

use db::followed::Followed;
use db::matching::{Ask, By, candidates};
use db::{Error, records};
use model::{Id, Instant, Record, Value};
use testkit::{Ids, both};

use crate::objects::deal;

#[test]
fn what_may_be_alike_is_found_by_a_value_and_a_range_for_each_question() {
    both(|database| {
        let (db, ids) = (database.db(), Ids::new());
        let deal = deal();
        db::ddl::ensure(db, &deal).unwrap();
        let (north, south) = (ids.next(), ids.next());
        let seen = |parent: Option<Id>, name: &str, at: i64| {
            let mut record = Record::new("deal", ids.next());
            record.set("name", name);
            record.set("parent", parent.map_or(Value::Null, Value::Ref));
            record.set("seen_at", Instant(at));
            record
        };
        let (early, late) = (seen(Some(north), "One", 10), seen(Some(north), "Ｔｗｏ", 30));
        let (other, free) = (seen(Some(south), "two", 20), seen(None, "Two", 20));
        let all = [late.clone(), early.clone(), other.clone(), free.clone()];
        db.write::<_, Error>(|tx| records::insert(tx, &deal, &all)).unwrap();
        let field = |key: &str| deal.field(key).unwrap();
        let found = |key: &str, asked: &[(Value, i64, i64)]| {
            let ask = |(value, from, to): &(Value, i64, i64)| Ask {
                object: &deal,
                field: field(key),
                by: By::Value(value.clone()),
                like: None,
                between: Some((field("seen_at"), Instant(*from), Instant(*to))),
            };
            let asks: Vec<Ask<'_>> = asked.iter().map(ask).collect();
            db.read::<_, Error>(|tx| candidates(tx, &Followed::default(), &asks, None)).unwrap()
        };
        let (north, south) = (Value::Ref(north), Value::Ref(south));
        let of_parents = [(north.clone(), 10, 30), (north.clone(), 11, 30), (south, 20, 20), (north, 11, 29)];
        assert_eq!(found("parent", &of_parents), [vec![late.id, early.id], vec![late.id], vec![other.id], vec![]]);
        // Texts as they are compared, the later first, and of the same instant what was entered later.
        assert_eq!(found("name", &[("TWO".into(), 0, 99), ("one".into(), 11, 99)]), [vec![late.id, free.id, other.id], vec![]]);
        // What is blank is found by its being blank alone.
        assert_eq!(found("parent", &[(Value::Null, 90, 99)]), [vec![free.id]]);
    });
}
