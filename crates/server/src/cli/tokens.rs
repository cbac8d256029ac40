//! `stagecraft token`.

use clap::{Args, Subcommand};
use model::{Id, Via};
use stagecraft_core::identity::{self, CreateToken};
use stagecraft_core::{Credential, Limits};

use super::open::sentence;
use super::{Outcome, open, people, say};
use crate::config::Store;

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make a token; it is printed once and stored nowhere
    #[command(
        after_help = "Example:\n  stagecraft token create --user ada@example.com --name 'nightly export' --scope read --expires-at 2027-12-31T00:00:00Z\n  curl -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:8080/api/v1/me"
    )]
    Create(NewToken),
    /// List a person's tokens
    List(Whose),
    /// Revoke a token
    Revoke(Which),
}

#[derive(Args, Debug)]
pub struct Whose {
    /// E-mail of the person
    #[arg(long)]
    pub user: String,
}

#[derive(Args, Debug)]
pub struct NewToken {
    #[command(flatten)]
    pub whose: Whose,
    /// What it is for
    #[arg(long)]
    pub name: String,
    /// What it is limited to: read, write (reads too), admin, or per object opportunity:read, opportunity:write; may be repeated
    /// [default: whatever the person may]
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// RFC 3339; without it the token does not expire
    #[arg(long, value_name = "INSTANT")]
    pub expires_at: Option<String>,
}

#[derive(Args, Debug)]
pub struct Which {
    #[command(flatten)]
    pub whose: Whose,
    /// Id, as listed
    pub id: String,
}

/// Runs `stagecraft token …`.
pub fn run(store: &Store, token: &Token) -> Outcome {
    let house = open::house(store, false)?;
    let email = match token {
        Token::Create(new) => &new.whose.user,
        Token::List(whose) => &whose.user,
        Token::Revoke(which) => &which.whose.user,
    };
    let person = people::find(&house, email)?.ok_or_else(|| format!("nobody has the e-mail {email}"))?;
    let credential = Credential::Person(person);
    let said = |error| sentence(&house, error, "employee");
    match token {
        Token::Create(new) => {
            let wanted = CreateToken {
                name: new.name.clone(),
                scopes: (!new.scopes.is_empty()).then(|| new.scopes.clone()),
                expires_at: new.expires_at.clone(),
            };
            let made = house
                .write(&credential, Limits::default(), Via::CommandLine, |cx, tx| identity::create_token(cx, tx, &wanted))
                .map_err(said)?;
            say(made["token"].as_str().unwrap_or_default())
        }
        Token::List(_) => {
            let list = house.read(&credential, Limits::default(), identity::tokens).map_err(said)?;
            for token in list["items"].as_array().into_iter().flatten() {
                let text = |key: &str| token[key].as_str().unwrap_or("").to_owned();
                let expires = token["expires_at"].as_str().unwrap_or("does not expire");
                let scopes: Vec<&str> = token["scopes"].as_array().into_iter().flatten().filter_map(|scope| scope.as_str()).collect();
                let scopes = if scopes.is_empty() { "everything".to_owned() } else { scopes.join(",") };
                let used = token["last_used_at"].as_str().unwrap_or("not used yet");
                say(&format!("{}\t{}\t{scopes}\t{}\t{expires}\t{used}", text("id"), text("name"), text("created_at")))?;
            }
            Ok(())
        }
        Token::Revoke(which) => {
            let id: Id = which.id.parse().map_err(|_| format!("`{}` is not the id of a token", which.id))?;
            house.write(&credential, Limits::default(), Via::CommandLine, |cx, tx| identity::revoke_token(cx, tx, id)).map_err(said)?;
            say("Revoked.")
        }
    }
}
