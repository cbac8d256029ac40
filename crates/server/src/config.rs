//! Settings: from the command line, else the environment (`STAGECRAFT_*`), else a file, else what is usual.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::Deserialize;
use stagecraft_core::webhooks::Pace;

use crate::app::Edge;
use crate::edge::Network;
use crate::outside::Outside;
use crate::post::Smtp;
use crate::webhooks::Telling;

/// Where the data is. Every command that touches data takes these.
#[derive(Args, Clone, Debug, Default)]
pub struct Store {
    /// Folder of the embedded database, made when it is not there [default: data]
    #[arg(long, value_name = "DIR", env = "STAGECRAFT_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// PostgreSQL instead: postgres://user:password@host/database
    #[arg(long, value_name = "URL", env = "STAGECRAFT_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Folder for the contents of attachments, one for all servers of a database [default: they lie in the database]
    #[arg(long, value_name = "DIR", env = "STAGECRAFT_FILES_DIR", global = true)]
    pub files_dir: Option<PathBuf>,
    /// A file with a key of at least 32 characters, with which secrets in the database are sealed (codes of second factors, passwords of the mail
    /// server and the sign-in provider); or the key itself in STAGECRAFT_SECRET_KEY [default: secret.key in the data folder, where it is there]
    #[arg(long, value_name = "FILE", env = "STAGECRAFT_SECRET_KEY_FILE", global = true)]
    pub secret_key_file: Option<PathBuf>,
    /// A TOML file with the same names: data_dir = "…", listen = "…"
    #[arg(long, value_name = "FILE", env = "STAGECRAFT_CONFIG", global = true)]
    pub config: Option<PathBuf>,
    /// How much to log: error, warn, info, debug, or a filter as `info,db=debug` [default: info for serve, else warn]
    #[arg(long, value_name = "FILTER", env = "STAGECRAFT_LOG", global = true)]
    pub log: Option<String>,
    /// Lines for people or for machines
    #[arg(long, value_name = "FORMAT", env = "STAGECRAFT_LOG_FORMAT", global = true)]
    pub log_format: Option<LogFormat>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// How to serve.
#[derive(Args, Clone, Debug, Default)]
pub struct Serve {
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", env = "STAGECRAFT_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Fill an empty database with a demo company, whose people may sign in with one click
    #[arg(long, env = "STAGECRAFT_DEMO", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub demo: Option<bool>,
    /// The address that people use, as https://sales.example.com; with https the cookies are marked secure
    #[arg(long, value_name = "URL", env = "STAGECRAFT_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// A proxy whose X-Forwarded-For and X-Forwarded-Proto are believed, as 10.0.0.5 or 10.0.0.0/8; several with commas
    #[arg(long, value_name = "NETWORK", env = "STAGECRAFT_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// A network that webhooks may be sent to though it is private, and by http, as 10.20.0.0/16; several with commas [default: public ones by https]
    #[arg(long, value_name = "NETWORK", env = "STAGECRAFT_WEBHOOK_ALLOW", value_delimiter = ',')]
    pub webhook_allow: Vec<Network>,
    /// How long a webhook waits before each further attempt, in ms, s, m or h [default: 5s,30s,2m,10m,30m,1h,2h,4h,8h,12h,12h,12h,12h,12h]
    #[arg(long, value_name = "DELAYS", env = "STAGECRAFT_WEBHOOK_RETRIES", value_delimiter = ',')]
    pub webhook_retries: Vec<String>,
    #[command(flatten)]
    pub smtp: Smtp,
    /// An address of its own where metrics are told to Prometheus, as 127.0.0.1:9464; whoever can reach it may read them [default: none]
    #[arg(long, value_name = "ADDRESS", env = "STAGECRAFT_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// From when on a statement counts as slow and is logged, in ms or s [default: 500ms]
    #[arg(long, value_name = "LENGTH", env = "STAGECRAFT_SLOW_QUERY")]
    pub slow_query: Option<String>,
    /// Where traces are sent by OTLP over HTTP, as http://127.0.0.1:4318; only where the program was built with them [default: none]
    #[cfg(feature = "otel")]
    #[arg(long, value_name = "URL", env = "STAGECRAFT_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,
    /// Serve this database though its data was moved to another one
    #[arg(long)]
    pub though_moved: bool,
    /// How large a file for an import may be, in megabytes [default: 64]
    #[arg(long, value_name = "MB", env = "STAGECRAFT_IMPORT_MEGABYTES")]
    pub import_megabytes: Option<u32>,
}

/// The file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    data_dir: Option<PathBuf>,
    database_url: Option<String>,
    files_dir: Option<PathBuf>,
    secret_key_file: Option<PathBuf>,
    log: Option<String>,
    log_format: Option<LogFormat>,
    listen: Option<SocketAddr>,
    demo: Option<bool>,
    public_url: Option<String>,
    trusted_proxies: Vec<String>,
    webhook_allow: Vec<String>,
    webhook_retries: Vec<String>,
    smtp: Smtp,
    import_megabytes: Option<u32>,
    metrics_listen: Option<SocketAddr>,
    slow_query: Option<String>,
    #[cfg(feature = "otel")]
    otlp_endpoint: Option<String>,
}

impl Store {
    /// Takes from the file what neither the command line nor the environment say.
    pub fn settle(&mut self, serve: Option<&mut Serve>) -> Result<(), String> {
        let Some(path) = &self.config else { return Ok(()) };
        let file = read(path)?;
        self.data_dir = self.data_dir.take().or(file.data_dir);
        self.database_url = self.database_url.take().or(file.database_url);
        self.files_dir = self.files_dir.take().or(file.files_dir);
        self.secret_key_file = self.secret_key_file.take().or(file.secret_key_file);
        self.log = self.log.take().or(file.log);
        self.log_format = self.log_format.or(file.log_format);
        if let Some(serve) = serve {
            serve.listen = serve.listen.or(file.listen);
            serve.demo = serve.demo.or(file.demo);
            serve.public_url = serve.public_url.take().or(file.public_url);
            serve.metrics_listen = serve.metrics_listen.or(file.metrics_listen);
            serve.slow_query = serve.slow_query.take().or(file.slow_query);
            #[cfg(feature = "otel")]
            {
                serve.otlp_endpoint = serve.otlp_endpoint.take().or(file.otlp_endpoint);
            }
            serve.import_megabytes = serve.import_megabytes.or(file.import_megabytes);
            if serve.trusted_proxies.is_empty() {
                serve.trusted_proxies = file.trusted_proxies.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
            }
            if serve.webhook_allow.is_empty() {
                serve.webhook_allow = file.webhook_allow.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
            }
            if serve.webhook_retries.is_empty() {
                serve.webhook_retries = file.webhook_retries;
            }
            serve.smtp.settle(file.smtp);
        }
        Ok(())
    }

    /// The key with which secrets in the database are sealed, where there is one.
    pub fn secret_key(&self) -> Result<Option<String>, String> {
        if let Some(key) = std::env::var("STAGECRAFT_SECRET_KEY").ok().filter(|key| !key.trim().is_empty()) {
            return long_enough(&key, "STAGECRAFT_SECRET_KEY").map(Some);
        }
        let usual = self.data_dir.clone().unwrap_or_else(|| PathBuf::from("data")).join("secret.key");
        let (path, named) = self.secret_key_file.clone().map_or((usual, false), |path| (path, true));
        match std::fs::read_to_string(&path) {
            Ok(key) => long_enough(&key, &path.display().to_string()).map(Some),
            Err(error) if !named && error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("the key file {} cannot be read: {error}", path.display())),
        }
    }

    /// The database's address; makes the folder of an embedded one.
    pub fn url(&self) -> Result<String, String> {
        if let Some(url) = &self.database_url {
            return Ok(url.clone());
        }
        let folder = self.data_dir.clone().unwrap_or_else(|| PathBuf::from("data"));
        std::fs::create_dir_all(&folder).map_err(|error| format!("the folder {} cannot be made: {error}", folder.display()))?;
        Ok(format!("sqlite:{}", folder.join("stagecraft.sqlite").display()))
    }
}

impl Serve {
    /// Where to listen.
    pub fn address(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    /// From when on a statement is slow.
    pub fn slow_query(&self) -> Result<Option<Duration>, String> {
        self.slow_query.as_deref().map(length).transpose()
    }

    /// How webhooks are told.
    pub fn telling(&self) -> Result<Telling, String> {
        let delays = self.webhook_retries.iter().map(|text| length(text)).collect::<Result<Vec<Duration>, String>>()?;
        let outside = Outside { allowed: self.webhook_allow.clone() };
        Ok(Telling { outside, pace: Pace::of(delays).unwrap_or_default() })
    }

    /// How the server stands in its network.
    pub fn edge(&self) -> Edge {
        Edge { trusted_proxies: self.trusted_proxies.clone(), public_url: self.public_url.clone(), import_megabytes: self.import_megabytes }
    }
}

/// A key that cannot be guessed by trying.
/// The key that a file holds.
pub fn key_in(path: &Path) -> Result<String, String> {
    let key = std::fs::read_to_string(path).map_err(|error| format!("the key file {} cannot be read: {error}", path.display()))?;
    long_enough(&key, &path.display().to_string())
}

fn long_enough(key: &str, place: &str) -> Result<String, String> {
    let key = key.trim();
    if key.chars().count() < 32 {
        return Err(format!("the key in {place} must have at least 32 characters: openssl rand -hex 32 makes one"));
    }
    Ok(key.to_owned())
}

/// A length of time, as `500ms`, `30s`, `2m` or `12h`.
fn length(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    match number.parse::<u64>().ok().and_then(|number| number.checked_mul(millis)).filter(|length| (1..=7 * 86_400_000).contains(length)) {
        Some(length) => Ok(Duration::from_millis(length)),
        None => Err(format!("`{text}` is no length of time up to a week: write 500ms, 30s, 2m or 12h")),
    }
}

fn read(path: &Path) -> Result<File, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{} cannot be understood: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read() {
        let serve = |list: &[&str]| Serve { webhook_retries: list.iter().map(|text| (*text).to_owned()).collect(), ..Serve::default() };
        assert!(serve(&["50ms", "2s", "1m", "12h"]).telling().is_ok());
        for wrong in ["", "5", "s", "5 days", "-1s", "0s", "200h", "99999999999999999999h"] {
            assert!(serve(&[wrong]).telling().unwrap_err().contains("length of time"), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_read_from_its_file_and_one_that_is_too_short_is_refused() {
        let folder = std::env::temp_dir().join(format!("stagecraft-key-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut store = Store { data_dir: Some(folder.clone()), ..Store::default() };
        assert_eq!(store.secret_key(), Ok(None));
        std::fs::write(folder.join("secret.key"), "0123456789abcdef0123456789abcdef\n").unwrap();
        assert_eq!(store.secret_key(), Ok(Some("0123456789abcdef0123456789abcdef".to_owned())));
        std::fs::write(folder.join("secret.key"), "short").unwrap();
        assert!(store.secret_key().unwrap_err().contains("32 characters"));
        store.secret_key_file = Some(folder.join("elsewhere"));
        assert!(store.secret_key().unwrap_err().contains("elsewhere"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_file_says_what_nothing_nearer_says() {
        let path = std::env::temp_dir().join(format!("stagecraft-config-{}.toml", std::process::id()));
        std::fs::write(
            &path,
            "data_dir = \"/srv/here\"\nlisten = \"0.0.0.0:80\"\ndemo = true\ntrusted_proxies = [\"10.0.0.0/8\"]\nlog_format = \"json\"\n",
        )
        .unwrap();
        let mut store = Store { config: Some(path.clone()), data_dir: Some("/nearer".into()), ..Store::default() };
        let mut serve = Serve::default();
        store.settle(Some(&mut serve)).unwrap();
        assert_eq!(store.data_dir, Some(PathBuf::from("/nearer")));
        assert_eq!(serve.address().to_string(), "0.0.0.0:80");
        assert_eq!((serve.demo, serve.trusted_proxies.len(), store.log_format), (Some(true), 1, Some(LogFormat::Json)));

        std::fs::write(&path, "data_dri = \"/typo\"\n").unwrap();
        assert!(store.settle(None).unwrap_err().contains("data_dri"));
        std::fs::remove_file(&path).unwrap();
    }
}
