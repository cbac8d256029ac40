//! The two readers of a condition choose the same records: in memory, on SQLite and on PostgreSQL, for schemas, records and conditions
//! thrown by dice. `PROPERTY_CASES=500` throws more; a failure names its seed.

use std::collections::{BTreeMap, BTreeSet};

use db::records::{self, Query, Scope, Sort, Viewer};
use db::{Db, Error};
use model::condition::{Condition, Op, Reading, Resolved, World};
use model::field::{FieldType, Kind};
use model::money::Rates;
use model::time::Calendar;
use model::{Amount, Base, Currency, Date, Field, Id, Instant, Money, Number, Object, Record, Schema, Value};
use serde_json::{Value as Json, json};
use testkit::rand::RngExt;
use testkit::rand::rngs::StdRng;
use testkit::rand::seq::IndexedRandom;
use testkit::{Database, Ids, both};

use crate::objects::{field, object, options, owner, reference, select, status, text};

/// 2026-02-10 in UTC.
const NOW: Instant = Instant(1_770_710_400_000_000);
const TEXTS: [&str; 14] =
    ["acme", "Acme", "ACME  gmbh", "ＡＣＭＥ", "Ärzte", "straße", "深圳 腾讯", "腾讯", "100%", "a_b", "a\\b", "İstanbul", "𝒳𝒴", "\u{FFFF}"];
const OPTIONS: [&str; 4] = ["red", "green", "a_b", "a"];
const NUMBERS: [&str; 6] = ["0", "-1", "1.5", "1000000", "0.000001", "-0.5"];
const AMOUNTS: [&str; 5] = ["0", "10", "-10", "1000", "5.5"];
const CURRENCIES: [&str; 3] = ["USD", "JPY", "EUR"];
const DAYS: [&str; 6] = ["2026-02-10", "2026-02-09", "2025-12-31", "2026-02-28", "2024-02-29", "2026-03-01"];

fn pick<'a, T>(dice: &mut StdRng, from: &'a [T]) -> &'a T {
    from.choose(dice).expect("something to pick")
}

// ---- Schemas ----

fn thrown_type(dice: &mut StdRng, keys: &[String]) -> FieldType {
    let object = pick(dice, keys).clone();
    match dice.random_range(0..14) {
        0 => FieldType::Number { scale: 6, min: None, max: None },
        1 => FieldType::Percent { scale: 2 },
        2 => FieldType::Currency,
        3 => FieldType::Boolean,
        4 => FieldType::Date,
        5 => FieldType::Datetime,
        6 => FieldType::Select { options: options(&OPTIONS) },
        7 => FieldType::MultiSelect { options: options(&OPTIONS) },
        8 => FieldType::LongText,
        9 => FieldType::Regarding,
        10 => FieldType::Email,
        12 => FieldType::References { object },
        11 => FieldType::Text { max_length: 255, pattern: None },
        _ => FieldType::Reference { object },
    }
}

fn thrown_schema(dice: &mut StdRng, world: u64) -> Vec<Object> {
    let keys: Vec<String> = (0..3).map(|n| format!("w{world}_o{n}")).collect();
    keys.iter()
        .enumerate()
        .map(|(n, key)| {
            let mut fields = vec![text("name"), reference("up", pick::<String>(dice, &keys)), reference("side", &keys[(n + 1) % 3])];
            for at in 0..dice.random_range(4..9) {
                fields.push(field(&format!("f{at}"), thrown_type(dice, &keys)));
            }
            if dice.random_bool(0.7) {
                fields.push(owner());
            }
            if dice.random_bool(0.5) {
                fields.push(status());
            }
            fields.push(field("manager", FieldType::Employee));
            fields.push(select("only", &["a"]));
            let base = match dice.random_range(0..4) {
                0 => Base::PublicRead,
                1 => Base::ByParent("up".into()),
                _ => Base::Private,
            };
            object(key, base, fields)
        })
        .chain([people()])
        .collect()
}

fn people() -> Object {
    object(
        "employee",
        Base::PublicRead,
        vec![text("name"), field("manager", FieldType::Employee), field("department", FieldType::Department)],
    )
}

fn departments() -> Object {
    let fields = vec![
        field("parent", FieldType::Department),
        field("head", FieldType::Employee),
        field("assistants", FieldType::References { object: "employee".into() }),
        field("lifecycle_status", FieldType::Text { max_length: 20, pattern: None }),
    ];
    object("department", Base::PublicRead, fields)
}

// ---- Records ----

/// What the dice may refer to: ids by object.
type Pool = BTreeMap<String, Vec<Id>>;

fn thrown_value(dice: &mut StdRng, field: &Field, pool: &Pool) -> Value {
    if dice.random_bool(0.3) {
        return Value::Null;
    }
    let of = |dice: &mut StdRng, object: &str| Value::from(pool.get(object).and_then(|ids| ids.choose(dice)).copied().map(Value::Ref));
    match field.kind.kind() {
        Kind::Text | Kind::LongText => Value::from(*pick(dice, &TEXTS)),
        Kind::Key => Value::from(pick(dice, field.kind.options().unwrap()).key.clone()),
        Kind::Keys if field.kind.listed().is_some() => {
            let ids = &pool[field.kind.listed().unwrap()];
            let mut keys: Vec<String> = (0..dice.random_range(1..4)).map(|_| pick(dice, ids).to_string()).collect();
            keys.sort();
            keys.dedup();
            Value::Keys(keys)
        }
        Kind::Keys => {
            let mut keys: Vec<String> = (0..dice.random_range(1..3)).map(|_| (*pick(dice, &OPTIONS)).to_owned()).collect();
            keys.sort();
            keys.dedup();
            Value::Keys(keys)
        }
        Kind::Number => Value::Number(Number::parse(pick::<&str>(dice, &NUMBERS)).unwrap()),
        Kind::Money => Value::Money(Money {
            amount: Amount::parse(pick::<&str>(dice, &AMOUNTS)).unwrap(),
            currency: pick::<&str>(dice, &CURRENCIES).parse().unwrap(),
        }),
        Kind::Bool => Value::Bool(dice.random_bool(0.5)),
        Kind::Date => Value::Date(pick::<&str>(dice, &DAYS).parse().unwrap()),
        Kind::Instant => {
            let day: Date = pick::<&str>(dice, &DAYS).parse().unwrap();
            let at = Instant::start_of(day, &calendar().zone).0;
            Value::Instant(Instant(at + *pick(dice, &[0, -1, 1, 3_600_000_000])))
        }
        Kind::Ref => match field.kind.target() {
            Some(object) => of(dice, object),
            None => Value::Null,
        },
        Kind::Regarding => {
            let object = pick(dice, &pool.keys().cloned().collect::<Vec<_>>()).clone();
            match of(dice, &object) {
                Value::Ref(id) => Value::Regarding { object, id },
                _ => Value::Null,
            }
        }
    }
}

fn calendar() -> Calendar {
    model::organisation::Organisation { time_zone: "Asia/Shanghai".into(), ..Default::default() }.calendar()
}

fn rates() -> Rates {
    let mut rates = Rates::new(Currency::USD);
    let from: Date = "2026-01-01".parse().unwrap();
    rates.set("EUR".parse().unwrap(), from, Number::parse("1.1").unwrap());
    rates.set("JPY".parse().unwrap(), from, Number::parse("0.0066").unwrap());
    rates
}

fn thrown_records(dice: &mut StdRng, objects: &[Object], ids: &Ids) -> Vec<Record> {
    let pool: Pool = objects.iter().map(|object| (object.key.clone(), (0..20).map(|_| ids.next()).collect())).collect();
    let today = NOW.date_in(&calendar().zone);
    let mut records = Vec::new();
    for object in objects {
        for id in &pool[&object.key] {
            let mut record = Record::new(&object.key, *id);
            for field in &object.fields {
                let value = thrown_value(dice, field, &pool);
                // A currency without a rate has no place in the main one.
                if let Value::Money(money) = &value
                    && dice.random_bool(0.9)
                    && let Some(main) = rates().to_main(*money, today)
                {
                    record.mains.insert(field.key.clone(), main);
                }
                record.set(&field.key, value);
            }
            records.push(record);
        }
    }
    records
}

// ---- Conditions ----

struct Thrower<'a> {
    dice: &'a mut StdRng,
    schema: &'a Schema,
    pool: &'a Pool,
}

impl Thrower<'_> {
    fn condition(&mut self, object: &Object, depth: u32, exists: bool) -> Json {
        let list = |thrower: &mut Self| {
            (0..thrower.dice.random_range(0..4)).map(|_| thrower.condition(object, depth - 1, exists)).collect::<Vec<Json>>()
        };
        match self.dice.random_range(0..10) {
            0 | 1 if depth > 0 => json!({"all": list(self)}),
            2 | 3 if depth > 0 => json!({"any": list(self)}),
            4 | 5 if depth > 0 => json!({"not": self.condition(object, depth - 1, exists)}),
            6 if exists => self.exists(object, depth),
            _ => self.row(object),
        }
    }

    fn exists(&mut self, object: &Object, depth: u32) -> Json {
        let schema = self.schema;
        let referring: Vec<(&Object, &Field)> =
            schema.referring_to(&object.key).filter(|(_, field)| !field.system).map(|(other, field)| (other.as_ref(), field)).collect();
        let Some((child, via)) = referring.choose(self.dice).copied() else { return self.row(object) };
        let mut exists = json!({"object": child.key, "via": via.key});
        if self.dice.random_bool(0.8) {
            exists["where"] = self.condition(child, depth.min(1), false);
        }
        if self.dice.random_bool(0.4) {
            exists["at_least"] = json!(self.dice.random_range(1..4));
        }
        json!({"exists": exists})
    }

    fn row(&mut self, object: &Object) -> Json {
        let schema = self.schema;
        let mut at: &Object = object;
        let mut path = String::new();
        for _ in 0..self.dice.random_range(0..4) {
            let hops: Vec<(&Field, &Object)> =
                at.fields.iter().filter_map(|field| Some((field, schema.object(field.kind.target()?)?.as_ref()))).collect();
            if self.dice.random_bool(0.5) {
                break;
            }
            let Some((field, target)) = hops.choose(self.dice).copied() else { break };
            path.push_str(&field.key);
            path.push('.');
            at = target;
        }
        if self.dice.random_bool(0.05) {
            let ids: Vec<String> = self.pool[&at.key].iter().take(3).map(Id::to_string).collect();
            return json!({"field": format!("{path}id"), "op": "in", "value": ids});
        }
        let field = pick(self.dice, &at.fields).clone();
        let op = *pick(self.dice, ops(field.kind.kind()));
        let one = |thrower: &mut Self| thrower.constant(&field);
        let value = match op {
            Op::IsEmpty | Op::IsNotEmpty => Json::Null,
            Op::Between => json!([one(self), one(self)]),
            Op::In | Op::NotIn => (0..self.dice.random_range(0..4)).map(|_| one(self)).collect(),
            Op::Within => match self.dice.random_range(0..6) {
                0 => json!({"name": "last_n_days", "n": 45}),
                1 => json!({"name": "next_n_days", "n": 20}),
                n => json!(["today", "yesterday", "this_month", "this_quarter"][n as usize - 2]),
            },
            _ => one(self),
        };
        json!({"field": format!("{path}{}", field.key), "op": op.key(), "value": value})
    }

    /// A constant for a field; parts of texts too.
    fn constant(&mut self, field: &Field) -> Json {
        loop {
            return match thrown_value(self.dice, field, self.pool) {
                Value::Null if field.kind.kind() == Kind::Ref || field.kind.kind() == Kind::Regarding => json!(Id::SYSTEM.to_string()),
                Value::Null => continue,
                Value::Regarding { id, .. } => json!(id.to_string()),
                Value::Text(text) if field.kind.kind() != Kind::Key && self.dice.random_bool(0.5) => {
                    let chars: Vec<char> = text.chars().collect();
                    let from = self.dice.random_range(0..chars.len());
                    let to = self.dice.random_range(from + 1..=chars.len());
                    json!(chars[from..to].iter().collect::<String>())
                }
                // A day stands for the whole of it where an instant is asked for.
                Value::Instant(at) if self.dice.random_bool(0.5) => json!(at.date_in(&calendar().zone).to_string()),
                value => model::field::show(&value),
            };
        }
    }
}

fn ops(kind: Kind) -> &'static [Op] {
    use Op::{Between, Contains, EndsWith, Eq, Ge, Gt, In, IsEmpty, IsNotEmpty, Le, Lt, Ne, NotContains, NotIn, StartsWith, Within};
    match kind {
        Kind::Text => &[Eq, Ne, Lt, Le, Gt, Ge, Between, In, NotIn, Contains, NotContains, StartsWith, EndsWith, IsEmpty, IsNotEmpty],
        Kind::LongText => &[Contains, NotContains, IsEmpty, IsNotEmpty],
        Kind::Key | Kind::Ref | Kind::Regarding => &[Eq, Ne, In, NotIn, IsEmpty, IsNotEmpty],
        Kind::Keys => &[Contains, NotContains, In, NotIn, IsEmpty, IsNotEmpty],
        Kind::Number | Kind::Money => &[Eq, Ne, Lt, Le, Gt, Ge, Between, In, NotIn, IsEmpty, IsNotEmpty],
        Kind::Bool => &[Eq, Ne, IsEmpty, IsNotEmpty],
        Kind::Date | Kind::Instant => &[Eq, Ne, Lt, Le, Gt, Ge, Between, Within, IsEmpty, IsNotEmpty],
    }
}

// ---- The readers ----

/// All that a caller may see, as the reader in memory wants it.
fn world(db: &Db, schema: &Schema, scope: &Scope<'_>, pool: &Pool) -> (BTreeMap<String, Vec<Record>>, World) {
    let mut seen = BTreeMap::new();
    let mut world = World::default();
    for object in schema.objects() {
        let records = db.read(|tx| records::load(tx, schema, object, scope, &pool[&object.key])).unwrap();
        records.iter().cloned().for_each(|record| world.add(record));
        for field in object.fields.iter().filter(|field| field.kind.target().is_some()) {
            let mut by_target: BTreeMap<Id, Vec<Record>> = BTreeMap::new();
            for record in records.iter().filter(|record| record.text("lifecycle_status") != "voided") {
                if let Some(id) = record.reference(&field.key) {
                    by_target.entry(id).or_default().push(record.clone());
                }
            }
            by_target.into_iter().for_each(|(id, children)| world.add_referring(&object.key, &field.key, id, children));
        }
        seen.insert(object.key.clone(), records);
    }
    (seen, world)
}

fn chosen(db: &Db, schema: &Schema, object: &Object, scope: &Scope<'_>, condition: &Resolved) -> BTreeSet<Id> {
    let query =
        Query { condition: Some(condition), words: None, sort: Sort::descending("name"), cursor: None, limit: 200, bin: records::Bin::Out };
    db.read::<_, Error>(|tx| {
        let page = records::list(tx, schema, object, scope, &query)?;
        assert_eq!(records::count(tx, schema, object, scope, Some(condition), None, records::Bin::Out)?, page.records.len() as i64);
        let listed: BTreeSet<Id> = page.records.into_iter().map(|record| record.id).collect();
        let all = records::all_ids(tx, schema, object, scope, Some(condition), None, records::Bin::Out)?;
        assert_eq!(all.len(), listed.len(), "none twice");
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), listed);
        Ok(listed)
    })
    .unwrap()
}

/// One world with its conditions on one database; which records each condition chose.
fn play(database: &Database, seed: u64) -> Vec<BTreeSet<Id>> {
    let mut dice = testkit::random(seed);
    let dice = &mut dice;
    let db = database.db();
    let mut objects = thrown_schema(dice, seed);
    objects.push(departments());
    for object in &objects {
        db::ddl::ensure(db, object).unwrap();
    }
    let schema = Schema::new(objects.clone());
    let records = thrown_records(dice, &objects, &Ids::new());
    let mut pool = Pool::new();
    records.iter().for_each(|record| pool.entry(record.object.clone()).or_default().push(record.id));
    let mut grants = Vec::new();
    for record in &records {
        if dice.random_bool(0.1) {
            grants.push((record.id, *pick(dice, &pool["employee"])));
        }
    }
    db.write::<_, Error>(|tx| {
        for object in &objects {
            let own: Vec<Record> = records.iter().filter(|record| record.object == object.key).cloned().collect();
            records::insert(tx, object, &own)?;
            for (record, person) in grants.iter().filter(|(id, _)| own.iter().any(|record| record.id == *id)) {
                db::access::set_grants(tx, object, *record, "team", &[(*person, "read")])?;
            }
        }
        db::access::rebuild_sees(tx)
    })
    .unwrap();
    let person = *pick(dice, &pool["employee"]);
    let viewer = Viewer {
        id: person,
        principals: vec![person],
        sees_all: false,
        people: dice.random_range(0..2) * 1_000,
        veils: Default::default(),
    };
    let (calendar, rates, departments) = (calendar(), rates(), BTreeMap::new());
    let reading = Reading {
        schema: &schema,
        me: Some(person),
        my_department: None,
        subordinates: &[],
        departments: &departments,
        now: NOW,
        calendar: &calendar,
        rates: &rates,
    };
    let mut choices = Vec::new();
    for scope in [Scope::All("the test"), Scope::Of(&viewer)] {
        let (seen, world) = world(db, &schema, &scope, &pool);
        for _ in 0..60 {
            let object = pick(dice, &objects[..3]).clone();
            let mut json = Thrower { dice, schema: &schema, pool: &pool }.condition(&object, 3, true);
            // Of one's own records nothing is asked about whether they may be seen.
            if object.field("owner").is_some() && dice.random_bool(0.2) {
                let own = if dice.random() {
                    json!({"field": "owner", "op": "is_me"})
                } else {
                    json!({"field": "owner", "op": "in", "value": [person]})
                };
                json = json!({"all": [own, json]});
            }
            let condition = Condition::from_json(&json).unwrap_or_else(|e| panic!("{json}: {e:?}"));
            // Some constants do not fit, as a text that is nothing once folded.
            let Ok(resolved) = condition.resolve(&object.key, &reading) else { continue };
            let kept = seen[&object.key].iter().filter(|record| record.text("lifecycle_status") != "voided");
            let in_memory: BTreeSet<Id> = kept.filter(|record| resolved.holds(record, &world)).map(|record| record.id).collect();
            let in_database = chosen(db, &schema, &object, &scope, &resolved);
            assert_eq!(in_database, in_memory, "seed {seed}, {:?}, {}, {scope:?}: {json}", database.engine(), object.key);
            choices.push(in_database);
        }
    }
    choices
}

#[test]
fn memory_sqlite_and_postgresql_choose_the_same_records() {
    let first: u64 = std::env::var("PROPERTY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut telling = 0;
    let mut all = 0;
    for seed in first..first + u64::from(testkit::cases(3)) {
        let (sqlite, postgres) = (Database::sqlite(), Database::postgres());
        let choices = play(&sqlite, seed);
        assert_eq!(choices, play(&postgres, seed), "seed {seed}");
        all += choices.len();
        telling += choices.iter().filter(|chosen| (1..18).contains(&chosen.len())).count();
    }
    // Conditions which choose none or all prove little.
    assert!(telling * 4 > all, "only {telling} of {all} conditions choose some records and not others");
}

#[test]
fn long_lists_of_values_choose_the_same() {
    both(|database| {
        let db = database.db();
        let object = object(
            "many",
            Base::PublicRead,
            vec![text("name"), field("n", FieldType::Number { scale: 0, min: None, max: None }), reference("up", "many")],
        );
        db::ddl::ensure(db, &object).unwrap();
        let schema = Schema::new([object.clone()]);
        let ids = Ids::new();
        let records: Vec<Record> = (0..300)
            .map(|n: i64| {
                let mut record = Record::new("many", ids.next());
                record.set("name", format!("N \"{n}\", {n}"));
                record.set("n", Number::whole(n));
                record.set("up", record.id);
                record
            })
            .collect();
        db.write::<_, Error>(|tx| records::insert(tx, &object, &records)).unwrap();
        let (calendar, rates, departments) = (calendar(), rates(), BTreeMap::new());
        let reading = Reading {
            schema: &schema,
            me: None,
            my_department: None,
            subordinates: &[],
            departments: &departments,
            now: NOW,
            calendar: &calendar,
            rates: &rates,
        };
        let wanted: BTreeSet<Id> = records[100..250].iter().map(|record| record.id).collect();
        let some = &records[100..250];
        for value in [
            json!({"field": "name", "op": "in", "value": some.iter().map(|r| r.text("name")).collect::<Vec<_>>()}),
            json!({"field": "n", "op": "in", "value": (100..250).collect::<Vec<i64>>()}),
            json!({"field": "id", "op": "in", "value": some.iter().map(|r| r.id.to_string()).collect::<Vec<_>>()}),
            json!({"field": "up.up.n", "op": "in", "value": (100..250).collect::<Vec<i64>>()}),
        ] {
            let resolved = Condition::from_json(&value).unwrap().resolve("many", &reading).unwrap();
            assert_eq!(chosen(db, &schema, &object, &Scope::All("the test"), &resolved), wanted, "{value}");
            let not = Resolved::Not(Box::new(resolved));
            assert_eq!(chosen(db, &schema, &object, &Scope::All("the test"), &not).len(), 150, "not {value}");
        }
    });
}
