//! Watching over the server: what it is asked and how that goes, told to Prometheus ([`metrics`]), to the log, and to the page of the
//! system's health.

pub mod asked;
mod beat;
mod lately;
pub mod listen;
pub mod metrics;
mod process;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{Method, StatusCode};
use model::{Id, Instant};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use stagecraft_core::watching::Here;

pub use beat::{beat, leave};

use crate::app::App;
use crate::problem::Problem;
use lately::Lately;

/// Upper bounds of the times of requests, in seconds.
const BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    route: String,
    method: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Coded {
    code: &'static str,
}

/// What this server has seen since it began. Labels are route templates, methods, states and codes: their number is bounded by the program.
pub struct Watching {
    started: Instant,
    answered: Family<Answered, Counter>,
    took: Family<Asked, Histogram, fn() -> Histogram>,
    refused: Family<Coded, Counter>,
    under_way: AtomicI64,
    lately: Lately,
    /// Its own id among the servers of the database.
    server: OnceLock<Id>,
    /// Where the data lies, on this machine.
    data: OnceLock<PathBuf>,
}

impl Default for Watching {
    fn default() -> Watching {
        Watching {
            started: now(),
            answered: Family::default(),
            took: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            refused: Family::default(),
            under_way: AtomicI64::new(0),
            lately: Lately::default(),
            server: OnceLock::new(),
            data: OnceLock::new(),
        }
    }
}

/// A request under way; it is counted as such until this is dropped, also where its client hangs up.
pub struct UnderWay<'a>(&'a AtomicI64);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Watching {
    /// A request has come.
    pub fn comes(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(&self.under_way)
    }

    /// A request was answered.
    pub fn answers(&self, route: &str, method: &Method, status: StatusCode, took: Duration) {
        let method = known(method);
        self.answered.get_or_create(&Answered { route: route.to_owned(), method, status: status.as_u16() }).inc();
        self.took.get_or_create(&Asked { route: route.to_owned(), method }).observe(took.as_secs_f64());
    }

    /// A request was refused, or failed: each finding counts, else the problem itself.
    pub fn refuses(&self, problem: &Problem) {
        let count = |code: &'static str| {
            self.refused.get_or_create(&Coded { code }).inc();
            self.lately.add(problem.status.as_u16(), code);
        };
        if problem.violations.is_empty() {
            count(problem.code);
        } else {
            problem.violations.iter().for_each(|violation| count(violation.code));
        }
    }

    /// Where the data lies, on this machine.
    pub fn lies_in(&self, folder: PathBuf) {
        let _ = self.data.set(folder);
    }
}

/// What this server knows of itself.
pub fn here(app: &App) -> Here {
    let (watching, house) = (&app.watching, app.door.house());
    let folder = watching.data.get().map(PathBuf::as_path).or_else(|| house.db().file().and_then(std::path::Path::parent));
    let slow_since = now().plus_seconds(-3_600);
    let watch = house.db().watch();
    let waiting: u64 = app.door.lanes().iter().filter(|lane| lane.name() == "write").map(|lane| lane.waiting()).sum();
    Here {
        server: watching.server.get().copied(),
        version: env!("CARGO_PKG_VERSION"),
        started: Some(watching.started),
        memory: process::look().memory,
        machine: process::machine(),
        disk: folder.and_then(process::disk),
        streams: app.live.open_streams(),
        writers_waiting: waiting + u64::from(house.db().pools()[1].waiting),
        slow: watch.slow().iter().filter(|slow| slow.at >= slow_since).count() as u64,
        slow_after_ms: u64::try_from(watch.is_slow_after().as_millis()).unwrap_or(u64::MAX),
        errors: watching.lately.last_hour(),
    }
}

/// The machine's clock.
fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// Methods that somebody made up are one.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
