//! How the installation is.

use serde_json::Value;
use utoipa::ToSchema;

/// How the installation is.
#[derive(ToSchema)]
pub struct SystemHealth {
    /// The worst of its parts: `ok`, `attention`, `trouble`.
    #[schema(example = "ok")]
    pub state: String,
    pub at: String,
    /// The program's version.
    pub version: String,
    /// When the server that answers began.
    pub started_at: Option<String>,
    pub database: HealthDatabase,
    /// Bytes that the server which answers holds in memory.
    pub memory: Option<u64>,
    /// Live streams open on it.
    pub streams: u64,
    pub parts: Vec<HealthPart>,
    /// All servers of the database that gave a sign of life in the last hour.
    pub servers: Vec<HealthServer>,
    /// Jobs that failed, at most five, the last first; `POST /jobs/{id}/retry` tries one again.
    pub failed_jobs: Vec<HealthJob>,
    /// The last statements that took long on the server which answers, the newest first.
    pub slow: Vec<HealthStatement>,
    /// What it refused, and what failed, in the last hour.
    pub errors: Vec<HealthError>,
}

#[derive(ToSchema)]
pub struct HealthDatabase {
    /// `sqlite`, `postgres`.
    pub engine: String,
    pub version: String,
    /// Bytes.
    pub size: u64,
    /// Bytes of the write-ahead log; SQLite only.
    pub log_size: Option<u64>,
    /// The last migration.
    pub schema: i64,
    /// The version of the definitions.
    pub definitions: i64,
}

#[derive(ToSchema)]
pub struct HealthPart {
    #[schema(example = "jobs")]
    pub key: String,
    /// `ok`, `attention`, `trouble`.
    pub state: String,
    #[schema(example = "jobs.failed")]
    pub says: String,
    #[schema(value_type = Object)]
    pub params: Value,
    /// The screen where one does something about it.
    pub link: Option<String>,
}

#[derive(ToSchema)]
pub struct HealthServer {
    pub id: String,
    pub name: String,
    pub version: String,
    pub started_at: String,
    pub seen_at: String,
    pub memory: Option<u64>,
    pub streams: u64,
    /// By how many ms its clock is ahead of the database's.
    pub ahead_ms: Option<i64>,
    /// It is the one that answers.
    pub here: bool,
}

#[derive(ToSchema)]
pub struct HealthJob {
    pub id: String,
    pub kind: String,
    pub object: Option<String>,
    pub message: Option<String>,
    pub ended_at: Option<String>,
}

#[derive(ToSchema)]
pub struct HealthStatement {
    pub at: String,
    pub ms: u64,
    /// Its text, never the values that went with it.
    pub statement: String,
    /// The id of the request that it was for.
    pub request: Option<String>,
    /// Method and route of that, or the kind of work.
    pub what: Option<String>,
}

#[derive(ToSchema)]
pub struct HealthError {
    pub status: u16,
    pub code: String,
    pub count: u64,
}
