//! Signing in by a provider of OpenID Connect: the authorization code flow with PKCE.
//!
//! The browser is sent to the provider with a state and a nonce that a signed cookie binds to it; what comes back is exchanged for an ID token,
//! whose signature and claims are checked here. Whom the word lets in is the core's affair. All of it is async and outside of transactions.

mod address;
mod ask;
mod flow;
mod keys;
mod known;
mod token;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use stagecraft_core::identity::Word;
use stagecraft_core::identity::settings::Provider;
use tokio::sync::Semaphore;

pub use address::escaped;
pub use flow::{Flow, local_path};

use ask::Asker;
use keys::Keys;
use known::Known;
use token::{Claims, Expected};

/// How long what a provider says of itself is believed without asking again.
const KEPT: Duration = Duration::from_secs(600);
/// Sign-ins that wait for the provider at once; more are told to come again.
const AT_ONCE: usize = 16;

/// Why a provider's word could not be had. The reason is for the log; it never holds a secret.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It does not answer, or not with what it should.
    Unreachable(String),
    /// It answers, and its answer does not hold.
    Invalid(String),
}

impl Fault {
    /// As the sign-in page is told.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Unreachable(_) => "auth.provider_unreachable",
            Fault::Invalid(_) => "auth.provider_invalid",
        }
    }

    /// For the log, and for the administrator who tries it.
    pub fn reason(&self) -> &str {
        match self {
            Fault::Unreachable(reason) | Fault::Invalid(reason) => reason,
        }
    }
}

/// What this server knows of providers, and its way to them.
pub struct Providers {
    asker: Asker,
    known: Mutex<HashMap<String, (Instant, Arc<Known>)>>,
    keys: Mutex<HashMap<String, Arc<Keys>>>,
    places: Semaphore,
}

impl Default for Providers {
    fn default() -> Providers {
        Providers { asker: Asker::default(), known: Mutex::default(), keys: Mutex::default(), places: Semaphore::new(AT_ONCE) }
    }
}

impl Providers {
    /// Where the browser is to go, for this flow.
    pub async fn beginning(&self, provider: &Provider, flow: &Flow) -> Result<String, Fault> {
        let known = self.known(&provider.issuer).await?;
        Ok(flow.beginning(&known.authorization_endpoint, &provider.client_id))
    }

    /// Exchanges a code for the provider's word, checked.
    pub async fn word(&self, provider: &Provider, secret: &str, flow: &Flow, code: &str, now: i64) -> Result<Word, Fault> {
        let _place = self.places.try_acquire().map_err(|_| Fault::Unreachable("too many sign-ins wait for it".to_owned()))?;
        let known = self.known(&provider.issuer).await?;
        let answer = self.asker.exchange(&known, provider, secret, flow, code).await?;
        let text = |key: &str| answer.get(key).and_then(|value| value.as_str());
        let id_token = text("id_token").ok_or_else(|| Fault::Invalid("the answer has no ID token".to_owned()))?;
        let claims = self.claims(&known, provider, id_token, &flow.nonce, now).await?;
        let mut word = claims.word(&provider.email_claim);
        if word.email.is_none()
            && let (Some(endpoint), Some(access_token)) = (&known.userinfo_endpoint, text("access_token"))
        {
            let more = self.asker.userinfo(&known.issuer, endpoint, access_token).await?;
            // It must speak of the same person.
            if more.get("sub").and_then(|sub| sub.as_str()) != Some(word.subject.as_str()) {
                return Err(Fault::Invalid("the user information is about somebody else".to_owned()));
            }
            let more = Claims::unsigned(&known.issuer, more).word(&provider.email_claim);
            word = Word { email: more.email, verified: more.verified, name: word.name.or(more.name), ..word };
        }
        Ok(word)
    }

    /// The claims of an ID token. A key that is not known yet may be new: the keys are asked for once more.
    async fn claims(&self, known: &Known, provider: &Provider, id_token: &str, nonce: &str, now: i64) -> Result<Claims, Fault> {
        let expected = Expected { issuer: &known.issuer, client_id: &provider.client_id, nonce, now };
        let token = token::Token::read(id_token).map_err(Fault::Invalid)?;
        let kept = self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&known.issuer).cloned();
        let kept = kept.filter(|keys| keys.fetched.elapsed() < KEPT && token.has_key_in(keys));
        let keys = match kept {
            Some(keys) => keys,
            None => {
                let fresh = Arc::new(Keys::read(&self.asker.get(&known.issuer, &known.jwks_uri).await?));
                self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(known.issuer.clone(), fresh.clone());
                fresh
            }
        };
        token.check(&keys, &expected).map_err(Fault::Invalid)
    }

    /// What the provider says of itself.
    async fn known(&self, issuer: &str) -> Result<Arc<Known>, Fault> {
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned();
        if let Some((at, known)) = kept
            && at.elapsed() < KEPT
        {
            return Ok(known);
        }
        let said = self.asker.get(issuer, &known::place(issuer)).await?;
        let known = Arc::new(Known::read(issuer, &said).map_err(Fault::Invalid)?);
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(issuer.to_owned(), (Instant::now(), known.clone()));
        Ok(known)
    }

    /// Asks a provider everything that a sign-in will need of it; how many keys it has.
    pub async fn try_out(&self, issuer: &str) -> Result<usize, Fault> {
        // What is kept may be older than what has just been mended there.
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(issuer);
        let known = self.known(issuer).await?;
        let keys = Keys::read(&self.asker.get(issuer, &known.jwks_uri).await?);
        let count = keys.count();
        if count == 0 { Err(Fault::Invalid("it has no key for RS256 or ES256".to_owned())) } else { Ok(count) }
    }

    /// Where one signs out at the provider, if it has such a place.
    pub async fn way_out(&self, provider: &Provider, back_to: &str) -> Option<String> {
        let known = self.known(&provider.issuer).await.ok()?;
        let endpoint = known.end_session_endpoint.as_deref()?;
        let query = [("client_id", provider.client_id.as_str()), ("post_logout_redirect_uri", back_to)];
        Some(address::with_query(endpoint, &query))
    }
}
