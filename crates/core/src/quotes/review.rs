//! What waits for an approval before it is sent is in review; what is not agreed to is a draft again.

use model::Object;
use model::objects::quote::{STATUS, status};

use super::concerns;
use crate::save::{Deed, Working};

/// Says of quotes that are held back from being sent that they are in review, and takes it from those that are let go. Called behind the hold.
pub(crate) fn settle(object: &Object, work: &mut [Working]) {
    if !concerns(object) {
        return;
    }
    for item in work.iter_mut().filter(|item| item.is_sound()) {
        let stands = item.after.text(STATUS);
        let sends = item.change.patch.get(STATUS).and_then(|value| value.as_text()) == Some(status::SENT);
        if item.begun.is_some() && sends && stands == status::DRAFT {
            item.after.set(STATUS, status::IN_REVIEW);
        } else if matches!(item.change.deed, Deed::Release { .. }) && stands == status::IN_REVIEW {
            item.after.set(STATUS, status::DRAFT);
        }
    }
}
