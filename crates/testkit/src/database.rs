//! A database of its own for every test: migrated, empty, gone afterwards.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use db::{Clock, Db, Engine, Options};
use model::Instant;
use postgres::{Client, NoTls};

/// A migrated, empty database.
pub struct Database {
    db: Option<Db>,
    url: String,
    clock: Arc<AtomicI64>,
    home: Home,
}

enum Home {
    Folder(PathBuf),
    /// Name of the database on the server.
    Server(String),
}

/// When tests begin: a Monday morning.
const BEGINNING: &str = "2026-01-05T09:00:00Z";

impl Database {
    /// A SQLite file in a folder of its own.
    pub fn sqlite() -> Database {
        let template = sqlite_template();
        let folder = fresh_folder();
        let file = folder.join("test.sqlite");
        std::fs::copy(template, &file).expect("the template is copied");
        Database::open(format!("sqlite:{}", file.display()), Home::Folder(folder))
    }

    /// A database on the server of `STAGECRAFT_TEST_POSTGRES`.
    pub fn postgres() -> Database {
        // The driver blocks, which it must not do on a thread of an async runtime; and some tests are async.
        std::thread::spawn(|| {
            let name = format!("stagecraft_test_{}_{}", std::process::id(), next());
            let template = postgres_template();
            let mut server = server();
            patiently(|| server.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")));
            Database::open(address_of(&name), Home::Server(name))
        })
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// An address at which there is nothing yet, for what makes a database itself: a file that is not there, or a database without tables.
    /// Gone afterwards, as any other.
    pub fn nothing(engine: Engine) -> Nothing {
        match engine {
            Engine::Sqlite => {
                let folder = fresh_folder();
                Nothing { url: format!("sqlite:{}", folder.join("test.sqlite").display()), home: Home::Folder(folder) }
            }
            Engine::Postgres => std::thread::spawn(|| {
                let name = format!("stagecraft_test_{}_{}", std::process::id(), next());
                server().batch_execute(&format!("CREATE DATABASE {name}")).expect("a database is made");
                Nothing { url: address_of(&name), home: Home::Server(name) }
            })
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        }
    }

    /// The address of a database on the server of `STAGECRAFT_TEST_POSTGRES` that stays there; made empty when it is not there yet.
    pub fn kept_on_postgres(name: &str) -> String {
        let mut server = server();
        let there = !server.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).expect("the server answers").is_empty();
        if !there {
            server.batch_execute(&format!("CREATE DATABASE {name}")).expect("the database is made");
        }
        address_of(name)
    }

    fn open(url: String, home: Home) -> Database {
        let at = Instant::parse(BEGINNING).expect("an instant").0;
        let clock = Arc::new(AtomicI64::new(at));
        let db = open(&url, &clock);
        Database { db: Some(db), url, clock, home }
    }

    /// The database.
    pub fn db(&self) -> &Db {
        self.db.as_ref().expect("it is there until it is dropped")
    }

    /// Where it is, for a program of its own.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.db().engine()
    }

    /// Opens it once more, as a second server would.
    pub fn again(&self) -> Db {
        open(&self.url, &self.clock)
    }

    /// The clock of its transactions, in µs since 1970.
    pub fn clock(&self) -> Arc<AtomicI64> {
        self.clock.clone()
    }

    /// Leaves out the duplicate rules that the product comes with, before a house opens on it: most tests make alike records without ado.
    pub fn without_duplicate_rules(&self) {
        let mark = |tx: &mut db::Write| tx.insert_rows("counter", &["key", "n"], vec![vec!["duplicate_rules".into(), 1_i64.into()]]);
        self.db().write::<_, db::Error>(mark).expect("the mark is set");
    }

    /// Lets time pass.
    pub fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Runs statements in the engine's own words on a connection of their own, and gives the first column of the rows as text:
    /// for what a test must do behind the product's back. On SQLite a statement that begins with SELECT is one, and gives as much.
    pub fn behind_its_back(&self, sql: &str) -> Vec<String> {
        if let Some(file) = self.url.strip_prefix("sqlite:") {
            let connection = rusqlite::Connection::open(file).expect("the file is there");
            connection.busy_timeout(Duration::from_secs(5)).expect("it waits");
            if !sql.starts_with("SELECT") {
                connection.execute_batch(sql).expect("the statement runs");
                return Vec::new();
            }
            let mut statement = connection.prepare(sql).expect("the statement is understood");
            let text = |row: &rusqlite::Row<'_>| {
                Ok(match row.get_ref(0)? {
                    rusqlite::types::ValueRef::Null => String::new(),
                    rusqlite::types::ValueRef::Integer(n) => n.to_string(),
                    rusqlite::types::ValueRef::Real(x) => x.to_string(),
                    rusqlite::types::ValueRef::Text(text) | rusqlite::types::ValueRef::Blob(text) => {
                        String::from_utf8_lossy(text).into_owned()
                    }
                })
            };
            return statement.query_map([], text).expect("the statement runs").collect::<Result<_, _>>().expect("rows are read");
        }
        let url = self.url.clone();
        let sql = sql.to_owned();
        std::thread::spawn(move || {
            let mut client = Client::connect(&url, NoTls).expect("the server is there");
            let messages = client.simple_query(&sql).expect("the statement runs");
            let first = |message| match message {
                postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("").to_owned()),
                _ => None,
            };
            messages.into_iter().filter_map(first).collect()
        })
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.db = None;
        self.home.clear();
    }
}

/// A place where there is nothing yet: see [`Database::nothing`].
pub struct Nothing {
    url: String,
    home: Home,
}

impl Nothing {
    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Nothing {
    fn drop(&mut self) {
        self.home.clear();
    }
}

impl Home {
    fn clear(&self) {
        match self {
            Home::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Home::Server(name) => {
                let drop_it = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                let _ = std::thread::spawn(move || drop(server().batch_execute(&drop_it))).join();
            }
        }
    }
}

/// Runs a test on SQLite and on PostgreSQL.
pub fn both(test: impl Fn(&Database)) {
    for make in [Database::sqlite as fn() -> Database, Database::postgres] {
        let database = make();
        test(&database);
    }
}

fn open(url: &str, clock: &Arc<AtomicI64>) -> Db {
    let options = Options { clock: Clock::Fixed(clock.clone()), ..Options::default() };
    let db = Db::open(url, options).expect("the database opens");
    db.migrate().expect("the database is brought up to date");
    db
}

fn next() -> u32 {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

/// A folder in memory where there is one: tests prove the rules, not the disk.
fn fresh_folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let folder = base.join(format!("stagecraft-test-{}-{}", std::process::id(), next()));
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// A migrated file to copy, made once for a list of migrations.
fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let file = std::env::temp_dir().join(format!("stagecraft-template-{}.sqlite", &db::migrations_checksum()[..16]));
        if file.exists() {
            return file;
        }
        // Made under a name of its own and renamed: other tests look for it at the same time.
        let making = file.with_extension(format!("{}.making", std::process::id()));
        let db = Db::open(&format!("sqlite:{}", making.display()), Options::default()).expect("a template is made");
        db.migrate().expect("the template is brought up to date");
        drop(db);
        std::fs::rename(&making, &file).expect("the template gets its name");
        file
    })
}

/// A migrated database on the server to copy, made once a server.
fn postgres_template() -> String {
    let name = format!("stagecraft_template_{}", &db::migrations_checksum()[..16]);
    let mut server = server();
    // One process makes it, the others wait.
    server.batch_execute("SELECT pg_advisory_lock(8191)").expect("the server locks");
    let there = !server.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).expect("the server answers").is_empty();
    if !there {
        let making = format!("{name}_making");
        server.batch_execute(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).expect("the rest of a broken-off one goes");
        server.batch_execute(&format!("CREATE DATABASE {making}")).expect("a template is made");
        let db = Db::open(&address_of(&making), Options::default()).expect("the template opens");
        db.migrate().expect("the template is brought up to date");
        drop(db);
        patiently(|| server.batch_execute(&format!("ALTER DATABASE {making} RENAME TO {name}")));
    }
    server.batch_execute("SELECT pg_advisory_unlock(8191)").expect("the server unlocks");
    name
}

fn server() -> Client {
    Client::connect(&address(), NoTls).expect("the server of STAGECRAFT_TEST_POSTGRES is there")
}

fn address() -> String {
    std::env::var("STAGECRAFT_TEST_POSTGRES")
        .expect("this test needs PostgreSQL: run `make test`, or the command after `scripts/with-postgres.sh`")
}

/// The server's address with another database.
fn address_of(name: &str) -> String {
    let address = address();
    let (server, query) = address.split_once('?').map_or((address.as_str(), None), |(server, query)| (server, Some(query)));
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    match query {
        Some(query) => format!("{base}/{name}?{query}"),
        None => format!("{base}/{name}"),
    }
}

/// A database cannot be copied or renamed while a connection to it is still closing.
fn patiently(mut act: impl FnMut() -> Result<(), postgres::Error>) {
    for attempt in 0.. {
        match act() {
            Ok(()) => return,
            Err(e) if attempt == 50 => panic!("the server refuses: {e:?}"),
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
