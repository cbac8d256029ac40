//! Sales processes.
