//! Secrets that must be read again, sealed with a key that is not in the database: whoever has a copy of it alone cannot use them.
//!
//! A sealed text says so itself, so that those from before a key was named are still read; they are sealed when the server starts. Each is bound
//! to its place: one that somebody copies into another row does not open there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::{Read, Write};
use model::Id;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sea_query::{Expr, ExprTrait, Query};

use crate::{Error, House, Result};

/// What a sealed text begins with. No plain one does: they are base32, or were typed in and are told apart by the dots.
const MARK: &str = "sealed:1:";

/// Of a person's second factor.
pub(crate) fn second_factor(person: Id) -> String {
    format!("second factor of {person}")
}

/// Of the sign-in provider.
pub(crate) const PROVIDER: &str = "sign-in provider";
/// Of the mail server.
pub(crate) const MAIL: &str = "mail server";

/// Of a webhook: what deliveries are signed with now, and what they were signed with before.
pub(crate) fn webhook(id: Id) -> String {
    format!("webhook {id}")
}

fn key(bytes: &[u8; 32]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, bytes).ok().map(LessSafeKey::new)
}

/// The text as it is kept: sealed where there is a key, else as it is.
pub(crate) fn seal(tx: &Read, place: &str, text: &str) -> Result<String> {
    seal_by(tx.sealing_key(place), place, text)
}

fn seal_by(bytes: Option<[u8; 32]>, place: &str, text: &str) -> Result<String> {
    let Some(key) = bytes.as_ref().and_then(key) else { return Ok(text.to_owned()) };
    let nonce: [u8; NONCE_LEN] = rand::random();
    let mut bytes = text.as_bytes().to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut bytes)
        .map_err(|_| Error::Internal("a secret cannot be sealed".into()))?;
    Ok(format!("{MARK}{}", STANDARD.encode([&nonce[..], &bytes].concat())))
}

/// The text that was kept.
pub(crate) fn open(tx: &Read, place: &str, kept: &str) -> Result<String> {
    let Some(sealed) = kept.strip_prefix(MARK) else { return Ok(kept.to_owned()) };
    let unopened = || Error::Internal(format!("the secret of the {place} is sealed, and not with this server's key"));
    let key = tx.sealing_key(place).as_ref().and_then(key).ok_or_else(unopened)?;
    let mut bytes = STANDARD.decode(sealed).ok().filter(|bytes| bytes.len() > NONCE_LEN).ok_or_else(unopened)?;
    let mut rest = bytes.split_off(NONCE_LEN);
    let nonce = Nonce::try_assume_unique_for_key(&bytes).map_err(|_| unopened())?;
    let plain = key.open_in_place(nonce, Aad::from(place), &mut rest).map_err(|_| unopened())?;
    String::from_utf8(plain.to_vec()).map_err(|_| unopened())
}

/// A kept secret: where it is, and what tells its row.
struct Kept {
    table: &'static str,
    column: &'static str,
    row: Option<(&'static str, Id)>,
    place: String,
    text: String,
}

impl Kept {
    /// Keeps another text instead. One that somebody changes meanwhile stays as he has left it: he has sealed it himself.
    fn put(&self, tx: &mut Write, text: &str) -> Result<()> {
        let mut update = Query::update().table(self.table).value(self.column, text).to_owned();
        update.and_where(Expr::col(self.column).eq(self.text.as_str()));
        if let Some((column, id)) = self.row {
            update.and_where(Expr::col(column).eq(id.0));
        }
        tx.execute(update)?;
        Ok(())
    }
}

/// Tables with a secret in each row: what tells the row, which columns hold it, and what it is the secret of.
type OfRows = (&'static str, &'static str, &'static [&'static str], fn(Id) -> String);

const OF_ROWS: [OfRows; 2] =
    [("second_factor", "person", &["secret"], second_factor), ("webhook", "id", &["secret", "former_secret"], webhook)];

fn all(tx: &mut Read) -> Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for (table, of, columns, place) in OF_ROWS {
        for row in tx.all(&Query::select().column(of).columns(columns.iter().copied()).from(table).to_owned())? {
            let id: Id = row.get(of)?;
            for &column in columns {
                if let Some(text) = row.get::<Option<String>>(column)? {
                    kept.push(Kept { table, column, row: Some((of, id)), place: place(id), text });
                }
            }
        }
    }
    for (table, column, place) in [("sign_in_settings", "client_secret", PROVIDER), ("mail_settings", "password", MAIL)] {
        for row in tx.all(&Query::select().column(column).from(table).to_owned())? {
            if let Some(text) = row.get::<Option<String>>(column)? {
                kept.push(Kept { table, column, row: None, place: place.to_owned(), text });
            }
        }
    }
    Ok(kept)
}

impl House {
    /// Keeps secrets sealed with a key that is not in the database, those that are there already as well. To be said before anybody asks.
    ///
    /// Error: something is sealed with another key.
    pub fn seal_with(&self, key: &str) -> Result<()> {
        self.db().seal_with(key);
        self.db().write::<_, Error>(|tx: &mut Write| {
            for kept in all(tx)? {
                open(tx, &kept.place, &kept.text)?;
                if !kept.text.starts_with(MARK) {
                    let sealed = seal(tx, &kept.place, &kept.text)?;
                    kept.put(tx, &sealed)?;
                }
            }
            Ok(())
        })
    }

    /// Seals all secrets with another key instead, all or none; tells how many. While no server runs: one that knows the key of before could
    /// open none of them, and would seal new ones with that.
    ///
    /// Error: something is sealed with a key that this house was not told.
    pub fn seal_anew(&self, key: &str) -> Result<usize> {
        self.db().write::<_, Error>(|tx: &mut Write| {
            let all = all(tx)?;
            for kept in &all {
                let plain = open(tx, &kept.place, &kept.text)?;
                let sealed = seal_by(Some(db::sealing_key(key, &kept.place)), &kept.place, &plain)?;
                kept.put(tx, &sealed)?;
            }
            Ok(all.len())
        })
    }

    /// True when secrets are sealed with a key, which must be named then.
    pub fn needs_key(&self) -> Result<bool> {
        self.db().read::<_, Error>(|tx| Ok(all(tx)?.iter().any(|kept| kept.text.starts_with(MARK))))
    }
}
