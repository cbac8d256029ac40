//! The command line.

mod backup;
mod check;
mod compact;
mod config;
mod demo;
mod import;
mod mcp;
mod migrate;
mod move_database;
mod open;
mod people;
mod places;
mod restore;
mod secrets;
mod serve;
mod tokens;

pub use open::filter_of;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Serve, Store};

/// Opportunity management for sales teams: a web app, an API and this command line in one binary.
#[derive(Debug, Parser)]
#[command(name = "stagecraft", version, propagate_version = true, arg_required_else_help = true, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    store: Store,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  stagecraft serve --demo                      look around in a demo company at http://127.0.0.1:8080
  stagecraft serve --data-dir /var/lib/stagecraft --listen 0.0.0.0:8080
  stagecraft user create --email ada@example.com --name 'Ada Lind' --role administrator
  stagecraft import --help                     bring your own data
  stagecraft mcp --help                        let an assistant work with it

Every option can be given in the environment (--data-dir is STAGECRAFT_DATA_DIR) or in a TOML file named by --config.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the web app and the API
    #[command(after_help = serve::EXAMPLES)]
    Serve(Box<Serve>),
    /// Import CSV and XLSX files: one by one, or a whole system by its plan
    #[command(after_help = import::EXAMPLES)]
    Import(Box<import::Import>),
    /// People who may sign in
    #[command(subcommand)]
    User(people::User),
    /// Access tokens for programs
    #[command(subcommand)]
    Token(tokens::Token),
    /// Let an assistant work with a running server by the Model Context Protocol, over standard input and output
    #[command(after_help = mcp::EXAMPLES)]
    Mcp(mcp::Mcp),
    /// Fill an empty database with a demo company
    Demo,
    /// Look whether everything stored agrees with itself; ends with 1 when it does not
    #[command(after_help = check::EXAMPLES)]
    Check(check::Check),
    /// Write everything into one file, while servers go on; or look whether such a file is whole
    #[command(after_help = backup::EXAMPLES)]
    Backup(backup::Making),
    /// Bring a backup back, into an empty place on either engine
    #[command(after_help = restore::EXAMPLES)]
    Restore(restore::Restoring),
    /// Bring the database up to this version, or try it on a copy
    #[command(after_help = migrate::EXAMPLES)]
    Migrate(migrate::Migrating),
    /// Carry everything to another place: from SQLite to PostgreSQL and back
    #[command(after_help = move_database::EXAMPLES)]
    MoveDatabase(move_database::Moving),
    /// The key with which secrets in the database are sealed
    #[command(subcommand)]
    Secrets(secrets::Secrets),
    /// Drop the columns of fields that are gone for good; while nobody uses the database
    Compact,
    /// Definitions as files: write them out, compare them with an installation, apply them
    #[command(subcommand, after_help = config::EXAMPLES)]
    Config(config::Config),
    /// Print the API's description (OpenAPI 3.1)
    Openapi,
    /// Print the version
    Version,
}

/// Why a command did not do its work: a sentence for the person at the terminal.
pub(crate) type Outcome = Result<(), String>;

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let Cli { mut store, command } = Cli::parse();
    let done = |outcome: Outcome| outcome.map(|()| ExitCode::SUCCESS);
    let outcome = match command {
        Command::Serve(mut how) => done(store.settle(Some(&mut *how)).and_then(|()| serve::run(&store, &how))),
        Command::Openapi => done(say(crate::openapi::text().trim_end())),
        Command::Mcp(how) => done(mcp::run(&how)),
        Command::Version => done(say(&format!("stagecraft {}", env!("CARGO_PKG_VERSION")))),
        command => store.settle(None).and_then(|()| {
            open::log(&store, "warn");
            // What stayed out of an import is told by its code too, so that a script can go on from there.
            if let Command::Import(import) = &command {
                return Ok(if import::run(&store, import)? { ExitCode::from(2) } else { ExitCode::SUCCESS });
            }
            if let Command::Config(config) = &command {
                return config::run(&store, config);
            }
            done(match command {
                Command::User(user) => people::run(&store, &user),
                Command::Token(token) => tokens::run(&store, &token),
                Command::Demo => demo::run(&store),
                Command::Check(how) => check::run(&store, &how),
                Command::Compact => compact::run(&store),
                Command::Backup(how) => backup::run(&store, &how),
                Command::Restore(how) => restore::run(&store, &how),
                Command::Migrate(how) => migrate::run(&store, &how),
                Command::MoveDatabase(how) => move_database::run(&store, &how),
                Command::Secrets(secrets) => secrets::run(&store, &secrets),
                Command::Serve(_) | Command::Import(_) | Command::Config(_) | Command::Mcp(_) | Command::Openapi | Command::Version => {
                    Ok(())
                }
            })
        }),
    };
    match outcome {
        Ok(code) => code,
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "stagecraft: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Writes a line to the standard output; a reader that has gone ends the command without noise.
pub(crate) fn say(line: &str) -> Outcome {
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("the output cannot be written: {error}")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_fit_together() {
        Cli::command().debug_assert();
    }
}
