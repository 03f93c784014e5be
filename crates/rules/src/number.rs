//! Exact numbers: decimal text ⇄ scaled integers, rationals that compare by cross-multiplication, and the words
//! a person reads. No float takes part anywhere; rounding happens only for display.

mod decimal;
mod display;
mod rational;

pub use decimal::{NumberError, decimal_text, scaled, scaled_from_json, yuan};
pub use display::{count_text, money_text, percent_text, points_text, trimmed};
pub use rational::Rational;
