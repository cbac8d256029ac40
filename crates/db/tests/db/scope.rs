//! Who sees what: lists, counts and single loads agree with a plain reading of the rules, in organisations thrown by dice.

use std::collections::{BTreeMap, BTreeSet};

use db::records::{self, Query, Scope, Sort, Viewer};
use db::{Db, Error};
use model::field::FieldType;
use model::{Base, Id, Object, Record, Schema, Value};
use testkit::rand::RngExt;
use testkit::rand::rngs::StdRng;
use testkit::rand::seq::IndexedRandom;
use testkit::{Ids, both};

use crate::objects::{field, object, owner, reference, text};

/// People, departments, and objects of every base.
fn objects() -> Vec<Object> {
    let master = field("deal", FieldType::Master { object: "deal".into() });
    vec![
        object(
            "employee",
            Base::PublicRead,
            vec![text("name"), field("manager", FieldType::Employee), field("department", FieldType::Department)],
        ),
        object(
            "department",
            Base::PublicRead,
            vec![
                text("name"),
                field("parent", FieldType::Department),
                field("head", FieldType::Employee),
                field("assistants", FieldType::References { object: "employee".into() }),
                field("lifecycle_status", FieldType::Text { max_length: 20, pattern: None }),
            ],
        ),
        object("product", Base::PublicRead, vec![text("name")]),
        object("deal", Base::Private, vec![text("name"), owner()]),
        object("line", Base::ByParent("deal".into()), vec![text("name"), master]),
        object("quote", Base::ByParent("deal".into()), vec![text("name"), reference("deal", "deal"), owner()]),
        object("note", Base::ByParent("about".into()), vec![text("name"), field("about", FieldType::Regarding), owner()]),
    ]
}

struct Organisation {
    people: Vec<Id>,
    groups: Vec<Id>,
    managers: BTreeMap<Id, Option<Id>>,
    department_of: BTreeMap<Id, Option<Id>>,
    departments: BTreeMap<Id, (Option<Id>, Vec<Id>)>,
    records: BTreeMap<String, BTreeMap<Id, Record>>,
    grants: BTreeSet<(String, Id, Id)>,
}

fn maybe(dice: &mut StdRng, ids: &[Id], chance: f64) -> Option<Id> {
    if dice.random_bool(chance) { ids.choose(dice).copied() } else { None }
}

impl Organisation {
    fn thrown(seed: u64) -> Organisation {
        let (mut dice, ids) = (testkit::random(seed), Ids::new());
        let make = |n: usize| (0..n).map(|_| ids.next()).collect::<Vec<Id>>();
        let (people, departments, groups) = (make(12), make(4), make(2));
        let mut records: BTreeMap<String, BTreeMap<Id, Record>> = BTreeMap::new();
        let mut add = |record: Record| {
            records.entry(record.object.clone()).or_default().insert(record.id, record);
        };
        let mut managers = BTreeMap::new();
        let mut department_of = BTreeMap::new();
        for person in &people {
            let mut record = Record::new("employee", *person);
            managers.insert(*person, maybe(&mut dice, &people, 0.6));
            department_of.insert(*person, maybe(&mut dice, &departments, 0.8));
            record.set("manager", Value::from(managers[person].map(Value::Ref)));
            record.set("department", Value::from(department_of[person].map(Value::Ref)));
            add(record);
        }
        let mut tree = BTreeMap::new();
        for department in &departments {
            let mut record = Record::new("department", *department);
            let parent = maybe(&mut dice, &departments, 0.5);
            let head = maybe(&mut dice, &people, 0.7);
            let assistants: BTreeSet<Id> = (0..3).filter_map(|_| maybe(&mut dice, &people, 0.2)).collect();
            record.set("parent", Value::from(parent.map(Value::Ref)));
            record.set("head", Value::from(head.map(Value::Ref)));
            if !assistants.is_empty() {
                record.set("assistants", Value::Keys(assistants.iter().map(Id::to_string).collect()));
            }
            tree.insert(*department, (parent, head.into_iter().chain(assistants).collect()));
            add(record);
        }
        let deals = make(25);
        let quotes = make(15);
        for (key, made) in
            [("product", make(3)), ("deal", deals.clone()), ("line", make(20)), ("quote", quotes.clone()), ("note", make(30))]
        {
            for id in made {
                let mut record = Record::new(key, id);
                record.set("name", key);
                if ["deal", "quote", "note"].contains(&key) {
                    record.set("owner", Value::from(maybe(&mut dice, &people, 0.8).map(Value::Ref)));
                }
                if ["line", "quote"].contains(&key) {
                    record.set("deal", Value::from(maybe(&mut dice, &deals, 0.9).map(Value::Ref)));
                }
                if key == "note" && dice.random_bool(0.9) {
                    let (object, among) = if dice.random_bool(0.6) { ("deal", &deals) } else { ("quote", &quotes) };
                    record.set("about", Value::Regarding { object: object.into(), id: *among.choose(&mut dice).unwrap() });
                }
                add(record);
            }
        }
        let mut grants = BTreeSet::new();
        for object in ["deal", "quote", "note"] {
            for id in records[object].keys() {
                for among in [&people, &groups, &departments] {
                    if let Some(principal) = maybe(&mut dice, among, 0.08) {
                        grants.insert((object.to_owned(), *id, principal));
                    }
                }
            }
        }
        Organisation { people, groups, managers, department_of, departments: tree, records, grants }
    }

    fn store(&self, db: &Db, objects: &[Object]) {
        for object in objects {
            db::ddl::ensure(db, object).unwrap();
        }
        db.write::<_, Error>(|tx| {
            for object in objects {
                let records: Vec<Record> = self.records.get(&object.key).into_iter().flat_map(|all| all.values().cloned()).collect();
                records::insert(tx, object, &records)?;
                for (_, id, principal) in self.grants.iter().filter(|(of, ..)| *of == object.key) {
                    db::access::set_grants(tx, object, *id, &format!("team{principal}"), &[(*principal, "read")])?;
                }
            }
            db::access::rebuild_sees(tx)
        })
        .unwrap();
    }

    fn chain(&self, department: Option<Id>) -> Vec<Id> {
        let mut chain = Vec::new();
        let mut at = department;
        while let Some(here) = at.filter(|id| !chain.contains(id)) {
            chain.push(here);
            at = self.departments[&here].0;
        }
        chain
    }

    fn viewer(&self, person: Id, dice: &mut StdRng) -> Viewer {
        let mut principals = vec![person];
        principals.extend(self.chain(self.department_of[&person]));
        principals.extend(maybe(dice, &self.groups, 0.5));
        Viewer {
            id: person,
            principals,
            sees_all: dice.random_bool(0.1),
            people: dice.random_range(0..2) * 1_000,
            veils: Default::default(),
        }
    }

    // ---- The rules, read plainly ----

    fn above(&self, viewer: Id, owner: Id) -> bool {
        let mut at = Some(owner);
        let mut seen = BTreeSet::new();
        while let Some(here) = at.filter(|id| seen.insert(*id)) {
            if here == viewer {
                return true;
            }
            at = self.managers.get(&here).copied().flatten();
        }
        let department = self.department_of.get(&owner).copied().flatten();
        self.chain(department).iter().any(|department| self.departments[department].1.contains(&viewer))
    }

    fn sees(&self, viewer: &Viewer, record: &Record) -> bool {
        if viewer.sees_all || ["employee", "department", "product"].contains(&record.object.as_str()) {
            return true;
        }
        let given = |principal: &Id| self.grants.contains(&(record.object.clone(), record.id, *principal));
        if viewer.principals.iter().any(given) || record.owner().is_some_and(|owner| self.above(viewer.id, owner)) {
            return true;
        }
        let parent = match (record.get("about"), record.reference("deal")) {
            (Value::Regarding { object, id }, _) => self.records[object].get(id),
            (_, Some(deal)) => self.records["deal"].get(&deal),
            _ => None,
        };
        parent.is_some_and(|parent| self.sees(viewer, parent))
    }
}

#[test]
fn lists_counts_and_loads_are_the_rules() {
    let objects = objects();
    let schema = Schema::new(objects.clone());
    for seed in 1..=u64::from(testkit::cases(3)) {
        let organisation = Organisation::thrown(seed);
        both(|database| {
            let db = database.db();
            organisation.store(db, &objects);
            let mut dice = testkit::random(seed);
            for person in &organisation.people {
                let viewer = organisation.viewer(*person, &mut dice);
                let scope = Scope::Of(&viewer);
                for object in &objects {
                    let all = &organisation.records[&object.key];
                    let wanted: BTreeSet<Id> = all.values().filter(|record| organisation.sees(&viewer, record)).map(|r| r.id).collect();
                    let query = Query {
                        condition: None,
                        words: None,
                        sort: Sort::ascending("name"),
                        cursor: None,
                        limit: 200,
                        bin: records::Bin::Out,
                    };
                    let ids: Vec<Id> = all.keys().copied().collect();
                    db.read::<_, Error>(|tx| {
                        let said = |what| format!("seed {seed}, {:?}, {} {what} by {viewer:?}", database.engine(), object.key);
                        let listed = records::list(tx, &schema, object, &scope, &query)?;
                        assert_eq!(listed.records.iter().map(|r| r.id).collect::<BTreeSet<_>>(), wanted, "{}", said("listed"));
                        assert_eq!(
                            records::count(tx, &schema, object, &scope, None, None, records::Bin::Out)?,
                            wanted.len() as i64,
                            "{}",
                            said("counted")
                        );
                        let gathered = records::all_ids(tx, &schema, object, &scope, None, None, records::Bin::Out)?;
                        assert_eq!(gathered.len(), wanted.len(), "{}", said("gathered once"));
                        assert_eq!(gathered.into_iter().collect::<BTreeSet<_>>(), wanted, "{}", said("gathered"));
                        let loaded = records::load(tx, &schema, object, &scope, &ids)?;
                        assert_eq!(loaded.iter().map(|r| r.id).collect::<BTreeSet<_>>(), wanted, "{}", said("loaded"));
                        let named = records::names(tx, &schema, object, &scope, &ids)?;
                        assert_eq!(named.len(), wanted.len(), "{}", said("named"));
                        Ok(())
                    })
                    .unwrap();
                }
            }
        });
    }
}

#[test]
fn a_person_without_records_sees_none_and_the_product_sees_all() {
    both(|database| {
        let db = database.db();
        let objects = objects();
        let organisation = Organisation::thrown(99);
        organisation.store(db, &objects);
        let schema = Schema::new(objects.clone());
        let stranger = Viewer {
            id: Id::from_parts(9_999_999, [9; 10]),
            principals: Vec::new(),
            sees_all: false,
            people: 0,
            veils: Default::default(),
        };
        for object in objects.iter().filter(|object| object.base != Base::PublicRead) {
            let count =
                |scope: Scope<'_>| db.read(|tx| records::count(tx, &schema, object, &scope, None, None, records::Bin::Out)).unwrap();
            assert_eq!(count(Scope::Of(&stranger)), 0);
            assert_eq!(count(Scope::All("the test")), organisation.records[&object.key].len() as i64);
        }
    });
}

/// Rows are come by in the order of the page for those who see many, and by their owners for those who see few: the pages are the same.
#[test]
fn pages_follow_each_other_for_those_who_see_few_and_for_those_who_see_many() {
    let objects = objects();
    let schema = Schema::new(objects.clone());
    let mut organisation = Organisation::thrown(5);
    let (mut dice, ids) = (testkit::random(5), Ids::new());
    for _ in 0..900 {
        let mut deal = Record::new("deal", Id::from_parts(7_000_000, *ids.next().bytes().last_chunk().unwrap()));
        if dice.random_bool(0.8) {
            deal.set("name", *["ash", "birch", "cedar", "oak"].choose(&mut dice).unwrap());
        }
        deal.set("owner", Value::from(maybe(&mut dice, &organisation.people, 0.95).map(Value::Ref)));
        organisation.records.entry("deal".into()).or_default().insert(deal.id, deal);
    }
    let deal = objects.iter().find(|object| object.key == "deal").unwrap();
    let all: Vec<&Record> = organisation.records["deal"].values().collect();
    both(|database| {
        let db = database.db();
        organisation.store(db, &objects);
        db.analyse().unwrap();
        let mut most = 0;
        for person in &organisation.people {
            let viewer = Viewer { sees_all: false, ..organisation.viewer(*person, &mut testkit::random(5)) };
            let seen: Vec<&Record> = all.iter().filter(|record| organisation.sees(&viewer, record)).copied().collect();
            most = most.max(seen.len());
            for (field, descending) in [("name", false), ("name", true), ("owner", true), ("id", false)] {
                let key = |record: &Record| match record.get(field) {
                    Value::Text(name) => Some((name.clone(), Id::SYSTEM)),
                    Value::Ref(id) => Some((String::new(), *id)),
                    _ => None,
                };
                let (mut wanted, mut blank): (Vec<&Record>, Vec<&Record>) = seen.iter().partition(|record| key(record).is_some());
                wanted.sort_by_key(|record| (key(record), record.id));
                blank.sort_by_key(|record| record.id);
                if descending {
                    wanted.reverse();
                    blank.reverse();
                }
                let wanted: Vec<Id> = wanted.iter().chain(&blank).map(|record| record.id).collect();
                let sort = Sort { field: field.into(), descending };
                let (mut listed, mut cursor) = (Vec::new(), None);
                loop {
                    let query = Query { condition: None, words: None, sort: sort.clone(), cursor, limit: 40, bin: records::Bin::Out };
                    let page = db.read(|tx| records::list(tx, &schema, deal, &Scope::Of(&viewer), &query)).unwrap();
                    listed.extend(page.records.iter().map(|record| record.id));
                    cursor = page.next;
                    if cursor.is_none() {
                        break;
                    }
                }
                assert_eq!(listed, wanted, "{:?}: {field} for one who sees {}", database.engine(), seen.len());
            }
        }
        assert!(most > 300, "nobody sees enough to be asked row by row: {most}");
    });
}
