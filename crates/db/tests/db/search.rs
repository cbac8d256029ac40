//! Search finds what a plain reading of the records finds, by whichever way it goes, and goes by its indexes.

use std::collections::{BTreeMap, BTreeSet};

use db::records::{self, Query, Scope, Sort, Viewer};
use db::search::{self, Words};
use db::{Db, Engine, Error};
use model::field::FieldType;
use model::{Base, Field, Id, Object, Record, Schema};
use testkit::rand::RngExt;
use testkit::rand::seq::IndexedRandom;
use testkit::{Ids, both, random};

use crate::objects::{field, object, owner, text};

const ALL: Scope<'static> = Scope::All("the test");

/// One whose words are in three fields.
fn lead() -> Object {
    let number = Field::new("number", model::Label::default(), FieldType::AutoNumber { pattern: "L-{0000}".into() });
    object("lead", Base::Private, vec![text("name"), text("note"), field("phone", FieldType::Phone), number, owner()])
}

/// The searched fields without some.
fn fields(object: &Object, hidden: &[&str]) -> Vec<String> {
    let known = model::search::searched(object).filter(|field| !hidden.contains(&field.key.as_str()));
    known.map(|field| field.key.clone()).collect()
}

struct Town {
    schema: Schema,
    lead: Object,
    /// Sees the records of three quarters of the people.
    many: Viewer,
    /// Sees one person's.
    few: Viewer,
    records: Vec<Record>,
    /// The words of each record, with their fields.
    words: BTreeMap<Id, BTreeSet<(String, String)>>,
}

impl Town {
    /// 4,000 leads of 20 people, each with the word “lead”, which many ways of a search must treat as common.
    fn on(db: &Db) -> Town {
        let (lead, ids) = (lead(), Ids::new());
        db::ddl::ensure(db, &lead).unwrap();
        let people: Vec<Id> = (0..20).map(|_| ids.next()).collect();
        let mut dice = random(3);
        let places = ["Bremen", "Brest", "Bristol", "深圳腾讯", "深圳科技", "東京タワー", "O'Brien & Söhne"];
        let records: Vec<Record> = (0..4000)
            .map(|n| {
                let mut record = Record::new("lead", ids.next());
                let place = places.choose(&mut dice).unwrap();
                record.set("name", if n % 40 == 0 { format!("{place} lead") } else { format!("Lead {n} {place}") });
                record.set("number", format!("L-{n:04}"));
                record.set("note", "unsearched");
                record.set("owner", people[dice.random_range(0..people.len())]);
                if n % 7 == 0 {
                    record.set("phone", format!("+49 421 {:03}-{:04}", n % 1000, n));
                }
                if n % 50 == 0 {
                    record.set("lifecycle_status", "voided");
                }
                record
            })
            .collect();
        let viewer =
            |people: u32| Viewer { id: ids.next(), principals: vec![ids.next()], sees_all: false, people, veils: Default::default() };
        let (many, few) = (viewer(15), viewer(1));
        db.write::<_, Error>(|tx| {
            records::insert(tx, &lead, &records)?;
            let sees = |viewer: &Viewer, owner: Id| vec![viewer.id.0.into(), owner.0.into(), "read_write".into()];
            let rows = people[..15].iter().map(|owner| sees(&many, *owner)).chain([sees(&few, people[0])]).collect();
            tx.insert_rows("sees", &["viewer", "owner", "level"], rows)
        })
        .unwrap();
        db.analyse().unwrap();
        let mut words: BTreeMap<Id, BTreeSet<(String, String)>> = BTreeMap::new();
        for (id, field, word) in search::due(&lead, &records) {
            words.entry(id).or_default().insert((field, word));
        }
        Town { schema: Schema::new([lead.clone()]), lead, many, few, records, words }
    }

    fn find(&self, db: &Db, scope: &Scope<'_>, question: &str, hidden: &[&str], limit: usize) -> Vec<Id> {
        let Some(words) = Words::of(question, fields(&self.lead, hidden)) else { return Vec::new() };
        let wanted = [(&self.lead, words)];
        let mut found = db.read(|tx| search::find(tx, &self.schema, scope, &wanted, limit)).unwrap();
        found.remove("lead").unwrap_or_default()
    }

    /// Those in scope, read record by record.
    fn seen(&self, db: &Db, scope: &Scope<'_>) -> BTreeSet<Id> {
        let query =
            Query { condition: None, words: None, sort: Sort::ascending("id"), cursor: None, limit: 10_000, bin: records::Bin::Out };
        db.read(|tx| records::ids(tx, &self.schema, &self.lead, scope, &query)).unwrap().0.into_iter().collect()
    }

    /// Those that have the words.
    fn due(&self, question: &str, hidden: &[&str]) -> BTreeSet<Id> {
        let asked = model::search::asked(question);
        let meets = |words: &BTreeSet<(String, String)>| {
            let words = words.iter().filter(|(field, _)| !hidden.contains(&field.as_str())).map(|(_, word)| word);
            !asked.is_empty() && asked.iter().all(|word| words.clone().any(|has| has.starts_with(word.as_str())))
        };
        self.words.iter().filter(|(_, words)| meets(words)).map(|(id, _)| *id).collect()
    }

    fn name(&self, id: Id) -> &str {
        self.records.iter().find(|record| record.id == id).unwrap().text("name")
    }
}

#[test]
fn it_finds_what_a_plain_reading_finds_by_every_way() {
    both(|database| {
        let db = database.db();
        let town = Town::on(db);
        let questions = [
            "lead",
            "l",
            "br",
            "lead br",
            "bremen",
            "腾讯",
            "深圳",
            "深圳腾讯",
            "讯深圳腾",
            "タワー lead",
            "brien",
            "söh",
            "421",
            "49 421 007",
            "0007",
            "l-0042",
            "lead 17 ",
            "unsearched",
            "nothing",
            "%",
            "^lead",
        ];
        for scope in [ALL, Scope::Of(&town.many), Scope::Of(&town.few)] {
            let seen = town.seen(db, &scope);
            for question in questions {
                for hidden in [&[][..], &["name"]] {
                    let due: BTreeSet<Id> = town.due(question, hidden).intersection(&seen).copied().collect();
                    for limit in [4, 5000] {
                        let found = town.find(db, &scope, question, hidden, limit);
                        let set: BTreeSet<Id> = found.iter().copied().collect();
                        assert_eq!(set.len(), found.len(), "{question}: nothing twice");
                        assert_eq!(found.len(), due.len().min(limit), "{question} {hidden:?} {scope:?}");
                        assert!(set.is_subset(&due), "{question} {hidden:?}");
                    }
                    // The words of a list.
                    let words = Words::of(question, fields(&town.lead, hidden));
                    let words = words.as_ref();
                    let count = db.read(|tx| records::count(tx, &town.schema, &town.lead, &scope, None, words, records::Bin::Out)).unwrap();
                    assert_eq!(count, due.len() as i64, "{question} {hidden:?}");
                    let query =
                        Query { condition: None, words, sort: Sort::ascending("id"), cursor: None, limit: 5000, bin: records::Bin::Out };
                    let (ids, _) = db.read(|tx| records::ids(tx, &town.schema, &town.lead, &scope, &query)).unwrap();
                    assert_eq!(ids.into_iter().collect::<BTreeSet<Id>>(), due, "{question}");
                    let all = db.read(|tx| records::all_ids(tx, &town.schema, &town.lead, &scope, None, words, records::Bin::Out)).unwrap();
                    assert_eq!(all.len(), due.len(), "{question}: none twice");
                    assert_eq!(all.into_iter().collect::<BTreeSet<Id>>(), due, "{question}");
                }
            }
        }
    });
}

#[test]
fn names_that_are_or_begin_with_the_question_come_first() {
    both(|database| {
        let db = database.db();
        let town = Town::on(db);
        for scope in [ALL, Scope::Of(&town.many), Scope::Of(&town.few)] {
            let all = town.find(db, &scope, "lead 1", &[], 4);
            assert!(all.iter().all(|id| town.name(*id).starts_with("Lead 1")), "{scope:?}");
            let seen = town.seen(db, &scope);
            let due: BTreeSet<Id> = town.due("lead 39", &[]).intersection(&seen).copied().collect();
            let one = town.records.iter().find(|record| due.contains(&record.id)).map(|record| record.text("name").to_owned());
            if let Some(name) = one {
                assert_eq!(town.name(town.find(db, &scope, &name, &[], 4)[0]), name);
            }
            let bremen = town.find(db, &scope, "bremen", &[], 5000);
            let place = |id: &Id| town.name(*id).starts_with("Bremen");
            let first = bremen.iter().filter(|id| place(id)).count();
            assert!(first > 0 && bremen[..first].iter().all(place), "{scope:?}");
        }
    });
}

#[test]
fn every_way_goes_by_an_index() {
    both(|database| {
        let db = database.db();
        let town = Town::on(db);
        let words = Words::of("lead br", fields(&town.lead, &[])).unwrap();
        for scope in [ALL, Scope::Of(&town.many), Scope::Of(&town.few)] {
            let [rare, common, candidates] = db.read(|tx| search::plans(tx, &town.schema, &scope, &town.lead, &words, 4)).unwrap();
            match db.engine() {
                Engine::Sqlite => {
                    assert!(candidates.contains("SEARCH search_word USING PRIMARY KEY (object=? AND word>"), "{candidates}");
                    assert!(!candidates.contains("TEMP B-TREE"), "{candidates}");
                    assert!(rare.contains("SEARCH w USING PRIMARY KEY (object=? AND word>? AND word<?)"), "{rare}");
                    assert!(
                        common.contains("USING COVERING INDEX search_word_record (object=? AND record=? AND word>? AND word<?)"),
                        "{common}"
                    );
                }
                Engine::Postgres => {
                    assert!(candidates.contains("Index Only Scan using search_word_pkey") && !candidates.contains("Sort"), "{candidates}");
                    assert!(rare.contains("search_word_pkey"), "{rare}");
                    assert!(common.contains("search_word_record") || common.contains("search_word_pkey"), "{common}");
                    assert!(!common.contains("Seq Scan on search_word"), "{common}");
                }
            }
        }
    });
}
