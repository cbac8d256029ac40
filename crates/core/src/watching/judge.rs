//! What is to be thought of what is known: pure.

use db::Engine;
use db::state::State;
use serde_json::{Value as Json, json};

use super::servers::SILENT;
use super::{Facts, Here};
use crate::jobs::Kind;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Ok,
    /// Somebody should look at it one of these days.
    Attention,
    /// Somebody should look at it now.
    Trouble,
}

impl Standing {
    /// As the API says it.
    pub fn key(self) -> &'static str {
        match self {
            Standing::Ok => "ok",
            Standing::Attention => "attention",
            Standing::Trouble => "trouble",
        }
    }
}

/// One part of the installation.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub key: &'static str,
    pub standing: Standing,
    /// What there is to say of it; screens word it.
    pub says: &'static str,
    pub params: Json,
    /// The screen where one does something about it.
    pub link: Option<&'static str>,
}

fn part(key: &'static str, (standing, says): (Standing, &'static str), params: Json, link: Option<&'static str>) -> Part {
    Part { key, standing, says, params, link }
}

use Standing::{Attention, Ok as Well, Trouble};

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;
const GIGABYTE: u64 = 1 << 30;

/// Every part, in the order in which one reads them.
pub fn judge(facts: &Facts, database: &State, here: &Here) -> Vec<Part> {
    let mut parts = vec![answering(database), writing(here)];
    parts.extend(disk(here));
    parts.extend(memory(here));
    parts.extend([servers(facts)]);
    parts.extend(clock(facts, database));
    parts.extend([jobs(facts), index(facts), outbox(facts), webhooks(facts), mail(facts), check(facts)]);
    parts.extend(backup(facts));
    parts.extend([slow(here), errors(here)]);
    parts
}

fn answering(database: &State) -> Part {
    let ms = database.latency.as_micros() as f64 / 1_000.0;
    let found = match ms {
        ms if ms >= 500.0 => (Trouble, "database.slow"),
        ms if ms >= 50.0 => (Attention, "database.slow"),
        _ => (Well, "database.ok"),
    };
    part("database", found, json!({"ms": (ms * 10.0).ceil() / 10.0}), None)
}

fn writing(here: &Here) -> Part {
    let found = match here.writers_waiting {
        0..=9 => (Well, "writing.ok"),
        10..=49 => (Attention, "writing.queue"),
        _ => (Trouble, "writing.queue"),
    };
    part("writing", found, json!({"count": here.writers_waiting}), None)
}

fn disk(here: &Here) -> Option<Part> {
    let (free, all) = here.disk?;
    let share = |hundredths: u64| all / 100 * hundredths;
    let found = if free < GIGABYTE.min(share(10)) || free < share(3) {
        (Trouble, "disk.low")
    } else if free < (5 * GIGABYTE).min(share(20)) || free < share(8) {
        (Attention, "disk.low")
    } else {
        (Well, "disk.ok")
    };
    Some(part("disk", found, json!({"free": free, "size": all}), None))
}

fn memory(here: &Here) -> Option<Part> {
    let held = here.memory?;
    let found = match here.machine {
        Some((all, free)) if free < all / 20 => (Attention, "memory.low"),
        _ => (Well, "memory.ok"),
    };
    let (all, free) = here.machine.unzip();
    Some(part("memory", found, json!({"held": held, "size": all, "free": free}), None))
}

fn servers(facts: &Facts) -> Part {
    let silent_since = facts.figures.now.plus_seconds(-SILENT);
    let silent: Vec<&str> =
        facts.servers.iter().filter(|server| server.seen_at < silent_since).map(|server| server.name.as_str()).collect();
    let versions = facts.servers.iter().map(|server| server.version.as_str()).collect::<std::collections::BTreeSet<_>>();
    let params = json!({"count": facts.servers.len() - silent.len(), "silent": silent, "versions": versions});
    let found = if !silent.is_empty() {
        (Attention, "servers.silent")
    } else if versions.len() > 1 {
        (Attention, "servers.versions")
    } else {
        (Well, "servers.ok")
    };
    part("servers", found, params, None)
}

/// Clocks of servers and of the database, where those are two.
fn clock(facts: &Facts, database: &State) -> Option<Part> {
    if database.engine == Engine::Sqlite {
        return None;
    }
    let own = database.ahead.map(|micros| micros / 1_000);
    let ms = facts.servers.iter().filter_map(|server| server.ahead_ms).chain(own).max_by_key(|ms| ms.abs()).unwrap_or(0);
    let found = match ms.abs() {
        0..1_000 => (Well, "clock.ok"),
        1_000..30_000 => (Attention, "clock.off"),
        _ => (Trouble, "clock.off"),
    };
    Some(part("clock", found, json!({"ms": ms}), None))
}

fn jobs(facts: &Facts) -> Part {
    let figures = &facts.figures;
    let (failed, open) = (figures.jobs_in("failed", None), figures.jobs_in("waiting", None) + figures.jobs_in("running", None));
    let params = json!({"open": open, "failed": failed, "stuck": facts.stuck});
    if facts.stuck > 0 {
        part("jobs", (Trouble, "jobs.stuck"), params, Some("/admin/jobs"))
    } else if failed > 0 {
        part("jobs", (Attention, "jobs.failed"), params, Some("/admin/jobs?state=failed"))
    } else {
        part("jobs", (Well, "jobs.ok"), params, Some("/admin/jobs"))
    }
}

/// What is derived from records is whole, or is being made.
fn index(facts: &Facts) -> Part {
    let kinds = [Kind::FillMatches, Kind::DropMatches, Kind::Recalculate, Kind::Share].map(Kind::key);
    let of = |state| facts.figures.jobs_in(state, Some(&kinds));
    let (making, failed) = (of("waiting") + of("running"), of("failed"));
    let params = json!({"making": making, "failed": failed});
    match (making, failed) {
        (_, 1..) => part("index", (Attention, "index.failed"), params, Some("/admin/jobs?state=failed")),
        (1.., _) => part("index", (Well, "index.making"), params, Some("/admin/jobs")),
        _ => part("index", (Well, "index.ok"), params, None),
    }
}

fn outbox(facts: &Facts) -> Part {
    let behind = facts.figures.webhooks.unread_since.map_or(0, |since| seconds_since(facts, since));
    let found = match behind {
        ..60 => (Well, "outbox.ok"),
        60..900 => (Attention, "outbox.behind"),
        _ => (Trouble, "outbox.behind"),
    };
    part("outbox", found, json!({"seconds": behind}), None)
}

fn webhooks(facts: &Facts) -> Part {
    let pulse = &facts.figures.webhooks;
    let params = json!({"count": pulse.count, "off": pulse.off, "waiting": pulse.waiting, "failed": pulse.failed});
    let found = if !pulse.off.is_empty() {
        (Trouble, "webhooks.off")
    } else if pulse.failed > 0 {
        (Attention, "webhooks.failed")
    } else if pulse.count == 0 {
        (Well, "webhooks.none")
    } else {
        (Well, "webhooks.ok")
    };
    part("webhooks", found, params, Some("/admin/webhooks"))
}

fn mail(facts: &Facts) -> Part {
    let figures = &facts.figures;
    let late = figures.mail_due.map_or(0, |since| seconds_since(facts, since));
    let params = json!({"waiting": figures.mail_waiting, "failed": facts.mail_failed_lately, "seconds": late});
    let found = if !facts.mail_is_sent {
        (Well, "mail.unset")
    } else if late >= 60 * MINUTE {
        (Trouble, "mail.late")
    } else if late >= 10 * MINUTE {
        (Attention, "mail.late")
    } else if facts.mail_failed_lately > 0 {
        (Attention, "mail.failed")
    } else {
        (Well, "mail.ok")
    };
    part("mail", found, params, Some("/admin/mail"))
}

/// The last `stagecraft check`.
fn check(facts: &Facts) -> Part {
    let Some(mark) = &facts.check else { return part("check", (Well, "check.never"), json!({}), None) };
    let faults = mark.doc["faults"].as_u64().unwrap_or(0);
    let params = json!({"at": mark.at.to_string(), "faults": faults});
    let found = if faults > 0 {
        (Trouble, "check.faults")
    } else if seconds_since(facts, mark.at) > 31 * DAY {
        (Attention, "check.old")
    } else {
        (Well, "check.ok")
    };
    part("check", found, params, None)
}

/// The last backup by this program; of those that are made otherwise it knows nothing, and says nothing.
fn backup(facts: &Facts) -> Option<Part> {
    let mark = facts.backup.as_ref()?;
    let found = if seconds_since(facts, mark.at) > 2 * DAY { (Attention, "backup.old") } else { (Well, "backup.ok") };
    Some(part("backup", found, json!({"at": mark.at.to_string()}), None))
}

fn slow(here: &Here) -> Part {
    let found = if here.slow >= 5 { (Attention, "slow.some") } else { (Well, "slow.ok") };
    part("slow", found, json!({"count": here.slow, "ms": here.slow_after_ms}), None)
}

/// What failed by our own fault, or for want of room, in the last hour; that people are refused something is the product at work.
fn errors(here: &Here) -> Part {
    let count = |busy: bool| {
        let of = |(status, code, _): &&(u16, &str, u64)| *status >= 500 && *code != "request.cancelled" && (*code == "server.busy") == busy;
        here.errors.iter().filter(of).map(|(_, _, count)| count).sum::<u64>()
    };
    let (faults, busy) = (count(false), count(true));
    let found = if faults >= 20 {
        (Trouble, "errors.faults")
    } else if faults > 0 {
        (Attention, "errors.faults")
    } else if busy > 0 {
        (Attention, "errors.busy")
    } else {
        (Well, "errors.ok")
    };
    part("errors", found, json!({"faults": faults, "busy": busy}), None)
}

fn seconds_since(facts: &Facts, at: model::Instant) -> i64 {
    ((facts.figures.now.0 - at.0) / 1_000_000).max(0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::{Id, Instant};

    use super::*;
    use crate::watching::{Mark, Server};

    const NOW: Instant = Instant(1_770_000_000_000_000);

    fn database(engine: Engine) -> State {
        State {
            engine,
            version: "17.2".into(),
            size: 1 << 20,
            log: None,
            schema: 31,
            known: 31,
            latency: Duration::from_micros(300),
            ahead: (engine == Engine::Postgres).then_some(2_000),
        }
    }

    fn well() -> (Facts, Here) {
        let mut facts = Facts { mail_is_sent: true, ..Facts::default() };
        facts.figures.now = NOW;
        facts.servers = vec![server("a", 5)];
        let here = Here {
            memory: Some(90 << 20),
            machine: Some((8 * GIGABYTE, 4 * GIGABYTE)),
            disk: Some((60 * GIGABYTE, 100 * GIGABYTE)),
            ..Here::default()
        };
        (facts, here)
    }

    fn server(name: &str, silent_for: i64) -> Server {
        Server {
            id: Id::SYSTEM,
            name: name.into(),
            version: "1.0.0".into(),
            started_at: NOW.plus_seconds(-9_000),
            seen_at: NOW.plus_seconds(-silent_for),
            memory: None,
            streams: 0,
            ahead_ms: Some(2),
        }
    }

    /// What is not well.
    fn found(facts: &Facts, engine: Engine, here: &Here) -> Vec<(&'static str, Standing)> {
        judge(facts, &database(engine), here)
            .into_iter()
            .filter(|part| part.standing != Standing::Ok)
            .map(|part| (part.says, part.standing))
            .collect()
    }

    #[test]
    fn where_all_is_well_nothing_else_is_said() {
        let (facts, here) = well();
        for engine in [Engine::Sqlite, Engine::Postgres] {
            assert_eq!(found(&facts, engine, &here), []);
        }
        let keys = |engine| judge(&facts, &database(engine), &here).iter().map(|part| part.key).collect::<Vec<_>>();
        assert!(!keys(Engine::Sqlite).contains(&"clock") && keys(Engine::Postgres).contains(&"clock"));
        // Of backups that nobody marked nothing is said.
        assert!(!keys(Engine::Postgres).contains(&"backup"));
    }

    #[test]
    fn each_fault_is_said_where_it_belongs_and_how_bad_it_is() {
        type Change = fn(&mut Facts, &mut Here);
        let cases: [(Change, (&'static str, Standing)); 22] = [
            (|_, here| here.writers_waiting = 10, ("writing.queue", Attention)),
            (|_, here| here.writers_waiting = 50, ("writing.queue", Trouble)),
            (|_, here| here.disk = Some((7 * GIGABYTE, 100 * GIGABYTE)), ("disk.low", Attention)),
            (|_, here| here.disk = Some((2 * GIGABYTE, 100 * GIGABYTE)), ("disk.low", Trouble)),
            (|_, here| here.machine = Some((8 * GIGABYTE, GIGABYTE / 4)), ("memory.low", Attention)),
            (|facts, _| facts.servers.push(server("b", SILENT + 1)), ("servers.silent", Attention)),
            (|facts, _| facts.servers[0].ahead_ms = Some(-1_500), ("clock.off", Attention)),
            (|facts, _| facts.servers[0].ahead_ms = Some(31_000), ("clock.off", Trouble)),
            (|facts, _| facts.stuck = 1, ("jobs.stuck", Trouble)),
            (|facts, _| *facts.figures.jobs.entry(("bulk".into(), "failed".into())).or_default() = 2, ("jobs.failed", Attention)),
            (|facts, _| facts.figures.webhooks.unread_since = Some(NOW.plus_seconds(-60)), ("outbox.behind", Attention)),
            (|facts, _| facts.figures.webhooks.unread_since = Some(NOW.plus_seconds(-900)), ("outbox.behind", Trouble)),
            (|facts, _| facts.figures.webhooks.off = vec!["Warehouse".into()], ("webhooks.off", Trouble)),
            (|facts, _| facts.figures.webhooks.failed = 1, ("webhooks.failed", Attention)),
            (|facts, _| facts.figures.mail_due = Some(NOW.plus_seconds(-600)), ("mail.late", Attention)),
            (|facts, _| facts.mail_failed_lately = 1, ("mail.failed", Attention)),
            (|facts, _| facts.check = Some(Mark { at: NOW, doc: json!({"faults": 2}) }), ("check.faults", Trouble)),
            (|facts, _| facts.check = Some(Mark { at: NOW.plus_seconds(-32 * DAY), doc: json!({"faults": 0}) }), ("check.old", Attention)),
            (|facts, _| facts.backup = Some(Mark { at: NOW.plus_seconds(-3 * DAY), doc: json!({}) }), ("backup.old", Attention)),
            (|_, here| here.slow = 5, ("slow.some", Attention)),
            (|_, here| here.errors = vec![(503, "server.busy", 1), (503, "request.cancelled", 9)], ("errors.busy", Attention)),
            (|_, here| here.errors = vec![(500, "server.internal", 20), (422, "record.invalid", 900)], ("errors.faults", Trouble)),
        ];
        for (change, expected) in cases {
            let (mut facts, mut here) = well();
            change(&mut facts, &mut here);
            assert_eq!(found(&facts, Engine::Postgres, &here), [expected]);
        }
    }

    #[test]
    fn an_index_that_could_not_be_made_is_told_beside_its_job() {
        let (mut facts, here) = well();
        facts.figures.jobs.insert(("fill_matches".into(), "running".into()), 1);
        assert_eq!(found(&facts, Engine::Sqlite, &here), []);
        facts.figures.jobs.insert(("fill_matches".into(), "failed".into()), 1);
        assert_eq!(found(&facts, Engine::Sqlite, &here), [("jobs.failed", Attention), ("index.failed", Attention)]);
    }
}
