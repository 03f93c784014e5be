//! What the index promises to the rest of the house, through its public door.

#![expect(clippy::unwrap_used, reason = "the library and its askers fail loudly")]

mod judged;
mod library;
mod life;
mod search;
mod spelling;
