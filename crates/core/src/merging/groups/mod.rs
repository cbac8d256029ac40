//! Records that a scan has found to be alike, in groups: to be made one, or said to be several.

mod acts;
mod list;
mod scan;
mod store;

pub use acts::{dismiss, reopen};
pub(super) use acts::{merged, unmerged};
pub use list::{GroupsRequest, list};
pub use scan::{Scan, scan};
pub(crate) use scan::{again, step};

/// Records of a group at most.
const MOST: usize = 20;
