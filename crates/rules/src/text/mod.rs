//! The text form of a condition, read and written by officials: `parse(print(t)) == t`.
//!
//! The grammar, with one example per construct, is `docs/rule-language.md`; a test parses every example in it.

mod complete;
mod lex;
pub(crate) mod names;
mod parse;
mod print;
mod token;

pub use complete::{Completion, CompletionKind, complete, cursor_at};
pub use names::{NO, YES};
pub(crate) use parse::parse_derivation;
pub use parse::{parse, parse_amount, parse_part, parse_quantity};
pub use print::{print, print_amount, wording};
pub(crate) use print::{print_demands, print_expression, print_intervals};
pub(crate) use token::shortened;

#[cfg(test)]
mod tests;
