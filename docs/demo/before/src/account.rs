//! Accounts and what may happen to them.

use crate::money::Money;

/// Names an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountId(pub u32);

/// An account with its balance.
#[derive(Clone, Debug)]
pub struct Account {
    id: AccountId,
    owner: String,
    balance: Money,
}

/// Why a withdrawal is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The account does not hold enough.
    Overdrawn { missing: Money },
}

impl Account {
    /// Opens an account without any money.
    pub fn open(id: AccountId, owner: impl Into<String>) -> Self {
        Self { id, owner: owner.into(), balance: Money::default() }
    }

    /// Returns the account's name.
    pub fn id(&self) -> AccountId {
        self.id
    }

    /// Returns who owns it.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Returns what it holds.
    pub fn balance(&self) -> Money {
        self.balance
    }

    /// Adds an amount.
    pub fn deposit(&mut self, amount: Money) {
        self.balance = self.balance + amount;
    }

    /// Takes an amount out, unless the account does not hold it.
    pub fn withdraw(&mut self, amount: Money) -> Result<(), Refusal> {
        if amount > self.balance {
            return Err(Refusal::Overdrawn { missing: amount - self.balance });
        }
        self.balance = self.balance - amount;
        Ok(())
    }
}
