//! Signing in, and the signed-in person.

use std::collections::BTreeMap;

use utoipa::{IntoParams, ToSchema};

use super::{Label, Organisation};

#[derive(ToSchema)]
pub struct DemoPerson {
    pub email: String,
    pub name: String,
    pub title: Option<String>,
}

#[derive(ToSchema)]
pub struct ProviderButton {
    /// What stands on it; empty: the screens' own words.
    pub button: String,
}

#[derive(ToSchema)]
pub struct SetupState {
    pub needs_setup: bool,
    pub demo: bool,
    pub demo_people: Vec<DemoPerson>,
    pub organisation: String,
    pub language: String,
    pub languages: Vec<String>,
    /// One may sign in by password.
    pub passwords: bool,
    /// One may sign in by a provider.
    pub provider: Option<ProviderButton>,
    pub version: String,
}

#[derive(ToSchema)]
pub struct SetUp {
    pub organisation: String,
    #[schema(example = "USD")]
    pub main_currency: String,
    #[schema(example = "Europe/Berlin")]
    pub time_zone: String,
    #[schema(example = "en")]
    pub language: String,
    pub name: String,
    pub email: String,
    /// At least 10 characters.
    pub password: String,
}

#[derive(ToSchema)]
pub struct Login {
    pub email: String,
    pub password: String,
}

#[derive(ToSchema)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: String,
}

#[derive(ToSchema)]
pub struct RoleName {
    pub key: String,
    pub name: Label,
}

#[derive(ToSchema)]
pub struct Me {
    pub person: Person,
    pub roles: Vec<RoleName>,
    /// What one may do, by object.
    pub acts: BTreeMap<String, Vec<String>>,
    pub admin: bool,
    /// Reads the audit log.
    pub reads_audit: bool,
    pub language: String,
    pub time_zone: String,
    /// For `X-CSRF-Token`; null for programs.
    pub csrf_token: Option<String>,
    pub organisation: Organisation,
    pub meta_version: i64,
    /// A second factor must be set up before anything else is open.
    pub must_enrol: bool,
    /// What the token that asks is limited to; null: nothing but one's rights.
    pub scopes: Option<Vec<String>>,
    /// Where the live stream stands: `GET /events?since=` it tells all that happens after this answer.
    pub stream_position: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// The `stream_position` of `/me`: what has happened since then is told first. `Last-Event-ID` goes before it.
    pub since: Option<String>,
}

#[derive(ToSchema)]
pub struct UpdateMe {
    pub language: Option<String>,
    pub time_zone: Option<String>,
}

#[derive(ToSchema)]
pub struct ChangePassword {
    pub current: String,
    pub new: String,
}

#[derive(ToSchema)]
pub struct SetPassword {
    pub password: String,
}

#[derive(ToSchema)]
pub struct CreateToken {
    pub name: String,
    /// `read`, `write` (reads too), `admin` (what administrators alone do), or per object `opportunity:read`, `opportunity:write`;
    /// without it: whatever one may oneself.
    pub scopes: Option<Vec<String>>,
    /// RFC 3339; without it the token does not expire.
    pub expires_at: Option<String>,
}

#[derive(ToSchema)]
pub struct Token {
    pub id: String,
    pub name: String,
    /// The secret; only in the answer to its making.
    pub token: Option<String>,
    /// Null: whatever its person may.
    pub scopes: Option<Vec<String>>,
    pub created_at: Option<String>,
    pub expires_at: Option<String>,
    /// To a few minutes.
    pub last_used_at: Option<String>,
}

#[derive(ToSchema)]
pub struct Tokens {
    pub items: Vec<Token>,
}
