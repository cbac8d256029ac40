//! Where a field or an object stands between being wished for and being gone.

use serde::{Deserialize, Serialize};

/// `preparing → filling → live`, and from there `disabled` or `hidden`, back again, or gone (core rule 16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its table or column is being made; nobody may count on it yet.
    Preparing,
    /// Its column is there and every save keeps it; the values of older records are being reckoned, so nobody is shown it yet.
    Filling,
    #[default]
    Live,
    /// Put aside by an administrator, with its data; for as long as he likes.
    Disabled,
    /// Deleted: its data stay for a while, so that it can be recovered.
    Hidden,
}

impl State {
    /// True where saves keep its values.
    pub fn is_kept(self) -> bool {
        matches!(self, State::Filling | State::Live)
    }

    /// True where people meet it.
    pub fn is_live(self) -> bool {
        self == State::Live
    }

    /// As the API says it.
    pub fn key(self) -> &'static str {
        match self {
            State::Preparing => "preparing",
            State::Filling => "filling",
            State::Live => "live",
            State::Disabled => "disabled",
            State::Hidden => "hidden",
        }
    }
}

/// How long what was deleted can be recovered, in seconds: 30 days.
pub const RECOVERABLE: i64 = 30 * 86_400;
