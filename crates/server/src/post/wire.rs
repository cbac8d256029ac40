//! One connection to a mail server.

use std::fmt;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use stagecraft_core::mail::{Secret, Security, Settings};

/// How long one answer of the mail server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What goes wrong with sending.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The server cannot be reached, or not safely.
    Away(String),
    /// It does not let us in.
    NotLetIn(String),
    /// It will not have this message, whenever it is asked.
    Refused(String),
    /// It does not take this message now.
    Later(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Away(why) | Fault::NotLetIn(why) | Fault::Refused(why) | Fault::Later(why) => f.write_str(why),
        }
    }
}

/// An open connection.
pub struct Wire {
    connection: SmtpConnection,
    whole: bool,
}

type Error = lettre::transport::smtp::Error;

/// The answer and what lies beneath it, in one line.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut beneath = std::error::Error::source(error);
    while let Some(source) = beneath {
        let more = source.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        beneath = source.source();
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}

impl Wire {
    /// Opens one, as safely as the settings say, and signs in.
    pub fn open(settings: &Settings, password: Option<&Secret>) -> Result<Wire, Fault> {
        let away = |error: Error| Fault::Away(told(&error));
        let host = settings.host.trim_matches(['[', ']']);
        let tls = match settings.security {
            Security::None => None,
            Security::Starttls | Security::Tls => Some(TlsParameters::new_rustls(host.to_owned()).map_err(away)?),
        };
        let own =
            settings.sender_address.rsplit_once('@').map_or_else(ClientId::default, |(_, domain)| ClientId::Domain(domain.to_owned()));
        let at_once = tls.as_ref().filter(|_| settings.security == Security::Tls);
        let mut connection = SmtpConnection::connect((host, settings.port), Some(PATIENCE), &own, at_once, None).map_err(away)?;
        if let (Some(tls), Security::Starttls) = (&tls, settings.security) {
            // A server that does not offer it is told nothing more.
            connection.starttls(tls, &own).map_err(away)?;
        }
        if let (Some(user), Some(Secret(password))) = (&settings.user, password) {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).map_err(|error| Fault::NotLetIn(told(&error)))?;
        }
        Ok(Wire { connection, whole: true })
    }

    /// True while another message may follow.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Says one message. What the server refuses is taken back, so that the next one may follow.
    pub fn send(&mut self, message: &Message) -> Result<(), Fault> {
        let done = self.say(message);
        if let Err((error, _)) = &done {
            // Only an answer leaves both at the same place of their talk.
            self.whole = error.status().is_some() && self.connection.command(Rset).is_ok();
        }
        done.map_err(|(error, of_message)| match (error.is_permanent(), of_message) {
            (true, true) => Fault::Refused(told(&error)),
            _ => Fault::Later(told(&error)),
        })
    }

    /// The error, and whether it is about this message: a sender who is refused is so for all of them, and the settings may be mended.
    fn say(&mut self, message: &Message) -> Result<(), (Error, bool)> {
        let envelope = message.envelope();
        let mut parameters = Vec::new();
        // A server that does not know such addresses will say so.
        if envelope.to().iter().any(|to| !AsRef::<str>::as_ref(to).is_ascii()) && self.knows_utf8() {
            parameters.push(MailParameter::SmtpUtfEight);
        }
        self.connection.command(Mail::new(envelope.from().cloned(), parameters)).map_err(|error| (error, false))?;
        for to in envelope.to() {
            self.connection.command(Rcpt::new(to.clone(), Vec::new())).map_err(|error| (error, true))?;
        }
        self.connection.command(Data).map_err(|error| (error, true))?;
        self.connection.message(&message.formatted()).map_err(|error| (error, true))?;
        Ok(())
    }

    fn knows_utf8(&self) -> bool {
        self.connection.server_info().supports_feature(Extension::SmtpUtfEight)
    }

    /// Takes leave.
    pub fn close(mut self) {
        let _ = self.connection.quit();
    }
}
