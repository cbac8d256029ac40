//! The mail server as the server's own configuration names it: then nobody chooses one on screen.

use clap::{Args, ValueEnum};
use serde::Deserialize;
use stagecraft_core::mail::{Own, Secret, Security, Settings, UpdateMail, judge};

/// The mail server. In a file: `[smtp]` with `host`, `port`, `security`, `user`, `password`, `from`, `from_name`.
#[derive(Args, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Smtp {
    /// The mail server by which e-mail is sent; without it administrators choose one on screen
    #[arg(long = "smtp-host", value_name = "HOST", env = "STAGECRAFT_SMTP_HOST")]
    pub host: Option<String>,
    /// Its port [default: 587; 465 with tls, 25 with none]
    #[arg(long = "smtp-port", value_name = "PORT", env = "STAGECRAFT_SMTP_PORT")]
    pub port: Option<u16>,
    /// How the way there is kept from others [default: starttls]
    #[arg(long = "smtp-security", value_name = "HOW", env = "STAGECRAFT_SMTP_SECURITY")]
    pub security: Option<How>,
    /// The name to sign in with there
    #[arg(long = "smtp-user", value_name = "NAME", env = "STAGECRAFT_SMTP_USER")]
    pub user: Option<String>,
    /// Its password; better in the environment than on the command line
    #[arg(long = "smtp-password", value_name = "PASSWORD", env = "STAGECRAFT_SMTP_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
    /// The address that sends, as crm@example.com
    #[arg(long = "smtp-from", value_name = "ADDRESS", env = "STAGECRAFT_SMTP_FROM")]
    pub from: Option<String>,
    /// The name that stands beside it
    #[arg(long = "smtp-from-name", value_name = "NAME", env = "STAGECRAFT_SMTP_FROM_NAME")]
    pub from_name: Option<String>,
}

/// See [`Security`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum How {
    None,
    Starttls,
    Tls,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("host", &self.host).field("port", &self.port).field("user", &self.user).finish_non_exhaustive()
    }
}

impl Smtp {
    /// Takes from the file what nothing nearer says.
    pub fn settle(&mut self, file: Smtp) {
        self.host = self.host.take().or(file.host);
        self.port = self.port.or(file.port);
        self.security = self.security.or(file.security);
        self.user = self.user.take().or(file.user);
        self.password = self.password.take().or(file.password);
        self.from = self.from.take().or(file.from);
        self.from_name = self.from_name.take().or(file.from_name);
    }

    /// The way that it names. Error: what it says is not enough, or wrong.
    pub fn own(&self) -> Result<Option<Own>, String> {
        let wanted = UpdateMail {
            host: self.host.clone(),
            port: self.port,
            security: match self.security {
                Some(How::None) => Security::None,
                Some(How::Tls) => Security::Tls,
                Some(How::Starttls) | None => Security::Starttls,
            },
            user: self.user.clone(),
            password: self.password.clone(),
            sender_name: self.from_name.clone(),
            sender_address: self.from.clone(),
        };
        let wrong = |error: stagecraft_core::Error| format!("the mail server of the configuration: {error}");
        let settings: Option<Settings> = judge(&wanted).map_err(wrong)?;
        Ok(settings.map(|settings| Own { settings, password: self.password.clone().map(Secret) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_named_whole_or_not_at_all() {
        assert_eq!(Smtp::default().own(), Ok(None));
        let mut near = Smtp { host: Some("mail.example.com".into()), ..Smtp::default() };
        assert!(near.own().unwrap_err().contains("sender_address"));
        near.settle(Smtp {
            host: Some("farther".into()),
            from: Some("crm@example.com".into()),
            security: Some(How::Tls),
            ..Smtp::default()
        });
        let own = near.own().unwrap().unwrap();
        assert_eq!((own.settings.host.as_str(), own.settings.port, own.settings.security), ("mail.example.com", 465, Security::Tls));
        let open = Smtp { security: Some(How::None), user: Some("crm".into()), password: Some("x".into()), ..near };
        assert!(open.own().unwrap_err().contains("mail.password_in_clear"));
        assert!(!format!("{open:?}").contains("password"));
    }
}
