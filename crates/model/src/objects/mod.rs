//! The preset objects, as data.
