//! Everything that is measured, in Prometheus' text. What each figure means is told in docs/monitoring.md.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use db::state::State;
use db::watch::{Step, Times};
use db::{Engine, Limits};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet, prometheus_text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;
use stagecraft_core::watching::Figures;
use stagecraft_core::{Credential, House, watching};

use super::{Watching, process};
use crate::app::App;
use crate::door::Place;

pub use prometheus_text::CONTENT_TYPE;

/// How long the database may take to tell how it is; then it counts as away.
const PATIENCE: Duration = Duration::from_millis(1_500);
const WHY: Credential = Credential::System("whoever watches over the server asks how it is");

/// All figures.
pub async fn text(app: &App) -> String {
    let house = app.door.house().clone();
    let asked = tokio::task::spawn_blocking(move || from_database(&house));
    let known = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(Ok(known))) => Some(known),
        Ok(Ok(Err(error))) => {
            tracing::warn!(%error, "the database does not tell how it is");
            None
        }
        _ => None,
    };
    let mut text = String::new();
    let mut own = Registry::with_prefix("stagecraft");
    app.watching.enter(&mut own);
    own.register_collector(Box::new(Snapshot { app: app.clone(), known }));
    let mut process = Registry::with_prefix("process");
    process.register_collector(Box::new(OfProcess { started: app.watching.started.0 }));
    for registry in [&own, &process] {
        if prometheus_text::encode(&mut text, registry).is_err() {
            tracing::error!("metrics cannot be written");
        }
    }
    text
}

fn from_database(house: &Arc<House>) -> stagecraft_core::Result<(Figures, State)> {
    let figures = house.read(&WHY, Limits::default(), watching::figures)?;
    Ok((figures, db::state::state(house.db(), Limits::default())?))
}

impl Watching {
    fn enter(&self, registry: &mut Registry) {
        registry.register("http_requests", "Requests answered", self.answered.clone());
        registry.register("http_request_seconds", "Time until the head of the answer", self.took.clone());
        registry.register("refusals", "Findings and other reasons for which requests were refused or failed", self.refused.clone());
    }
}

type Labels = Vec<(&'static str, String)>;

/// Writes figures one after the other.
struct Sheet<'a>(DescriptorEncoder<'a>);

impl Sheet<'_> {
    fn gauge(&mut self, name: &str, help: &str, value: f64) -> fmt::Result {
        self.gauges(name, help, vec![(vec![], value)])
    }

    fn gauges(&mut self, name: &str, help: &str, values: Vec<(Labels, f64)>) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (labels, value) in values {
            match labels.is_empty() {
                true => metric.encode_gauge(&value)?,
                false => metric.encode_family(&labels)?.encode_gauge(&value)?,
            }
        }
        Ok(())
    }

    fn counters(&mut self, name: &str, help: &str, values: Vec<(Labels, f64)>) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, value) in values {
            match labels.is_empty() {
                true => metric.encode_counter::<NoLabelSet, _, f64>(&value, None)?,
                false => metric.encode_family(&labels)?.encode_counter::<NoLabelSet, _, f64>(&value, None)?,
            }
        }
        Ok(())
    }

    fn times(&mut self, name: &str, help: &str, values: Vec<(Labels, &Times)>) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (labels, times) in values {
            let counts = times.buckets();
            let bounds = Times::BOUNDS.into_iter().chain([f64::INFINITY]);
            let buckets: Vec<(f64, u64)> = bounds.zip(counts).collect();
            let sum = times.seconds();
            metric.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, counts.iter().sum(), &buckets, None)?;
        }
        Ok(())
    }
}

/// One look at everything that is not counted as it happens.
struct Snapshot {
    app: App,
    known: Option<(Figures, State)>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snapshot")
    }
}

fn label(name: &'static str, value: impl Into<String>) -> Labels {
    vec![(name, value.into())]
}

impl Collector for Snapshot {
    fn encode(&self, encoder: DescriptorEncoder) -> fmt::Result {
        let sheet = &mut Sheet(encoder);
        sheet.gauges("build_info", "The program", vec![(label("version", env!("CARGO_PKG_VERSION")), 1.0)])?;
        sheet.gauge("http_requests_under_way", "Requests not answered yet", self.app.watching.under_way.load(Ordering::Relaxed) as f64)?;
        sheet.gauge("event_streams", "Browsers and programs that listen to what happens", self.app.live.open_streams() as f64)?;
        self.lanes(sheet)?;
        self.connections(sheet)?;
        self.statements(sheet)?;
        let house = self.app.door.house();
        sheet.gauge("analysis_deals", "Deals held in memory for analyses", house.analysis().deals() as f64)?;
        sheet.gauge("analysis_memory_bytes", "What those take, about", house.analysis().bytes() as f64)?;
        sheet.gauge("database_up", "1 where the database answers", f64::from(u8::from(self.known.is_some())))?;
        match &self.known {
            Some((figures, state)) => {
                database(sheet, state)?;
                waiting(sheet, figures)
            }
            None => Ok(()),
        }
    }
}

impl Snapshot {
    fn lanes(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let lanes = self.app.door.lanes();
        let each = |of: fn(&Place) -> f64| lanes.iter().map(|lane| (label("lane", lane.name()), of(lane))).collect();
        sheet.gauges("lane_places", "How many may work at once", each(|lane| lane.size() as f64))?;
        sheet.gauges("lane_busy", "How many work", each(|lane| lane.busy() as f64))?;
        sheet.gauges("lane_waiting", "How many wait for a place", each(|lane| lane.waiting() as f64))?;
        sheet.counters("lane_turned_away", "Who found no place in time", each(|lane| lane.turned_away() as f64))?;
        let waits = lanes.iter().map(|lane| (label("lane", lane.name()), lane.waits())).collect();
        sheet.times("lane_wait_seconds", "How long was waited for a place", waits)
    }

    fn connections(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let db = self.app.door.house().db();
        let pools = ["read", "write"].into_iter().zip(db.pools());
        let (mut standing, mut most, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        for (pool, filled) in pools {
            let of = |state: &str| vec![("pool", pool.to_owned()), ("state", state.to_owned())];
            standing.extend([(of("busy"), f64::from(filled.out)), (of("idle"), f64::from(filled.idle))]);
            most.push((label("pool", pool), f64::from(filled.size)));
            waiting.push((label("pool", pool), f64::from(filled.waiting)));
        }
        sheet.gauges("database_connections", "Connections that are open", standing)?;
        sheet.gauges("database_connections_most", "How many there may be", most)?;
        sheet.gauges("database_connections_waiting", "Who waits for one", waiting)?;
        let watch = db.watch();
        let waits = vec![(label("pool", "read"), watch.waits(false)), (label("pool", "write"), watch.waits(true))];
        sheet.times("database_connection_wait_seconds", "How long was waited for one", waits)
    }

    fn statements(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let db = self.app.door.house().db();
        let watch = db.watch();
        let steps = Step::ALL
            .into_iter()
            .map(|step| (vec![("engine", engine(db.engine()).to_owned()), ("step", step.key().to_owned())], watch.step(step)))
            .collect();
        sheet.times("database_statement_seconds", "Round trips to the database", steps)?;
        sheet.counters("database_slow_statements", "Statements that took long", vec![(vec![], watch.slow_count() as f64)])?;
        sheet.counters("database_transactions_repeated", "Transactions run again", vec![(vec![], watch.again() as f64)])?;
        let stored = watch.stored().into_iter().map(|(act, many)| (label("act", act), many as f64)).collect();
        sheet.counters("records_stored", "Changes of records that were committed", stored)
    }
}

fn engine(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

fn database(sheet: &mut Sheet<'_>, state: &State) -> fmt::Result {
    let version = vec![("engine", engine(state.engine).to_owned()), ("version", state.version.clone())];
    sheet.gauges("database_info", "The database", vec![(version, 1.0)])?;
    sheet.gauge("database_latency_seconds", "How long the simplest question takes", state.latency.as_secs_f64())?;
    sheet.gauge("database_size_bytes", "What it takes up", state.size as f64)?;
    if let Some(log) = state.log {
        sheet.gauge("database_log_bytes", "SQLite's write-ahead log", log as f64)?;
    }
    if let Some(micros) = state.ahead {
        sheet.gauge("database_clock_ahead_seconds", "By how much this machine's clock is ahead of the database's", micros as f64 / 1e6)?;
    }
    sheet.gauge("database_schema", "The last migration", state.schema as f64)
}

fn waiting(sheet: &mut Sheet<'_>, figures: &Figures) -> fmt::Result {
    let since = |at: Option<model::Instant>| at.map_or(0.0, |at| ((figures.now.0 - at.0) as f64 / 1e6).max(0.0));
    let jobs = figures.jobs.iter().map(|((kind, state), count)| (vec![("kind", kind.clone()), ("state", state.clone())], *count as f64));
    sheet.gauges("jobs", "Work behind the answers that waits, goes on or failed", jobs.collect())?;
    sheet.gauge("jobs_due_seconds", "For how long the first of them has been due", since(figures.job_due))?;
    let imports = figures.jobs_in("running", Some(&["import", "undo_import"]));
    sheet.gauge("imports_running", "Imports that go on, or are taken back", imports as f64)?;
    let webhooks = &figures.webhooks;
    sheet.gauge("outbox_lag_seconds", "For how long a change waits that a webhook has not gone through", since(webhooks.unread_since))?;
    sheet.gauge("outbox_kept_seconds", "How old the oldest change is that is kept for listeners", since(figures.event_kept))?;
    let off = webhooks.off.len() as f64;
    let standing = vec![(label("state", "on"), webhooks.count as f64 - off), (label("state", "off"), off)];
    sheet.gauges("webhooks", "Webhooks, and those switched off because nothing went through", standing)?;
    let deliveries = vec![(label("state", "waiting"), webhooks.waiting as f64), (label("state", "failed"), webhooks.failed as f64)];
    sheet.gauges("webhook_deliveries", "Deliveries that wait, and that failed", deliveries)?;
    let mail = vec![(label("state", "waiting"), figures.mail_waiting as f64), (label("state", "failed"), figures.mail_failed as f64)];
    sheet.gauges("mails", "E-mails that wait, and that could not go", mail)?;
    sheet.gauge("mails_due_seconds", "For how long the first of them has been due", since(figures.mail_due))
}

/// Under the names that every exporter uses.
#[derive(Debug)]
struct OfProcess {
    started: i64,
}

impl Collector for OfProcess {
    fn encode(&self, encoder: DescriptorEncoder) -> fmt::Result {
        let sheet = &mut Sheet(encoder);
        let process = process::look();
        let some = |value: Option<u64>| value.map(|value| value as f64);
        for (name, help, value) in [
            ("resident_memory_bytes", "Memory held", some(process.memory)),
            ("open_fds", "Files and connections open", some(process.open_files)),
            ("max_fds", "How many may be", some(process.most_files)),
            ("start_time_seconds", "When it began", Some(self.started as f64 / 1e6)),
        ] {
            if let Some(value) = value {
                sheet.gauge(name, help, value)?;
            }
        }
        match process.processor {
            Some(seconds) => sheet.counters("cpu_seconds", "Processor time", vec![(vec![], seconds)]),
            None => Ok(()),
        }
    }
}
