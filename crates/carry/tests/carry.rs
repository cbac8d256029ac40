//! Whatever a database holds arrives, on either engine and back; what is not whole is refused.

use std::collections::BTreeMap;
use std::path::PathBuf;

use carry::{Backup, Contents, Error, Manifest, back_up, move_to, restore, verify};
use db::carry::{Applied, Cells, Index, Kind, Source, Table, Target};
use db::{Cell, Db, Engine, Options};
use model::Id;
use rand::RngExt;
use sha2::{Digest, Sha256};
use testkit::{Database, Nothing};

const ENGINES: [(Engine, Engine); 4] = [
    (Engine::Sqlite, Engine::Postgres),
    (Engine::Postgres, Engine::Sqlite),
    (Engine::Sqlite, Engine::Sqlite),
    (Engine::Postgres, Engine::Postgres),
];

fn text(dice: &mut impl RngExt) -> String {
    const SIGNS: [&str; 14] = ["a", "Z", "'", "\"", "\\", "\n", "\t", ",", "|", "é", "中", "文", "😀", "\u{200d}"];
    (0..dice.random_range(0..12)).map(|_| SIGNS[dice.random_range(0..SIGNS.len())]).collect()
}

/// A row of anything that the kinds of its columns allow; what has to be unlike any other is.
fn row(dice: &mut impl RngExt, table: &Table, number: i64) -> Cells {
    let cell = |(name, kind): &(String, Kind)| {
        let loose = table.is_of_records() && !["id", "version", "revision"].contains(&name.as_str());
        if loose && dice.random_bool(0.3) {
            return Cell::Null;
        }
        match kind {
            Kind::Int if table.name == "outbox" && name == "seq" => Cell::Int(number * 3),
            Kind::Int if dice.random_bool(0.1) => Cell::Int(if dice.random_bool(0.5) { i64::MAX - number } else { i64::MIN + number }),
            Kind::Int => Cell::Int(number * 1_000 + dice.random_range(0..1_000)),
            Kind::Text if table.name == "webhook" && name == "position" => Cell::Text(format!("0.{}", number * 3)),
            // Never alike, for what has to be unique.
            Kind::Text => Cell::Text(format!("{}{number}", text(dice))),
            Kind::Id => Cell::Id(Id::from_parts(number as u64, dice.random())),
            Kind::Bytes => Cell::Bytes((0..dice.random_range(0..2_000)).map(|_| dice.random()).collect()),
        }
    };
    table.columns.iter().map(cell).collect()
}

/// A table of records with a column of every kind twice, and indexes.
fn shaped() -> Table {
    let mut columns = vec![("id".to_owned(), Kind::Id), ("version".to_owned(), Kind::Int), ("revision".to_owned(), Kind::Int)];
    for (name, kind) in
        [("x_name", Kind::Text), ("x_name_fold", Kind::Text), ("x_sum", Kind::Int), ("x_sum_currency", Kind::Text), ("x_who", Kind::Id)]
    {
        columns.push((name.to_owned(), kind));
    }
    let index = |name: &str, columns: &[&str], unique| Index {
        name: name.to_owned(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        unique,
    };
    let indexes = vec![index("i_x_shaped_x_who_id", &["x_who", "id"], false), index("u_x_shaped_x_name_fold", &["x_name_fold"], true)];
    Table { name: "r_x_shaped".into(), columns, indexes }
}

/// Some contents lie beside the database: see [`Shelf`].
fn lies_beside(table: &Table, row: &mut Cells, beside: bool) {
    let place = |name: &str| table.columns.iter().position(|(column, _)| column == name).unwrap();
    let Cell::Id(id) = row[place("id")] else { panic!("{row:?}") };
    let digest: String = Sha256::digest(id.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
    row[place("sha256")] = Cell::Text(digest);
    row[place("place")] = if beside { Cell::Text("directory".into()) } else { Cell::Null };
}

/// A database of all tables with rows of anything.
fn random(url: &str, seed: u64, rows: i64) {
    let empty = Database::sqlite();
    let source = Source::open(empty.url()).unwrap();
    let mut dice = testkit::random(seed);
    let mut target = Target::make(url, source.applied()).unwrap();
    for table in source.tables().iter().cloned().chain([shaped()]) {
        let rows = match table.name.as_str() {
            "meta" => 1,
            // One row only, or one that refers to others.
            "organisation" | "sign_in_settings" | "process_version" => 0,
            _ => dice.random_range(0..=rows),
        };
        let mut number = 0;
        target
            .take(&table, &mut || {
                number += 1;
                if number > rows {
                    return Ok(None);
                }
                let mut row = row(&mut dice, &table, number);
                if table.name == "meta" {
                    row = table
                        .columns
                        .iter()
                        .map(|(name, kind)| match (name.as_str(), kind) {
                            ("moved_to", _) => Cell::Null,
                            ("only_row", _) => Cell::Int(1),
                            ("schema", _) => Cell::Int(30),
                            (_, Kind::Int) => Cell::Int(77),
                            _ => Cell::Text("secret".into()),
                        })
                        .collect();
                }
                if table.name == "file" {
                    lies_beside(&table, &mut row, number % 2 == 0);
                }
                Ok(Some(row))
            })
            .unwrap_or_else(|error| panic!("{}: {error}", table.name));
    }
    target.settle(rows * 3 + 100).unwrap();
    target.finish().unwrap();
}

/// Contents beside the database: each is the id's own text, so that there is nothing to keep.
struct Shelf;

impl Contents for Shelf {
    fn get(&self, id: Id) -> std::io::Result<Vec<u8>> {
        Ok(id.to_string().into_bytes())
    }

    fn put(&self, id: Id, content: &[u8]) -> std::io::Result<()> {
        assert_eq!(content, id.to_string().as_bytes());
        Ok(())
    }
}

const SHELF: Option<&dyn Contents> = Some(&Shelf);

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("stagecraft-carry-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What every table comes to.
fn sums(url: &str) -> BTreeMap<String, String> {
    let mut source = Source::open(url).unwrap();
    let tables = source.tables().to_vec();
    let sum = |table: &Table| {
        let take = |next: &mut db::carry::Next<'_>| {
            while next()?.is_some() {}
            Ok(())
        };
        let (_, sum) = source.rows(table, take).unwrap();
        (table.name.clone(), format!("{} rows, {}", sum.rows, sum.checksum()))
    };
    tables.iter().map(sum).collect()
}

fn refusal<T>(outcome: carry::Result<T>) -> String {
    outcome.err().expect("it is refused").to_string()
}

#[test]
fn everything_arrives_on_either_engine_and_comes_back_the_same() {
    for (at, (from, to)) in ENGINES.into_iter().enumerate() {
        let folder = Folder::new(&format!("there-and-back-{at}"));
        let (one, other, again, restored) =
            (Database::nothing(from), Database::nothing(to), Database::nothing(from), Database::nothing(to));
        random(one.url(), at as u64, 40);
        let before = sums(one.url());
        assert!(before.len() > 90 && before.values().filter(|sum| !sum.starts_with("0 rows")).count() > 70, "{before:#?}");

        let carried = |from: &Nothing, to: &Nothing| {
            let mut source = Source::alone(from.url()).unwrap();
            move_to(&mut source, to.url(), &mut |_| {}).unwrap();
            source.mark_moved("elsewhere").unwrap();
        };
        carried(&one, &other);
        assert_eq!(sums(other.url()), before);
        carried(&other, &again);
        assert_eq!(sums(again.url()), before);
        assert_eq!(Source::open(again.url()).unwrap().last_event().unwrap(), 220);

        let file = folder.0.join("backup.zip");
        let made = back_up(again.url(), &file, "2026-01-05T09:00:00Z", SHELF, &mut |_| {}).unwrap();
        assert_eq!(made.tables, before.len());
        assert_eq!(verify(&mut Backup::open(&file).unwrap(), &mut |_| {}).unwrap(), made);
        assert_eq!(restore(&mut Backup::open(&file).unwrap(), restored.url(), SHELF, &mut |_| {}).unwrap(), made);
        assert_eq!(sums(restored.url()), before);

        // Indexes are there, what was moved away is not served, and what was moved to is.
        let table = Source::open(restored.url()).unwrap().tables().iter().find(|table| table.name == "r_x_shaped").cloned();
        assert_eq!(table.map(|table| table.indexes), Some(shaped().indexes));
        let read = |url: &str, options: Options| {
            let db = Db::open(url, options).unwrap();
            db.migrate().unwrap();
            db.read::<_, db::Error>(|tx| Ok(tx.meta_version()))
        };
        assert_eq!(read(restored.url(), Options::default()), Ok(77));
        assert_eq!(read(one.url(), Options::default()), Err(db::Error::Moved("elsewhere".into())));
        assert_eq!(read(one.url(), Options { though_moved: true, ..Options::default() }), Ok(77));
    }
}

#[test]
fn a_place_that_is_not_empty_or_a_source_in_use_is_refused() {
    for (from, to) in [ENGINES[0], ENGINES[1]] {
        let (one, other) = (Database::nothing(from), Database::nothing(to));
        random(one.url(), 3, 5);
        random(other.url(), 4, 5);
        let before = sums(other.url());
        let told = refusal(move_to(&mut Source::open(one.url()).unwrap(), other.url(), &mut |_| {}));
        assert!(told.contains("name an empty place"), "{told}");
        assert_eq!(sums(other.url()), before);

        let serving = Db::open(one.url(), Options::default()).unwrap();
        serving.migrate().unwrap();
        serving.read::<_, db::Error>(|_| Ok(())).unwrap();
        assert_eq!(Source::alone(one.url()).err(), Some(db::Error::Busy), "{from:?}");
        drop(serving);
        // PostgreSQL takes a moment until it has seen a connection off.
        for _ in 0..50 {
            if Source::alone(one.url()).is_ok() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        assert!(Source::alone(one.url()).is_ok());
    }
}

#[test]
fn what_breaks_off_leaves_an_empty_place() {
    for (from, to) in [ENGINES[0], ENGINES[1]] {
        let (one, other) = (Database::nothing(from), Database::nothing(to));
        random(one.url(), 5, 20);
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut source = Source::open(one.url()).unwrap();
            move_to(&mut source, other.url(), &mut |far| assert!(far.number < 60, "broken off")).unwrap();
        }));
        assert!(broken.is_err());
        let mut source = Source::open(one.url()).unwrap();
        move_to(&mut source, other.url(), &mut |_| {}).unwrap();
        assert_eq!(sums(other.url()), sums(one.url()));
    }
}

#[test]
fn a_backup_that_is_not_whole_is_refused() {
    let folder = Folder::new("spoilt");
    let one = Database::nothing(Engine::Sqlite);
    random(one.url(), 6, 60);
    let file = folder.0.join("backup.zip");
    back_up(one.url(), &file, "2026-01-05T09:00:00Z", SHELF, &mut |_| {}).unwrap();
    let whole = std::fs::read(&file).unwrap();
    assert!(refusal(back_up(one.url(), &file, "", SHELF, &mut |_| {})).contains("never overwritten"));
    let other = folder.0.join("other.zip");
    assert!(refusal(back_up(one.url(), &other, "", None, &mut |_| {})).contains("--files-dir"), "an attachment cannot be read");
    let empty = Database::nothing(Engine::Sqlite);
    let told = refusal(restore(&mut Backup::open(&file).unwrap(), empty.url(), None, &mut |_| {}));
    assert!(told.contains("--files-dir"), "{told}");
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1, "nothing is left over");

    let mut turn = 0;
    let mut tries = |bytes: &[u8]| -> carry::Result<()> {
        turn += 1;
        let spoilt = folder.0.join("spoilt.zip");
        std::fs::write(&spoilt, bytes).unwrap();
        let verified = Backup::open(&spoilt).and_then(|mut backup| verify(&mut backup, &mut |_| {}));
        // On one engine after the other.
        let place = Database::nothing(if turn % 2 == 0 { Engine::Sqlite } else { Engine::Postgres });
        let restored = Backup::open(&spoilt).and_then(|mut backup| restore(&mut backup, place.url(), SHELF, &mut |_| {}));
        assert_eq!(restored.is_ok(), verified.is_ok());
        if restored.is_err() {
            // The place is as empty as before.
            random(place.url(), 7, 1);
        }
        verified.map(|_| ())
    };
    assert!(tries(&whole).is_ok());
    for length in [0, 100, whole.len() / 2, whole.len() - 30] {
        let told = refusal(tries(&whole[..length]));
        assert!(told.contains("cut short or damaged"), "{told}");
    }
    let mut dice = testkit::random(8);
    for _ in 0..6 {
        let mut bytes = whole.clone();
        // Somewhere within the tables.
        let at = dice.random_range(2_000..whole.len() * 8 / 10);
        bytes[at] ^= 0x55;
        if let Err(error) = tries(&bytes) {
            assert!(matches!(error, Error::Spoilt(_) | Error::Db(_) | Error::Io { .. }), "{error}");
        } else {
            // What was hit tells nothing: a time or an attribute in the archive's own list.
            assert_ne!(bytes, whole);
        }
    }
}

#[test]
fn a_backup_of_an_older_version_comes_back_and_is_brought_up_to_date() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let folder = Folder::new(&format!("older-{engine:?}"));
        let (old, new) = (Database::nothing(engine), Database::nothing(engine));
        let all: Vec<Applied> = Source::open(Database::sqlite().url()).unwrap().applied().to_vec();
        // As the product was when it had files and roles, and neither webhooks nor leads.
        let first: Vec<Applied> = all.iter().filter(|one| one.number <= 12).cloned().collect();
        let mut target = Target::make(old.url(), &first).unwrap();
        let meta = Table {
            name: "meta".into(),
            columns: vec![("only_row".into(), Kind::Int), ("version".into(), Kind::Int), ("secret".into(), Kind::Text)],
            indexes: Vec::new(),
        };
        let mut rows = vec![vec![Cell::Int(1), Cell::Int(5), Cell::Text("of old".into())]];
        target.take(&meta, &mut || Ok(rows.pop())).unwrap();
        let rate = Table {
            name: "currency_rate".into(),
            columns: [("currency", Kind::Text), ("day", Kind::Text), ("rate", Kind::Int), ("set_at", Kind::Int), ("set_by", Kind::Id)]
                .map(|(name, kind)| (name.to_owned(), kind))
                .to_vec(),
            indexes: Vec::new(),
        };
        let mut rows =
            vec![vec![Cell::Text("EUR".into()), Cell::Text("2026-01-01".into()), Cell::Int(9), Cell::Int(10), Cell::Id(Id::SYSTEM)]];
        target.take(&rate, &mut || Ok(rows.pop())).unwrap();
        target.settle(0).unwrap();
        target.finish().unwrap();
        assert!(Source::open(old.url()).unwrap().is_behind());

        let file = folder.0.join("backup.zip");
        back_up(old.url(), &file, "2025-01-05T09:00:00Z", SHELF, &mut |_| {}).unwrap();
        restore(&mut Backup::open(&file).unwrap(), new.url(), SHELF, &mut |_| {}).unwrap();
        assert_eq!(sums(new.url()), sums(old.url()));
        let trial = db::carry::Trial::of(new.url()).unwrap();
        for (url, pending) in [(trial.url(), all.len() - first.len()), (new.url(), all.len() - first.len())] {
            let db = Db::open(url, Options::default()).unwrap();
            assert_eq!(db.pending().unwrap().len(), pending, "the trial has not touched it");
            assert_eq!(db.migrate_telling(&mut |_| {}).unwrap().len(), pending);
            assert_eq!(db.read::<_, db::Error>(|tx| Ok(tx.meta_version())).unwrap(), 5);
            drop(db);
            // Migration 29 takes the rates over.
            let sums = sums(url);
            assert!(sums["currency_rate_log"].starts_with("1 rows"), "{}", sums["currency_rate_log"]);
            assert!(!Source::open(url).unwrap().is_behind());
        }
        drop(trial);
    }
}

#[test]
fn a_backup_of_a_newer_form_is_refused_with_what_to_do() {
    let folder = Folder::new("newer");
    let one = Database::nothing(Engine::Sqlite);
    random(one.url(), 9, 1);
    let file = folder.0.join("backup.zip");
    back_up(one.url(), &file, "2026-01-05T09:00:00Z", SHELF, &mut |_| {}).unwrap();
    let made: Manifest = Backup::open(&file).unwrap().manifest().clone();
    assert_eq!((made.program.as_str(), made.engine.as_str()), (env!("CARGO_PKG_VERSION"), "sqlite"));
    // A database of a newer version is not backed up by an older program either.
    let newer = Database::sqlite();
    newer.behind_its_back("INSERT INTO schema_migration (number, name, checksum, at) VALUES (9999, 'later', '', 0)");
    let told = refusal(back_up(newer.url(), &folder.0.join("newer.zip"), "", SHELF, &mut |_| {}));
    assert!(told.contains("newer version"), "{told}");
}

#[test]
fn events_are_numbered_in_the_order_in_which_they_are_told() {
    let database = Database::postgres();
    // The second has the lower number: it was begun first and ended last.
    database.behind_its_back(
        "INSERT INTO outbox (seq, xid, object, record, revision, act, at, by_id, columns, before_ids, after_ids) OVERRIDING SYSTEM VALUE
         SELECT s, x::text::xid8, 'deal', gen_random_uuid(), r, 'edit', 0, gen_random_uuid(), '', '', ''
         FROM (VALUES (4, 700, 1), (2, 701, 2), (9, 699, 0)) AS t(s, x, r);
         INSERT INTO webhook (id, version, doc, active, eyes, secret, position, begins_at, failures, created_at, created_by, updated_at)
         VALUES (gen_random_uuid(), 1, '{}', 1, gen_random_uuid(), '', '700.4', 0, 0, 0, gen_random_uuid(), 0)",
    );
    let place = Database::nothing(Engine::Sqlite);
    let mut source = Source::open(database.url()).unwrap();
    move_to(&mut source, place.url(), &mut |_| {}).unwrap();
    let mut there = Source::open(place.url()).unwrap();
    let mut read = |name: &str, column: &str| -> Vec<Cell> {
        let table = there.tables().iter().find(|table| table.name == name).cloned().unwrap();
        let at = table.columns.iter().position(|(name, _)| name == column).unwrap();
        let (cells, _) = there
            .rows(&table, |next| {
                let mut cells = Vec::new();
                while let Some(row) = next()? {
                    cells.push(row[at].clone());
                }
                Ok(cells)
            })
            .unwrap();
        cells
    };
    let ints = |numbers: &[i64]| numbers.iter().map(|n| Cell::Int(*n)).collect::<Vec<_>>();
    assert_eq!((read("outbox", "seq"), read("outbox", "revision")), (ints(&[2, 4, 9]), ints(&[0, 1, 2])));
    assert_eq!(read("webhook", "position"), [Cell::Text("0.4".into())], "two of three were told");
}
