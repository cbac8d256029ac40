//! Opening the database for a command.

use std::io;

use stagecraft_core::files::Directory;
use stagecraft_core::{Credential, Error, House};
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{LogFormat, Store};
use crate::door::{READ_CONNECTIONS, WRITE_CONNECTIONS};
use crate::messages::{Language, say, say_problem};
use crate::problem::Problem;

/// Why the command line may do what it does: whoever can start it has the data in his hands already.
pub const AT_THE_MACHINE: Credential = Credential::System("on the command line");

/// Starts the log, on the standard error.
pub fn log(store: &Store, usual: &str) {
    tracing_subscriber::registry().with(lines(store, usual)).init();
}

/// Starts the log, and sends traces where an endpoint is named, for as long as what is given back is there.
#[cfg(feature = "otel")]
pub fn log_and_trace(store: &Store, usual: &str, endpoint: Option<&str>) -> Result<Option<crate::otel::Tracing>, String> {
    let Some(endpoint) = endpoint else {
        log(store, usual);
        return Ok(None);
    };
    let (layer, tracing) = crate::otel::tracing(endpoint)?;
    tracing_subscriber::registry().with(layer).with(lines(store, usual)).init();
    Ok(Some(tracing))
}

/// The lines of the log.
fn lines<S: Subscriber + for<'a> LookupSpan<'a>>(store: &Store, usual: &str) -> impl Layer<S> + use<S> {
    let filter = filter_of(store.log.as_deref().unwrap_or(usual), usual);
    let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    match store.log_format.unwrap_or_default() {
        LogFormat::Text => layer.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).with_filter(filter).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).with_filter(filter).boxed(),
    }
}

/// What is logged. The driver of PostgreSQL tells, when it is asked for more than warnings, the values that go with every statement: hashes of
/// passwords, secrets of webhooks, what people have written. So it is never asked.
pub fn filter_of(wanted: &str, usual: &str) -> EnvFilter {
    let filter = EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new(usual));
    ["tokio_postgres=warn", "postgres=warn"].iter().filter_map(|text| text.parse().ok()).fold(filter, EnvFilter::add_directive)
}

/// Opens the house on the database that the settings name.
pub fn house(store: &Store, serving: bool) -> Result<House, String> {
    house_with(store, serving, db::Options::default())
}

/// As [`house`], with options of one's own.
pub fn house_with(store: &Store, serving: bool, usual: db::Options) -> Result<House, String> {
    let url = store.url()?;
    let options = if serving {
        db::Options { read_connections: READ_CONNECTIONS, write_connections: WRITE_CONNECTIONS, ..usual }
    } else {
        db::Options { read_connections: 2, write_connections: 2, ..usual }
    };
    let db = db::Db::open(&url, options).map_err(|error| error.to_string())?;
    let house = House::open(db).map_err(|error| error.to_string())?;
    db::ddl::agrees(house.db(), &house.meta().definitions).map_err(|error| error.to_string())?;
    match store.secret_key()? {
        Some(key) => house.seal_with(&key).map_err(|error| error.to_string())?,
        None if house.needs_key().map_err(|error| error.to_string())? => {
            return Err("secrets in the database are sealed: name their key by --secret-key-file or STAGECRAFT_SECRET_KEY".into());
        }
        None => {}
    }
    if let Some(folder) = &store.files_dir {
        let unusable = |error: io::Error| format!("the folder {} for files cannot be used: {error}", folder.display());
        house.keep_files_in(Directory::open(folder).map_err(unusable)?);
    } else if house.needs_directory().map_err(|error| error.to_string())? {
        return Err("there are attachments in a folder: name it with --files-dir, or files_dir in the settings".into());
    }
    Ok(house)
}

/// An error as a sentence, with every finding on a line of its own.
pub fn sentence(house: &House, error: Error, about: &str) -> String {
    let meta = house.meta();
    let problem = match error {
        Error::Internal(what) => return what,
        Error::Db(error) => return error.to_string(),
        other => Problem::from(other),
    };
    let mut text = say_problem(&problem, Language::English, &meta, about);
    for violation in &problem.violations {
        text.push_str("\n  ");
        text.push_str(&say(violation, Language::English, &meta, about));
    }
    text
}
