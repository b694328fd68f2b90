//! Reads accounts from files of other programs.

use crate::account::{Account, AccountId};
use crate::store::Store;

/// Reads one account a line: number, semicolon, owner.
pub fn from_lines(text: &str) -> Store {
    let mut store = Store::default();
    for line in text.lines() {
        if let Some((number, owner)) = line.split_once(';') {
            if let Ok(number) = number.trim().parse() {
                store.insert(Account::open(AccountId(number), owner.trim()));
            }
        }
    }
    store
}
