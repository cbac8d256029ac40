//! `stagecraft serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use stagecraft_core::{House, analysis, demo, holding, housekeeping, identity, jobs, reminders, reporting};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::{Outcome, open, say};
use crate::app::App;
use crate::config::{Serve, Store};
use crate::listen::{self, Patience};
use crate::post::{Post, Round};
use crate::router::router;
use crate::{watching, webhooks};

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft serve --demo
  stagecraft serve --data-dir /var/lib/stagecraft --listen 0.0.0.0:8080
  stagecraft serve --database-url postgres://stagecraft@db/stagecraft --public-url https://sales.example.com --trusted-proxies 10.0.0.0/8

A file for --config:
  data_dir = \"/var/lib/stagecraft\"
  listen = \"0.0.0.0:8080\"
  public_url = \"https://sales.example.com\"
  trusted_proxies = [\"10.0.0.0/8\"]
  webhook_allow = [\"10.20.0.0/16\"]
  [smtp]
  host = \"mail.example.com\"
  from = \"crm@example.com\"

The line `listening on http://…` appears on the standard output once the door is open. The log goes to the standard error.
GET /healthz says that the process lives, GET /readyz that the database answers. SIGTERM and Ctrl-C end it gently.";

/// How long requests under way may take once the server goes down.
const GRACE: Duration = Duration::from_secs(3);
/// Between two rounds of housekeeping.
const ROUND: Duration = Duration::from_secs(600);
/// Between two signs of life.
const BEAT: Duration = Duration::from_secs(30);
/// Between two times of writing down which sessions and tokens were used.
const SEEN: Duration = Duration::from_secs(20);
/// Between two looks for jobs, when there was none.
const JOBS: Duration = Duration::from_millis(500);
/// Between two looks whether the database is still ours.
const OURS: Duration = Duration::from_secs(2);
/// Between two looks whether the definitions have changed, for the views of programs that report.
const SHAPES: Duration = Duration::from_secs(2);
/// After a look that failed, mostly because the database is away: once a moment is enough to say so.
const FAILED: Duration = Duration::from_secs(2);
/// Between two looks for what is due, when nothing was.
const DUE: Duration = Duration::from_secs(1);

/// Serves until told to stop.
pub fn run(store: &Store, how: &Serve) -> Outcome {
    #[cfg(not(feature = "otel"))]
    open::log(store, "info");
    #[cfg(feature = "otel")]
    let _tracing = open::log_and_trace(store, "info", how.otlp_endpoint.as_deref())?;
    let options = db::Options { though_moved: how.though_moved, ..db::Options::default() };
    let house = Arc::new(open::house_with(store, true, options)?);
    if how.demo == Some(true) {
        demo::fill(&house).map_err(|error| open::sentence(&house, error, "opportunity"))?;
    }
    if let Some(own) = how.smtp.own()? {
        house.send_mail_by(own).map_err(|error| error.to_string())?;
    }
    if let Some(long) = how.slow_query()? {
        house.db().watch().slow_after(long);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    let done = runtime.block_on(serve(house, how));
    // Work that nobody waits for any more must not hold up the end.
    runtime.shutdown_timeout(Duration::from_secs(1));
    done
}

async fn serve(house: Arc<House>, how: &Serve) -> Outcome {
    let address = how.address();
    let listener = TcpListener::bind(address).await.map_err(|error| format!("{address} cannot be listened on: {error}"))?;
    let local = listener.local_addr().map_err(|error| error.to_string())?;
    let app = App::telling(house.clone(), how.edge(), how.telling()?);
    if let Some(folder) = house.directory().map(|directory| directory.path_of_all().to_owned()) {
        app.watching.lies_in(folder);
    }
    let metrics = match how.metrics_listen {
        Some(address) => Some(watching::listen::listen(address).await?),
        None => None,
    };
    let router = router(app.clone());
    let beating = tokio::spawn(beat(app.clone(), local));
    let reporting = tokio::spawn(keep_reporting(house.clone()));
    let watched = house.clone();
    let keeping = tokio::spawn(keep_house(house.clone()));
    let seeing = tokio::spawn(keep_seen(house.clone()));
    let reminding = tokio::spawn(remind(house.clone()));
    let importing = tokio::spawn(work(house.clone(), jobs::work_long));
    let working = tokio::spawn(work(house.clone(), jobs::work));
    let telling = tokio::spawn(webhooks::tell(house.clone(), app.telling.clone()));
    let reading = house.clone();
    // The first who asks does not wait for it.
    drop(tokio::task::spawn_blocking(move || {
        analysis::prepare(&reading).unwrap_or_else(|error| tracing::warn!(%error, "deals are read when they are asked for"))
    }));
    let post = Post::new(house, how.public_url.clone());
    let posting = tokio::spawn(send_mail(post.clone()));
    if let Some(metrics) = metrics {
        if let Ok(address) = metrics.local_addr() {
            say(&format!("metrics on http://{address}/metrics"))?;
        }
        let service = watching::listen::router(app.clone()).into_make_service();
        drop(tokio::spawn(async move { axum::serve(metrics, service).await }));
    }
    say(&format!("listening on http://{local}"))?;

    let (leave, left) = tokio::sync::watch::channel(false);
    let mut asked = left.clone();
    let serving = tokio::spawn(async move {
        let leave = async move { while !*asked.borrow() && asked.changed().await.is_ok() {} };
        listen::serve(listener, router, Patience::default(), listen::connections(), leave).await;
    });
    let mut overtaken = None;
    tokio::select! {
        () = stopped() => {}
        why = is_overtaken(watched) => overtaken = Some(why),
    }
    tracing::info!("going down");
    app.live.close();
    let _ = leave.send(true);
    post.stop();
    beating.abort();
    keeping.abort();
    seeing.abort();
    reporting.abort();
    working.abort();
    importing.abort();
    reminding.abort();
    telling.abort();
    let leaving = app.clone();
    let left = tokio::task::spawn_blocking(move || watching::leave(&leaving));
    if let Ok(Ok(Err(error))) = tokio::time::timeout(GRACE, left).await {
        tracing::warn!(%error, "the other servers were not told");
    }
    // The message that is on its way gets there, so that it does not go again.
    let _ = tokio::time::timeout(GRACE, posting).await;
    let _ = tokio::time::timeout(GRACE, serving).await;
    overtaken.map_or(Ok(()), Err)
}

/// Ends when the database was brought up to a newer version, or moved away, by somebody else: then nothing is read or written here any more.
async fn is_overtaken(house: Arc<House>) -> String {
    loop {
        tokio::time::sleep(OURS).await;
        let here = house.clone();
        let looked = tokio::task::spawn_blocking(move || here.db().read::<_, db::Error>(|_| Ok(()))).await;
        if let Ok(Err(error @ (db::Error::Newer { .. } | db::Error::Moved(_)))) = looked {
            return error.to_string();
        }
    }
}

/// Ends when the process is asked to stop.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => drop(interrupted.await),
    }
}

/// Keeps the views of programs that report in step with the definitions.
async fn keep_reporting(house: Arc<House>) {
    loop {
        let here = house.clone();
        match tokio::task::spawn_blocking(move || reporting::keep_up(&here)).await {
            Ok(Ok(made)) => tracing::debug!(made, "views for reports"),
            // A report runs on them, or another server is at it.
            Ok(Err(error)) => tracing::warn!(%error, "the views for reports have to wait"),
            Err(error) => tracing::error!(%error, "making views for reports ended early"),
        }
        tokio::time::sleep(SHAPES).await;
    }
}

/// What has to be done now and then, whoever is there.
async fn keep_house(house: Arc<House>) {
    loop {
        let here = house.clone();
        match tokio::task::spawn_blocking(move || housekeeping::round(&here)).await {
            Ok(Ok(done)) => tracing::debug!(done.converted, done.swept, "housekeeping"),
            Ok(Err(error)) => tracing::warn!(%error, "housekeeping has to wait"),
            Err(error) => tracing::error!(%error, "housekeeping ended early"),
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Gives signs of life, by which servers of one database know of each other.
async fn beat(app: App, listening: SocketAddr) {
    loop {
        let here = app.clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || watching::beat(&here, &listening.to_string())).await {
            tracing::warn!(%error, "a sign of life has to wait");
        }
        tokio::time::sleep(BEAT).await;
    }
}

/// Writes down which sessions and tokens were used, so that no request has to.
async fn keep_seen(house: Arc<House>) {
    loop {
        tokio::time::sleep(SEEN).await;
        let here = house.clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || identity::keep_seen(&here)).await {
            tracing::warn!(%error, "the marks of last use have to wait");
        }
    }
}

/// Tells some of what is due, and those who wait for room that there is some; true when there may be more.
fn due(house: &House) -> stagecraft_core::Result<bool> {
    Ok(reminders::work(house)? | holding::tell_waiting(house)?)
}

/// Tells people what is due; several servers share it.
async fn remind(house: Arc<House>) {
    loop {
        let here = house.clone();
        let rest = match tokio::task::spawn_blocking(move || due(&here)).await {
            Ok(Ok(true)) => continue,
            Ok(Ok(false)) => DUE,
            Ok(Err(error)) => {
                tracing::warn!(%error, "what is due has to wait");
                FAILED
            }
            Err(error) => {
                tracing::error!(%error, "telling what is due ended early");
                FAILED
            }
        };
        tokio::time::sleep(rest).await;
    }
}

/// Sends e-mail until it is told to stop; several servers share it.
async fn send_mail(post: Arc<Post>) {
    while !post.is_stopped() {
        let here = post.clone();
        let round = match tokio::task::spawn_blocking(move || here.round()).await {
            Ok(Ok(round)) => round,
            Ok(Err(error)) => {
                tracing::warn!(%error, "e-mail has to wait");
                Round::Nothing
            }
            Err(error) => {
                tracing::error!(%error, "sending e-mail ended early");
                Round::Away
            }
        };
        post.rest(round).await;
    }
}

/// Works on jobs, one after the other; several servers share them.
async fn work(house: Arc<House>, on: fn(&House) -> stagecraft_core::Result<bool>) {
    loop {
        let here = house.clone();
        let rest = match tokio::task::spawn_blocking(move || on(&here)).await {
            Ok(Ok(true)) => continue,
            Ok(Ok(false)) => JOBS,
            Ok(Err(error)) => {
                tracing::warn!(%error, "a job has to wait");
                FAILED
            }
            Err(error) => {
                tracing::error!(%error, "a job ended early");
                FAILED
            }
        };
        tokio::time::sleep(rest).await;
    }
}
