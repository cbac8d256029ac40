//! What a token is limited to. A token never does more than its scopes say, nor more than its person may.

use std::collections::BTreeSet;

use model::role::{Act, FieldAccess};
use model::{Schema, Violation};

/// One thing that a token may be used for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    /// Reads whatever its person sees.
    Read,
    /// Reads and writes whatever its person may.
    Write,
    /// Does what administrators alone do.
    Admin,
    ReadOf(String),
    WriteOf(String),
}

/// The scopes of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Reads what was asked for; an object must be there.
    pub fn asked(wanted: &[String], schema: &Schema) -> Result<Scopes, Violation> {
        if wanted.is_empty() {
            return Err(Violation::new("field.required", "scopes"));
        }
        let mut scopes = BTreeSet::new();
        for text in wanted {
            let scope = parse(text).filter(|scope| match scope {
                Scope::ReadOf(object) | Scope::WriteOf(object) => schema.object(object).is_some(),
                _ => true,
            });
            scopes.insert(scope.ok_or_else(|| Violation::new("token.scope_unknown", "scopes").with("value", text.as_str()))?);
        }
        Ok(Scopes(scopes))
    }

    /// As they are stored; what cannot be read gives nothing.
    pub fn stored(text: &str) -> Scopes {
        Scopes(text.split_whitespace().filter_map(parse).collect())
    }

    /// As they are stored and shown.
    pub fn words(&self) -> Vec<String> {
        self.0
            .iter()
            .map(|scope| match scope {
                Scope::Read => "read".to_owned(),
                Scope::Write => "write".to_owned(),
                Scope::Admin => "admin".to_owned(),
                Scope::ReadOf(object) => format!("{object}:read"),
                Scope::WriteOf(object) => format!("{object}:write"),
            })
            .collect()
    }

    /// True when anything at all may be written.
    pub fn write_something(&self) -> bool {
        self.0.iter().any(|scope| matches!(scope, Scope::Write | Scope::Admin | Scope::WriteOf(_)))
    }

    /// True when everything may be written that is no administration.
    pub fn write_all(&self) -> bool {
        self.0.contains(&Scope::Write)
    }

    /// True when everything may be read that is no administration.
    pub fn read_all(&self) -> bool {
        self.write_all() || self.0.contains(&Scope::Read)
    }

    /// True for administration.
    pub fn admin(&self) -> bool {
        self.0.contains(&Scope::Admin)
    }

    fn writes(&self, object: &str) -> bool {
        self.write_all() || self.0.contains(&Scope::WriteOf(object.to_owned()))
    }

    fn reads(&self, object: &str) -> bool {
        self.writes(object) || self.0.contains(&Scope::Read) || self.0.contains(&Scope::ReadOf(object.to_owned()))
    }

    /// True when an act on records of the object is within them.
    pub fn allow(&self, act: Act, object: &str) -> bool {
        match act {
            Act::Read | Act::Export => self.reads(object),
            _ => self.writes(object),
        }
    }

    /// The most that may be known and done of the object's fields.
    pub fn most(&self, object: &str) -> FieldAccess {
        if self.writes(object) {
            FieldAccess::Write
        } else if self.reads(object) {
            FieldAccess::Read
        } else {
            FieldAccess::Hidden
        }
    }
}

fn parse(text: &str) -> Option<Scope> {
    match text {
        "read" => Some(Scope::Read),
        "write" => Some(Scope::Write),
        "admin" => Some(Scope::Admin),
        other => match other.split_once(':')? {
            (object, "read") if is_key(object) => Some(Scope::ReadOf(object.to_owned())),
            (object, "write") if is_key(object) => Some(Scope::WriteOf(object.to_owned())),
            _ => None,
        },
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_gives_what_it_says_and_no_more() {
        let of = |text: &str| Scopes::stored(text);
        assert!(of("read").allow(Act::Export, "account") && !of("read").allow(Act::Edit, "account"));
        assert!(of("write").allow(Act::Read, "account") && of("write").allow(Act::Void, "account") && !of("write").admin());
        assert!(of("opportunity:read").allow(Act::Read, "opportunity") && !of("opportunity:read").allow(Act::Read, "account"));
        assert!(of("opportunity:write").allow(Act::Move, "opportunity") && !of("opportunity:write").allow(Act::Move, "account"));
        assert!(!of("opportunity:write").write_all() && of("opportunity:write").write_something());
        assert!(of("admin").admin() && !of("admin").allow(Act::Read, "opportunity"));
        assert_eq!(of("nonsense opportunity:steal"), of(""));
        assert!(!of("").write_something() && !of("").allow(Act::Read, "opportunity"));
        assert_eq!(of("read opportunity:write").most("opportunity"), FieldAccess::Write);
        assert_eq!(of("read opportunity:write").most("account"), FieldAccess::Read);
        assert_eq!(of("opportunity:write").most("account"), FieldAccess::Hidden);
        assert_eq!(of("opportunity:write read").words(), ["read", "opportunity:write"]);
    }
}
