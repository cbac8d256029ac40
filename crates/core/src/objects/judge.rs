//! What is wrong with a definition: all of it at once.

use std::collections::BTreeSet;

use model::condition::{Reading, Resolved};
use model::field::{Choice, FieldType, Kind, State};
use model::object::{MOST_INDEXES, MOST_OWN_FIELDS};
use model::role::Role;
use model::{Base, Field, Label, Layout, Number, Object, Schema, Validation, Violation, Violations};

use super::show::indexes;

/// Characters of a name in one language.
const LONGEST_LABEL: usize = 200;
/// Characters of a help text or of a rule's message.
pub const LONGEST_TEXT: usize = 1000;
/// Characters of a key, `x_` included: names of columns and indexes are made of it.
const LONGEST_KEY: usize = 40;
/// Digits after the point.
const MOST_SCALE: u32 = 6;
/// Characters of a text field.
const LONGEST_FIELD: u32 = 4000;
/// Rules of one object, and sections of one layout.
const MOST: usize = 100;

/// A name: in English at least, in no language too long.
pub fn label(label: &Label, path: &str, required: bool, found: &mut Violations) {
    texts(label, path, required, LONGEST_LABEL, found);
}

/// A text in the languages there are.
pub fn texts(label: &Label, path: &str, required: bool, max: usize, found: &mut Violations) {
    if required && label.in_language("en").trim().is_empty() {
        found.push(Violation::new("field.required", path));
    }
    for (language, text) in &label.0 {
        if !model::organisation::LANGUAGES.contains(&language.as_str()) {
            found.push(Violation::new("field.unknown", format!("{path}/{language}")));
        } else if text.chars().count() > max {
            found.push(Violation::new("field.too_long", path).with("max", max));
        } else if !model::text::storable(text) {
            found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
        }
    }
}

/// A key of a picture.
pub fn icon(icon: Option<&str>, found: &mut Violations) {
    if icon.is_some_and(|icon| icon.len() > LONGEST_KEY || !icon.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))) {
        found.push(Violation::new("field.invalid", "icon").with("expected", "a name of a picture, as map-pin"));
    }
}

/// A key that the caller has chosen: `x_` is put before it where it is missing.
pub fn own_key(key: &str, path: &str, found: &mut Violations) -> String {
    let key = if key.starts_with("x_") { key.to_owned() } else { format!("x_{key}") };
    if key.len() > LONGEST_KEY
        || key.len() < 3
        || !model::text::is_key(&key)
        || key.ends_with("_fold")
        || key.ends_with("_main")
        || key.ends_with("_currency")
        || key.ends_with("_object")
    {
        found.push(Violation::new("field.invalid", path).with("expected", "a key of small letters, digits and _, as x_visit_date"));
    }
    key
}

/// A key from a name: `Visit date` → `x_visit_date`; numbered when taken, `fallback` when the name has no Latin letters.
pub fn new_key(label: &str, fallback: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '_' };
    let mut bare: String = model::text::fold(label).chars().map(plain).take(LONGEST_KEY - 8).collect();
    bare = bare.trim_matches('_').to_owned();
    while bare.contains("__") {
        bare = bare.replace("__", "_");
    }
    let unfit = |bare: &str| {
        bare.is_empty() || own_key(bare, "", &mut Violations::new()) != format!("x_{bare}") || {
            let mut found = Violations::new();
            own_key(bare, "", &mut found);
            !found.is_empty()
        }
    };
    if unfit(&bare) {
        fallback.clone_into(&mut bare);
    }
    let base = format!("x_{bare}");
    if !taken(&base) {
        return base;
    }
    (2..).map(|n| format!("{base}_{n}")).find(|key| !taken(key)).unwrap_or(base)
}

/// A pattern of numbers has one counter.
pub fn number_pattern(pattern: &str, path: &str, found: &mut Violations) {
    let counters = pattern
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .filter(|(slot, _)| !slot.is_empty() && slot.bytes().all(|b| b == b'0') && slot.len() <= 12);
    if counters.count() != 1 || pattern.chars().count() > 60 || !model::text::storable(pattern) {
        found.push(Violation::new("field.invalid", path).with("expected", "a pattern with one counter, as SV-{yyyy}-{0000}"));
    }
}

/// The base names a field that leads to the record which lends its visibility, and does not come back to the object itself.
pub fn base(object: &Object, base: &Base, definitions: &[Object], found: &mut Violations) {
    if let Base::ByParent(key) = base {
        let leads = object
            .field(key)
            .is_some_and(|field| field.state.is_live() && (field.kind.target().is_some() || field.kind == FieldType::Regarding));
        if !leads {
            found.push(Violation::new("field.unknown", "base").with("field", key.as_str()));
        } else if comes_back(object, key, definitions) {
            found.push(Violation::new("object.base_circle", "base").with("field", key.as_str()));
        }
    } else if object.master().is_some() {
        found.push(Violation::new("object.base_of_sub_object", "base"));
    } else if *base == Base::Private && !object.owned {
        found.push(Violation::new("object.base_needs_owner", "base"));
    }
}

/// True where the way from parent to parent that begins with this field leads to the object again.
fn comes_back(object: &Object, field: &str, definitions: &[Object]) -> bool {
    let mut next = object.field(field).and_then(|field| field.kind.target());
    for _ in 0..definitions.len() {
        let Some(target) = next.and_then(|key| definitions.iter().find(|one| one.key == key)) else { return false };
        if target.key == object.key {
            return true;
        }
        next = match &target.base {
            Base::ByParent(key) => target.field(key).and_then(|field| field.kind.target()),
            _ => target.master().map(|(_, master)| master),
        };
    }
    // A circle of others.
    next.is_some()
}

/// Layouts name fields of the object, each once, and roles that are there.
pub fn layouts(object: &Object, roles: &[Role], layouts: &[Layout], found: &mut Violations) {
    let mut claimed: BTreeSet<&str> = BTreeSet::new();
    let mut defaults = 0;
    for (at, layout) in layouts.iter().enumerate() {
        defaults += usize::from(layout.roles.is_empty());
        for role in &layout.roles {
            if !roles.iter().any(|known| known.key == *role) {
                found.push(Violation::new("field.reference_not_found", format!("layouts/{at}/roles")).with("id", role.as_str()));
            } else if !claimed.insert(role) {
                found.push(Violation::new("layout.role_twice", format!("layouts/{at}/roles")).with("role", role.as_str()));
            }
        }
        let mut shown: BTreeSet<&str> = BTreeSet::new();
        if layout.sections.len() > MOST {
            found.push(Violation::new("field.too_long", format!("layouts/{at}/sections")).with("max", MOST));
        }
        for (n, section) in layout.sections.iter().enumerate() {
            let path = format!("layouts/{at}/sections/{n}");
            label(&section.label, &format!("{path}/label"), false, found);
            for key in &section.fields {
                if object.field(key).is_none() {
                    found.push(Violation::new("field.unknown", format!("{path}/fields")).with("field", key.as_str()));
                } else if !shown.insert(key) {
                    found.push(Violation::new("layout.field_twice", format!("{path}/fields")).with("field", key.as_str()));
                }
            }
        }
    }
    if defaults > 1 {
        found.push(Violation::new("layout.role_twice", "layouts").with("role", ""));
    }
}

/// Rules have a condition that can be read and something to say.
pub fn validations(object: &Object, reading: &Reading<'_>, validations: &[Validation], found: &mut Violations) {
    if validations.len() > MOST {
        found.push(Violation::new("field.too_long", "validations").with("max", MOST));
    }
    let mut keys: BTreeSet<&str> = BTreeSet::new();
    for (at, validation) in validations.iter().enumerate() {
        let path = format!("validations/{at}");
        if !model::text::is_key(&validation.key) || validation.key.len() > LONGEST_KEY || !keys.insert(&validation.key) {
            found.push(Violation::new("field.not_unique", format!("{path}/key")).with("value", validation.key.as_str()));
        }
        texts(&validation.message, &format!("{path}/message"), true, LONGEST_TEXT, found);
        if let Some(field) = &validation.field
            && object.field(field).is_none()
        {
            found.push(Violation::new("field.unknown", format!("{path}/field")).with("field", field.as_str()));
        }
        unreadable(validation.condition.resolve_for_change(&object.key, reading), &format!("{path}/condition"), found);
    }
}

fn unreadable(resolved: Result<Resolved, Violations>, path: &str, found: &mut Violations) {
    if let Err(wrong) = resolved {
        // Where in the condition is told as its field; the place in the document goes before it.
        found.extend(wrong.into_iter().map(|violation| {
            let field = violation.path.clone();
            let mut placed = Violation { path: path.to_owned(), ..violation };
            placed.params.entry("field").or_insert(field.into());
            placed
        }));
    }
}

/// What is wrong with one field of `object`, of which it is a part already. `schema` is what would be in use with it.
pub fn field(object: &Object, field: &Field, schema: &Schema, reading: &Reading<'_>, found: &mut Violations) {
    label(&field.label, "label", true, found);
    if let Some(help) = &field.help {
        texts(help, "help", false, LONGEST_TEXT, found);
    }
    kind(object, field, schema, found);
    let reckoned = field.is_reckoned();
    let kept_out = |flag: bool, path: &str, found: &mut Violations| {
        if flag {
            found.push(Violation::new("field.not_with_type", path).with("type", field.kind.name()));
        }
    };
    kept_out(field.required && (reckoned || matches!(field.kind, FieldType::AutoNumber { .. } | FieldType::Boolean)), "required", found);
    kept_out(field.required_when.is_some() && (reckoned || field.required), "required_when", found);
    kept_out(
        field.default.is_some() && (reckoned || matches!(field.kind, FieldType::AutoNumber { .. } | FieldType::Attachment)),
        "default",
        found,
    );
    let unique_fits = matches!(field.kind.kind(), Kind::Text | Kind::Number | Kind::Date | Kind::Key) && !reckoned;
    kept_out(field.unique && !unique_fits, "unique", found);
    kept_out(field.fast && !field.is_sortable(), "fast", found);
    if let (Some(default), false) = (&field.default, reckoned)
        && let Err(wrong) = field.parse(default, reading.rates.main())
    {
        found.push(Violation { path: "default".into(), ..wrong });
    }
    for (wanted, path) in [(&field.required_when, "required_when"), (&field.visible_when, "visible_when")] {
        if let Some(wanted) = wanted {
            unreadable(wanted.resolve(&object.key, reading), path, found);
        }
    }
    let own = object.fields.iter().filter(|field| field.is_own()).count() + object.retired.len();
    if own > MOST_OWN_FIELDS {
        found.push(Violation::new("object.too_many_fields", "").with("max", MOST_OWN_FIELDS));
    }
    if (field.fast || field.unique) && indexes(object) > MOST_INDEXES {
        let path = if field.unique { "unique" } else { "fast" };
        found.push(Violation::new("object.too_many_indexes", path).with("max", MOST_INDEXES));
    }
}

fn kind(object: &Object, field: &Field, schema: &Schema, found: &mut Violations) {
    let out_of_range = |path: &str, min: u32, max: u32| Violation::new("field.out_of_range", path).with("min", min).with("max", max);
    if field.kind.scale().is_some_and(|scale| scale > MOST_SCALE) {
        found.push(out_of_range("scale", 0, MOST_SCALE));
    }
    match &field.kind {
        FieldType::Text { max_length, pattern } => {
            if !(1..=LONGEST_FIELD).contains(max_length) {
                found.push(out_of_range("max_length", 1, LONGEST_FIELD));
            }
            if let Some(pattern) = pattern
                && let Err(why) = model::field::check_pattern(pattern)
            {
                found.push(Violation::new("field.invalid", "pattern").with("expected", "a regular expression").with("reason", why));
            }
        }
        FieldType::Number { scale, min, max } => {
            let read = |text: &Option<String>, path: &str, found: &mut Violations| {
                let number = text.as_deref().map(Number::parse);
                if number.is_some_and(|n| n.is_none_or(|n| !n.fits_scale(*scale))) {
                    found.push(Violation::new("field.invalid", path).with("expected", "a number"));
                }
                number.flatten()
            };
            let (low, high) = (read(min, "min", found), read(max, "max", found));
            if low.zip(high).is_some_and(|(low, high)| low > high) {
                found.push(Violation::new("field.out_of_range", "max").with("min", min.clone()).with("max", max.clone()));
            }
        }
        FieldType::Select { options } | FieldType::MultiSelect { options } => choices(options, found),
        FieldType::Reference { object: target } | FieldType::References { object: target } if schema.object(target).is_none() => {
            found.push(Violation::new("field.unknown", "object").with("field", target.as_str()));
        }
        FieldType::Master { object: target } => {
            // A sub-object is made as one: what has records already does not come to live in others.
            let known = schema.object(target).is_some_and(|master| master.rank < object.rank);
            if !known || object.master().is_some_and(|(other, _)| other.key != field.key) || field.state == State::Preparing {
                found.push(Violation::new("field.master", "type"));
            }
        }
        FieldType::AutoNumber { pattern } => number_pattern(pattern, "pattern", found),
        FieldType::Process => found.push(Violation::new("field.not_an_option", "type").with("value", "process")),
        _ => {}
    }
}

fn choices(options: &[Choice], found: &mut Violations) {
    if options.is_empty() {
        found.push(Violation::new("field.required", "options"));
    }
}
