//! Pages and JSON API. It shows and records; it never sends.
//!
//! | question | file |
//! |---|---|
//! | which address is answered by whom | `routes` |
//! | what a request can end in | `error` |
//! | what a page shows, as types; its templates | `views`, `templates` |
//! | how a page is made | `pages/` |
//! | what the self-check asks and understands | `selfcheck/` |
//! | the JSON doors and who may use them | `api/`, `auth` |
//! | the library as pages read it; searching it | `shelf`, `finding` |
//! | headers, origin check, request log, metrics | `security`, `observe`, `health` |

mod api;
mod asking;
mod assets;
mod auth;
mod error;
mod facts;
mod finding;
mod health;
mod markdown;
mod observe;
mod pages;
mod results;
mod routes;
mod security;
mod selfcheck;
mod serve;
mod shelf;
mod state;
mod templates;
mod typeset;
mod views;
mod words;

pub use error::{ENDINGS, Ending, Error};
pub use routes::{ADDRESSES, Address};
pub use serve::{Handle, Running, serve};
pub use state::{Demo, Parts, State};

#[cfg(test)]
mod tests;
