//! `stagecraft user`.

use std::io::Read as _;

use clap::{Args, Subcommand};
use model::{Id, Via};
use serde_json::{Map, Value as Json, json};
use stagecraft_core::records::{self, Create, ListRequest};
use stagecraft_core::{Ctx, Error, House, Limits, identity};

use super::open::{AT_THE_MACHINE, sentence};
use super::{Outcome, open, say};
use crate::config::Store;

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person, or let one who is there already sign in
    #[command(
        after_help = "Example:\n  stagecraft user create --email ada@example.com --name 'Ada Lind' --role administrator\n\nWithout --password-stdin a password is made and printed."
    )]
    Create(NewUser),
    /// Set a person's password; ends the person's sessions
    #[command(after_help = "Example:\n  echo 'a long new password' | stagecraft user password --email ada@example.com --password-stdin")]
    Password(Password),
    /// Let a person try again whose account rests after too many failures
    #[command(after_help = "Example:\n  stagecraft user unlock --email ada@example.com")]
    Unlock(Whom),
    /// Forget a person's second factor: the phone is lost, and so are the recovery codes
    #[command(after_help = "Example:\n  stagecraft user reset-second-factor --email ada@example.com")]
    ResetSecondFactor(Whom),
    /// Let passwords be used again, where the sign-in provider alone lets people in and does not
    #[command(after_help = "Example:\n  stagecraft user allow-passwords")]
    AllowPasswords,
    /// List people
    List,
}

#[derive(Args, Debug)]
pub struct Whom {
    /// Whose
    #[arg(long)]
    pub email: String,
}

#[derive(Args, Debug)]
pub struct NewUser {
    /// What the person signs in with
    #[arg(long)]
    pub email: String,
    /// Full name
    #[arg(long)]
    pub name: String,
    /// Key of a role, as salesperson, sales_manager or administrator; may be repeated
    #[arg(long = "role", value_name = "ROLE", default_value = "salesperson")]
    pub roles: Vec<String>,
    /// Read the password from the standard input
    #[arg(long)]
    pub password_stdin: bool,
}

#[derive(Args, Debug)]
pub struct Password {
    /// Whose
    #[arg(long)]
    pub email: String,
    /// Read the password from the standard input; without it one is made and printed
    #[arg(long)]
    pub password_stdin: bool,
}

/// Runs `stagecraft user …`.
pub fn run(store: &Store, user: &User) -> Outcome {
    let house = open::house(store, false)?;
    match user {
        User::Create(new) => create(&house, new),
        User::Password(asked) => {
            let person = known(&house, &asked.email)?;
            let chosen = password(&house, asked.password_stdin, |cx, tx, typed| identity::may_set_password(cx, tx, person, typed))?;
            set_password(&house, person, &chosen)
        }
        User::Unlock(whom) => {
            let person = known(&house, &whom.email)?;
            act(&house, |cx, tx| identity::unlock(cx, tx, person))?;
            say("May try again.")
        }
        User::ResetSecondFactor(whom) => {
            let person = known(&house, &whom.email)?;
            act(&house, |cx, tx| identity::reset_second_factor(cx, tx, person))?;
            say("The second factor is forgotten.")
        }
        User::AllowPasswords => {
            act(&house, identity::allow_passwords)?;
            say("Passwords may be used.")
        }
        User::List => list(&house),
    }
}

fn known(house: &House, email: &str) -> Result<Id, String> {
    find(house, email)?.ok_or_else(|| format!("nobody has the e-mail {email}"))
}

fn act<T>(house: &House, f: impl FnMut(&Ctx, &mut db::Write) -> stagecraft_core::Result<T>) -> Result<T, String> {
    house.write(&AT_THE_MACHINE, Limits::default(), Via::CommandLine, f).map_err(|error| sentence(house, error, "employee"))
}

/// The person of an e-mail.
pub fn find(house: &House, email: &str) -> Result<Option<Id>, String> {
    let filter = json!({"field": "email", "op": "eq", "value": email}).to_string();
    let request = ListRequest { filter: Some(filter), limit: Some(1), ..ListRequest::default() };
    let page = house
        .read(&AT_THE_MACHINE, Limits::default(), |cx, tx| records::list(cx, tx, "employee", &request))
        .map_err(|error| sentence(house, error, "employee"))?;
    Ok(page["items"][0]["id"].as_str().and_then(|id| id.parse().ok()))
}

fn create(house: &House, new: &NewUser) -> Outcome {
    if find(house, &new.email)?.is_some() {
        return Err(format!("{} is there already; `stagecraft user password` sets a new password", new.email));
    }
    // A password that will not do must not leave half a person behind.
    let password = password(house, new.password_stdin, |cx, _, typed| {
        let found = identity::judge_password(&cx.meta.sign_in.passwords, typed, &new.name, &new.email, "password");
        if found.is_empty() { Ok(()) } else { Err(found.into()) }
    })?;
    let fields: Map<String, Json> = [
        ("name".to_owned(), json!(new.name)),
        ("email".to_owned(), json!(new.email)),
        ("roles".to_owned(), json!(new.roles)),
        ("active".to_owned(), json!(true)),
    ]
    .into_iter()
    .collect();
    let wanted = Create { fields, ..Create::default() };
    let saved = house
        .write(&AT_THE_MACHINE, Limits::default(), Via::CommandLine, |cx, tx| records::create(cx, tx, "employee", &wanted))
        .map_err(|error| sentence(house, error, "employee"))?;
    let person = saved["record"]["id"].as_str().and_then(|id| id.parse().ok()).ok_or("the person was not saved")?;
    say(&format!("{} <{}> is there.", new.name, new.email))?;
    set_password(house, person, &password)
}

/// A password with its hash.
struct Chosen {
    hash: String,
    /// Told when it was made here.
    made: Option<String>,
}

fn password(
    house: &House,
    from_stdin: bool,
    judge: impl Fn(&Ctx, &mut db::Read, &str) -> stagecraft_core::Result<()>,
) -> Result<Chosen, String> {
    let password = if from_stdin {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| error.to_string())?;
        text.trim_end_matches(['\r', '\n']).to_owned()
    } else {
        new_password()
    };
    house
        .read(&AT_THE_MACHINE, Limits::default(), |cx, tx| judge(cx, tx, &password))
        .map_err(|error| sentence(house, error, "employee"))?;
    let hash = identity::hash_password(&password).map_err(|error| sentence(house, error, "employee"))?;
    Ok(Chosen { hash, made: (!from_stdin).then_some(password) })
}

fn set_password(house: &House, person: Id, chosen: &Chosen) -> Outcome {
    house
        .write(&AT_THE_MACHINE, Limits::default(), Via::CommandLine, |cx, tx| identity::set_password_of(cx, tx, person, &chosen.hash))
        .map_err(|error| sentence(house, error, "employee"))?;
    match &chosen.made {
        Some(password) => say(&format!("Password: {password}")),
        None => say("The password is set."),
    }
}

/// A password that can be read out: four groups of five from letters and digits that are not mistaken for each other, 97 bits.
fn new_password() -> String {
    const LETTERS: &[u8; 29] = b"abcdefghjkmnpqrstuvwxyz346789";
    let letter = || char::from(LETTERS[rand::random_range(0..LETTERS.len())]);
    let groups: Vec<String> = (0..4).map(|_| (0..5).map(|_| letter()).collect()).collect();
    groups.join("-")
}

fn list(house: &House) -> Outcome {
    let mut request = ListRequest { sort: Some("name".to_owned()), limit: Some(200), ..ListRequest::default() };
    loop {
        let page = house
            .read(&AT_THE_MACHINE, Limits::default(), |cx, tx| records::list(cx, tx, "employee", &request))
            .map_err(|error: Error| sentence(house, error, "employee"))?;
        for item in page["items"].as_array().into_iter().flatten() {
            let fields = &item["fields"];
            let text = |key: &str| fields[key].as_str().unwrap_or("").to_owned();
            let roles: Vec<&str> = fields["roles"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            let active = if fields["active"] == true { "" } else { "\tinactive" };
            say(&format!("{}\t{}\t{}{active}", text("name"), text("email"), roles.join(",")))?;
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => request.cursor = Some(cursor.to_owned()),
            None => return Ok(()),
        }
    }
}
