//! The postman: sends the e-mail that the core has written down, over SMTP.
//!
//! Each server has one. It claims some, says them over one connection, and writes down each before it begins the next; meanwhile its
//! lease is renewed, so that others take over what it had within seconds of its end. A refusal for good (5xx) of a recipient or a
//! message ends that one; whatever else goes wrong, it is tried again later.

mod config;
mod letter;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use db::Limits;
use stagecraft_core::mail::{self, Letter, Letterhead, Outcome, Outgoing, Secret, Settings};
use stagecraft_core::{Credential, House, Result};
use tokio::sync::Notify;

use crate::messages::Language;

pub use config::Smtp;
pub use letter::Frame;
use letter::test_message;
pub use wire::{Fault, Wire};

/// Claimed together.
const BATCH: u64 = 50;
/// Between two renewals of a lease; several fit into one.
const RENEW: Duration = Duration::from_secs(4);
/// How long nothing is tried after the mail server could not be spoken to.
const REST: Duration = Duration::from_secs(15);
const POSTMAN: Credential = Credential::System("e-mail");

/// Whoever sends e-mail on this server.
pub struct Post {
    house: Arc<House>,
    frame: Frame,
    stop: AtomicBool,
    stopping: Notify,
}

/// What a round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// There may be more at once.
    More,
    Nothing,
    /// The mail server is not to be spoken to.
    Away,
}

impl Round {
    /// How long to wait before the next one.
    pub fn pause(self) -> Duration {
        match self {
            Round::More => Duration::ZERO,
            Round::Nothing => Duration::from_secs(1),
            Round::Away => REST,
        }
    }
}

impl Post {
    /// A postman who names this address in what he sends, where there is one.
    pub fn new(house: Arc<House>, public_url: Option<String>) -> Arc<Post> {
        Arc::new(Post { house, frame: Frame { public_url }, stop: AtomicBool::new(false), stopping: Notify::new() })
    }

    /// Sends no more after the message that is on its way.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
        self.stopping.notify_one();
    }

    /// Waits until the next round, or until it is told to stop.
    pub async fn rest(&self, round: Round) {
        let _ = tokio::time::timeout(round.pause(), self.stopping.notified()).await;
    }

    /// True once it sends no more.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Writes digests that are due, claims some e-mail and sends it.
    pub fn round(&self) -> Result<Round> {
        if self.is_stopped() {
            return Ok(Round::Nothing);
        }
        while mail::digest(&self.house)? {}
        let (settings, password) = match self.way()? {
            Some(way) => way,
            None => return Ok(Round::Nothing),
        };
        let (lease, mails) = mail::claim(&self.house, BATCH)?;
        if mails.is_empty() {
            return Ok(Round::Nothing);
        }
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let renewing = scope.spawn(|| renew(&self.house, lease, &over));
            let round = self.send(&settings, password.as_ref(), lease, &mails);
            over.store(true, Ordering::SeqCst);
            renewing.thread().unpark();
            // Whatever was left is anybody's.
            let released = mail::release(&self.house, lease);
            round.and_then(|round| released.map(|()| round))
        })
    }

    fn way(&self) -> Result<Option<(Arc<Settings>, Option<Secret>)>> {
        self.house.read(&POSTMAN, Limits::default(), |cx, tx| {
            let settings = cx.meta.mail.as_ref().map(|way| way.settings.clone());
            let password = mail::password(cx, tx)?;
            Ok(settings.map(|settings| (settings, password)))
        })
    }

    fn send(&self, settings: &Settings, password: Option<&Secret>, lease: model::Id, mails: &[Outgoing]) -> Result<Round> {
        let letters = self.house.read(&POSTMAN, Limits::default(), |cx, tx| mail::compose(cx, tx, mails))?;
        let meta = self.house.meta();
        let mut wire: Option<Wire> = None;
        let mut done: Option<(&Outgoing, (String, String), Outcome)> = None;
        for (at, (mail, letter)) in mails.iter().zip(letters).enumerate() {
            if self.is_stopped() {
                break;
            }
            let last = done.take();
            let last = last.as_ref().map(|(mail, (address, subject), outcome)| (*mail, Letterhead { address, subject }, outcome));
            let last = last.as_ref().map(|(mail, head, outcome)| (*mail, head, *outcome));
            if !mail::next(&self.house, lease, last, Some(mail.id))? {
                continue;
            }
            let head = |letter: &Letter, subject: &str| (letter.address.clone(), subject.to_owned());
            let letter = match letter {
                Ok(letter) => letter,
                Err(why) => {
                    done = Some((mail, Default::default(), Outcome::Dropped(why)));
                    continue;
                }
            };
            let (subject, message) = match self.frame.message(settings, mail, &letter, &meta) {
                Ok(made) => made,
                Err(why) => {
                    done = Some((mail, head(&letter, ""), Outcome::Refused(why)));
                    continue;
                }
            };
            let sent = match wire.take().map_or_else(|| Wire::open(settings, password), Ok) {
                Ok(mut open) => {
                    let sent = open.send(&message);
                    wire = open.is_whole().then_some(open);
                    sent
                }
                Err(fault) => {
                    tracing::warn!(%fault, "the mail server cannot be spoken to");
                    mail::put_off(&self.house, lease, &mails[at..], &fault.to_string())?;
                    return Ok(Round::Away);
                }
            };
            let outcome = match sent {
                Ok(()) => Outcome::Sent,
                Err(Fault::Refused(why)) => Outcome::Refused(why),
                Err(fault) => Outcome::Later(fault.to_string()),
            };
            done = Some((mail, head(&letter, &subject), outcome));
        }
        if let Some((mail, (address, subject), outcome)) = &done {
            mail::next(&self.house, lease, Some((mail, &Letterhead { address, subject }, outcome)), None)?;
        }
        if let Some(wire) = wire {
            wire.close();
        }
        Ok(if mails.len() as u64 == BATCH { Round::More } else { Round::Nothing })
    }
}

/// Sends one message to whoever tries the settings. Error: what went wrong, in the mail server's words.
pub fn try_out(
    settings: &Settings,
    password: Option<&Secret>,
    name: &str,
    to: &str,
    language: Language,
    id: &str,
) -> std::result::Result<(), String> {
    let domain = settings.sender_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let message = test_message(settings, name, to, language, &format!("<{id}@{domain}>"))?;
    let mut wire = Wire::open(settings, password).map_err(|fault| fault.to_string())?;
    wire.send(&message).map_err(|fault| fault.to_string())?;
    wire.close();
    Ok(())
}

/// Keeps the lease while its mail is being sent.
fn renew(house: &House, lease: model::Id, over: &AtomicBool) {
    let mut last = Instant::now();
    while !over.load(Ordering::SeqCst) {
        std::thread::park_timeout(RENEW.saturating_sub(last.elapsed()));
        if last.elapsed() >= RENEW && !over.load(Ordering::SeqCst) {
            last = Instant::now();
            if let Err(error) = mail::extend(house, lease) {
                tracing::warn!(%error, "a lease on e-mail could not be renewed");
            }
        }
    }
}
