//! How the installation is, as the API tells it.

use db::Engine;
use db::state::State;
use db::watch::Slow;
use serde_json::{Value as Json, json};

use super::{Facts, Here, Standing, judge};

/// All of it. What the parts have to say are codes with params: screens word them.
pub fn show(facts: &Facts, database: &State, here: &Here, slow: &[Slow]) -> Json {
    let parts = judge(facts, database, here);
    let worst = parts.iter().map(|part| part.standing).max().unwrap_or(Standing::Ok);
    let now = facts.figures.now;
    let parts: Vec<Json> = parts
        .iter()
        .map(|part| json!({"key": part.key, "state": part.standing.key(), "says": part.says, "params": part.params, "link": part.link}))
        .collect();
    let servers: Vec<Json> = facts
        .servers
        .iter()
        .map(|server| {
            json!({
                "id": server.id.to_string(), "name": server.name, "version": server.version, "started_at": server.started_at.to_string(),
                "seen_at": server.seen_at.to_string(), "memory": server.memory, "streams": server.streams, "ahead_ms": server.ahead_ms,
                "here": Some(server.id) == here.server,
            })
        })
        .collect();
    let failed: Vec<Json> = facts
        .failed
        .iter()
        .map(|job| {
            json!({
                "id": job.id.to_string(), "kind": job.kind, "object": job.object, "message": job.message,
                "ended_at": job.ended_at.map(|at| at.to_string()),
            })
        })
        .collect();
    let slow: Vec<Json> = slow
        .iter()
        .map(|slow| {
            json!({
                "at": slow.at.to_string(), "ms": u64::try_from(slow.took.as_millis()).unwrap_or(u64::MAX), "statement": slow.statement,
                "request": slow.task, "what": slow.what,
            })
        })
        .collect();
    let errors: Vec<Json> =
        here.errors.iter().map(|(status, code, count)| json!({"status": status, "code": code, "count": count})).collect();
    let engine = match database.engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    json!({
        "state": worst.key(), "at": now.to_string(), "version": here.version, "started_at": here.started.map(|at| at.to_string()),
        "database": {
            "engine": engine, "version": database.version, "size": database.size, "log_size": database.log, "schema": database.schema,
            "definitions": facts.meta_version,
        },
        "memory": here.memory, "streams": here.streams,
        "parts": parts, "servers": servers, "failed_jobs": failed, "slow": slow, "errors": errors,
    })
}
