//! The service as its visitors meet it: real routes over a real store, in memory and on a temporary file.

mod amounts;
mod api;
mod bad_rules;
mod check;
mod everybody;
mod harness;
mod pages;
mod publishing;
mod surface;
