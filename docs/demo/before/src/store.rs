//! Where accounts are kept.

use std::collections::HashMap;

use crate::account::{Account, AccountId};

/// All accounts, in memory.
#[derive(Default)]
pub struct Store {
    accounts: HashMap<AccountId, Account>,
}

impl Store {
    /// Keeps an account.
    pub fn insert(&mut self, account: Account) {
        self.accounts.insert(account.id(), account);
    }

    /// Finds an account.
    pub fn get(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// Returns all accounts, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }
}
