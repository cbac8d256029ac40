//! How one signs in: sessions, second factor, settings.

use utoipa::ToSchema;

use super::Person;

#[derive(ToSchema)]
pub struct CodeNeeded {
    pub code_needed: bool,
    /// Seconds until the first half is forgotten.
    pub expires_in: i64,
}

#[derive(ToSchema)]
pub struct Code {
    #[schema(example = "123456")]
    pub code: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Device {
    Desktop,
    Phone,
    Tablet,
    Program,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum SignedInBy {
    Password,
    SecondFactor,
    RecoveryCode,
    Provider,
}

#[derive(ToSchema)]
pub struct Session {
    pub id: String,
    pub device: Device,
    #[schema(example = "Firefox")]
    pub browser: Option<String>,
    #[schema(example = "Windows")]
    pub system: Option<String>,
    /// What the browser calls itself.
    pub agent: String,
    pub address: String,
    pub how: SignedInBy,
    pub signed_in_at: String,
    /// To a few minutes.
    pub last_seen_at: String,
    pub expires_at: String,
    /// The session that asks.
    pub this: bool,
}

#[derive(ToSchema)]
pub struct Sessions {
    pub items: Vec<Session>,
}

#[derive(ToSchema)]
pub struct SecondFactorState {
    pub on: bool,
    pub since: Option<String>,
    pub recovery_codes_left: i64,
}

#[derive(ToSchema)]
pub struct SecondFactor {
    pub on: bool,
    pub since: Option<String>,
    pub recovery_codes_left: i64,
    /// One cannot do without it.
    pub required: bool,
    pub has_password: bool,
}

#[derive(ToSchema)]
pub struct BeginSecondFactor {
    pub password: Option<String>,
}

#[derive(ToSchema)]
pub struct Enrolment {
    /// Base32, to be typed into an authenticator app.
    pub secret: String,
    /// `otpauth://totp/…`
    pub uri: String,
    /// The same as a picture, SVG.
    pub qr: String,
}

#[derive(ToSchema)]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

/// One of both.
#[derive(ToSchema)]
pub struct ProveSecondFactor {
    pub code: Option<String>,
    pub password: Option<String>,
}

#[derive(ToSchema)]
pub struct ProviderLink {
    pub issuer: String,
    pub since: String,
}

#[derive(ToSchema)]
pub struct Security {
    pub person: Person,
    pub has_password: bool,
    /// Failures in a row.
    pub failed: i64,
    /// Seconds until he may try again; null: at once.
    pub locked_for_seconds: Option<i64>,
    pub second_factor: SecondFactorState,
    pub provider_links: Vec<ProviderLink>,
    pub sessions: Vec<Session>,
}

#[derive(ToSchema)]
pub struct PasswordSettings {
    /// False: one signs in by the provider alone.
    pub allowed: bool,
    /// 8 to 64.
    pub min_length: i64,
    /// Refuse the commonest ones, and those with one's own name or e-mail in them.
    pub refuse_guessable: bool,
}

#[derive(ToSchema)]
pub struct LockOutSettings {
    /// Failures in a row, 3 to 100.
    pub after: i64,
    /// 1 to 1440.
    pub minutes: i64,
}

#[derive(ToSchema)]
pub struct SessionSettings {
    /// 1 to 8760.
    pub hours: i64,
    /// Minutes without use after which a session ends, 10 to 43200; null: only its length counts.
    pub idle_minutes: Option<i64>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum SecondFactorAsked {
    Nobody,
    Administrators,
    Everybody,
}

/// A provider of OpenID Connect.
#[derive(ToSchema)]
pub struct ProviderSettings {
    /// The button is shown.
    pub active: bool,
    /// Its address, exactly as it names itself.
    #[schema(example = "https://login.example.com/realms/sales")]
    pub issuer: String,
    pub client_id: String,
    /// What stands on the button.
    pub button: String,
    /// The claim by which people are found at first.
    #[schema(example = "email")]
    pub email_claim: String,
    /// The provider gives only addresses that it has verified, without saying so.
    pub email_always_verified: bool,
    /// Whoever is not there yet is made at the first sign-in, with `role`.
    pub make_people: bool,
    pub role: Option<String>,
    /// Ask for our own second factor after the provider's sign-in too.
    pub ask_second_factor: bool,
    /// Whoever signs out here is led to sign out there as well.
    pub sign_out_there: bool,
    /// A secret is stored; it is never shown.
    pub has_secret: bool,
}

#[derive(ToSchema)]
pub struct TryProvider {
    pub issuer: String,
}

#[derive(ToSchema)]
pub struct TriedProvider {
    pub ok: bool,
    /// Keys that ID tokens may be signed with.
    pub keys: i64,
    /// What does not hold.
    pub reason: Option<String>,
}

#[derive(ToSchema)]
pub struct SignOut {
    /// Where one signs out at the sign-in provider as well.
    pub provider: String,
}

#[derive(ToSchema)]
pub struct SignInSettings {
    pub passwords: PasswordSettings,
    pub lock_out: LockOutSettings,
    pub sessions: SessionSettings,
    /// Who cannot do without a second factor.
    pub second_factor: SecondFactorAsked,
    pub provider: Option<ProviderSettings>,
    /// Where the provider sends browsers back to; it must be told. Null: the server does not know its own address.
    pub redirect_uri: Option<String>,
    pub version: i64,
}

#[derive(ToSchema)]
pub struct UpdateProvider {
    pub active: bool,
    pub issuer: String,
    pub client_id: String,
    /// Only when it is new. A change of `issuer` or `client_id` asks for it anew.
    pub client_secret: Option<String>,
    pub button: Option<String>,
    pub email_claim: Option<String>,
    pub email_always_verified: Option<bool>,
    pub make_people: Option<bool>,
    pub role: Option<String>,
    pub ask_second_factor: Option<bool>,
    pub sign_out_there: Option<bool>,
}

#[derive(ToSchema)]
pub struct UpdateSignInSettings {
    pub passwords: Option<PasswordSettings>,
    pub lock_out: Option<LockOutSettings>,
    pub sessions: Option<SessionSettings>,
    pub second_factor: Option<SecondFactorAsked>,
    /// `null` takes the provider away.
    pub provider: Option<UpdateProvider>,
}
