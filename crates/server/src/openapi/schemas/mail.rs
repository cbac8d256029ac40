//! E-mail: how it leaves the house, and what is on its way.

use std::collections::BTreeMap;

use utoipa::{IntoParams, ToSchema};

use super::Ref;

/// How e-mail leaves the house.
#[derive(ToSchema)]
pub struct MailSettings {
    /// False: none is sent.
    pub configured: bool,
    /// True where the server's own configuration says so; then nobody chooses here.
    pub fixed: bool,
    #[schema(example = "mail.example.com")]
    pub host: Option<String>,
    pub port: Option<i64>,
    /// `none`, `starttls`, `tls`.
    #[schema(example = "starttls")]
    pub security: String,
    pub user: Option<String>,
    pub has_password: bool,
    pub sender_name: Option<String>,
    pub sender_address: Option<String>,
    /// The address that links in e-mails begin with, where the server knows it.
    pub links: Option<String>,
    pub version: i64,
}

/// The whole of it; without a host no e-mail is sent.
#[derive(ToSchema)]
pub struct SaveMailSettings {
    pub host: Option<String>,
    /// 587, with `tls` 465, with `none` 25, when absent.
    pub port: Option<i64>,
    pub security: Option<String>,
    pub user: Option<String>,
    /// Written and never shown; the one that stands stays where it is absent and host, port and user are the same.
    pub password: Option<String>,
    pub sender_name: Option<String>,
    pub sender_address: Option<String>,
}

/// What came of a test.
#[derive(ToSchema)]
pub struct MailTried {
    pub ok: bool,
    /// To whom it went.
    pub address: String,
    /// What the mail server, or the way to it, says.
    pub reason: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MailQuery {
    /// `waiting`, `sent`, `failed`, `dropped`.
    pub state: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// An e-mail on its way, or what became of it.
#[derive(ToSchema)]
pub struct Mail {
    pub id: String,
    pub message_id: String,
    /// To whom.
    pub person: String,
    /// `notice`, `digest`.
    pub kind: String,
    /// `waiting`, `sent`, `failed`, `dropped` (there was nothing to say any more).
    pub state: String,
    pub attempts: i64,
    /// Not before.
    pub run_at: String,
    /// Where it was sent last.
    pub address: Option<String>,
    pub subject: Option<String>,
    /// Why it waits, failed or was dropped.
    pub message: Option<String>,
    pub created_at: String,
    pub ended_at: Option<String>,
}

#[derive(ToSchema)]
pub struct MailCounts {
    pub waiting: i64,
    pub failed: i64,
}

#[derive(ToSchema)]
pub struct Mails {
    pub items: Vec<Mail>,
    pub refs: BTreeMap<String, Ref>,
    pub counts: MailCounts,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct OneMail {
    pub mail: Mail,
    pub refs: BTreeMap<String, Ref>,
}
