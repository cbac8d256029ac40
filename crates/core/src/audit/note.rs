//! Noting an act.

use db::Write;
use model::{Id, Via};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{Ctx, Error, Result};

/// Characters of a subject.
const LONGEST_SUBJECT: usize = 200;

/// An act to be noted, apart from changes of records, which have their history. Never put a secret in it.
#[derive(Clone, Debug)]
pub struct Note {
    act: String,
    kind: String,
    object: Option<String>,
    record: Option<Id>,
    subject: String,
    detail: Json,
    by: Option<Id>,
    codes: Vec<String>,
}

impl Note {
    /// `act` says what was done (`create`, `edit`, `delete`, `export` …), `kind` to what kind of thing (`record`, `object`, `process`,
    /// `role`, `view`, `organisation`, `currency_rate`, `person` …).
    pub fn new(act: impl Into<String>, kind: impl Into<String>) -> Note {
        Note {
            act: act.into(),
            kind: kind.into(),
            object: None,
            record: None,
            subject: String::new(),
            detail: Json::Null,
            by: None,
            codes: Vec::new(),
        }
    }

    /// The object that it is about.
    #[must_use]
    pub fn of(mut self, object: &str) -> Note {
        self.object = Some(object.to_owned());
        self
    }

    /// The record that it is about.
    #[must_use]
    pub fn record(self, object: &str, id: Id) -> Note {
        Note { record: Some(id), ..self.of(object) }
    }

    /// The thing in words or by its key, as it is called now.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Note {
        self.subject = subject.into();
        self
    }

    /// More about it.
    #[must_use]
    pub fn detail(mut self, detail: Json) -> Note {
        self.detail = detail;
        self
    }

    /// What differs between two states of a definition.
    #[must_use]
    pub fn changed(self, before: &impl Serialize, after: &impl Serialize) -> Note {
        let changes = super::difference::between(&json!(before), &json!(after));
        self.detail(json!({ "changes": changes }))
    }

    /// One thing more about it.
    #[must_use]
    pub fn also(mut self, key: &str, value: impl Into<Json>) -> Note {
        self.detail[key] = value.into();
        self
    }

    /// Done by somebody else than the caller, as where the product signs somebody in.
    #[must_use]
    pub fn by(mut self, person: Id) -> Note {
        self.by = Some(person);
        self
    }

    /// It was refused, for these reasons.
    #[must_use]
    pub fn refused(mut self, code: impl Into<String>) -> Note {
        self.codes.push(code.into());
        self
    }

    pub(super) fn entry(self, cx: &Ctx) -> db::audit::Entry {
        db::audit::Entry {
            id: cx.new_id(),
            at: cx.at,
            by: self.by.unwrap_or(cx.who.id),
            via: cx.via.key().to_owned(),
            origin: cx.origin,
            act: self.act,
            kind: self.kind,
            object: self.object,
            record: self.record,
            subject: self.subject.chars().take(LONGEST_SUBJECT).collect(),
            refused: !self.codes.is_empty(),
            codes: self.codes.join(" "),
            detail: (!self.detail.is_null()).then(|| self.detail.to_string()),
            times: 1,
        }
    }
}

/// Notes an act in the transaction that does it: both are stored or neither is.
pub fn note(cx: &Ctx, tx: &mut Write, note: Note) -> Result<()> {
    db::audit::insert(tx, &[note.entry(cx)]).map_err(Error::from)
}

/// As [`note`], unless the product itself is at work: what a job makes of a definition is nobody's act.
pub(crate) fn note_of_person(cx: &Ctx, tx: &mut Write, wanted: Note) -> Result<()> {
    if cx.who.system.is_some() && cx.via != Via::CommandLine { Ok(()) } else { note(cx, tx, wanted) }
}
