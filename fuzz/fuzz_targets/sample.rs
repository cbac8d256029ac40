//! Records with every preset field of the objects around an opportunity, filled from a number.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::date;
use model::condition::World;
use model::field::Kind;
use model::{Amount, Id, Instant, Money, Number, Record, Schema, Value};

/// The last instant that can be written out, in microseconds.
const LAST: i64 = 253_402_207_199_999_999;

/// The seed says what one field holds: nothing, something, or the largest thing.
pub fn records(schema: &Schema, seed: u64) -> (Record, World) {
    let mut state = seed | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut world = World::default();
    let mut root = Record::new("opportunity", id(0));
    for object in ["opportunity", "account", "employee", "department", "contact", "product", "competitor"] {
        let Some(object) = schema.object(object) else { continue };
        let mut record = Record::new(&object.key, id(0));
        let mut mains = BTreeMap::new();
        for field in &object.fields {
            let n = next();
            let value = match field.kind.kind() {
                _ if n % 4 == 0 => Value::Null,
                Kind::Text | Kind::LongText => Value::from(["Acme", "", "Ünïcode 商机", "x"][(n >> 8) as usize % 4]),
                Kind::Key => Value::from(["won", "proposal", "a"][(n >> 8) as usize % 3]),
                Kind::Keys => Value::Keys(vec!["administrator".into(), "salesperson".into()]),
                Kind::Number => Value::Number(Number(number(n))),
                Kind::Money => {
                    let amount = Amount(number(n));
                    if n % 3 != 0 {
                        mains.insert(field.key.clone(), Amount(number(n.rotate_left(7))));
                    }
                    let currency = ["USD", "EUR", "JPY", "KWD"][(n >> 16) as usize % 4].parse().unwrap();
                    Value::Money(Money { amount, currency })
                }
                Kind::Bool => Value::Bool(n % 3 == 0),
                Kind::Date => {
                    let day = date(2026, 1, 1).checked_add(Span::new().days((n >> 8) as i64 % 40_000));
                    Value::Date(if n % 5 == 0 { date(9999, 12, 31) } else { day.unwrap() })
                }
                Kind::Instant => Value::Instant(Instant(if n % 5 == 0 { LAST } else { (n >> 16) as i64 })),
                Kind::Ref => Value::Ref(id(0)),
                _ => Value::Null,
            };
            record.set(&field.key, value);
        }
        record.mains = mains;
        if object.key == "opportunity" {
            root = record.clone();
        }
        world.add(record);
    }
    (root, world)
}

fn number(n: u64) -> i64 {
    match n % 7 {
        1 => 0,
        2 => i64::MAX,
        3 => i64::MIN,
        4 => 1,
        _ => (n >> 20) as i64,
    }
}

fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}
