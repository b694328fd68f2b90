//! Keeps accounts and posts transactions to them.

pub mod account;
pub mod import;
pub mod money;
pub mod report;
pub mod store;

pub use account::{Account, AccountId};
pub use money::Money;
